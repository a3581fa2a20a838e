"""Sweeps: from a definition to trials. NumPy, Optuna and scikit-learn's data; no tables, no pictures.

A sweep trains many small networks under one Optuna study. Read the files in this order:

``definition``, ``keys`` and ``parsing``
    the TOML file that decides every number; ``space`` has the ranges
``objective``, ``objectives``
    the door for what is trained: a configuration and a seed become metrics and curves
``functions``, ``calls``, ``watched``
    a function of the user's own as an objective, how a call of it ends, and the process it is called in
``designs``, ``search``
    which configurations are trained
``tasks``, ``population``, ``training``
    the network as an objective: many of them at once
``datasets``, ``settings``
    what networks are trained on, and what can vary in them
``named_data``, ``own_data``, ``table_files``, ``columns``, ``encoding``
    data of one's own: what a definition names, a table, its columns, the inputs of a network
``raw_rows``
    rows as they stand in a file, for a fitted model that predicts from them
``network``, ``activations``, ``batch_norm``, ``schedules``, ``transfer``
    the mathematics
``surfaces``, ``trajectories``, ``closed_forms``
    the update rules on surfaces of two coordinates, and what pen and paper say of them
``compiled``, ``engines``
    the same as machine code, by an extra, and which of the two paths a run takes
``optimizer``, ``momentum``, ``adaptive``, ``direct_search``, ``optimizers``
    what moves the weights: the door, the rules, the searches, and their list
``gradient_noise``
    how noisy the gradients of one configuration are while it trains
``execution``
    the door for where it is done: here, in worker processes
``study``, ``journal``, ``run_folder``, ``run``
    the record, and the loop

Words: a *configuration* is one value for each active setting, a *trial* a configuration with a replicate, a
*population* the trials trained together, a *sweep* all trials of a definition. Array axes are always
(population, batch, features), weights (population, fan_in, fan_out).

Nothing is imported here: a worker process loads only what training needs.
"""
