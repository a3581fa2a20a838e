"""The compiled path against the NumPy path: every rule, activation, loss and shape; and against itself."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sweeps.activations import ACTIVATIONS
from sweeps.compiled import before_training, loops
from sweeps.datasets import Dataset
from sweeps.engines import COMPILING, COMPILING_EACH
from sweeps.network import Architecture
from sweeps.optimizers import OPTIMIZERS
from sweeps.settings import complete
from sweeps.splits import standardise
from sweeps.training import Order, train

pytestmark = pytest.mark.usefixtures("machine_code")

numba = pytest.importorskip("numba")
config = pytest.importorskip("numba.core.config")
compiling = pytest.importorskip("sweeps.compiled.compiling")
kernels = pytest.importorskip("sweeps.compiled.kernels")
elementary = pytest.importorskip("sweeps.compiled.elementary")
cross_entropy = pytest.importorskip("sweeps.compiled.layers").cross_entropy
exp_of_negative, expm1 = elementary.exp_of_negative, elementary.expm1

VARIANTS = {
    "amsgrad": {"optimizer": "adam", "amsgrad": True},
    "uncorrected": {"optimizer": "adam", "adam_bias_correction": False},
    "centered": {"optimizer": "rmsprop", "centered": True},
    "rmsprop momentum": {"optimizer": "rmsprop", "rmsprop_momentum": 0.9},
    "centered with momentum": {"optimizer": "rmsprop", "centered": True, "rmsprop_momentum": 0.9},
    "corrected average": {"optimizer": "momentum_ema", "bias_correction": True},
    "l2": {"optimizer": "adam", "l2": 1e-2},
    "decay": {"optimizer": "nesterov", "weight_decay": 1e-2},
    "l2 and decay": {"optimizer": "momentum", "l2": 1e-2, "weight_decay": 1e-2},
    "switch inside an epoch": {"optimizer": "adam_then_sgd", "switch": 0.4, "sgd_learning_rate": 0.05},
    "moving beta": {"optimizer": "momentum_ema", "schedule": "one_cycle", "one_cycle_moves_beta": True},
    "moving beta of Adam": {"optimizer": "adam", "schedule": "one_cycle", "one_cycle_moves_beta": True},
    "moving beta of Nadam": {"optimizer": "nadam", "schedule": "one_cycle", "one_cycle_moves_beta": True},
    "moving beta of RMSProp": {"optimizer": "rmsprop", "schedule": "one_cycle", "one_cycle_moves_beta": True},
    "plateau": {
        "optimizer": "sgd",
        "schedule": "performance",
        "performance_patience": 0.0,
        "performance_threshold": 0.5,
        "performance_factor": 0.3,
    },
    "warm-up": {"optimizer": "momentum", "schedule": "cosine", "warmup": 0.3},
    "frozen": {"optimizer": "momentum", "pretrained": "frozen", "weight_decay": 1e-2},
}
SHAPES = {
    "linear": (),
    "one unit": (1,),
    "odd widths": (7, 3, 5),
    "wide": (40,),
}
EPOCHS = 3
ROOT = Path(__file__).parents[2]
AGREEMENT = {np.float32: 2e-5, np.float64: 1e-12}  # of a loss after three epochs, relative


def data(kind, classes=3):
    """Fifty-one examples of five features: 41 to train on, so the last batch is smaller."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(51, 5))
    if classes:
        y = (x[:, :classes] + 0.5 * rng.normal(size=(51, classes))).argmax(axis=1)
        dataset = Dataset("blobs", "classification", x, y)
    else:
        y = np.stack([x @ rng.normal(size=5), np.sin(x[:, 0])], axis=1)
        dataset = Dataset("waves", "regression", x, y)
    return standardise(dataset, np.arange(41), np.arange(41, 51), kind)


def trained(engine, cs, split, hidden=(8,), batch=8, activation="relu", norm=False, watch=None):
    """Trainings of configurations from the same weights."""
    outputs = split.y_train.shape[1]
    architecture = Architecture(5, hidden, outputs, activation, norm)
    weights = architecture.initial_parameters(np.random.default_rng(1), "he").astype(split.x_train.dtype)
    order = Order.draw(np.random.default_rng(2), len(split.x_train), EPOCHS, batch)
    complete_ones = [complete({"learning_rate": 0.01, **c}) for c in cs]
    return train(
        complete_ones, architecture, np.tile(weights, (len(cs), 1)), split, order, watch, loops(engine)
    )


