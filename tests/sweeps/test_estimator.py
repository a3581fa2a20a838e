"""The engine as an estimator of scikit-learn's."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sweeps.errors import DefinitionError
from sweeps.estimator import NetworkClassifier, NetworkRegressor

NORMALISED = NetworkClassifier({"batch_norm": True}, precision="float64")


@parametrize_with_checks([NetworkClassifier(), NetworkRegressor(), NORMALISED])
def test_what_scikit_learn_asks_of_every_estimator(estimator, check):
    """All of its checks."""
    check(estimator)


def test_it_learns_what_others_learn():
    """Digits: nine of ten classes at least; diabetes: a good part of what a line explains."""
    x, y = load_digits(return_X_y=True)
    model = make_pipeline(StandardScaler(), NetworkClassifier({"learning_rate": 0.003}, (32,), 10))
    assert cross_val_score(model, x, y, cv=3).mean() > 0.9
    x, y = load_diabetes(return_X_y=True)
    line = cross_val_score(LinearRegression(), x, y, cv=3).mean()
    network = NetworkRegressor({"learning_rate": 0.003}, (8,), 60)
    assert cross_val_score(network, x, y, cv=3).mean() > 0.8 * line


def test_it_is_the_engine_of_the_sweeps():
    """A linear model trained to its end is least squares."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 3))
    y = x @ [1.0, -2.0, 0.5] + 3 + 0.1 * rng.standard_normal(60)
    settings = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 60}
    model = NetworkRegressor(settings, (), 300, "float64").fit(x, y)
    design = np.column_stack([np.ones(60), x])
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert model.predict(x) == pytest.approx(fitted, abs=1e-8)


def test_mistakes_are_named():
    """A setting nobody knows, a value that is not permitted, a rate that diverges."""
    x, y = load_digits(return_X_y=True)
    with pytest.raises(DefinitionError, match="learning_rate"):
        NetworkClassifier({"learning_rat": 0.1}).fit(x, y)
    with pytest.raises(DefinitionError, match="above 0"):
        NetworkClassifier({"learning_rate": -1.0}).fit(x, y)
    with pytest.raises(ValueError, match="lower learning_rate"):
        NetworkClassifier({"optimizer": "sgd", "learning_rate": 1e20}).fit(x, y)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"configuration": {"depth": 3, "width": 7}}, "depth = 3: the layers are given by hidden"),
        ({"configuration": {"width": 7}}, "width = 7: the layers are given by hidden"),
        ({"configuration": {"learning_rat": 0.1}}, "learning_rat"),
        ({"hidden": (0,)}, r"hidden = \(0,\): a list of whole numbers at least 1"),
        ({"hidden": 64}, "hidden = 64: a list of whole numbers at least 1"),
        ({"hidden": (8, 2.5)}, "hidden = .*: a list of whole numbers at least 1"),
        ({"hidden": (True,)}, "hidden = .*: a list of whole numbers at least 1"),
        ({"epochs": 0}, "epochs = 0: a whole number at least 1"),
        ({"epochs": 1.5}, "epochs = 1.5: a whole number at least 1"),
        ({"precision": "float16"}, "precision = 'float16': one of float32, float64"),
        ({"precision": np.float32}, "precision = .*: one of float32, float64"),
    ],
)
@pytest.mark.parametrize("estimator", [NetworkClassifier, NetworkRegressor])
def test_a_parameter_that_cannot_be_is_a_value_error(estimator, given, named):
    """Nothing is accepted and ignored, and each refusal is one plain sentence of both families."""
    x, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    with pytest.raises(ValueError, match=named) as refused:
        estimator(**given).fit(x, y)
    assert isinstance(refused.value, DefinitionError)
    assert "\n" not in str(refused.value)


def test_widths_may_be_a_list_or_an_array():
    """As a search over parameters gives them: the layers are these, no linear model and no default."""
    x, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    for hidden in ([3, 5], np.array([3, 5])):
        model = NetworkClassifier(hidden=hidden, epochs=np.int64(1)).fit(x, y)
        assert model.architecture_.hidden == (3, 5)
