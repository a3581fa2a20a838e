"""What one would write without this tool: Optuna and MLPClassifier, processes on one SQLite file.

Run as ``python peer_sweep.py STORAGE TRIALS SEED``, once per process.
"""

import sys
import warnings
from functools import partial

import numpy as np
import optuna
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

EPOCHS = 20
STUDY = "peer"


def digits():
    """Features and labels to train with, and to validate with: loaded, split and scaled once."""
    features, labels = load_digits(return_X_y=True)
    parts = train_test_split(features, labels, test_size=0.2, random_state=0, stratify=labels)
    scaler = StandardScaler().fit(parts[0])
    train, validation = (scaler.transform(part).astype(np.float32) for part in parts[:2])
    return (train, parts[2]), (validation, parts[3])


def objective(data, trial):
    """Validation error of one network with settings like those of the default sweep."""
    train, validation = data
    solver = trial.suggest_categorical("solver", ["sgd", "momentum", "nesterov", "adam"])
    beta = trial.suggest_categorical("beta", [0.5, 0.9, 0.99])
    network = MLPClassifier(
        (64,),
        solver="adam" if solver == "adam" else "sgd",
        learning_rate_init=trial.suggest_float("learning_rate", 1e-4, 10, log=True),
        batch_size=trial.suggest_categorical("batch_size", [16, 64, 256]),
        momentum=0.0 if solver == "sgd" else beta,
        nesterovs_momentum=solver == "nesterov",
        beta_1=beta,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        tol=0.0,
        alpha=0.0,
        random_state=trial.suggest_categorical("replicate", [0, 1]),
    )
    try:
        network.fit(*train)
    except ValueError:  # scikit-learn's way to say that the weights are no longer finite
        return 0.9
    return 1 - network.score(*validation)


def main():
    """Run this process's share of the trials."""
    storage, trials, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    sampler = optuna.samplers.RandomSampler(seed=seed)
    study = optuna.create_study(storage=storage, study_name=STUDY, sampler=sampler, load_if_exists=True)
    with threadpool_limits(1):
        study.optimize(partial(objective, digits()), n_trials=trials)


if __name__ == "__main__":
    main()
