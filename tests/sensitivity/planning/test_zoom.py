"""The next sweep: what is fixed, cut, widened and left out, on trials whose answer is known."""

import tomllib
from dataclasses import replace

import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity import sweep
from sensitivity.measures.advice import TUNE, advice
from sensitivity.measures.ranking import configuration_means
from sensitivity.planning.definition import next_definition
from sensitivity.planning.domains import HIGHEST, LOWEST, Good, further, goes_on, narrowed
from sensitivity.planning.narrowing import Narrowed, Part, narrow
from sensitivity.planning.optuna_code import optuna_code
from sensitivity.planning.rounding import above, below, outward
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Remark
from sweeps.definition import parse
from sweeps.errors import StudyError
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

RAW = {
    "name": "planted",
    "dataset": "wine",
    "replicates": 4,
    "epochs": 3,
    "network": {"hidden": [8]},
    "space": {
        "optimizer": ["sgd", "momentum", "adam"],
        "learning_rate": {"low": 1e-4, "high": 1.0, "log": True, "levels": 9},
        "beta": [0.5, 0.9],
        "batch_size": [16, 64],
    },
}
OTHER = Setting("other", (Variant(Choices(("a", "b"))),))
BEST_RATE = {"sgd": -1.0, "momentum": -1.5, "adam": -3.0}


def planted(worse=0.0, shift=0.0, noise=0.02, batch=0.0, steeper=0.0, bad="sgd", seed=0):
    """Each optimizer has its own best rate; β does nothing; one of them reaches less by ``worse``.

    A batch of 64 reaches less by ``batch``, and its valley is as much ``steeper``.
    """
    definition = parse(RAW)
    space, rng, rows = definition.build_space(), np.random.default_rng(seed), []
    for replicate in range(definition.replicates):
        for one in space.grid():
            away = np.log10(one["learning_rate"]) - BEST_RATE[one["optimizer"]] - shift
            value = 0.1 + 0.2 * away**2 + worse * (one["optimizer"] == bad) + noise * rng.standard_normal()
            value += (batch + 0.2 * steeper * away**2) * (one["batch_size"] == 64)
            rows.append({**one, "replicate": replicate, "value": value})
    study = from_frame(pd.DataFrame(rows), space, scale="raw")
    return replace(study, definition=definition.to_toml(), name="planted"), definition


def zoomed(study, definition):
    """Text, its definition, and the decisions."""
    left = narrow(study)
    return *next_definition(study, definition, left), left


@pytest.mark.parametrize(
    ("number", "log", "width", "low", "high"),
    [
        (0.00317, True, 0, 0.003, 0.005),
        (1.19, True, 0, 1.0, 2.0),
        (0.1, True, 0, 0.1, 0.1),
        (0.83, False, 1, 0.8, 0.85),
    ],
)
def test_round_numbers_lie_outside(number, log, width, low, high):
    """1, 2, 3 and 5 times a power of ten; of a linear range a twentieth."""
    assert below(number, log=log, width=width) == pytest.approx(low)
    assert above(number, log=log, width=width) == pytest.approx(high)


