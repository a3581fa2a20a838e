"""The scale of a setting in the pictures: that of the space, whatever values were tried."""

import numpy as np
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import beta_and_learning_rate, tolerance, training_speed
from sensitivity.pictures.marks.scales import Scale, is_log
from sensitivity.pictures.picturing import PICTURES, files_of
from sensitivity.pictures.saving import Rendered
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant


def ranged(name, low, high, kind=FloatRange, **options):
    return Setting(name, (Variant(kind(low, high, **options)),))


@pytest.fixture
def zero(tabulate):
    """18 random trials of ranges that start at 0, as a stranger's study has them."""
    space = Space(
        [
            ranged("dropout", 0.0, 0.5),
            ranged("reg", 0.0, 0.4),
            ranged("units", 16, 128, IntegerRange),
        ]
    )
    points = np.random.default_rng(0).random((18, 3))
    points[0, :2] = 0.0
    configurations = [space.configuration(point) for point in points]
    return Study(
        tabulate(space, lambda c, _: c["dropout"] + 0.3 * c["reg"] + c["units"] / 1000, 1, configurations),
        space,
    )


@pytest.mark.usefixtures("without_png")
def test_ranges_that_start_at_zero_are_drawn(zero):
    """No logarithm of 0: the bands of such settings stand on linear scales."""
    tables = all_tables(zero)
    assert isinstance(files_of("tolerance", zero, tables), Rendered)
    assert all(files_of(name, zero, tables) is not None for name in PICTURES)
    assert not any(is_log(zero, name) for name in zero.space.names)


@pytest.mark.parametrize("log", [True, False])
def test_a_rate_has_the_scale_of_the_space(tabulate, setting, log):
    """Four values, even in the logarithm, on a scale that may be called linear: so it is drawn.

    The line of equal effective rate falls to a fifth from β = 0.5 to 0.9: 0.02 stands between 0.01 and 0.1 at
    a third of the way in the logarithm (0.301 of it), at a ninth in the number.
    """
    rates = [1e-3, 1e-2, 1e-1, 1.0]
    settings = [setting("optimizer", "a", "b"), ranged("learning_rate", 1e-3, 1.0, log=log)]
    space = Space([*settings, setting("beta", 0.5, 0.9)])
    tried = [
        {"optimizer": one, "learning_rate": rate, "beta": beta}
        for one in ("a", "b")
        for rate in rates
        for beta in (0.5, 0.9)
    ]

    def response(configuration, replicate):
        away = abs(np.log10(configuration["learning_rate"]) + 1) + (configuration["beta"] == 0.9)
        return 0.1 + 0.1 * away + 0.001 * replicate

    study = Study(tabulate(space, response, 2, tried), space)
    tables = all_tables(study)
    axes = tolerance.picture(study, tables).figure.axes[0]
    assert axes.get_xscale() == ("log" if log else "linear")
    assert ("log scale" in axes.get_xlabel()) == log
    line = beta_and_learning_rate.picture(study, tables).figure.axes[0].lines[0]
    assert line.get_ydata() == pytest.approx([1.5, 2.5 - (np.log10(2) if log else 1 / 9)], abs=1e-6)


@pytest.mark.parametrize("log", [True, False])
def test_the_middle_of_a_bin_is_that_of_its_scale(tabulate, log):
    """Bins of a hundred values: geometric middles on a logarithmic scale, plain ones on a linear one."""
    space = Space([ranged("learning_rate", 1e-4, 1.0, log=log)])
    rates = np.geomspace(1e-4, 1.0, 100)
    trials = tabulate(space, lambda *_: 0.1, 1, [{"learning_rate": float(rate)} for rate in rates])
    study = Study(trials.assign(epochs_to_target=3), space)
    axes = training_speed.picture(study, all_tables(study, only=["ranking", "training_speed"])).figure.axes[0]
    last = float(axes.get_xticklabels()[-1].get_text())
    assert last == pytest.approx(10**-0.2 if log else 0.95, rel=0.05)  # the last of ten bins of equal width


def test_parts_of_a_range():
    """Even in the logarithm, even in the number, or in equal steps for a list; NaN stays NaN."""
    assert Scale((1e-4, 1.0), log=True, levels=None).parts([1e-4, 1e-2, 1.0]) == pytest.approx([0, 0.5, 1])
    assert Scale((0.0, 0.5), log=False, levels=None).parts([0.0, 0.1]) == pytest.approx([0, 0.2])
    steps = Scale((2.0, 8.0), log=False, levels=(2.0, 4.0, 8.0)).parts([2.0, 3.0, 4.0, 8.0, np.nan])
    assert steps == pytest.approx([0, 0.25, 0.5, 1, np.nan], nan_ok=True)


def test_a_list_has_no_scale_and_text_no_numbers(tabulate, setting):
    """Numbers of a list stand in equal steps however far apart; ranges of several branches make one scale."""
    space = Space(
        [
            setting("kind", "a", "b"),
            setting("rate", 1e-3, 1e-2, 1.0),
            Setting(
                "step",
                (
                    Variant(FloatRange(1e-3, 1e-1, log=True, levels=2), {"kind": ("a",)}),
                    Variant(FloatRange(1e-2, 1.0, log=True, levels=2), {"kind": ("b",)}),
                ),
            ),
        ]
    )
    study = Study(tabulate(space, lambda *_: 0.5), space)
    assert Scale.of(study, "rate") == Scale((1e-3, 1.0), log=False, levels=(1e-3, 1e-2, 1.0))
    assert Scale.of(study, "step") == Scale((1e-3, 1.0), log=True, levels=None)
    assert not is_log(study, "kind")
    assert not is_log(study, "nothing of the study")
    assert isinstance(study.space.settings[0].variants[0].domain, Choices)
