import numpy as np
import pandas as pd
import pytest

from sensitivity.files import write_csv
from sensitivity.trials import default_target, read_csv, trials_table
from sensitivity.words import distinct, exact, short
from sweeps.errors import DefinitionError, StudyError


def example(make):
    curve = [0.9, 0.5, 0.2, 0.3]
    return [
        make(
            1,
            {"optimizer": "sgd", "width": 16},
            1,
            np.float32(0.1),
            curves={"validation_error": curve},
            loss_rose=True,
        ),
        make(0, {"optimizer": "adam", "beta": 0.9, "width": 64, "norm": True}, 0, 1 / 3),
        make(
            2,
            {"optimizer": "adam", "beta": 1e-5, "width": 64, "norm": False},
            phase="search",
            outcome="diverged",
            value=0.9,
            diverged_at=1.5,
            final={},
            best={},
            curves={},
        ),
    ]


SETTINGS = ["optimizer", "beta", "width", "norm"]


def test_csv_has_exactly_these_bytes(make, tmp_path):
    """A CSV file is the shortest honest text: no index, no .0 on whole numbers, no digits of float32 dust."""
    path = tmp_path / "trials.csv"
    write_csv(trials_table(example(make), SETTINGS, 0.9, 3, 0.25), path)
    expected = (
        "number,phase,optimizer,beta,width,norm,replicate,outcome,diverged_at,loss_rose,value,"
        "validation_error,validation_loss,training_loss,best_validation_error,best_validation_loss,best_training_loss,"
        "epochs_to_target,seconds\n"
        "0,plan,adam,0.9,64,true,0,trained,,false,0.3333333333333333,0.3333333333333333,0.6666666666666666,1.0,"
        "0.3333333333333333,0.6666666666666666,1.0,,0.2500\n"
        "1,plan,sgd,,16,,1,trained,,true,0.1,0.1,0.2,0.3,0.1,0.2,0.3,2,0.2500\n"
        "2,search,adam,1e-05,64,false,0,diverged,1.5,false,0.9,,,,,,,,0.2500\n"
    )
    assert path.read_bytes() == expected.encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["trials.csv"]


def test_bytes_do_not_depend_on_the_order_of_the_trials(make, tmp_path):
    """The same trials in another order give the same file, also where a whole column is empty."""
    trials = example(make)
    write_csv(trials_table(trials, [*SETTINGS, "never"], 0.9, 3, None), tmp_path / "a.csv")
    write_csv(trials_table(trials[::-1], [*SETTINGS, "never"], 0.9, 3, None), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_what_is_written_reads_back_with_its_types(make, tmp_path):
    """Reading gives the table back: types exactly, numbers to nine digits, empty cells empty."""
    table = trials_table(example(make), SETTINGS, 0.9, 3, 0.25)
    write_csv(table, tmp_path / "trials.csv")
    pd.testing.assert_frame_equal(read_csv(tmp_path / "trials.csv"), table, rtol=1e-7)  # float32 in it
    assert table.dtypes.astype(str).loc[SETTINGS].tolist() == ["str", "float64", "Int64", "boolean"]


def test_evaluations_have_a_column_where_they_were_counted(make, tmp_path):
    """Beside the seconds; without a count there is no column, and one uncounted trial has an empty cell."""
    trials = [make(0, {}, evaluations=60.0), make(1, {}, evaluations=6.75), make(2, {})]
    table = trials_table(trials, [], 0.9, 3, None)
    assert list(table.columns)[-3:] == ["epochs_to_target", "evaluations", "seconds"]
    write_csv(table, tmp_path / "trials.csv")
    assert read_csv(tmp_path / "trials.csv")["evaluations"].fillna(-1).tolist() == [60.0, 6.75, -1]
    assert "evaluations" not in trials_table(trials[2:], [], 0.9, 3, None)


def test_no_trials_give_an_empty_table_with_all_columns(make, tmp_path):
    """An empty sweep has the columns of a full one and survives the trip through a file."""
    table = trials_table([], SETTINGS, 0.9, 3, None)
    assert list(table.columns) == list(trials_table(example(make), SETTINGS, 0.9, 3, None).columns)
    write_csv(table, tmp_path / "trials.csv")
    assert len(read_csv(tmp_path / "trials.csv")) == 0


def test_epochs_to_target_counts_from_one(make):
    """The first epoch at or below the target counts, neither the value before training nor later ones."""
    curves = {"validation_error": [0.1, 0.5, 0.25, 0.3, 0.1]}
    trial = make(0, {}, curves=curves)
    reached = [trials_table([trial], [], 0.9, 4, aim)["epochs_to_target"][0] for aim in (0.5, 0.25, 0.2)]
    assert reached == [1, 2, 4]
    assert trials_table([trial], [], 0.9, 4, 0.05)["epochs_to_target"].isna().all()
    assert trials_table([trial], [], 0.9, 3, 0.2)["epochs_to_target"].isna().all()


def test_default_target_is_nine_tenths_of_the_way_to_the_best_of_the_plan(make):
    """0.1 + 0.1 · (0.9 − 0.1) = 0.18; a better search trial does not move it; no trial, no target."""
    plan = [make(0, {}, value=0.1), make(1, {}, value=0.4), make(2, {}, value=0.02, phase="search")]
    assert default_target(plan, 0.9) == pytest.approx(0.18)
    assert default_target([], 0.9) is None


def test_a_setting_named_like_a_result_is_refused(make):
    """Two columns of one name would make every later table wrong."""
    with pytest.raises(DefinitionError, match="rename value"):
        trials_table([make(0, {"value": 1})], ["value"], 0.9, 1, None)


def test_a_foreign_file_is_refused_with_what_it_lacks(tmp_path):
    """A CSV file without the columns of a table of trials is a mistake its author can mend."""
    (tmp_path / "x.csv").write_text("number,phase\n0,plan\n")
    with pytest.raises(StudyError, match="lacks the column replicate"):
        read_csv(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.1"),
        (np.float32(0.1), "0.1"),
        (1 / 3, "0.3333333333333333"),
        (1.0, "1.0"),
        (1e-5, "1e-05"),
        (0, "0.0"),
    ],
)
def test_numbers_of_a_file_are_short_and_exact(number, text):
    """A file loses no digit, and shows a single-precision number as what it was meant to be."""
    assert exact(number) == text


def test_numbers_of_an_axis_are_as_short_as_tells_them_apart():
    """Half decades need two digits, neighbours as many as differ; small powers of ten read as such."""
    assert distinct([1e-5, 10**-3.5, 1e-3, 0.1, 1.0, 10.0]) == ["1e-5", "3.2e-4", "0.001", "0.1", "1", "10"]
    assert distinct([0.9, 0.99, 0.999]) == ["0.9", "0.99", "0.999"]
    assert short(0.0) == "0"
