"""Learning rate and β of a stranger's table: by whatever names, with optimizers or without."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sensitivity.branch import words
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.momentum_rescaling import FEW_VALUES, GROWS, SHRINKS
from sensitivity.measures.rate_and_beta import NO_BETA, NO_RATE
from sensitivity.pictures import beta_and_learning_rate
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.reading import Reading, read_csv_table
from sensitivity.vocabulary import beta_place

RATES = [round(float(rate), 6) for rate in np.geomspace(1e-3, 10, 9)]
BETAS = [0.0, 0.5, 0.9, 0.99]


def loss(rate, beta, exponent=1.0):
    """Bowl in η / (1 − β)^exponent, its bottom at 0.5."""
    return 0.1 + 0.1 * (np.log10(rate) - exponent * np.log10(1 - beta) - np.log10(0.5)) ** 2


def table(rate="lr", beta="momentum", optimizers=("sgd", "nesterov"), exponent=1.0, seeds=2):
    """Full grid of nine rates and four β; the noise is the seed's own."""
    rng = np.random.default_rng(0)
    rows = []
    for optimizer, eta, value, seed in itertools.product(optimizers or [""], RATES, BETAS, range(seeds)):
        row = {"optimizer": optimizer} if optimizers else {}
        noisy = loss(eta, value, exponent) + 0.01 * rng.standard_normal()
        rows.append({**row, rate: eta, beta: value, "seed": seed, "val_loss": noisy})
    return pd.DataFrame(rows)


def read(frame, tmp_path, **how):
    frame.to_csv(tmp_path / "runs.csv", index=False)
    return read_csv_table(tmp_path / "runs.csv", "val_loss", Reading(**how))


def measured(study):
    return all_tables(study, only=["momentum_rescaling"])["momentum_rescaling"]


@pytest.mark.parametrize(
    ("rate", "beta", "optimizers"),
    [
        ("lr", "momentum", ("sgd", "nesterov")),
        ("learning_rate", "momentum", ("sgd", "nesterov")),
        ("lr", "momentum", ()),
        ("learning_rate_init", "beta_1", ()),
        ("params_lr", "params_adam_beta1", ()),
        ("optimizer/lr", "optimizer/beta1", ("adam", "adamw")),
        ("eta", "sgd_momentum", ()),
        ("optimizer.learningRate", "optimizer.Momentum", ()),
    ],
)
def test_it_falls_as_planted_whatever_the_names(tmp_path, rate, beta, optimizers):
    """A loss of η / (1 − β) alone: a large interaction on η, none to speak of on the other axis.

    The numbers are those of the same table under the names of ours: names change none.
    """
    found = measured(study := read(table(rate, beta, optimizers), tmp_path))
    assert study.rate in study.space.names
    branches = [f"optimizer={name}" for name in sorted(optimizers)] or ["all"]
    assert sorted(set(found["branch"])) == branches
    own = next(name for name in study.space.names if beta_place(name) >= 0)
    by = found.set_index(["branch", "axis"])
    for branch in branches:
        plain, effective = by.loc[(branch, study.rate)], by.loc[(branch, f"{study.rate} / (1 − {own})")]
        assert plain["interaction"] > 0.25
        assert effective["interaction"] < 0.02
        assert effective["remarks"].has(SHRINKS)
        assert words(f"{study.rate} / (1 − {own})", 80) in effective["verdict"]
    ours = measured(read(table("learning_rate", "beta", optimizers), tmp_path))
    np.testing.assert_array_equal(found["interaction"], ours["interaction"])


def test_one_run_of_each_is_enough(tmp_path):
    """Without seeds the numbers are there, and that there is no interval is said."""
    found = measured(read(table(seeds=1).drop(columns="seed"), tmp_path))
    shares = {axis: rows["interaction"] for axis, rows in found.groupby("axis")}
    assert (shares["lr"] > 0.25).all()
    assert (shares["lr / (1 − momentum)"] < 0.02).all()
    assert found["verdict"].str.contains("no interval").sum() == 2


