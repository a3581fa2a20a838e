"""CSV files of strangers: what each column is, what is guessed and said, and one sentence for a bad file."""

import math

import numpy as np
import optuna
import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.cells import column
from sensitivity.reading.guesses import guess, looks_logarithmic
from sweeps.errors import StudyError
from sweeps.space import Choices, FloatRange, IntegerRange


@pytest.fixture
def table(tmp_path):
    """Write a file: text in, path out."""

    def write(text, name="trials.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def lines(header, rows):
    """Text of a file."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def domains(study):
    """Domain of each setting."""
    return {setting.name: setting.variants[0].domain for setting in study.space.settings}


GENERATOR = np.random.default_rng(0)
RANDOM = [
    (
        n,
        f"2024-01-{n + 1:02}",
        10 ** GENERATOR.uniform(-4, 0),
        int(GENERATOR.integers(1, 99)),
        "ab"[n % 2],
        n % 3,
    )
    for n in range(24)
]


def test_columns_are_what_they_look_like(table):
    """Index and time are ignored with a note; a number is a range with a guessed scale; text is a list."""
    rows = [(*row[:5], row[2] * 2 + row[5]) for row in RANDOM]
    study = read_csv_table(table(lines("id,date,lr,width,kind,loss", rows)), "loss")
    assert study.space.names == ["kind", "lr", "width"]
    rates = [row[2] for row in RANDOM]
    widths = [row[3] for row in RANDOM]
    assert domains(study) == {
        "lr": FloatRange(min(rates), max(rates), log=True),
        "width": IntegerRange(min(widths), max(widths)),
        "kind": Choices(("a", "b")),
    }
    np.testing.assert_allclose(study.trials["value"], [row[-1] for row in rows])
    notes = "\n".join(study.notes)
    assert study.read.left_out == {"says which row it is": ("id",), "time or resources": ("date",)}
    assert "lr runs from" in notes
    assert "--linear lr says otherwise" in notes
    assert study.metric == "loss"
    assert study.name == "trials"


def test_the_guess_can_be_overruled(table):
    """Scale, direction, cap and which columns count are the user's to say."""
    rows = [(*row[:5], 1 / (1 + row[2])) for row in RANDOM]
    path = table(lines("id,date,lr,width,kind,accuracy", rows))
    how = Reading(maximise=True, cap=0.9, ignore=["kind"], linear=["lr"], log=["width"])
    study = read_csv_table(path, "accuracy", how)
    assert list(domains(study)) == ["lr", "width"]
    assert not domains(study)["lr"].log
    assert domains(study)["width"].log
    assert study.trials["value"].min() < -0.9
    assert study.trials["value"].max() == pytest.approx(-0.9)
    assert "accuracy is maximised" in study.direction
    only = read_csv_table(path, "accuracy", Reading(settings=["id", "lr"]))
    assert list(domains(only)) == ["id", "lr"]


def test_a_grid_is_recognised_with_its_replicates(table):
    """Every combination twice, by seed: even values become levels of a range, uneven ones a list."""
    from sensitivity.estimators.factorial import exact_decomposition

    rows = [
        (rate, beta, seed, rate + beta + 0.01 * seed)
        for seed in (7, 11)
        for rate in (0.001, 0.01, 0.1)
        for beta in (0.5, 0.9, 0.99)
    ]
    study = read_csv_table(table(lines("rate,beta,seed,loss", rows)), "loss")
    assert domains(study) == {
        "rate": FloatRange(0.001, 0.1, log=True, levels=3),
        "beta": Choices((0.5, 0.9, 0.99)),
    }
    assert study.trials["replicate"].tolist() == [0] * 9 + [1] * 9
    assert "The column seed was read as the replicate: 2 of them." in study.notes
    assert exact_decomposition(study) is not None


def test_seeds_that_repeat_nothing_are_no_replicates(table):
    """Ten configurations, each once, under two seeds: the seed is neither a setting nor a block."""
    rows = [(0.01 * 1.7**number, number % 2, number) for number in range(10)]
    study = read_csv_table(table(lines("rate,seed,loss", rows)), "loss")
    assert study.space.names == ["rate"]
    assert set(study.trials["replicate"]) == {0}
    note = "The column seed was left out: no configuration was run with two seeds"
    assert any(text.startswith(note) for text in study.notes)


def test_missing_cells_are_inactive_and_an_infinite_result_diverged(table):
    """Empty β of sgd makes a condition; an infinite result counts with the worst finite, none does not."""
    text = "optimizer,beta,loss\nsgd,,1\nadam,0.9,2\nsgd,,\nadam,0.5,nan\nadam,0.7,inf\nsgd,nan,0.5\n"
    study = read_csv_table(table(text), "loss")
    assert study.space.settings[1].variants[0].when == {"optimizer": ("adam",)}
    assert study.trials["value"].tolist() == [1, 2, 2, 0.5]
    assert study.trials["outcome"].eq("diverged").tolist() == [False, False, True, False]
    assert study.notes[0].startswith("2 of 6 trials have no result, which depends on no setting")
    assert "1 trial was without a finite loss and counted as diverged." in study.notes
    counted = read_csv_table(table(text), "loss", Reading(failed="diverged"))
    assert counted.trials["value"].tolist() == [1, 2, 2, 2, 2, 0.5]
    assert "2 trials have no result: counted as failed trainings, as --failed diverged says." in counted.notes


def test_other_separators_and_a_byte_order_mark(table):
    """Excel writes semicolons and a mark in front; both are read."""
    study = read_csv_table(table("\ufeffa;loss\r\n1;2\r\n2;3\r\n", encoding="utf-8"), "loss")
    assert study.trials["a"].tolist() == [1, 2]
    assert read_csv_table(table("a\tloss\n1\t2\n2\t3\n"), "loss").trials["value"].tolist() == [2, 3]


def test_hostile_names_survive(table):
    """Markup, quotes, newlines and Korean; two columns of one name; a setting called value."""
    header = '"value","<script>","a\nb","학습률","x","x","""","loss"'
    rows = [
        '1,"<b>",p,"가",1,4,0.1,1',
        '2,"[/x]",q,"나",2,5,0.2,2',
        '3,"<b>",p,"가",3,6,0.3,3',
        '5,"[/x]",r,"나",4,7,0.4,1',
    ]
    study = read_csv_table(table("\n".join([header, *rows])), "loss")
    assert study.space.names == sorted(["value (setting)", "<script>", "a\nb", "학습률", "x", "x (2)", '"'])
    assert study.trials["value"].tolist() == [1, 2, 3, 1]


@pytest.mark.parametrize(
    ("text", "metric", "words"),
    [
        ("", "loss", "is empty; it needs a line of column names"),
        ("\n\n", "loss", "is empty"),
        ("a,loss\n1,2\n", "los", r"no column 'los' for --metric; did you mean 'loss'\?"),
        ("a,b\n1,2\n", "xyz", "no column 'xyz' for --metric; it has: a and b"),
        ("a,loss\n1,2\n", None, "say which column of .* is the result: --metric NAME; it has: a and loss"),
        ("a,loss\n1,2\n2,bad\n3,x\n", "loss", "the metric 'loss' is not numeric: row 2 has 'bad'"),
        ("a,loss\n1,2\n1,2,3\n", "loss", "row 2 has 3 cells, the header 2"),
        ("a,loss\n\xff,1\n", "loss", "not a text file in UTF-8"),
        ("a,loss\n" + "x" * 200_000 + ",1\n", "loss", "a cell of more than 131,072 characters"),
    ],
)
def test_a_bad_file_is_one_sentence(table, text, metric, words):
    """What is wrong, and what to do."""
    encoding = "latin-1" if "\xff" in text else "utf-8"
    with pytest.raises(StudyError, match=words):
        read_csv_table(table(text, encoding=encoding), metric)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    """Also a column named in an option that the file lacks."""
    with pytest.raises(StudyError, match="there is no file"):
        read_csv_table(tmp_path / "missing.csv", "loss")
    (tmp_path / "a.csv").write_text("a,loss\n1,2\n")
    with pytest.raises(StudyError, match="no column 'b' for --ignore"):
        read_csv_table(tmp_path / "a.csv", "loss", Reading(ignore=["b"]))


def test_a_header_alone_and_one_row(table):
    """No trials and one trial are studies like any other, with nothing that varies."""
    none = read_csv_table(table("a,b,loss\n"), "loss")
    assert (len(none.trials), none.space.names) == (0, [])
    one = read_csv_table(table("a,b,loss\n1,x,2\n"), "loss")
    assert (len(one.trials), one.trials["value"].tolist()) == (1, [2.0])


def test_export_of_optuna_is_recognised(tmp_path):
    """What `trials_dataframe` writes: parameters without their prefix, PRUNED left out, a lone FAILED too."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        if trial.number == 3:
            raise optuna.TrialPruned
        return math.nan if trial.number == 4 else x + trial.suggest_categorical("k", [1, 2])

    study.optimize(objective, n_trials=30)
    study.trials_dataframe().to_csv(tmp_path / "export.csv")
    with pytest.raises(StudyError, match="higher or a lower 'value' is better: add --maximize or --minimize"):
        read_csv_table(tmp_path / "export.csv")
    study = read_csv_table(tmp_path / "export.csv", None, Reading(minimise=True))
    assert study.space.names == ["k", "x"]
    assert len(study.trials) == 28
    assert study.notes[0].startswith("1 of 29 trials has no result, which depends on no setting")
    assert "1 PRUNED trial was left out." in study.notes
    assert study.pruned == 1


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "2", ""], [1, 2, None]),
        (["1.0", "2.0"], [1, 2]),
        (["0.5", "nan"], [0.5, None]),
        (["True", "false", ""], [True, False, None]),
        (["a", "b", "", "1"], ["a", "b", None, "1"]),
        (["a", "", "1"], [None, None, 1]),
        (["1e400", "1"], [None, 1]),
        (["1_000", "1"], [None, 1]),
        (["1e-3", " 0.01 ", "None"], [0.001, 0.01, None]),
        (["10 %", "20%", "100 %"], [0.1, 0.2, 1.0]),
        (["auto", "0.1", "auto", "0.1", "scale", "scale"], ["auto", "0.1", "auto", "0.1", "scale", "scale"]),
        (["(64,64)", "(64, 64)", "[128,64]"], ["(64, 64)", "(64, 64)", "[128, 64]"]),
        (["adam", "adam "], ["adam", "adam"]),
        (["None", "x"], ["None", "x"]),
        (["", "nan"], [None, None]),
    ],
)
def test_cells_are_of_the_narrowest_type_that_fits_all(cells, values):
    """Numbers where half of the cells are; a lone text among them is none; texts without their blanks."""
    assert [(type(value), value) for value in column(cells).values] == [
        (type(value), value) for value in values
    ]


def test_the_scale_is_guessed_from_the_spread():
    """Log-uniform over one decade or three is logarithmic; uniform over as much, or with a zero, is not."""
    generator = np.random.default_rng(1)
    assert looks_logarithmic(10 ** generator.uniform(-4, -1, 50))
    assert not looks_logarithmic(generator.uniform(1e-4, 1e-1, 50))
    assert looks_logarithmic(10 ** generator.uniform(-2, -1, 50))
    assert not looks_logarithmic(generator.uniform(1e-2, 1e-1, 50))
    assert not looks_logarithmic(np.append(10 ** generator.uniform(-4, -1, 50), 0.0))
    assert guess("x", list(range(11))).domain == IntegerRange(0, 10)
    assert guess("x", [*range(10)] * 2).domain == Choices(tuple(range(10)))
