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