def exact(row, exponent, moved):
    """Interaction of the loss without noise on a row's window, over β spread evenly over its range.

    ``moved`` is 1 on the axis η / (1 − β), 0 on η.
    """
    points, betas = np.linspace(np.log10(row["from"]), np.log10(row["to"]), 40), np.linspace(0, 0.99, 40)
    rates = 10 ** (points + moved * np.log10(1 - betas)[:, None])
    cells = loss(rates, betas[:, None], exponent)
    centred = cells - cells.mean(axis=0) - cells.mean(axis=1, keepdims=True) + cells.mean()
    return float(centred.var() / cells.var())


@pytest.mark.parametrize("optimizers", [(), ("adam", "lion")])
@pytest.mark.parametrize("exponent", [1.0, 0.0])
def test_a_random_search_is_predicted_on_a_grid(tmp_path, exponent, optimizers):
    """150 trials anywhere in both ranges: the change goes where it is planted, and a surrogate is named."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"lr": 10 ** rng.uniform(-4, 0, 150), "momentum": rng.uniform(0, 0.99, 150)})
    frame["val_loss"] = loss(frame["lr"], frame["momentum"], exponent) + 0.02 * rng.standard_normal(150)
    if optimizers:
        frame["optimizer"] = rng.choice(optimizers, 150)
    found = measured(read(frame, tmp_path))
    assert len(found) == 2 * max(len(optimizers), 1)
    for _, rows in found.groupby("branch"):
        by = rows.set_index("axis")
        plain, effective = by.loc["lr"], by.loc["lr / (1 − momentum)"]
        assert effective["remarks"].has(SHRINKS if exponent else GROWS)
        assert effective["remarks"].has(PREDICTED)
        falls, stays = (effective, plain) if exponent else (plain, effective)
        assert falls["interaction"] < stays["interaction"] / 4
        assert falls["low"] == pytest.approx(0, abs=0.01)
        assert stays["interaction"] == pytest.approx(exact(stays, exponent, 1 - exponent), abs=0.04)


def test_no_fall_where_none_is_planted(tmp_path):
    """A loss of η alone: no interaction on η, and one on η / (1 − β)."""
    found = measured(read(table(exponent=0.0, optimizers=()), tmp_path)).set_index("axis")["interaction"]
    assert abs(found["lr"]) < 0.02
    assert found["lr / (1 − momentum)"] > 0.25


def test_the_rate_that_the_user_names(tmp_path):
    """--rate decides, also against every name."""
    frame = table("speed", "momentum", ())
    found = measured(read(frame, tmp_path, rate="speed")).set_index("axis")["interaction"]
    assert found["speed"] > 0.25
    assert found["speed / (1 − momentum)"] < 0.02
    unnamed = measured(read(frame, tmp_path))
    assert unnamed["remarks"][0].has(NO_RATE)
    assert "--rate" in unnamed["verdict"][0]
    assert "learning_rate, lr" in unnamed["verdict"][0]


def test_every_branch_has_the_beta_that_varies_there(tmp_path):
    """β of sgd is its momentum and that of adam its beta1, each empty in the rows of the other."""
    sgd, adam = table(optimizers=("sgd",)), table(beta="beta1", optimizers=("adam",))
    study = read(pd.concat([sgd, adam]), tmp_path)
    tables = all_tables(study, only=["pairs", "momentum_rescaling"])
    found = tables["momentum_rescaling"]
    by = found.set_index(["branch", "axis"])["interaction"]
    for branch, axis in (
        ("optimizer=sgd", "lr / (1 − momentum)"),
        ("optimizer=adam", "lr / (1 − beta1)"),
    ):
        assert by[branch, "lr"] > 0.25
        assert by[branch, axis] < 0.02
    panels = beta_and_learning_rate.picture(study, tables).figure.axes
    assert {"sgd", "adam"} <= {axes.get_title() for axes in panels}


@pytest.mark.parametrize(
    "columns",
    [
        {"beta": "bn_momentum"},
        {"beta": "beta_2"},
        {"beta": "kl_beta"},
        {"beta": "dropout"},
    ],
)
def test_without_a_beta_the_reason_names_what_was_looked_for(tmp_path, columns):
    """A name that only looks like one is none; no word of a column that the table does not have."""
    study = read(table(optimizers=(), **columns), tmp_path)
    found = all_tables(study, only=["pairs", "momentum_rescaling"])
    assert found["momentum_rescaling"]["remarks"][0].has(NO_BETA)
    assert "momentum, beta, beta1" in found["momentum_rescaling"]["verdict"][0]
    with pytest.raises(NothingToDraw, match="momentum, beta, beta1"):
        beta_and_learning_rate.picture(study, found)


def test_a_single_value_is_told_by_its_own_name(tmp_path):
    """One optimizer tried a single momentum; the other is measured all the same."""
    frame = table()
    found = measured(read(frame[(frame["optimizer"] == "sgd") | (frame["momentum"] == 0.9)], tmp_path))
    cell = found.set_index("branch")["remarks"]["optimizer=nesterov"]
    assert cell.has(FEW_VALUES)
    assert cell.words == "cannot be judged: momentum has fewer than two values"
    assert found.set_index("axis")["interaction"]["lr / (1 − momentum)"] < 0.02


@pytest.mark.parametrize(("kept", "name"), [({"momentum": 0.9}, "momentum"), ({"lr": RATES[3]}, "lr")])
def test_what_is_held_fixed_is_not_missing(tmp_path, kept, name):
    """It is there, with one value: that is the reason, and not that nothing was found."""
    frame = table()
    (column, level), *_ = kept.items()
    found = measured(read(frame[frame[column] == level], tmp_path))
    assert found["verdict"].tolist() == [f"cannot be judged: {name} never varies"]


def test_a_branch_of_fewer_seeds_is_measured_too(tmp_path):
    """Two seeds of sgd and four of adam, which has no momentum: its grid is as complete as sgd's own."""
    sgd, adam = table(optimizers=("sgd",)), table(optimizers=("adam",), seeds=4)
    adam = adam[adam["momentum"] == 0.0].assign(momentum=np.nan)
    found = measured(read(pd.concat([sgd, adam]), tmp_path))
    assert set(found["branch"]) == {"optimizer=sgd"}
    by = found.set_index("axis")["interaction"]
    assert by["lr"] > 0.25
    assert by["lr / (1 − momentum)"] < 0.02


