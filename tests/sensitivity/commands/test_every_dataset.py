"""The default sweep on every dataset, from the command line."""

import tomllib

import pytest

from sweeps.datasets import DATASETS
from sweeps.datasets import load as load_dataset
from sweeps.splits import split_indices

# A few of the default's trials; its own batch sizes.
TINY = (
    *("--epochs", "1", "--workers", "1", "--no-report"),
    *("--set", "replicates=1", "--set", "search=0", "--set", 'space.schedule=["constant"]'),
    *("--set", 'space.optimizer=["sgd"]', "--set", "space.learning_rate=[0.01, 0.1]"),
)


# Small ones and large ones, classes and numbers, real and made; that the default fits every other is seen by
# tests/contract/test_datasets.py, which prepares it and does not train.
SOME = ("digits", "iris", "linnerud", "diabetes", "spirals")


@pytest.mark.parametrize(
    "dataset", [pytest.param(name, marks=[pytest.mark.slow] * (name not in SOME)) for name in DATASETS]
)
def test_the_default_sweep_runs_on_every_dataset_as_it_is(dataset, command, tmp_path):
    """Batch sizes above the training set mean the whole set, once, and the sweep says so; it goes on too."""
    out = tmp_path / "run"
    code, text, errors = command("sweep", "--dataset", dataset, "--out", out, *TINY)
    assert (code, errors) == (0, "")
    first = (out / "tables" / "trials.csv").read_text(encoding="utf-8")
    if dataset in {"iris", "linnerud"}:  # the same command finds everything done
        assert command("sweep", "--dataset", dataset, "--out", out, *TINY)[0] == 0
        assert (out / "tables" / "trials.csv").read_text(encoding="utf-8") == first
    examples = len(split_indices(load_dataset(dataset), 0.2, 0, 0)[0])
    sizes = sorted({min(size, examples) for size in (16, 64, 256)})
    space = tomllib.loads((out / "sweep.toml").read_text(encoding="utf-8"))["space"]
    assert space["batch_size"] == (sizes if len(sizes) > 1 else sizes[0])
    assert len(first.splitlines()) == 1 + 2 * len(sizes)
    said = f"above the {examples} training examples of {dataset}, which means the whole set"
    assert (said in text) == (examples < 256)


@pytest.mark.parametrize("given", ["space.batch_size=121", "space.batch_size=[16, 500]"])
def test_a_batch_that_the_user_asks_for_is_not_cut(given, command, tmp_path):
    """What was asked for in words is refused in one sentence, and nothing is left behind."""
    code, _, errors = command("sweep", "--dataset", "iris", "--out", tmp_path / "run", *TINY, "--set", given)
    assert code == 2
    assert "is above the 120 training examples of 'iris'" in errors
    assert "--set 'space.batch_size=" in errors
    assert not (tmp_path / "run").exists()
