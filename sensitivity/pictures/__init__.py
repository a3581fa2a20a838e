"""Pictures: each module draws the rows of a table on Axes it is given, and lays out a `picture` of them.

::

    learning_rate_by_optimizer.py   what each optimizer reaches at each learning rate, and where it diverges
    schedule_by_optimizer.py        the same under each schedule
    beta_and_learning_rate.py       β against learning rate, with the line of equal effective rate
    batch_size_and_learning_rate.py batch size against learning rate, with the optimum that moves
    pair_matrix.py                  all pairs of settings: re-tuned, untuned, and each setting by itself
    divergence_map.py               share of diverged trials
    interactions.py                 main effects, interactions and total effects
    ranking.py, decomposition.py    shares as bars, against the noise of the seed
    tolerance.py                    where a setting is good enough, the rest tuned and untuned
    survivors.py, among_best.py     two rankings side by side (`two_rankings.py`)
    tunability.py                   what tuning gains and a wrong value costs
    learning_curves.py, training_speed.py, over_epochs.py   training epoch by epoch
    best_after_k.py, stability.py   how many trials are enough
    comparison.py                   the ranking across runs

    reachable.py    one heatmap of what can be reached in the cells of two settings
    panels.py       small multiples of such heatmaps, one colour scale
    heatmap.py      cells → colours, texts and marks
    cell_texts.py   their numbers as texts
    isolation_panel.py  a setting by itself on the diagonal of the matrix
    colour_bars.py  the scales beside them
    cells.py        rows of the table `pairs` → arrays of cells
    placing.py      panels at fixed places, in inches
    labels.py       words that pictures share, and how wide a text will be
    line_labels.py  labels beside lines that do not lie on each other
    margins.py      fixed margins, where a layout engine fails
    tolerance_words.py  the words of the tolerance

    style.py    colours and sizes
    picture.py  a figure with its title and caption
    saving.py   a figure → PNG and SVG, the same bytes every time
"""
