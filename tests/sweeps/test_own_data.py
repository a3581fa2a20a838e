"""Data of one's own in a sweep: same bits everywhere, contents that count, OpenML's recorded answers."""

import pickle
import random
import sys
from dataclasses import replace

import numpy as np
import pytest

from sweeps.cell_values import Wish
from sweeps.columns import examples_of
from sweeps.definition import parse
from sweeps.encoding import Encoder, Encoding
from sweeps.errors import DefinitionError, StudyError
from sweeps.keys import Data
from sweeps.objectives import objective_named
from sweeps.own_data import _fetched, label, load_own
from sweeps.returned_data import called
from sweeps.run import fingerprint, prepare, run

KINDS = ("basic", "plus", "pro", "team")


def planted(rows=200):
    """Table whose class follows from a text in nine of ten rows; an index, gaps, noise beside it."""
    draw = random.Random(0)
    lines = ["index,noise,kind,bought"]
    for row in range(rows):
        kind = draw.choice(KINDS)
        bought = (kind in KINDS[:2]) == (draw.random() < 0.9)
        noise = f"{draw.gauss(0, 1):.3f}" if draw.random() < 0.9 else ""
        lines.append(f"{row},{noise},{kind if draw.random() < 0.95 else ''},{'yes' if bought else 'no'}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def table(tmp_path):
    """The planted table as a file."""
    path = tmp_path / "shop.csv"
    path.write_text(planted(), encoding="utf-8")
    return path


def asking(path, **changes):
    """Definition of a small sweep on it."""
    raw = {
        "name": "shop",
        "dataset": str(path),
        "data": {"target": "bought", **changes.pop("data", {})},
        "epochs": 6,
        "search": 4,
        "network": {"hidden": [8]},
        "space": {"optimizer": ["sgd", "adam"], "learning_rate": [0.01, 0.1], "batch_size": [8, 16]},
    }
    return parse(raw | changes)


def outcomes(trials):
    """What must be the same to the bit."""
    return [(trial.value, trial.final, trial.curves) for trial in trials]


def test_a_signal_in_a_text_is_learned_and_the_bits_are_the_same_everywhere(table, tmp_path):
    """One and two workers, any population; the error is near the noise of a tenth, a guess's near a half."""
    sweep = prepare(asking(table, search=0))
    first = run(sweep, f"journal://{tmp_path / 'a'}", population=1)
    again = run(sweep, f"journal://{tmp_path / 'b'}", workers=2, population=5)
    assert outcomes(first) == outcomes(again)
    assert min(trial.value for trial in first) < 0.2
    assert sweep.work.cap > 0.4


def test_an_encoding_is_fitted_once_per_replicate(table, tmp_path, monkeypatch):
    """Also where replicates alternate from trial to trial."""
    fitted, encoded = [], []
    fit, encode = Encoding.fit, Encoder.inputs_of
    monkeypatch.setattr(Encoding, "fit", lambda self, train: fitted.append(len(train)) or fit(self, train))
    monkeypatch.setattr(Encoder, "inputs_of", lambda self, x: encoded.append(len(x)) or encode(self, x))
    rates = {"low": 0.01, "high": 0.1, "log": True}
    space = {"optimizer": ["sgd", "adam"], "learning_rate": rates, "batch_size": [8, 16]}
    definition = asking(table, design="random", trials=30, replicates=5, search=0, epochs=1, space=space)
    run(prepare(definition), f"journal://{tmp_path / 'a'}", population=2)
    assert fitted == [160] * 5
    assert encoded == [200] * 5


def test_workers_are_sent_codes_and_not_the_encoded_inputs(tmp_path):
    """Twenty inputs of a text are one number on the way to a worker."""
    rows = [f"{i % 7},{'abcdefghijklmnopqrst'[i % 20]},{i % 3}" for i in range(2000)]
    path = tmp_path / "t.csv"
    path.write_text("x,letter,bought\n" + "\n".join(rows) + "\n", encoding="utf-8")
    work = prepare(asking(path)).work
    assert work.dataset.inputs == 21
    assert len(pickle.dumps(work)) < 2000 * 8 * 4
    task = next(iter(work.tasks(prepare(asking(path)).planned, None)))
    assert len(pickle.dumps(task)) < 2000 * 8 * 2


def test_the_contents_are_the_definition_and_not_the_path(table, tmp_path):
    """A moved and renamed file goes on; one changed cell is another sweep, refused whichever way it comes."""
    url = f"journal://{tmp_path / 'study'}"
    first = prepare(asking(table))
    known = outcomes(run(first, url))
    (tmp_path / "other").mkdir()
    moved = table.rename(tmp_path / "other" / "renamed.csv")
    second = prepare(asking(moved))
    assert fingerprint(first.definition) == fingerprint(second.definition)
    assert outcomes(run(second, url)) == known
    assert not first.definition.differences(second.definition)
    moved.write_text(planted().replace("plus", "pro", 1), encoding="utf-8")
    changed = prepare(asking(moved))
    with pytest.raises(StudyError, match="contents of the dataset have changed"):
        run(changed, url)
    assert [line.partition(":")[0] for line in first.definition.differences(changed.definition)] == [
        "contents of the data"
    ]
    with pytest.raises(DefinitionError, match="are not those of this sweep"):
        prepare(second.definition)


def test_the_resolved_definition_is_all_that_explaining_needs(table):
    """Read back without the file it says the task, the cap and what was read."""
    whole = asking(table)
    objective, resolved = objective_named("network"), prepare(whole).definition
    caps = objective.constant_prediction(whole)
    table.unlink()
    import tomllib

    again = parse(tomllib.loads(resolved.to_toml()))
    assert again == resolved
    assert objective.constant_prediction(again) == caps
    assert objective.unit(again) == "1 − accuracy"
    assert "200 examples; predicts bought, 2 classes (no, yes)" in objective.remarks(again)[0]
    assert "left out: index (counts the rows)" in objective.remarks(again)[0]
    assert objective.doubts(again, again.build_space()) == []
    assert fingerprint(again) == fingerprint(resolved)


def test_classes_few_examples_and_pretrained_layers(table, tmp_path):
    """Keys of the data work on one's own: of five letters two train, the others pretrain."""
    lines = [f"{i % 5 + (i % 11) / 20},{'abcde'[i % 5]}" for i in range(100)]
    table.write_text("x,bought\n" + "\n".join(lines) + "\n", encoding="utf-8")
    space = {"learning_rate": [0.01, 0.1], "pretrained": ["none", "frozen"], "batch_size": 4}
    definition = asking(table, data={"classes": [0, 1], "per_class": 10}, space=space, search=0)
    sweep = prepare(definition)
    assert (sweep.work.dataset.classes, sweep.work.pretraining.classes) == (2, 3)
    assert min(trial.value for trial in run(sweep, f"journal://{tmp_path / 'a'}")) < 0.2
    with pytest.raises(DefinitionError, match="has no class 7; its classes are 0 to 4"):
        prepare(asking(table, data={"classes": [0, 7]}))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            {"dataset": "digits", "data": {"target": "y"}},
            "data.target is for data of your own, not for 'digits'",
        ),
        ({"dataset": "digits", "data": {"text": ["y"]}}, "data.text is for data of your own"),
        ({"dataset": "a.csv", "data": {"samples": 50}}, "dataset 'a.csv' has no samples"),
        ({"dataset": "a.xlsx"}, "dataset 'a.xlsx' is no .csv, .tsv or .parquet file"),
        ({"dataset": "churn"}, "one of your own is a .csv, .tsv or .parquet file"),
        ({"dataset": "openml:"}, "such as openml:iris"),
        ({"dataset": "m:f", "data": {"target": "y"}}, "m:f returns its target as y"),
    ],
)
def test_what_does_not_go_together_is_refused(raw, said):
    """Without anything being loaded."""
    with pytest.raises(DefinitionError) as caught:
        parse({**raw, "space": {"learning_rate": [0.1, 0.2]}})
    assert said in str(caught.value)


