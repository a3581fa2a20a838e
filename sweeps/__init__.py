"""Sweeps: from a definition to trials. NumPy, Optuna and scikit-learn's data; no tables, no pictures.

A sweep trains many small networks under one Optuna study. Read the files in this order:

``definition`` and ``parsing``
    the TOML file that decides every number; ``settings`` lists what can vary, ``space`` the ranges
``designs``, ``search``
    which configurations are trained
``datasets``
    what they are trained on
``network``, ``activations``, ``batch_norm``, ``optimizers``, ``schedules``
    the mathematics
``population``, ``training``, ``tasks``, ``execution``
    many networks at once, in worker processes
``study``, ``journal``, ``run_folder``, ``run``
    the record, and the loop

Words: a *configuration* is one value for each active setting, a *trial* a configuration with a replicate, a
*population* the trials trained together, a *sweep* all trials of a definition. Array axes are always
(population, batch, features), weights (population, fan_in, fan_out).

Nothing is imported here: a worker process loads only what training needs.
"""
