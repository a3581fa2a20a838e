"""A definition is read, checked, resolved and written back; every mistake is one sentence."""

import copy
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweeps.definition import DESIGNS, load, parse, ready_made_names
from sweeps.errors import DefinitionError, SweepError
from sweeps.objectives import objective_named
from sweeps.space import FloatRange

SMALL = {
    "name": "small",
    "dataset": "iris",
    "epochs": 2,
    "space": {
        "optimizer": ["sgd", "adam"],
        "learning_rate": {"low": 0.001, "high": 0.1, "log": True, "levels": 3},
        "beta": [0.5, 0.9],
    },
}


def changed(**changes):
    """SMALL with changed keys; dotted keys reach into tables, ... removes."""
    raw = copy.deepcopy(SMALL)
    for path, value in changes.items():
        *parents, key = path.split("__")
        table = raw
        for parent in parents:
            table = table.setdefault(parent, {})
        if value is ...:
            del table[key]
        else:
            table[key] = value
    return raw


@pytest.mark.parametrize("name", ready_made_names())
def test_ready_made_sweeps_survive_writing_and_reading(name):
    """A ready-made sweep is valid, says what it shows, and equals itself after a round through TOML."""
    definition = parse(load(name))
    assert definition.description
    assert parse(tomllib.loads(definition.to_toml())) == definition


def test_the_default_sweep_is_the_one_promised():
    """Nine optimizers, eleven rates, three β where there is one, three batch sizes, four schedules, twice."""
    definition = parse(load("digits"))
    with_beta, without = 7 * 3, 2
    assert (
        definition.build_space().grid_size() * definition.replicates == (with_beta + without) * 11 * 3 * 4 * 2
    )
    assert (definition.search, definition.epochs, definition.network.hidden) == (100, 20, [64])


def test_levels_count_in_a_factorial_only():
    """A random sweep of the same definition takes values between the levels: its ranges have none."""
    levels = {
        design: [s.variants[0].domain for s in parse(load("digits") | more).build_space().settings]
        for design, more in {"factorial": {}, "random": {"design": "random", "trials": 100}}.items()
    }
    assert levels["factorial"][1] == FloatRange(1e-4, 10.0, log=True, levels=11)
    assert levels["random"][1] == FloatRange(1e-4, 10.0, log=True)
    assert levels["random"][2:] == levels["factorial"][2:]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("all", 120),
        ([16, "all"], [16, 120]),
        (
            {"low": 8, "high": "all", "log": True, "levels": 3},
            {"low": 8, "high": 120, "log": True, "levels": 3},
        ),
    ],
)
def test_a_batch_of_all_is_as_many_as_there_are_to_train_on(entry, expected):
    """A word where it is written, a number where it is kept; 120 of the 150 irises train."""
    definition = parse(changed(space__batch_size=entry))
    assert definition.space["batch_size"] == expected
    assert parse(tomllib.loads(definition.to_toml())) == definition


def test_a_batch_of_all_under_a_condition_and_as_one():
    """In a table of its own, and where a condition speaks of it; the data decide how many."""
    whole = {"when": {"optimizer": "sgd"}, "batch_size": ["all"]}
    slow = {"when": {"batch_size": "all"}, "beta": [0.9, 0.99]}
    raw = changed(space__only=[whole, slow], space__batch_size=[8], data__validation=0.5)
    only = parse(raw).space["only"]
    assert only[0]["batch_size"] == [75]
    assert only[1]["when"] == {"batch_size": 75}


def test_all_beside_its_own_number_says_which_it_is():
    """The user wrote no value twice: that the word is 120 here has to be said."""
    with pytest.raises(DefinitionError, match="lists 'all', which is 120 here, and 120 too; leave one of"):
        parse(changed(space__batch_size=[16, 120, "all"]))


def test_a_name_of_all_elsewhere_stays():
    """Only a batch size is meant: the word in another place is a mistake like any other."""
    with pytest.raises(DefinitionError, match="learning_rate = 'all' is not permitted"):
        parse(changed(space__learning_rate="all"))


