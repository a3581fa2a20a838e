"""What claims need trained: arms, each a sweep over the same eleven rates on each of seven datasets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sweeps.definition import SweepDefinition, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

# Epochs of each dataset: digits has most steps per epoch.
EPOCHS: Final = {
    "digits": 20,
    "wine": 40,
    "breast_cancer": 40,
    "spirals": 40,
    "classification": 40,
    "diabetes": 40,
    "friedman1": 40,
}
DATASETS: Final = tuple(EPOCHS)
# Few examples of some classes, of which the others are there to pretrain on: a world of its own.
TRANSFER: Final = "digits 5 to 9"
_FEW: Final[Mapping[str, Any]] = {"classes": [5, 6, 7, 8, 9], "per_class": 10}
REPLICATES: Final = 8
RATES: Final[Mapping[str, Any]] = {"low": 1e-4, "high": 10.0, "log": True, "levels": 11}
SCALES: Final[Mapping[str, Any]] = {
    "low": 0.1,
    "high": 10.0,
    "log": True,
    "levels": 11,
}  # random search has no rate
BEYOND: Final = (31.6227766017, 100.0)  # what is ten or more times the best rate of an arm of large rates
SHALLOW: Final = (64,)
DEEP: Final = (32,) * 5


@dataclass(frozen=True)
class Arm:
    """One way to train, over a range of rates.

    Attributes
    ----------
    name
        Of its run folders, before that of the dataset.
    settings
        Held fixed, as in the table ``[space]`` of a definition.
    hidden
        Widths of the hidden layers.
    longer
        Factor of the number of epochs.
    rates
        Range of the rate, or a list; of another setting where that is what is tuned.
    tuned
        Setting that is tuned.
    where
        Datasets that it is trained on; ``(TRANSFER,)``: ten examples of each of the digits 5 to 9.
    first
        Replicate at which it begins: arms that begin elsewhere share no random number.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[int, ...] = SHALLOW
    longer: int = 1
    rates: Any = field(default_factory=lambda: dict(RATES))
    tuned: str = "learning_rate"
    where: tuple[str, ...] = DATASETS
    first: int = 0

    def definition(self, dataset: str, seed: int) -> SweepDefinition:
        """Sweep that trains the arm on a dataset."""
        few = dataset == TRANSFER
        of = "digits" if few else dataset
        raw = {
            "name": f"{self.name}-{of}",
            "dataset": of,
            "data": dict(_FEW) if few else {},
            "epochs": EPOCHS[of] * self.longer,
            "replicates": self.first + REPLICATES,
            "search": 0,
            "seed": seed,
            "network": {"hidden": list(self.hidden)},
            "space": {self.tuned: self.rates, **self.settings},
        }
        return parse(raw)


def _arms() -> dict[str, Arm]:
    arms = [
        Arm("sgd", {"optimizer": "sgd"}),
        Arm("sgd-again", {"optimizer": "momentum", "beta": 0.0}, first=REPLICATES),
        Arm("sgd-beyond", {"optimizer": "sgd"}, rates=list(BEYOND)),
        Arm("sgd-full-batch", {"optimizer": "sgd", "batch_size": "all"}),
        Arm("sgd-long", {"optimizer": "sgd"}, longer=4),
        Arm("adam-then-sgd", {"optimizer": "adam_then_sgd", "switch": 0.5, "sgd_learning_rate": 0.1}),
        Arm("random-search", {"optimizer": "random_search"}, longer=4, rates=SCALES, tuned="initial_scale"),
        Arm("random-local-search", {"optimizer": "random_local_search"}, longer=4),
        Arm("adam-long", {"optimizer": "adam"}, longer=4),
        Arm("adam-uncorrected", {"optimizer": "adam", "adam_bias_correction": False}),
        Arm("ema-corrected", {"optimizer": "momentum_ema", "beta": 0.9, "bias_correction": True}),
        Arm("ema-beyond", {"optimizer": "momentum_ema", "beta": 0.9}, rates=list(BEYOND)),
        Arm("deep-he", {"optimizer": "sgd", "initialiser": "he"}, DEEP),
        Arm("deep-normal", {"optimizer": "sgd", "initialiser": "normal"}, DEEP),
        Arm("deep-sigmoid", {"optimizer": "sgd", "activation": "sigmoid", "initialiser": "glorot"}, DEEP),
        Arm("deep-batch-norm", {"optimizer": "sgd", "batch_norm": True}, DEEP),
        Arm("deep-adagrad", {"optimizer": "adagrad"}, DEEP, longer=4),
        Arm("deep-rmsprop", {"optimizer": "rmsprop"}, DEEP, longer=4),
    ]
    arms += [Arm(name, {"optimizer": name}) for name in ("nesterov", "adagrad", "adam", "adamax", "nadam")]
    arms += [
        Arm(
            f"layers-{how}",
            {"optimizer": "sgd", "batch_size": 10, "pretrained": how},
            longer=2,
            where=(TRANSFER,),
        )
        for how in PRETRAINED
    ]
    arms += [with_beta("momentum", "momentum", beta) for beta in BETAS[1:]]
    arms += [with_beta("momentum_ema", "ema", beta) for beta in BETAS[1:]]
    arms += [with_beta("rmsprop", "rmsprop", rho) for rho in RHOS]
    arms += [scheduled(optimizer, schedule) for optimizer in SCHEDULED for schedule in SCHEDULES]
    return {arm.name: arm for arm in arms}


BETAS: Final = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)  # of momentum; 0 is plain gradient descent
RHOS: Final = (0.5, 0.8, 0.9, 0.95, 0.99)
PRETRAINED: Final = ("none", "frozen", "finetuned")
SCHEDULED: Final = ("sgd", "momentum", "adam")
SCHEDULES: Final = ("power", "exponential", "piecewise", "performance", "one_cycle")


def with_beta(optimizer: str, stem: str, beta: float) -> Arm:
    """Arm of an optimizer with its β or ρ: the usual 0.9 has no number in its name."""
    name = stem if beta == 0.9 else f"{stem}-{beta:g}"
    return Arm(name, {"optimizer": optimizer, "beta": beta})


def scheduled(optimizer: str, schedule: str) -> Arm:
    """Arm of an optimizer under a schedule."""
    return Arm(f"{optimizer}-{schedule}", {"optimizer": optimizer, "schedule": schedule})


ARMS: Final = _arms()
REFERENCE: Final = ("sgd", "momentum", "adam")  # give the units: what is the best, and where the target lies
REUSED: Final = tuple(f"layers-{how}" for how in PRETRAINED)  # give those of the world of few examples
