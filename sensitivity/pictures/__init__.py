"""Pictures: each module is one, what it reads of which tables, how it arranges marks, its title and caption.

A module holds its picture as ``PICTURE`` (`picture.Picture`) and is found by that: nothing else lists it.
`comparison` alone belongs to no page: it is about several runs.

::

    ranking, decomposition, interactions    shares of the variance, as bars and as a matrix
    learning_rate_by_optimizer, schedule_by_optimizer    what can be reached (`reachable.py`)
    pair_matrix    all pairs of settings: re-tuned, untuned, and each setting by itself
    tolerance    where a setting is good enough, the rest tuned and untuned
    batch_size_and_learning_rate, beta_and_learning_rate    what moves the best rate
    divergence_map, survivors    where training diverges, and what that does to the ranking
    tunability, best_after_k, among_best    what tuning gains, how many trials it takes, what is left then
    learning_curves, training_speed, over_epochs    training epoch by epoch
    stability, comparison    the ranking of fewer trials, and of other runs
    noise_sources    what the noise of the seed is due to

    picturing.py   all pictures, in the order of the report
    picture.py     what the report knows of a picture
    marks/         heatmaps, panels, bars with intervals, lines with bands, scales
    labels.py      words that pictures share
    orders.py      the order of rows and the colours, the same in all pictures
    style.py       colours and sizes
    notes.py       the words beside a picture, as text
    saving.py      a drawing → PNG, SVG and PDF, the same bytes every time
"""