def test_beta_is_active_only_where_the_optimizer_has_one():
    """The tool knows which optimizers have a β; nobody has to say so."""
    configurations = list(parse(SMALL).build_space().grid())
    assert {c["optimizer"] for c in configurations if "beta" in c} == {"adam"}
    assert len(configurations) == 3 + 3 * 2


def test_only_gives_an_optimizer_a_range_of_its_own():
    """Under its condition the other range holds, elsewhere the first."""
    own = {
        "when": {"optimizer": "adam"},
        "learning_rate": {"low": 1e-5, "high": 1e-3, "log": True, "levels": 3},
    }
    space = parse(changed(space__only=[own])).build_space()
    rates = {
        name: {c["learning_rate"] for c in space.grid() if c["optimizer"] == name} for name in ("sgd", "adam")
    }
    assert rates == {"sgd": {0.001, 0.01, 0.1}, "adam": {1e-5, 1e-4, 1e-3}}


def test_differences_name_the_leaves_that_differ():
    """Two definitions are told apart by key, old value and new value."""
    ours, theirs = parse(SMALL), parse(changed(seed=7, network__hidden=[3]))
    assert ours.differences(theirs) == ["seed: 0 → 7", "network.hidden: [64] → [3]"]
    assert ours.differences(parse(SMALL)) == []


MISTAKES = {
    "part of an epoch": (
        changed(space__switch=1.5),
        ["switch = 1.5", "a part of the run, at least 0 and below 1, or a number of epochs"],
    ),
    "epoch beyond the run": (changed(space__switch=3), ["switch = 3 is an epoch beyond the 2 of the run"]),
    "epochs and parts": (
        changed(space__optimizer=["adam_then_sgd"], space__switch=[0.5, 2]),
        ["switch has parts of the run (0.5) and epochs (2)"],
    ),
    "range of epochs": (
        changed(space__switch={"low": 0.0, "high": 2, "levels": 3}),
        ["switch: a range is of parts of the run", "list epochs: [5, 10]"],
    ),
    "misspelt batch of all": (
        changed(space__batch_size="al"),
        ["batch_size = 'al' is not permitted", "a whole number at least 1 and at most 1e+06, or 'all'"],
    ),
    "misspelt key": (changed(epoch=3), ["'epoch' is not a key", "did you mean 'epochs'"]),
    "misspelt network key": (
        changed(network__activaton="relu"),
        ["'activaton'", "[network]", "'activation'"],
    ),
    "misspelt setting": (
        changed(space__learning_rat=[0.1]),
        ["'learning_rat'", "did you mean 'learning_rate'"],
    ),
    "optimizer as a setting": (
        changed(space__momentum=0.9),
        ["'momentum' is not a setting but a value of optimizer", "which reads the setting beta"],
    ),
    "schedule as a setting": (
        changed(space__cosine={"low": 0.0, "high": 0.1, "levels": 2}),
        ["'cosine' is not a setting but a value of schedule", "which reads the setting cosine_floor"],
    ),
    "optimizer that reads nothing of its own": (
        changed(space__sgd=[0.1]),
        ["'sgd' is not a setting but a value of optimizer (optimizer = 'sgd')"],
    ),
    "misspelt optimizer": (changed(space__optimizer=["sgd", "adan"]), ["'adan'", "did you mean 'adam'"]),
    "misspelt dataset": (changed(dataset="digit"), ["'digit'", "did you mean 'digits'"]),
    "misspelt metric": (changed(metric="validation_eror"), ["did you mean 'validation_error'"]),
    "misspelt activation": (changed(network__activation="relo"), ["did you mean 'relu'"]),
    "misspelt range key": (
        changed(space__learning_rate={"low": 0.1, "high": 1.0, "level": 3}),
        ["'level'", "did you mean 'levels'"],
    ),
    "empty list": (changed(space__beta=[]), ["beta", "empty list"]),
    "value twice": (changed(space__beta=[0.9, 0.9]), ["beta", "twice"]),
    "empty range": (changed(space__learning_rate__low=0.1), ["low = 0.1 is not below high = 0.1"]),
    "upside down": (changed(space__learning_rate__low=1.0), ["low = 1.0 is not below high = 0.1"]),
    "log through zero": (changed(space__learning_rate__low=0.0), ["logarithmic", "above zero"]),
    "no levels": (changed(space__learning_rate__levels=...), ["levels", "learning_rate"]),
    "levels do not fit": (
        changed(space__batch_size={"low": 2, "high": 4, "levels": 9}),
        ["batch_size", "9 levels do not fit"],
    ),
    "beta of one": (changed(space__beta=[0.9, 1.0]), ["beta = 1.0", "below 1"]),
    "negative rate": (changed(space__learning_rate=[-0.1]), ["learning_rate = -0.1", "above 0"]),
    "batch of half an example": (changed(space__batch_size=[1.5]), ["batch_size = 1.5", "whole number"]),
    "no space": (changed(space=...), ["space"]),
    "zero epochs": (changed(epochs=0), ["epochs = 0", "greater than or equal to 1"]),
    "huge plan": (
        changed(replicates=10_000, space__width={"low": 1, "high": 8000, "levels": 8000}),
        ["more than"],
    ),
    "trials of a factorial": (changed(trials=7), ["factorial", "remove trials"]),
    "noise without noise": (changed(data__noise=0.1), ["iris", "no noise"]),
    "condition never met": (
        changed(space__only=[{"when": {"optimizer": "nadam"}, "beta": [0.1]}]),
        ["optimizer = 'nadam'", "never has"],
    ),
    "condition misspelt": (
        changed(space__only=[{"when": {"optimiser": "adam"}, "beta": [0.1]}]),
        ["'optimiser'", "did you mean 'optimizer'"],
    ),
    "piecewise lists differ": (
        changed(space__piecewise_boundaries={"value": [0.1, 0.2, 0.3]}),
        ["piecewise_boundaries", "piecewise_factors"],
    ),
    "batch norm of one": (
        changed(space__batch_size=[1, 16], network={"batch_norm": True}),
        ["batch of one", "batch_norm = false"],
    ),
    "batch norm of one, both varied": (
        changed(space__batch_size={"low": 1, "high": 64, "levels": 3}, space__batch_norm=[False, True]),
        ["batch of one", "leave batch_size = 1 out"],
    ),
}