def numbers(training):
    """All that a training gave, as one array."""
    curves = [np.array(curve) for curve in training.curves.values()]
    ends = [training.final_training_loss, training.stopped_at]
    ends = [np.nan if end is None else end for end in ends]
    return np.concatenate([*curves, *training.minibatch_losses, ends])


def check_agreement(cs, split, **others):
    """Both paths give the same, up to rounding."""
    kind = split.x_train.dtype.type
    for ours, reference in zip(
        trained("numba", cs, split, **others), trained("numpy", cs, split, **others), strict=True
    ):
        bound = AGREEMENT[kind]
        assert ours.stopped_at is None
        np.testing.assert_allclose(numbers(ours), numbers(reference), rtol=bound, atol=bound)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("norm", [False, True])
def test_every_optimizer(kind, norm):
    """Every optimizer of the list, with a twin or without, gives what NumPy gives."""
    cs = [{"optimizer": name} for name in OPTIMIZERS]
    check_agreement(cs, data(kind), norm=norm)


@pytest.mark.parametrize("name", list(VARIANTS))
def test_every_variant(name):
    """Every line of code that a setting switches on gives what NumPy gives."""
    check_agreement([VARIANTS[name]], data(np.float64))
    check_agreement([VARIANTS[name]], data(np.float64), norm=True, hidden=(6, 4))


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation(activation):
    """Every activation, before and after batch normalisation or without it, in both precisions."""
    for kind in (np.float32, np.float64):
        for norm in (False, True):
            check_agreement(
                [{"optimizer": "momentum"}], data(kind), activation=activation, norm=norm, hidden=(9, 6)
            )


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("classes", [0, 3])
def test_every_shape(shape, classes):
    """Linear networks, narrow and deep ones, both losses, batches of one and of all."""
    for batch in (1, 8, 41):
        split = data(np.float64, classes)
        # Not Adam: over all examples the gradient of a bias is nothing but rounding, see below.
        check_agreement([{"optimizer": "nesterov"}], split, hidden=SHAPES[shape], batch=batch)
        check_agreement([{"optimizer": "sgd"}], split, hidden=SHAPES[shape], batch=batch, norm=True)


def test_population_changes_no_bit():
    """A member alone and among others, in any order, has the same bits; also where others diverge."""
    names = [name for name in OPTIMIZERS if not OPTIMIZERS[name].searches]
    cs = [{"optimizer": name, "learning_rate": rate} for name in names for rate in (0.003, 0.02)]
    cs += [{"optimizer": "sgd", "learning_rate": 1e30}, {"optimizer": "momentum", "learning_rate": 1e20}]
    for norm in (False, True):
        split = data(np.float32)
        together = trained("numba", cs, split, norm=norm, activation="tanh", hidden=(16,))
        backwards = trained("numba", cs[::-1], split, norm=norm, activation="tanh", hidden=(16,))[::-1]
        for place in range(len(cs)):
            alone = trained("numba", [cs[place]], split, norm=norm, activation="tanh", hidden=(16,))[0]
            np.testing.assert_array_equal(numbers(alone), numbers(together[place]))
            np.testing.assert_array_equal(numbers(backwards[place]), numbers(together[place]))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [0, 3])
def test_divergence_stops_at_the_same_minibatch(kind, classes):
    """A training that blows up ends where NumPy's does, and so do its curves."""
    rates = [1e3, 1e10, 1e25, 1e37]
    cs = [{"optimizer": "sgd", "learning_rate": rate} for rate in rates] + [{"optimizer": "adam"}]
    ours, reference = (trained(engine, cs, data(kind, classes)) for engine in ("numba", "numpy"))
    assert [one.stopped_at for one in ours] == [one.stopped_at for one in reference]
    assert any(one.stopped_at is not None for one in ours)
    assert ours[-1].stopped_at is None
    for one, other in zip(ours, reference, strict=True):
        assert {k: len(v) for k, v in one.curves.items()} == {k: len(v) for k, v in other.curves.items()}
        assert [len(losses) for losses in one.minibatch_losses] == [
            len(losses) for losses in other.minibatch_losses
        ]


