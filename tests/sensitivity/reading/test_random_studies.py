"""Whatever Optuna can hold can be read and measured."""

import math
import tempfile
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial
from rich.console import Console

from sensitivity.commands.summary import show
from sensitivity.files import write_csv
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.registry import TABLES, columns
from sensitivity.reading import from_study, read_csv_table
from sensitivity.reporting.cautions.finding import cautions
from sensitivity.reporting.decision import decision
from sensitivity.reporting.results import Results
from sensitivity.trials import RESULTS

NAMES = st.one_of(
    st.sampled_from(
        [
            *(
                "lr",
                "value",
                "number",
                "self",
                "optimizer",
                "seed",
                "β",
                "학습률",
                "a" * 300,
                "<script>",
                "a\nb",
            ),
            *(
                "",
                '"',
                "[bold]",
                "branch",
                "setting",
                "value (setting)",
                "replicate",
                "learning_rate",
                "\ud800",
            ),
        ]
    ),
    st.text(max_size=5),
)
CHOICES = st.lists(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.sampled_from(["", "adam", "None", "1", "nan", "한"]),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    min_size=1,
    max_size=4,
    unique_by=repr,
)


@st.composite
def distributions(draw):
    kind = draw(st.sampled_from(["float", "log", "step", "integer", "integer log", "even", "categorical"]))
    if kind == "categorical":
        return CategoricalDistribution(draw(CHOICES))
    low = draw(st.integers(1, 20))
    high = low + draw(st.integers(0, 200))
    return {
        "float": FloatDistribution(low / 7 - 1, high / 7),
        "log": FloatDistribution(low * 1e-5, high * 1e-3, log=True),
        "step": FloatDistribution(float(low), low + 0.5 * (high - low) // 1, step=0.5),
        "integer": IntDistribution(-low, high),
        "integer log": IntDistribution(low, high, log=True),
        "even": IntDistribution(low, low + 2 * ((high - low) // 2), step=2),
    }[kind]


def drawn(distribution, generator, clipped):
    """A value of a range; with probability ``clipped`` its lowest or highest, as of a sampler that clips."""
    if not isinstance(distribution, CategoricalDistribution) and generator.random() < clipped:
        return (distribution.low, distribution.high)[int(generator.random() < 0.2)]
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[generator.integers(len(distribution.choices))]
    steps = getattr(distribution, "step", None)
    if steps:
        count = round((distribution.high - distribution.low) / steps)
        return type(distribution.low)(distribution.low + steps * int(generator.integers(count + 1)))
    return float(generator.uniform(distribution.low, distribution.high))


@st.composite
def studies(draw):
    space = draw(st.dictionaries(NAMES, distributions(), max_size=5))
    size = draw(st.one_of(st.sampled_from([40, 20, 80, 7, 3, 2, 1, 0]), st.integers(2, 39)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    presence = draw(st.sampled_from(["all", "by the first", "toss"]))
    scale = draw(st.sampled_from([0.0, 1.0, 1e-300, 1e30, 1e300]))
    bad = draw(st.sampled_from([0.0, 0.3, 1.0]))
    clipped = draw(st.sampled_from([0.0, 0.0, 0.4, 0.8]))
    study = optuna.create_study(direction=draw(st.sampled_from(["minimize", "maximize"])))
    for _ in range(size):
        params = {name: drawn(distribution, generator, clipped) for name, distribution in space.items()}
        params = thinned(params, presence, generator)
        study.add_trial(one(params, space, generator, scale, bad))
    return study


def thinned(params, presence, generator):
    names = list(params)
    if presence == "by the first" and repr(params[names[0]] if names else "") > "1":
        return dict.fromkeys(names[:1], params[names[0]]) if names else {}
    return {n: v for n, v in params.items() if presence != "toss" or generator.random() < 0.8}


def one(params, space, generator, scale, bad):
    state = TrialState.COMPLETE
    value = float(generator.normal()) * scale
    if generator.random() < bad:
        state = list(TrialState)[generator.integers(len(TrialState))]
        value = float(generator.choice([np.inf, -np.inf, value]))
    failed = state == TrialState.FAIL
    steps = {3: math.nan, 1: 0.5} if failed else {3: 0.5, 1: math.nan}
    return create_trial(
        state=state,
        value=value if state in {TrialState.COMPLETE, TrialState.PRUNED} else None,
        params=params,
        distributions={name: space[name] for name in params},
        intermediate_values=steps if generator.random() < (0.5 if failed else 0.1) else None,
    )


def check(source):
    """What holds of every source."""
    trials, space = source.trials, source.space
    assert set(trials.columns) == set(space.names) | RESULTS
    assert [name for name in trials.columns if name not in RESULTS] == space.names
    assert np.isfinite(trials["value"]).all()
    assert trials["number"].is_unique
    for row in trials[space.names].astype(object).to_dict("records"):
        configuration = {name: value for name, value in row.items() if not pd.isna(value)}
        units = space.unit(configuration)
        active = [not math.isnan(unit) for unit in units]
        assert active == [name in configuration for name in space.names]
        assert all(-1e-9 <= unit <= 1 + 1e-9 for unit in units if not math.isnan(unit))


def measured(source):
    """All tables, each with its documented columns and none of them empty."""
    tables = all_tables(source)
    assert list(tables) == list(TABLES)
    for name, table in tables.items():
        assert sorted(table.columns) == sorted(columns(name))
        assert len(table)
    return tables


def read_measured_written_read_again(study):
    source = from_study(study)
    check(source)
    tables = measured(source)
    with tempfile.TemporaryDirectory() as folder:
        for name, table in {"trials": source.trials, **tables}.items():
            write_csv(table, Path(folder) / f"{name}.csv")
        check(read_csv_table(Path(folder) / "trials.csv"))
    found = cautions(source, tables)
    told = [caution.text for caution in found]
    show(Console(quiet=True), source, Results(tables, told, decision(source, tables, found), None, []))


optuna.logging.set_verbosity(optuna.logging.ERROR)
pytestmark = pytest.mark.usefixtures("few_trees")


COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


@settings(max_examples=20, **COMMON)
@given(studies())
def test_any_study_is_read_and_measured(study):
    """No study, whatever its settings, states and values, makes reading or measuring fail."""
    read_measured_written_read_again(study)


@pytest.mark.slow
@settings(max_examples=500, **COMMON)
@given(studies())
def test_many_studies_are_read_and_measured(study):
    """The same for five hundred studies."""
    read_measured_written_read_again(study)
