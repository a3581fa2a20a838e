"""A PyTorch model as an objective: `python -m sensitivity sweep notebooks/pytorch_objective.toml`."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}


def train(configuration, seed):
    """Validation error and loss after each epoch."""
    torch.manual_seed(seed)
    features, labels = load_digits(return_X_y=True)
    split = train_test_split(features / 16, labels, test_size=0.25, random_state=seed)
    inputs, held_out = (torch.tensor(part, dtype=torch.float32) for part in split[:2])
    targets, truth = (torch.tensor(part) for part in split[2:])
    dropout, hidden = configuration["dropout"], torch.nn.Linear(64, 32)
    model = torch.nn.Sequential(hidden, torch.nn.ReLU(), torch.nn.Dropout(dropout), torch.nn.Linear(32, 10))
    rule = OPTIMIZERS[configuration["optimizer"]](model.parameters(), lr=configuration["learning_rate"])
    for _ in range(10):
        model.train()
        for batch in torch.randperm(len(inputs)).split(64):
            rule.zero_grad()
            torch.nn.functional.cross_entropy(model(inputs[batch]), targets[batch]).backward()
            rule.step()
        model.eval()
        with torch.no_grad():
            scores = model(held_out)
        loss = torch.nn.functional.cross_entropy(scores, truth)
        yield {"error": (scores.argmax(1) != truth).float().mean(), "loss": loss}