def test_a_wrong_logit_of_minus_infinity_is_a_loss_all_the_same():
    """Only the right class's logit counts: −∞ · 0 is no number."""
    cs = [{"optimizer": "sgd", "learning_rate": rate} for rate in (1.1e19, 1.2e19, 1.3e19, 1.4e19)]
    ours, reference = (trained(engine, cs, data(np.float32, 2)) for engine in ("numba", "numpy"))
    assert [one.stopped_at for one in ours] == [one.stopped_at for one in reference]
    z, targets = np.array([[1.0, -np.inf], [-np.inf, 2.0]]), np.eye(2)
    assert cross_entropy(z, z.reshape(-1), targets) == 0


def test_exponentials_reach_as_far_as_the_precision():
    """Zero only where there is no normal number any more, and never NaN."""
    for kind, least in ((np.float32, -87.0), (np.float64, -708.0)):
        x = np.array([0, -1, -86.9, -100, -700, -707.9, -709, -1e30, -np.inf], kind)
        found = np.array([exp_of_negative(value) for value in x])
        expected = np.where(x < least, 0, np.exp(x.astype(np.float64)))
        np.testing.assert_allclose(found, expected, rtol=4 * np.finfo(kind).eps)
        assert [expm1(value) for value in x[3:]] == [-1] * 6


