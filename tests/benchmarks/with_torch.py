"""The work in PyTorch, eager, as its tutorials write it; its defaults, one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from work import Work

torch.set_num_threads(1)


def network_of(work: Work) -> nn.Sequential:
    """The work's network with its initial weights."""
    parts: list[nn.Module] = []
    for (fan_in, fan_out), layer in zip(work.architecture.sizes, work.layers, strict=True):
        linear = nn.Linear(fan_in, fan_out, bias="bias" in layer)
        linear.weight.data = torch.from_numpy(layer["weights"].T.copy())
        if "bias" in layer:
            linear.bias.data = torch.from_numpy(layer["bias"][0])
        norm = [nn.BatchNorm1d(fan_out)] if "gamma" in layer else []  # starts at γ = 1, shift 0, as ours
        parts += [linear, *norm, nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def rule_of(work: Work, network: nn.Sequential) -> torch.optim.Optimizer:
    """The work's update rule."""
    rate = float(work.rates[work.middle])
    if work.optimizer == "adam":
        return torch.optim.Adam(network.parameters(), rate, betas=(0.9, 0.999), eps=1e-8)
    return torch.optim.SGD(network.parameters(), rate, momentum=0.9)


def trained(work: Work) -> NDArray[Any]:
    """Train one network; training loss of every epoch, (1, epochs)."""
    network, loss_of = network_of(work), nn.CrossEntropyLoss()
    rule = rule_of(work, network)
    x_all, y_all = torch.from_numpy(work.split.x_train), torch.from_numpy(work.split.labels_train)
    size, curve = work.order.batch_size, []
    for permutation in torch.from_numpy(work.order.permutations):
        x, y, total = x_all[permutation], y_all[permutation], torch.zeros(())
        network.train()
        for start in work.order.starts:
            labels = y[start : start + size]
            rule.zero_grad()
            loss = loss_of(network(x[start : start + size]), labels)
            loss.backward()
            rule.step()
            total += loss.detach() * len(labels)
        curve.append(float(total) / len(x))
        validate(work, network, loss_of)
    return np.array([curve])


def validate(work: Work, network: nn.Sequential, loss_of: nn.Module) -> tuple[float, float]:
    """Loss and error of the validation examples."""
    network.eval()
    with torch.no_grad():
        outputs = network(torch.from_numpy(work.split.x_validation))
        labels = torch.from_numpy(work.split.labels_validation)
        return float(loss_of(outputs, labels)), float((outputs.argmax(1) != labels).float().mean())