@pytest.mark.parametrize(
    ("name", "domain", "good", "expected"),
    [
        (
            "learning_rate",
            FloatRange(1e-4, 10.0, log=True, levels=6),
            Good([(0.00501, 0.0794)], 0.01),
            FloatRange(5e-3, 0.1, log=True, levels=5),
        ),
        (
            "learning_rate",
            FloatRange(1e-4, 0.1, log=True, levels=4),
            Good([(0.02, 0.1)], 0.1, HIGHEST),
            FloatRange(0.02, 1.0, log=True, levels=5),
        ),
        ("batch_size", Choices((16, 64, 256)), Good([(16, 64)], 16), Choices((16, 32, 64))),
        ("batch_size", Choices((16, 64)), Good([(16, 16)], 16, LOWEST), Choices((4, 8, 16))),
        ("beta", Choices((0.5, 0.9, 0.99)), Good([(0.99, 0.99)], 0.99, HIGHEST), Choices((0.99, 0.999))),
        (
            "schedule",
            Choices(("constant", "cosine")),
            Good([("cosine", "cosine")], "cosine"),
            Choices(("cosine",)),
        ),
        ("depth", IntegerRange(1, 9, levels=3), Good([(2, 4)], 3), IntegerRange(2, 4, levels=3)),
        ("mine", FloatRange(0.0, 1.0), Good([(0.3, 0.52)], 0.4), FloatRange(0.3, 0.52)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_left_of_a_domain(name, domain, good, expected):
    """Worked by hand: cut to the good values, one further where the end is best, finer in between."""
    assert narrowed(name, domain, good) == expected


@pytest.mark.parametrize(
    ("domain", "end", "expected"),
    [
        (IntegerRange(4, 32, log=True, levels=4), HIGHEST, IntegerRange(4, 64, log=True, levels=5)),
        (FloatRange(1e-3, 0.1, log=True, levels=3), LOWEST, FloatRange(1e-4, 0.1, log=True, levels=4)),
        (FloatRange(1e-3, 10.0, log=True), HIGHEST, FloatRange(1e-3, 100.0, log=True)),
        (IntegerRange(2, 6), HIGHEST, IntegerRange(2, 8)),
        (Choices((16, 32, 64)), LOWEST, Choices((8, 16, 32, 64))),
    ],
    ids=str,
)
def test_what_is_not_judged_goes_one_step_further(domain, end, expected):
    """Worked by hand: as far as the last two levels are apart; a range without levels as it is widened."""
    assert further("mine", domain, end) == expected


@pytest.mark.parametrize(
    ("domain", "end", "new"),
    [
        (FloatRange(0.0, 0.5, levels=6), HIGHEST, 0.6),
        (FloatRange(1.0, 2.0, levels=3), LOWEST, 0.5),
        (FloatRange(0.0, 0.9, levels=4), HIGHEST, 0.99),  # 1.2 is none: nearer to 1
        (FloatRange(0.1, 0.5, levels=5), LOWEST, 0.01),  # 0 may be none: nearer to it
        (IntegerRange(2, 8, levels=4), HIGHEST, 10),
        (IntegerRange(2, 8, levels=4), LOWEST, 1),
        (IntegerRange(1, 3, levels=2), HIGHEST, 5),
        (IntegerRange(16, 1024, log=True, levels=4), HIGHEST, 4096),
        (FloatRange(1e-4, 0.1, log=True, levels=4), LOWEST, 1e-5),
        (FloatRange(1e-4, 0.1, log=True, levels=4), HIGHEST, 0.91),  # of an unknown setting
        (FloatRange(1e-4, 0.1, log=True, levels=6), LOWEST, 10**-4.6),
        (FloatRange(1e-3, 0.1, True, 5, (0.001, 0.00316, 0.01, 0.0316, 0.1)), LOWEST, 0.0003165),
        (Choices((2, 4, 6, 8)), HIGHEST, 10),
        (Choices((0.1, 0.2, 0.3)), HIGHEST, 0.4),
    ],
    ids=str,
)
def test_one_step_further_keeps_every_level(domain, end, new):
    """Worked by hand, a step on the scale of the range; the best so far is one of the old levels."""
    old = list(domain.level_values())
    found = further("mine", domain, end).level_values()
    assert found == pytest.approx([new, *old] if end == LOWEST else [*old, new], rel=1e-9)
    assert {type(value) for value in found} == {type(old[0])}


def test_a_known_setting_goes_on_to_where_it_ends():
    """A weight decay of 1 exists, though no fraction was tried above 0.1; β comes nearer to 1."""
    found = further("weight_decay", FloatRange(1e-4, 0.1, log=True, levels=4), HIGHEST)
    assert found == FloatRange(1e-4, 1.0, log=True, levels=5)
    found = further("beta", FloatRange(0.5, 0.9, levels=5), HIGHEST)
    assert found.level_values() == pytest.approx((0.5, 0.6, 0.7, 0.8, 0.9, 0.95))


def test_levels_that_are_not_even_are_a_list_in_the_next_definition():
    """β of 0.3, 0.6, 0.9 and one nearer to 1: the file lists them, and those of the other optimizer."""
    study, definition = planted()
    wider = further("beta", FloatRange(0.3, 0.9, levels=3), HIGHEST)
    parts = [
        Part("optimizer", {}, Choices(("momentum", "adam")), (Remark("tuned")(""),)),
        Part("learning_rate", {}, Choices((0.01, 0.1)), (Remark("tuned")(""),)),
        Part("beta", {"optimizer": ("momentum",)}, wider, (Remark("tuned")(""),)),
        Part("beta", {"optimizer": ("adam",)}, FloatRange(0.5, 0.9, levels=2), (Remark("tuned")(""),)),
    ]
    text, new = next_definition(study, definition, Narrowed(tuple(parts), {}))
    (beta,) = [one for one in new.build_space().settings if one.name == "beta"]
    found = {one: beta.domain({"optimizer": one}).level_values() for one in ("momentum", "adam")}
    assert found == {"momentum": wider.level_values(), "adam": (0.5, 0.9)}
    assert parse(tomllib.loads(text)) == new


@pytest.mark.parametrize(
    ("name", "domain", "end", "expected"),
    [
        ("units", IntegerRange(4, 64, log=True), LOWEST, 1),
        ("units", IntegerRange(40, 640, log=True), LOWEST, 4),
        ("units", IntegerRange(1, 64, log=True), LOWEST, None),
        ("layers", IntegerRange(1, 5), LOWEST, None),
        ("layers", IntegerRange(2, 5), LOWEST, 1),
        ("layers", IntegerRange(0, 4), LOWEST, None),
        ("layers", IntegerRange(1, 5), HIGHEST, 7),
        ("depth", IntegerRange(2, 6), LOWEST, 0),  # ours: no hidden layer is a linear model
        ("depth", IntegerRange(4, 64), HIGHEST, None),
        ("shift", IntegerRange(-8, 8), LOWEST, -16),
        ("dropout", FloatRange(0.0, 0.5), LOWEST, None),
        ("dropout", FloatRange(0.1, 0.5), LOWEST, 0.01),
        ("dropout", FloatRange(0.0, 0.5), HIGHEST, 0.75),
        ("momentum", FloatRange(0.5, 0.99), HIGHEST, 0.999),
        ("subsample", FloatRange(0.1, 1.0), HIGHEST, None),
        ("correlation", FloatRange(-0.9, 0.9), LOWEST, -1.0),
        ("correlation", FloatRange(-0.9, 0.9), HIGHEST, 0.99),
        ("bias", FloatRange(-5.0, 5.0), LOWEST, -10.0),
        ("exponent", FloatRange(-4.0, -1.0), HIGHEST, 0.0),
        ("warmup", FloatRange(0.0, 0.5), LOWEST, None),
        ("warmup", FloatRange(0.0, 0.8), HIGHEST, 0.98),
        ("alpha", FloatRange(1e-4, 0.2, log=True), LOWEST, 1e-5),
        ("alpha", FloatRange(1e-4, 0.2, log=True), HIGHEST, 0.92),
        ("learning_rate", FloatRange(1e-4, 0.2, log=True), HIGHEST, 2.0),
        ("momentum", Choices((0.5, 0.9, 0.99)), HIGHEST, 0.999),
        ("dropout", Choices((0.0, 0.25, 0.5)), LOWEST, None),
        ("dropout", Choices((0.25, 0.5)), HIGHEST, 0.95),
        ("subsample", Choices((0.5, 1.0)), HIGHEST, None),
        ("layers", Choices((1, 2, 3)), LOWEST, None),
        ("layers", Choices((0, 1, 2)), LOWEST, None),
        ("shift", Choices((-2, -1, 0)), LOWEST, -3),
        ("units", Choices((16, 64)), HIGHEST, 256),
    ],
    ids=str,
)
def test_what_is_beyond_an_end_exists(name, domain, end, expected):
    """Worked by hand; None: there is nothing beyond, so the range is not said to go on and stays."""
    at = domain.level_values() if isinstance(domain, Choices) else (domain.low, domain.high)
    best = min(at) if end == LOWEST else max(at)
    left = narrowed(name, domain, Good([(best, best)], best, end))
    values = left.level_values() if isinstance(left, Choices) else (left.low, left.high)
    assert goes_on(name, domain, end) == (expected is not None)
    found = min(values) if end == LOWEST else max(values)
    assert found == pytest.approx(best if expected is None else expected)
    assert type(found) is type(best)


def test_a_range_that_cannot_go_on_is_not_said_to():
    """The best share of the rows is all of them: no value above 1, and no reason that speaks of one."""
    space = Space((Setting("subsample", (Variant(FloatRange(0.2, 1.0, levels=5)),)), OTHER), {})
    rng, rows = np.random.default_rng(0), []
    for replicate in range(4):
        for one in space.grid():
            value = (1 - one["subsample"]) ** 2 + (one["other"] == "b") + 0.01 * rng.standard_normal()
            rows.append({**one, "replicate": replicate, "value": value})
    left = narrow(from_frame(pd.DataFrame(rows), space, scale="raw"))
    (part,) = [part for part in left.parts if part.setting == "subsample"]
    high = max(part.choices) if part.fixed else part.domain.high
    assert high == 1.0
    assert not any("widened" in said.words for said in part.why)


def test_noise_is_fixed_and_rates_are_cut_for_each_optimizer():
    """β and batch size become one value, the interval is the reason; each good optimizer keeps its rate."""
    study, definition = planted(worse=0.3)
    text, new, _ = zoomed(study, definition)
    assert isinstance(new.space["beta"], float)
    assert isinstance(new.space["batch_size"], int)
    assert "# fixed: no effect above the noise (" in text
    space = new.build_space()
    for optimizer in ("momentum", "adam"):
        (setting,) = [one for one in space.settings if one.name == "learning_rate"]
        domain = setting.domain({**space.fixed, "optimizer": optimizer})
        assert domain.low < 10 ** BEST_RATE[optimizer] < domain.high
        assert domain.high / domain.low < 1e3
        assert below(domain.low, log=True, width=0) == domain.low
        assert below(domain.high, log=True, width=0) == domain.high
    assert tomllib.loads(text)["space"]["only"]
    assert new.build_space().grid_size() < definition.build_space().grid_size()


def test_the_best_configuration_stays_in_the_space():
    """Whatever is cut, the next sweep can be as good."""
    study, definition = planted(worse=0.3)
    _, new, left = zoomed(study, definition)
    space = new.build_space()
    known = {**space.fixed, **left.best}
    for setting in space.settings:
        domain = setting.domain(known)
        inside = known[setting.name] in domain.level_values() if isinstance(domain, Choices) else None
        assert inside or domain.low <= known[setting.name] <= domain.high
    assert all(known[name] == value for name, value in left.best.items() if name in ("beta", "batch_size"))


def test_of_optimizers_to_tune_the_good_ones_go_on_and_of_those_to_fix_one():
    """Sgd is worse by thirty standard errors; where all are as good, the one named is left."""
    text, new, _ = zoomed(*planted(worse=0.3))
    assert new.space["optimizer"] == ["momentum", "adam"]
    assert "# tuned: the good values (" in text.split("[space]")[1].split("learning_rate")[0]
    study, definition = planted()
    _, new, left = zoomed(study, definition)
    told = advice(study).set_index("setting").loc["optimizer"]
    assert told["advice"] == "fix"
    assert new.space["optimizer"] == told["best_at"]
    (rate,) = [part for part in left.parts if part.setting == "learning_rate"]
    assert rate.domain.low < 10 ** BEST_RATE[told["best_at"]] < rate.domain.high
    assert rate.domain.high / rate.domain.low < 1e3  # its own, not one for all


@pytest.mark.parametrize(
    ("noise", "batch", "steeper", "worse"),
    [(0.004, 0.01, 1.0, 0.0), (0.2, 0.05, 1.0, 0.0), (0.02, 0.0, 0.0, 0.3), (0.02, 0.5, 0.0, 0.0)],
)
def test_the_next_sweep_does_what_the_advice_says(noise, batch, steeper, worse):
    """Fixed is what is to be fixed, at its value; what is to be tuned is cut, what is not judged stays."""
    study, _ = planted(worse, noise=noise, batch=batch, steeper=steeper)
    table = advice(study)
    if set(table["advice"]) == {"fix"}:
        with pytest.raises(StudyError, match="nothing is left to tune"):
            narrow(study)
        return
    left = narrow(study)
    for part in left.parts:
        rows = table[table["setting"] == part.setting].set_index("branch")
        branches = [f"optimizer={one}" for one in part.when.get("optimizer", next(iter(left.parts)).choices)]
        for branch in branches:
            row = rows.loc[branch if branch in rows.index else "all"]
            if row["advice"] == "fix":
                told = left.best[part.setting] if row["best_at"] == "any value" else row["best_at"]
                assert part.choices == (told,)
            elif row["advice"] == "tune":
                assert not part.fixed
                assert (
                    part.domain
                    != study.space.settings[study.space.names.index(part.setting)].variants[0].domain
                )
            else:
                assert (
                    part.domain
                    == study.space.settings[study.space.names.index(part.setting)].variants[0].domain
                )


def test_a_range_whose_end_is_best_goes_on():
    """The best rate of sgd lies at ten, the range ended at one."""
    text, new, _ = zoomed(*planted(shift=2.0))
    space = new.build_space()
    (setting,) = [one for one in space.settings if one.name == "learning_rate"]
    assert setting.domain({**space.fixed, "optimizer": "sgd"}).high == 10.0
    assert "# widened: the best is the highest tried" in text


def test_the_next_sweep_is_fresh_and_named():
    """Another seed, so no replicate is one that chose; the name counts; what varies less is repeated more."""
    study, definition = planted()
    text, new, _ = zoomed(study, definition)
    assert (new.seed, new.name) == (1, "planted-2")
    assert new.replicates >= definition.replicates
    again = next_definition(study, new, narrow(study))[1]
    assert (again.seed, again.name) == (2, "planted-3")
    assert max(map(len, text.splitlines())) <= 80


def test_the_text_says_what_its_definition_says():
    """Comments are no part of it, and it is shorter than what is stored in a run folder."""
    text, new, _ = zoomed(*planted(worse=0.3))
    assert parse(tomllib.loads(text)) == new
    assert "description" not in text
    assert len(text.splitlines()) < 40


def test_code_for_optuna_runs_and_stays_inside():
    """Every suggestion lies in the space, β where the optimizer reads it and nowhere else."""
    study, _ = planted(worse=0.3, bad="momentum")
    left = narrow(study)
    scope = {}
    exec(optuna_code(left, "Of a test."), scope)  # noqa: S102 (our own)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    search = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    seen = []
    search.optimize(lambda trial: seen.append(scope["configuration"](trial)) or 0.0, n_trials=60)
    for found in seen:
        assert ("beta" in found) == (found["optimizer"] != "sgd")
        for part in left.parts:
            if all(found.get(name) in values for name, values in part.when.items()):
                value = found[part.setting]
                assert value in part.choices or part.domain.low <= value <= part.domain.high
    assert {found["optimizer"] for found in seen} == {"sgd", "adam"}


@pytest.mark.parametrize(
    "name", ['a """ b', "C:\\new\\users", 'ends with "', "ends with \\", "\\" * 201, "two\nlines", "\\N{x}"]
)
def test_code_for_optuna_takes_any_name(name):
    """Quotation marks, backslashes and line ends in the name of a study are text, to be read as it is."""
    scope = {}
    exec(optuna_code(narrow(planted()[0]), f"Of {name}"), scope)  # noqa: S102 (our own)
    assert scope["configuration"].__doc__.split() == f"Of {name}".split()


def test_nothing_that_varies_is_an_error_of_one_sentence():
    """Pure noise fixes everything: then there is nothing to write."""
    definition = parse(
        {**RAW, "space": {"learning_rate": [0.01, 0.1], "batch_size": [16, 64]}, "replicates": 60}
    )
    space, rng = definition.build_space(), np.random.default_rng(3)
    rows = [{**one, "replicate": r, "value": rng.normal()} for r in range(60) for one in space.grid()]
    with pytest.raises(StudyError, match="nothing is left to tune"):
        narrow(from_frame(pd.DataFrame(rows), space, scale="raw"))


def test_conditions_that_are_no_optimizers():
    """Without optimizers the schedules make branches; a length goes with its schedule, in both texts."""
    space = {
        "schedule": ["constant", "power", "exponential"],
        "learning_rate": {"low": 1e-3, "high": 1.0, "log": True, "levels": 5},
        "power_length": {"low": 0.01, "high": 1.0, "log": True, "levels": 5},
        "exponential_length": [0.2, 0.5, 1.0],
    }
    definition = parse({**RAW, "space": space})
    rng, rows = np.random.default_rng(0), []
    for replicate in range(4):
        for one in definition.build_space().grid():
            value = 0.1 * (np.log10(one["learning_rate"]) + 1.5) ** 2 + 0.4 * (one["schedule"] == "constant")
            value += 0.1 * (np.log10(one.get("power_length", 0.1)) + 1) ** 2
            value += 0.5 * abs(one.get("exponential_length", 0.5) - 0.5) + 0.01 * rng.standard_normal()
            rows.append({**one, "replicate": replicate, "value": value})
    study = from_frame(pd.DataFrame(rows), definition.build_space(), scale="raw")
    _, new, left = zoomed(replace(study, definition=definition.to_toml()), definition)
    assert new.space["schedule"] == ["power", "exponential"]
    assert new.space["power_length"]["low"] < 0.1 < new.space["power_length"]["high"]
    assert "only" not in new.space
    assert 'if chosen["schedule"] == "power":' in optuna_code(left, "Of a test.")


def test_failures_alone_say_nothing():
    """Every trial diverged."""
    study, _ = planted()
    lost = replace(study, trials=study.trials.assign(outcome="diverged"))
    with pytest.raises(StudyError, match="every trial"):
        narrow(lost)


FIRST = {
    "name": "first",
    "dataset": "digits",
    "replicates": 2,
    "search": 0,
    "epochs": 8,
    "network": {"hidden": [32]},
    "space": {
        "optimizer": ["sgd", "momentum", "adagrad", "rmsprop", "adam"],
        "learning_rate": {"low": 1e-4, "high": 10.0, "log": True, "levels": 6},
        "beta": [0.5, 0.9, 0.99],
        "batch_size": [16, 64, 256],
        "schedule": ["constant", "one_cycle"],
    },
}
FRESH = 20


@pytest.mark.slow
def test_zooming_twice_on_digits_is_not_worse(capsys):
    """The best of each sweep, trained again with seeds that chose nothing: no interval says it got worse.

    At most three sweeps; the second may leave nothing to tune.
    """
    definition, sizes, best = parse(FIRST), [], []
    for last in (False, False, True):
        study = sweep(definition.model_dump(exclude_none=True))
        sizes.append(definition.build_space().grid_size())
        first, means = configuration_means(study)
        row = study.plan.iloc[int(first[int(np.argmin(means))])]
        values = {name: row[name] for name in study.space.names if pd.notna(row[name])}
        best.append({**definition.space, **{name: _plain(value) for name, value in values.items()}})
        if TUNE not in advice(study)["advice"].tolist():
            break
        if not last:
            text, definition = next_definition(study, definition, narrow(study))
            with capsys.disabled():
                print(f"\n{text}", end="")
    errors = [_fresh(one) for one in best]
    worse = [later - errors[0] for later in errors[1:]]
    for each in worse:
        half = 2.093 * each.std(ddof=1) / np.sqrt(FRESH)  # t of 19 degrees of freedom
        with capsys.disabled():
            print(f"\n{errors[0].mean():.4f} at first; change {each.mean():+.4f} ± {half:.4f}", end="")
        assert each.mean() - half <= 0
    with capsys.disabled():
        print(f"\nconfigurations {sizes}")
    assert sizes[0] > sizes[1] >= sizes[-1]  # as few levels of a shorter range are finer


def _plain(value):
    return value.item() if hasattr(value, "item") else value


def _fresh(space):
    """Validation errors of one configuration with twenty seeds of a sweep that nothing was chosen in."""
    fixed = {name: value for name, value in space.items() if name != "only"}
    others = {name: [value] for name, value in fixed.items() if name == "learning_rate"}
    # Something has to vary: an initial scale that is the usual one, and one that is left out afterwards.
    raw = {
        **FIRST,
        "replicates": FRESH,
        "seed": 77,
        "space": {**fixed, **others, "initial_scale": [1.0, 1.01]},
    }
    trials = sweep(raw).trials
    return trials[trials["initial_scale"] == 1.0].sort_values("replicate")["value"].to_numpy()


def test_settings_before_the_branches_are_not_lost():
    """In a file the optimizer may be the last column: every setting is there, the same is left of it."""
    study, _ = planted()
    first = narrow(study)
    settings = [*study.space.settings[1:], study.space.settings[0]]
    last = narrow(replace(study, space=Space(settings, study.space.fixed)))
    assert {part.setting for part in last.parts} == set(study.space.names)
    assert all(part in first.parts for part in last.parts)


@pytest.mark.parametrize(
    ("bound", "up", "typed"),
    [
        (0.0012000595748437592, False, 0.0012),
        (0.9651615214374959, True, 0.966),
        (123.456, False, 123.0),
        (-0.123456, False, -0.124),
        (0.9995, True, 0.9995),  # of four digits: somebody typed it
        (128, True, 128),
    ],
)
def test_a_drawn_value_as_a_bound_is_rounded_outward_to_three_digits(bound, up, typed):
    """What lies between the drawn values lies between the bounds that are typed."""
    assert outward(bound, up=up) == typed
    assert type(outward(bound, up=up)) is type(typed)
    assert (outward(bound, up=up) >= bound) is (up or typed == bound)