def test_no_beta_at_one_or_above(tmp_path):
    """1 − β has to be positive: a column with other numbers is no β, and the reason says so."""
    frame = table(optimizers=())
    found = measured(read(frame.assign(momentum=frame["momentum"] * 2), tmp_path))
    assert found["verdict"].tolist() == ["cannot be judged: momentum has values outside [0, 1)"]


def test_the_picture_has_the_columns_of_the_table(tmp_path):
    """Axes and caption by the user's names, with the numbers of the table."""
    study = read(table(optimizers=()), tmp_path)
    tables = all_tables(study, only=["pairs", "momentum_rescaling"])
    drawn = beta_and_learning_rate.picture(study, tables)
    axes = drawn.figure.axes[0]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("lr", "momentum")
    shares = tables["momentum_rescaling"].set_index("axis")["interaction"]
    numbers = f"{shares['lr']:.1%} → {shares['lr / (1 − momentum)']:.1%}".replace("%", " %")
    assert numbers in drawn.caption
    assert "lr / (1 − momentum)" in drawn.caption
    assert "β" not in drawn.caption + drawn.title
    named = read(table("learning_rate_init", "nesterov_momentum", ()), tmp_path)
    caption = beta_and_learning_rate.picture(named, all_tables(named, only=["pairs", "momentum_rescaling"]))
    assert caption.caption.count("learning rate init / (1 − nesterov momentum)") == 2


@pytest.mark.parametrize(
    "name",
    ["Momentum", "adamBeta1", "optimizer__momentum", "β₁", "config/optimizer.beta1", "opt_kwargs.momentum"],
)
def test_names_of_a_beta(name):
    """Whatever a tool or an optimizer's name puts before it."""
    assert beta_place(name) >= 0


@pytest.mark.parametrize(
    "name",
    ["beta2", "adam_beta_2", "batch_norm_momentum", "ema_momentum", "momentum_decay", "dpo_beta", "beta_end"],
)
def test_names_of_no_beta(name):
    """The mean of the squares, a norm's, a target network's, a schedule's, a loss's."""
    assert beta_place(name) == -1
