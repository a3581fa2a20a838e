"""The default configuration: of a grid the nearest level, and the same as tunability's."""

import pandas as pd

from sensitivity.estimators.defaults import default_configuration
from sensitivity.study import Study
from sweeps.definition import parse
from sweeps.space import Choices, FloatRange, Setting, Space, Variant


def test_the_default_is_the_nearest_level():
    """Of a range with levels the level nearest on its scale, else the middle."""
    space = Space(
        (
            Setting("rate", (Variant(FloatRange(1e-3, 1, log=True, levels=4)),)),
            Setting("kind", (Variant(Choices(("a", "b", "c"))),)),
            Setting("far", (Variant(FloatRange(2, 4)),)),
        ),
        {},
    )
    wanted = {"rate": 0.02, "kind": "c", "far": 9.0}
    assert default_configuration(space, lambda name, _: wanted[name]) == {
        "rate": 0.01,
        "kind": "c",
        "far": 3.0,
    }


def test_the_default_is_that_of_tunability():
    """One tool, one default: on a grid both say the same."""
    from sensitivity.commands.confirming import defaults_of
    from sensitivity.measures.tunability import default_configuration as of_levels

    definition = parse(
        {
            "space": {
                "optimizer": ["sgd", "adamw"],
                "learning_rate": {"low": 1e-3, "high": 1.0, "log": True, "levels": 4},
                "weight_decay": [0.0, 0.01],
                "batch_size": [16, 64],
                "beta": [0.5, 0.9],
            }
        }
    )
    space = definition.build_space()
    grid = list(space.grid())
    rows = [{**one, "replicate": seed, "value": 0.1 * seed} for one in grid for seed in (0, 1)]
    table = pd.DataFrame(rows).assign(number=range(len(rows)), phase="plan", outcome="trained")
    study = Study(table, space, definition=definition.to_toml())
    from sensitivity.estimators.curves.virtual_grid import reachable

    ours = default_configuration(space, defaults_of(definition))
    assert ours == of_levels(space, reachable(study), {})