def test_a_short_name_for_a_folder():
    """Of a path the file, of OpenML the name, of a function the function."""
    names = ["/a/b/my file.csv", r"C:\x\y.parquet", "openml:adult", "pkg.mod:make", "digits", "ä/#1.tsv"]
    assert [label(name) for name in names] == ["my file", "y", "adult", "make", "digits", "1"]


MODULE = """
import numpy as np, pandas as pd
kind = np.array(["u", "v", None] * 20, dtype=object)
x = np.arange(60) % 7 * 1.5
def arrays(): return np.stack([x, x**2], axis=1), np.arange(60) % 2
def frame(): return pd.DataFrame({"kind": kind, "x": x}), pd.Series(np.where(x > 4, "yes", "no"), name="big")
def numbers(): return np.stack([x, x**2], axis=1), x * 1.7 + 0.1
def short(): return np.ones((60, 2)), np.ones(59)
def lone(): return x
def raising(): raise RuntimeError("no disk")
def ending(): raise SystemExit("no licence")
def turning(): return np.stack([x, x * 1j], axis=1), np.arange(60) % 2
def turned(): return pd.DataFrame({"x": x, "z": x * 1j}), np.arange(60) % 2
def aimed(): return np.stack([x, x**2], axis=1), x * 1j
def counting(): return np.arange(60), np.arange(60) % 2
def huge(): return np.broadcast_to(np.zeros(1), (30_000, 1_000)), np.zeros(30_000)
def typed(): return np.stack([np.arange(60), np.arange(60) % 7], axis=1).astype(np.uint8), np.arange(60) % 2
def infinite(): return np.stack([x, np.where(x == 9, np.inf, x)], axis=1), np.arange(60) % 2
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of the current folder that makes data."""
    (tmp_path / "own_module.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield "own_module"
    sys.modules.pop("own_module", None)


def test_a_function_returns_arrays_or_a_frame(module):
    """Texts and gaps of a frame pass as those of a file do."""
    arrays = load_own(f"{module}:arrays", Data()).dataset
    assert (arrays.task, arrays.features.shape) == ("classification", (60, 2))
    frame = load_own(f"{module}:frame", Data())
    assert frame.dataset.encoding.categories == (3, 0)
    assert "predicts big, 2 classes (no, yes)" in frame.described
    assert load_own(f"{module}:numbers", Data()).dataset.task == "regression"


def test_an_array_of_numbers_is_read_as_its_cells_are(module):
    """Of whatever type; as texts its whole numbers are written as such."""
    table, target = called(f"{module}:typed")
    assert (target, isinstance(table.columns["x1"], np.ndarray)) == ("y", True)
    listed = replace(table, columns={name: list(map(int, cells)) for name, cells in table.columns.items()})
    for text in ((), ("x1",)):
        fast, slow = (examples_of(one, Wish("y", text=text)) for one in (table, listed))
        assert (fast.digest, fast.described) == (slow.digest, slow.described)
        assert fast.dataset.features[:, -1].tolist() == [row % 7 for row in range(60)]
        assert fast.categories == ((tuple("0123456"),) if text else ((),))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("short", "X has 60 rows and y 59 values"),
        ("lone", "must return (X, y)"),
        ("raising", "raised RuntimeError: no disk (own_module.py, line 10)"),
        ("ending", "raised SystemExit: no licence (own_module.py, line 11)"),
        ("turning", "X has complex numbers; give their parts as two columns"),
        ("turned", "column z has complex numbers; give their parts as two columns"),
        ("aimed", "y has complex numbers; predict one of their parts"),
        (
            "counting",
            "x0 (counts the rows); if x0 is a measurement, give it in another unit, such as x0 / 10",
        ),
        ("huge", "30,000 rows × 1,000 columns are more than 20,000,000 values; take a sample"),
        ("infinite", "column x1, row 7: inf is infinite or too large to train on"),
        ("arays", "has no 'arays'; did you mean 'arrays'?"),
    ],
)
def test_a_function_that_returns_no_data_is_refused(module, name, said):
    """In a sentence that names it."""
    with pytest.raises(DefinitionError) as caught:
        load_own(f"{module}:{name}", Data())
    assert said in str(caught.value)
    with pytest.raises(DefinitionError, match="No module named 'none_such'"):
        load_own("none_such:f", Data())