@pytest.mark.parametrize(("raw", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_rule_and_remedy(raw, words):
    """The sentence states the rule, the value given and what to type next."""
    with pytest.raises(DefinitionError) as caught:
        parse(raw)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_batch_of_one_without_batch_norm_is_allowed():
    """What a condition keeps apart never meets: neither by the sizes nor by the normalisation."""
    apart = [{"when": {"batch_norm": False}, "batch_size": [1, 16]}]
    parse(changed(space__batch_norm=[False, True], space__batch_size=[8, 16], space__only=apart))
    by_size = [{"when": {"batch_size": [1]}, "batch_norm": False}]
    parse(changed(space__batch_size=[1, 16], space__batch_norm=[False, True], space__only=by_size))
    wrong = [{"when": {"batch_norm": True}, "batch_size": [1, 16]}]
    with pytest.raises(DefinitionError, match="batch of one example"):
        parse(changed(space__batch_norm=[False, True], space__batch_size=[8, 16], space__only=wrong))


@pytest.mark.parametrize(
    ("dataset", "sizes", "validation", "normalised", "words"),
    [
        ("iris", [7, 8, 17], 0.2, True, "120 training examples in batches of 7 or 17"),
        ("iris", [8, 16], 0.2, True, None),
        ("iris", [7], 0.2, False, None),
        ("wine", [2], 0.985, False, "In 6 of 6 replicates the training part has no example of some class"),
        ("iris", [2], 0.987, False, "of 6 replicates the training part has no example"),
    ],
)
def test_what_lets_networks_learn_less_is_said(dataset, sizes, validation, normalised, words):
    """A last batch of one beneath batch normalisation; fewer training examples than classes."""
    raw = changed(dataset=dataset, data={"validation": validation}, space__batch_size=sizes, replicates=6)
    definition = parse({**raw, "network": {"batch_norm": normalised}})
    found = objective_named(definition.objective).doubts(definition, definition.build_space())
    assert found == [] if words is None else len(found) == 1 and words in found[0]


VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-3, 70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
    st.sampled_from(
        ["adam", "sgd", "tpe", "sobol", "random", "relu", "moons", "cosine", "", " ", "\n", "1e-3"]
    ),
    st.lists(st.one_of(st.integers(-3, 200), st.floats(), st.text(max_size=4), st.booleans()), max_size=4),
    st.dictionaries(
        st.sampled_from(["low", "high", "log", "levels", "when", "value", "optimizer", "x"]),
        st.one_of(
            st.integers(-3, 50),
            st.floats(),
            st.booleans(),
            st.text(max_size=4),
            st.lists(st.integers(), max_size=3),
        ),
        max_size=4,
    ),
)
SOURCES = [load(name) for name in ready_made_names()]


def paths(tree, prefix=()):
    """Every key of nested tables and lists."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*prefix, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*prefix, key))


@st.composite
def mutated(draw):
    """A ready-made definition after one to three changes of a value or a key."""
    raw = copy.deepcopy(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 3))):
        *parents, key = draw(st.sampled_from(list(paths(raw))))
        table = raw
        for parent in parents:
            table = table[parent]
        change = draw(st.sampled_from(["replace", "replace", "remove", "rename", "add"]))
        if change == "replace" or isinstance(table, list):
            table[key] = draw(VALUES)
        elif change == "add":
            table[draw(st.text(max_size=8))] = draw(VALUES)
        else:
            value = table.pop(key)
            if change == "rename":
                table[draw(st.sampled_from([str(key)[:-1], f"{key}s", str(key).upper()]))] = value
    return raw


@settings(max_examples=1200, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_mutated_definition_is_valid_or_refused_in_one_sentence(raw):
    """No mutation brings anything but a definition that can be written and read, or one clear sentence."""
    try:
        definition = parse(raw)
    except SweepError as error:
        message = str(error)
        assert "\n" not in message
        assert 10 < len(message) < 600
        return
    assert parse(tomllib.loads(definition.to_toml())) == definition
    space = definition.build_space()
    assert definition.design in DESIGNS or definition.adaptive
    for corner in (0.0, 0.5, 1.0):
        space.configuration([corner] * len(space.settings))


@pytest.mark.parametrize("name", ready_made_names())
def test_the_order_of_keys_decides_nothing(name):
    """A definition whose [space] is written in another order plans the same trials in the same order."""
    from sweeps.designs import plan

    raw = load(name)
    backwards = {**raw, "space": dict(reversed(raw["space"].items()))}
    assert plan(parse(backwards))[:2000] == plan(parse(raw))[:2000]


def test_a_function_of_ones_own_is_searched_only_where_a_number_is_given():
    """Calls are dear: no hundred of them that nobody asked for; a network's sweep has its hundred."""
    own = {"name": "own", "objective": "mine:train", "space": {"a": [1, 2]}}
    assert parse(own).search == 0
    assert parse(own | {"search": 7}).search == 7
    assert parse(SMALL).search == 100


@pytest.mark.parametrize(("file", "name"), [("mine.toml", "mine"), (".my sweep (2).toml", "my sweep -2-")])
def test_a_file_without_a_name_gives_its_own(tmp_path, file, name):
    """Else two of them would meet in one run folder; what it says wins."""
    (tmp_path / file).write_text("epochs = 2\n[space]\nlearning_rate = [0.1, 0.2]\n", encoding="utf-8")
    assert parse(load(tmp_path / file)).name == name
    (tmp_path / file).write_text('name = "own"\n[space]\nlearning_rate = [0.1, 0.2]\n', encoding="utf-8")
    assert parse(load(tmp_path / file)).name == "own"
