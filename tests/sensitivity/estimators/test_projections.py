import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BY_POSITION
from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.estimators.projections import Z, factorial_projection, inside
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def bowl(setting):
    """Space and function: a bowl over the learning rate per optimizer, β where there is one, batch size."""
    space = Space(
        [
            setting("optimizer", "sgd", "momentum", "adam"),
            Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=6)),)),
            setting("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")}),
            setting("batch_size", 16, 64, 256),
        ]
    )
    best = {"sgd": -0.5, "momentum": -1.2, "adam": -2.0}

    def function(c, _replicate=0):
        distance = np.log10(c["learning_rate"]) - best[c["optimizer"]]
        steep = 1.2 if c["batch_size"] == 16 else 1.0
        return 0.3 * steep * distance**2 + 0.2 * abs(c.get("beta", 0.9) - 0.9)

    return space, function


def test_many_responses_at_once_are_the_exact_decomposition(bowl, tabulate):
    """Each column of responses gives the shares of `exact_decomposition`, noise included, to 1e-12."""
    space, function = bowl
    rng = np.random.default_rng(0)
    table = tabulate(space, lambda c, r: function(c) + 0.1 * rng.normal() + r, 3)
    other = rng.random(len(table))
    shares = factorial_projection(Study(table, space)).shares(np.column_stack([table["value"], other]))
    for column, values in enumerate((table["value"], other)):
        expected = shares_by_kind(
            exact_decomposition(Study(table.assign(value=values), space), branches=False)
        )
        np.testing.assert_allclose(shares.main[:, column], expected["main"], atol=1e-12)
        total = np.maximum(shares.main, shares.total)[:, column]  # as it is shown
        np.testing.assert_allclose(total, expected["total"], atol=1e-12)
        assert shares.noise[column] == pytest.approx(expected["noise"][0])


def shares_by_kind(table):
    """Shares of a decomposition in their order, by kind."""
    return {kind: part["share"].to_numpy() for kind, part in table.groupby("kind")}


def test_a_branch_cut_from_the_whole_is_the_branch(bowl, tabulate):
    """The part of one optimizer has the shares of that branch, without settings it does not have."""
    space, function = bowl
    rng = np.random.default_rng(1)
    table = tabulate(space, lambda c, _: function(c) + 0.1 * rng.normal(), 2)
    whole, decomposed = factorial_projection(Study(table, space)), exact_decomposition(Study(table, space))
    for name, settings in (("sgd", 2), ("adam", 3)):
        part = inside(whole, "optimizer", name)
        expected = shares_by_kind(decomposed[decomposed["branch"] == f"optimizer={name}"])
        shares = part.shares(table[["value"]].to_numpy())
        assert len(part.names) == settings
        np.testing.assert_allclose(shares.main[:, 0], expected["main"], atol=1e-12)
        np.testing.assert_allclose(shares.total[:, 0], expected["total"], atol=1e-12)


@pytest.mark.parametrize("levels", [2, 3])
def test_settings_whose_range_differs_are_marked(setting, tabulate, levels):
    """A learning rate with another range for adam is compared by position, and the remark says so."""
    low = Variant(FloatRange(1e-4, 1e-2, log=True, levels=levels), {"optimizer": ("adam",)})
    rate = Setting("learning_rate", (low, Variant(FloatRange(1e-2, 1.0, log=True, levels=3))))
    space = Space([setting("optimizer", "sgd", "adam"), rate, setting("b", 1, 2)])
    table = tabulate(space, lambda c, r: np.log10(c["learning_rate"]) * c["b"] + 0.01 * r, 2)
    found = branches(Study(table, space))
    assert [branch.label for branch in found] == ["all", "optimizer=sgd", "optimizer=adam"]
    assert found[0].remark("learning_rate") == BY_POSITION
    assert found[0].remark("b") is None
    assert [branch.remark("learning_rate") for branch in found[1:]] == [None, None]


@pytest.mark.parametrize("loud", [0.0, 0.8])
def test_intervals_cover_the_truth(bowl, tabulate, loud):
    """The 95 % intervals of main and total effects hold the truth in ≥ 88 % of 400 sweeps of 2 replicates.

    Also where the worst fifth of the configurations is 40 times as noisy. Standard error of a coverage of
    0.93: 0.013; the slow test below is the evidence for 90 %.
    """
    covered, _ = coverage(bowl, tabulate, 2, loud, 400)
    assert covered.min() > 0.88


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [2, 3, 5])
@pytest.mark.parametrize("loud", [0.0, 0.8])
def test_coverage_is_at_least_nine_in_ten(bowl, tabulate, replicates, loud):
    """Over 4,000 sweeps every main and total effect is covered in at least 90 % (less two errors, 0.01)."""
    covered, wrong = coverage(bowl, tabulate, replicates, loud, 4000)
    print(f"R = {replicates}, loud = {loud}: covered {covered.round(3)}, falsely above {wrong.round(3)}")
    assert covered.min() > 0.89


