"""A against B by hand: pairs by everything else, own best on the other half, replicates or runs as sample."""

import numpy as np
import pytest

from sensitivity.language import speaking
from sensitivity.measures.versus import ALL_RUNS, OWN, SAME, sentences, versus
from sensitivity.study import Study
from sweeps.errors import StudyError
from sweeps.space import Space

NOISE = [0.0, 0.1, 0.05, 0.15]  # of a replicate, the same for everybody


def study(tabulate, space, response, replicates=4, **facts):
    """Study of a grid; what a replicate does to all is added."""
    trials = tabulate(space, lambda c, r: response(c) + NOISE[r], replicates)
    return Study(trials, space, "validation error", **facts)


@pytest.fixture
def space(setting):
    """Two optimizers, of which one has β, and two rates."""
    when = {"optimizer": ("momentum",)}
    optimizers = setting("optimizer", "sgd", "momentum")
    return Space([optimizers, setting("learning_rate", 0.1, 1.0), setting("beta", 0.5, 0.9, when=when)])


def table_of(c):
    """Errors: sgd 0.30 and 0.20; momentum 0.10 and 0.50 with β = 0.5, 0.14 and 0.40 with β = 0.9."""
    errors = {("sgd", 0.1): 0.3, ("sgd", 1.0): 0.2}
    errors |= {(0.5, 0.1): 0.1, (0.5, 1.0): 0.5, (0.9, 0.1): 0.14, (0.9, 1.0): 0.4}
    return errors[c.get("beta", "sgd"), c["learning_rate"]]


def test_hand_worked(tabulate, space):
    """At 0.1 momentum wins by 0.18 on average over β, at 1.0 it loses by 0.25; at its own best by 0.1."""
    found = versus({"run": study(tabulate, space, table_of)}, "optimizer", "momentum", "sgd")
    same, own = (dict(row) for row in found.to_dict("records"))
    assert (same["compared"], own["compared"]) == (SAME, OWN)
    assert (same["pairs"], own["pairs"]) == (8, 4)
    assert same["wins"] == 0.5
    assert same["difference"] == pytest.approx((-0.18 + 0.25) / 2)
    assert own["wins"] == 1.0
    assert own["difference"] == pytest.approx(-0.1)


def test_what_a_replicate_does_to_both_cancels(tabulate, space):
    """The noise is common: every pair differs by the same amount, so the interval is a point."""
    found = versus({"run": study(tabulate, space, table_of)}, "optimizer", "momentum", "sgd")
    assert np.allclose(found["difference_low"], found["difference"])
    assert np.allclose(found["difference_high"], found["difference"])


def test_the_other_way_round_is_the_mirror(tabulate, space):
    """B against A: what was won is lost, differences change their sign."""
    runs = {"run": study(tabulate, space, table_of)}
    one, other = (versus(runs, "optimizer", *pair) for pair in (("momentum", "sgd"), ("sgd", "momentum")))
    assert np.allclose(one["wins"], 1 - other["wins"])
    assert np.allclose(one["difference"], -other["difference"])


def test_several_runs_are_the_sample(tabulate, setting):
    """Two runs, B worse by 0.1 and by 0.2 of what can be had: on average 0.15, its interval over two runs."""
    space = Space([setting("schedule", "a", "b"), setting("learning_rate", 0.1, 1.0)])

    def run(gap):
        return study(tabulate, space, lambda c: 0.1 + gap * (c["schedule"] == "b"), replicates=2, cap=1.15)

    found = versus({"one": run(0.1), "two": run(0.2)}, "schedule", "a", "b")
    overall = found[found["run"] == ALL_RUNS].iloc[0]
    assert overall["difference"] == pytest.approx(-0.15)
    assert overall["difference_high"] == pytest.approx(-0.15 + 12.7062047 * 0.05, rel=1e-6)
    assert overall["wins"] == 1.0
    assert len(sentences(found, "a", "b")) == 2


def test_one_replicate_gives_no_interval(tabulate, space):
    """It says so; and there is no half to choose on."""
    found = versus({"run": study(tabulate, space, table_of, 1)}, "optimizer", "momentum", "sgd")
    assert found["compared"].tolist() == [SAME]
    assert np.isnan(found["low"]).all()
    assert "no interval" in sentences(found, "momentum", "sgd")[0]


@pytest.mark.parametrize(
    ("setting_name", "levels", "words"),
    [
        ("optimizr", ("sgd", "momentum"), "did you mean 'optimizer'"),
        ("optimizer", ("sgd", "momentun"), "did you mean 'momentum'"),
        ("optimizer", ("sgd", "sgd"), "against itself"),
    ],
)
def test_refusals(tabulate, space, setting_name, levels, words):
    """One sentence that names the run and what is there."""
    with pytest.raises(StudyError, match=words):
        versus({"run": study(tabulate, space, table_of)}, setting_name, *levels)


def test_nothing_paired_is_refused(tabulate, setting):
    """No two trials agree in all else: every configuration has a rate of its own."""
    space = Space([setting("schedule", "a", "b"), setting("learning_rate", 0.1, 1.0)])
    lone = [{"schedule": "a", "learning_rate": 0.1}, {"schedule": "b", "learning_rate": 1.0}]
    trials = tabulate(space, lambda _c, _r: 0.5, 2, lone)
    with pytest.raises(StudyError, match="pairs nothing"):
        versus({"run": Study(trials, space, "validation error")}, "schedule", "a", "b")


def test_in_korean_the_particles_follow_the_names(tabulate, space):
    """The same numbers, no English."""
    better = study(tabulate, space, lambda c: c["learning_rate"] + (c["optimizer"] == "sgd"))
    with speaking("ko"):
        found = sentences(versus({"run": better}, "optimizer", "momentum", "sgd"), "momentum", "sgd")
    assert found[0].startswith("다른 설정이 같을 때 momentum이 sgd보다 나은 쌍은 100 % [")
    assert found[0].endswith("평균으로는 momentum이 낫다.")
