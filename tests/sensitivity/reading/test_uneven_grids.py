"""Grids with any number of levels, rounded by hand, with cells missing: their scales, and options obeyed."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import Reading, read_csv_table
from sweeps.errors import StudyError

LOG = ("lr", "weight_decay")


def uneven(seed, folder):
    """Random grid of a rate, a decay and a dropout, a twentieth of its cells missing."""
    rng = np.random.default_rng(seed)
    counts, digits = rng.integers(2, 10, 3), int(rng.integers(2, 7))
    rates = np.geomspace(1e-5, 1.0, counts[0])
    decays = np.geomspace(1e-6, 1e-2, counts[1])
    levels = [[float(f"{x:.{digits}g}") for x in each] for each in (rates, decays)]
    levels.append(np.linspace(0, 0.6, counts[2]).round(digits).tolist())
    table = pd.DataFrame(itertools.product(*levels), columns=[*LOG, "dropout"])
    loss = (np.log10(table["lr"]) + 2) ** 2 + table["dropout"] + rng.normal(0, 0.1, len(table))
    table = table.assign(loss=loss).sample(frac=0.95, random_state=seed)
    table.to_csv(folder / "t.csv", index=False)
    return table


def test_fifty_uneven_grids_have_their_scales(tmp_path):
    """Settings, levels and scales of each."""
    for seed in range(50):
        table = uneven(seed, tmp_path)
        study = read_csv_table(tmp_path / "t.csv", "loss")
        assert set(study.space.names) == {*LOG, "dropout"}, seed
        assert not any("adaptive" in note for note in study.notes), seed
        for name in study.space.names:
            axis = study.axes[name]
            assert len(axis.levels) == table[name].nunique(), (seed, name)
            if table[name].nunique() > 2:
                decades = np.diff(axis.position)
                even = np.ptp(decades) <= 0.05 * abs(decades).max()
                assert even, (seed, name, axis.position)


@pytest.mark.parametrize("name", ["dropout", "shift"])
def test_a_logarithmic_scale_needs_positive_numbers(name, tmp_path):
    """0 and negative numbers have no logarithm: one sentence."""
    uneven(1, tmp_path).assign(shift=lambda t: t["lr"] - 0.5).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError, match=f"--log '{name}'.*positive") as refused:
        read_csv_table(tmp_path / "t.csv", "loss", Reading(log=(name,), settings=(*LOG, name)))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("option", ["log", "linear", "categorical"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_scale_that_was_asked_for_is_the_one_taken(option, complete, tmp_path):
    """Of a grid or of one with holes."""
    table = uneven(3, tmp_path)
    if complete:
        levels = [sorted(table[name].unique()) for name in (*LOG, "dropout")]
        whole = pd.DataFrame(itertools.product(*levels), columns=[*LOG, "dropout"])
        whole.assign(loss=np.arange(len(whole)) % 7 + 0.1).to_csv(tmp_path / "t.csv", index=False)
    study = read_csv_table(tmp_path / "t.csv", "loss", Reading(**{option: ("lr",)}))
    tried = study.trials["lr"].dropna().unique().tolist()
    if option == "categorical":
        assert all(isinstance(value, str) for value in tried)
        return
    position = study.axes["lr"].position
    levels = np.array(sorted(map(float, study.axes["lr"].levels)))
    expected = np.log(levels) if option == "log" else levels
    np.testing.assert_allclose(
        (position - position[0]) / np.ptp(position), (expected - expected[0]) / np.ptp(expected), atol=0.02
    )