def coverage(bowl, tabulate, replicates, loud, sweeps):
    """Share of the sweeps whose intervals hold the truth, and that lie above it; main and total effects."""
    space, function = bowl
    rng = np.random.default_rng(2)
    table = tabulate(space, function, replicates)
    clean = table["value"].to_numpy()
    spread = 0.15 if not loud else 0.02 + loud * (clean > np.quantile(clean, 0.8))
    block = 0.3 * table["replicate"].to_numpy()
    noise = rng.normal(size=(len(clean), sweeps)) * np.broadcast_to(spread, clean.shape)[:, None]
    projection = factorial_projection(Study(table, space))
    shares = projection.shares(clean[:, None] + noise + block[:, None])
    # Without noise an index is a variance of the cells of one replicate, repeated along latent axes.
    means = clean[projection.rows[:, 0]][projection.index]
    axes = range(means.ndim)
    main = [means.mean(axis=tuple(set(axes) - {axis})).var() for axis in axes]
    total = [means.var() - means.mean(axis=axis).var() for axis in axes]
    sigma = (np.broadcast_to(spread, clean.shape) ** 2)[projection.rows[:, 0]][projection.index].mean()
    truth = np.array([main, total])[..., None] / (means.var() + sigma)
    found = np.array([shares.main, shares.total])
    half = Z * np.array([shares.main_error, shares.total_error])
    return (abs(found - truth) <= half).mean(axis=2), (found - half > truth).mean(axis=2)


def test_pure_noise_is_rarely_told_from_zero(bowl, tabulate):
    """Where nothing has an effect, at most 5 % of the lower ends lie above zero."""
    space, _ = bowl
    table = tabulate(space, lambda _c, _r: 0.0, 2)
    noise = np.random.default_rng(3).normal(size=(len(table), 400))
    shares = factorial_projection(Study(table, space)).shares(noise)
    assert ((shares.main - Z * shares.main_error > 0).mean(axis=1) <= 0.05).all()
    assert ((shares.total - Z * shares.total_error > 0).mean(axis=1) <= 0.05).all()


def test_one_replicate_has_shares_without_intervals(bowl, tabulate):
    """Without replicates the shares stand, their errors and the noise are empty."""
    space, function = bowl
    table = tabulate(space, function)
    shares = factorial_projection(Study(table, space)).shares(table[["value"]].to_numpy())
    assert not np.isnan(shares.total).any()
    assert np.isnan(shares.total_error).all()
    assert np.isnan(shares.noise).all()


def test_bins_cover_the_truth_on_random_designs(tabulate):
    """Intervals of main effects by bins hold 4/6, 1/6 and 0 of 2a + b + noise in ≥ 90 % of 150 designs."""
    uniform = Variant(FloatRange(0.0, 1.0))
    space = Space([Setting(name, (uniform,)) for name in "abc"])
    rng = np.random.default_rng(4)
    covered = []
    for _ in range(150):
        points = [space.configuration(point) for point in rng.random((200, 3))]
        table = tabulate(space, lambda c, _: 2 * c["a"] + c["b"] + rng.normal(0, 12**-0.5), 1, points)
        study = Study(table, space)
        plan, found = study.plan, branches(study)
        shares = found[0].projection.shares(plan[["value"]].to_numpy())
        half = Z * shares.main_error[:, 0]
        covered.append(abs(shares.main[:, 0] - [4 / 6, 1 / 6, 0]) <= half)
    assert np.mean(covered, axis=0).min() >= 0.9
    assert np.isnan(shares.total).all()


def test_a_layout_is_found_once_for_all_responses(bowl, tabulate):
    """What does not depend on the response is kept with the study and its other responses, not elsewhere."""
    space, function = bowl
    study = Study(tabulate(space, function), space)
    first, count = branches(study), len(study.trials)
    assert branches(study) is first
    other = study.with_values(np.arange(count, dtype=np.float64))
    assert branches(other) is first
    assert other.plan["value"].tolist() == list(range(count))
    assert study.plan["value"].tolist() == study.trials["value"].tolist()
    assert branches(Study(study.trials, space)) is not first
    searched = Study(pd.concat([study.trials, study.trials.iloc[:3].assign(phase="search")]), space)
    assert len(searched.plan) == count