def nowhere(monkeypatch, tmp_path):
    """Let no folder be made for machine code: neither the one that is named, nor the user's own."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "file" / "named"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "home"))


@pytest.mark.parametrize("named", [True, False])
def test_machine_code_is_kept_outside_of_the_package(monkeypatch, tmp_path, named):
    """In the folder that the user names, else in a folder of the user's; what is kept is found there."""
    source = tmp_path / "package" / "module.py"
    source.parent.mkdir()
    source.write_text("def add(x):\n    return x + 1\n", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("module", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.rmtree(source.parent / "__pycache__", ignore_errors=True)
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "named") if named else "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    made = compiling.kernel(module.add, "float32")
    assert compiling.kept([made]) is False
    assert made(2) == 3
    assert compiling.kept([made]) is True
    assert [path.name for path in source.parent.iterdir()] == ["module.py"]
    assert (tmp_path / ("named" if named else "home")).is_dir()
    assert (tmp_path / "home").is_dir() != named


def test_machine_code_that_cannot_be_kept_is_made_all_the_same(monkeypatch, tmp_path):
    """Where no folder can be written numba has no place for it; the user is told so."""
    nowhere(monkeypatch, tmp_path)
    made = compiling.kernel(adding_one(), "float32")
    assert made(2) == 3
    monkeypatch.setattr(kernels, "TRAIN_EPOCH", {"float32": made})
    work = SimpleNamespace(engine="numba", precision="float32")
    assert before_training(work) == COMPILING_EACH


def adding_one():
    """A function that nobody has named yet."""

    def add(x):
        return x + 1

    return add


def test_the_first_compilation_is_announced_once(monkeypatch, tmp_path):
    """The sentence is there while nothing is on the disk, or of other sources; their times say nothing."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    made = [compiling.kernel(adding_one(), "float64")]
    assert compiling.kept(made) is False
    assert made[0](2) == 3
    assert compiling.kept(made) is True
    (index,) = tmp_path.rglob("*.nbi")
    os.utime(index, (0, 0))  # as if all sources were written since
    assert compiling.kept(made) is True
    again = compiling.kernel(adding_one(), "float64")
    assert again(2) == 3
    assert sum(again.stats.cache_hits.values()) == 1
    monkeypatch.setattr(compiling, "DIGEST", "of other sources")
    assert compiling.kept([compiling.kernel(adding_one(), "float64")]) is False
    work = SimpleNamespace(engine="numba", precision="float64")
    for ready, said in ((True, None), (False, COMPILING)):
        monkeypatch.setattr(compiling, "kept", lambda _, ready=ready: ready)
        assert before_training(work) == said
    work.engine = "numpy"
    assert before_training(work) is None


def test_what_was_compiled_here_is_found_again():
    """The files that numba has written are the ones that are looked for."""
    trained("numba", [{"optimizer": "sgd"}], data(np.float32))
    kept = [kernels.TRAIN_EPOCH["float32"], kernels.SAY["float32"]]
    if kept[0].stats.cache_path is not None:
        assert compiling.kept(kept)


def test_a_search_and_a_rule_without_twin_train_by_numpy(monkeypatch):
    """What has no twin has the bits of the NumPy path on the compiled one."""
    from sweeps.compiled import rules

    monkeypatch.delitem(rules.TWINS, OPTIMIZERS["adam"])
    cs = [{"optimizer": "adam"}, {"optimizer": "random_local_search"}, {"optimizer": "sgd"}]
    ours, reference = (trained(engine, cs, data(np.float32)) for engine in ("numba", "numpy"))
    for place in (0, 1):
        np.testing.assert_array_equal(numbers(ours[place]), numbers(reference[place]))


def test_watch_sees_every_epoch():
    """A watcher is shown copies of the parameters before and after each epoch, and changes nothing."""
    seen = []

    def watch(epoch, parameters, _):
        seen.append((epoch, parameters.copy()))
        parameters[:] = 0

    split, cs = data(np.float32), [{"optimizer": "adam"}, {"optimizer": "sgd"}]
    watched = trained("numba", cs, split, watch=watch)
    assert [epoch for epoch, _ in seen] == list(range(EPOCHS + 1))
    assert not np.array_equal(seen[0][1], seen[1][1])
    for one, other in zip(watched, trained("numba", cs, split), strict=True):
        np.testing.assert_array_equal(numbers(one), numbers(other))


def test_pretraining_takes_the_same_path():
    """Hidden layers learned elsewhere are learned by the engine asked for."""
    from sweeps.transfer import pretrain

    rng = np.random.default_rng(3)
    dataset = Dataset("blobs", "classification", rng.normal(size=(40, 5)), np.arange(40) % 3)
    architecture = Architecture(5, (6,), 2)
    ours, reference = (
        pretrain(dataset, architecture, 2, 0, 0, np.float64, engine=engine) for engine in ("numba", "numpy")
    )
    assert not np.array_equal(reference, pretrain(dataset, architecture, 1, 0, 0, np.float64))
    np.testing.assert_allclose(ours, reference, rtol=1e-10, atol=1e-12)


def test_one_machine_code_for_each_precision():
    """Rules, activations, shapes and losses share a kernel: nothing is compiled in the middle of a sweep."""
    from sweeps.compiled.kernels import SAY, TRAIN_EPOCH

    for kind in (np.float32, np.float64):
        trained("numba", [{"optimizer": "lion"}], data(kind, 0), norm=True, activation="gelu")
        trained("numba", [{"optimizer": "adam", "amsgrad": True}], data(kind), hidden=())
    assert [len(kernel.signatures) for kernel in (*SAY.values(), *TRAIN_EPOCH.values())] == [1, 1, 1, 1]


def test_adam_turns_rounding_into_steps_where_a_gradient_is_nothing_else():
    """Why paths differ more under batch normalisation: the larger ε, the less."""
    cs = [{"optimizer": "adam", "epsilon": epsilon} for epsilon in (1e-12, 1e-3)]
    split = data(np.float32)
    split.x_train[:, 0] = 1.5  # does not vary: normalisation takes it away, and its gradient is zero
    ours, reference = (trained(engine, cs, split, norm=True) for engine in ("numba", "numpy"))
    small, large = (
        np.abs(np.array(one.minibatch_losses[-1]) - other.minibatch_losses[-1]).max()
        for one, other in zip(ours, reference, strict=True)
    )
    assert large <= 1e-6
    assert small <= 1e-3


MODULE = """
from sweeps.compiled.compiling import kernel

def add(x):
    return x + 1

add = kernel(add, "float64")
print(add(2) == 3, sum(add.stats.cache_hits.values()))
"""


@pytest.mark.slow
def test_two_processes_compile_at_once(tmp_path):
    """Both get their function; the next finds what one of them has kept, though the file was touched."""
    source = tmp_path / "module.py"
    source.write_text(MODULE, encoding="utf-8")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}

    def start():
        line = [sys.executable, str(source)]
        return subprocess.Popen(line, stdout=subprocess.PIPE, env=environment, text=True)

    said = [process.communicate()[0] for process in [start(), start()]]
    assert all(text.startswith("True") for text in said)
    os.utime(source)
    assert start().communicate()[0] == "True 1\n"


def test_nowhere_to_keep_machine_code(monkeypatch, tmp_path):
    """Where no folder can be written a function is compiled all the same."""
    nowhere(monkeypatch, tmp_path)
    assert compiling.kernel(adding_one(), "float64")(1) == 2