@pytest.mark.usefixtures("openml")
def test_openml_by_name_is_pinned_to_its_id():
    """The 150 irises of OpenML, version 1 of several; the resolved definition asks for that one."""
    resolved = prepare(asking("openml:iris", data={"target": None})).definition
    assert resolved.dataset == "openml:61"
    told = resolved.data.contents.described
    assert told.startswith(
        "OpenML iris, version 1 (id 61): 150 examples; predicts class, 3 classes (Iris-setosa"
    )
    assert resolved.data.contents.constant["validation_error"] == pytest.approx(2 / 3)
    _fetched.clear()  # as in another process
    assert not resolved.differences(prepare(resolved).definition)


@pytest.mark.usefixtures("openml")
def test_openml_with_texts_and_gaps():
    """1,309 passengers of the Titanic, 500 of whom survived; 263 ages are missing (its description)."""
    found = load_own("openml:40945", Data())
    data = found.dataset
    assert (len(data.features), np.bincount(data.targets).tolist()) == (1309, [809, 500])
    assert sorted(np.isnan(data.features).sum(axis=0))[-3:] == [1, 263, 1188]
    assert np.isfinite(data.encoding.fit(data.features[:1000]).inputs_of(data.features)).all()
    by_hand = load_own("openml:40945", Data(target="fare", task="regression"))
    assert by_hand.dataset.task == "regression"


@pytest.mark.usefixtures("openml")
def test_openml_out_of_reach_is_a_sentence():
    """What is not in the data home cannot be had without a network."""
    with pytest.raises(DefinitionError, match="OpenML cannot be asked: Temporary failure"):
        load_own("openml:adult", Data())
