"""Pictures: each module first returns the numbers it will draw, then draws them on Axes it is given.

::

    binned_axis.py                  values of a setting → the rows or columns of a heatmap
    learning_rate_by_optimizer.py   what each optimizer reaches at each learning rate, and where it diverges
    heatmap.py                      such numbers → colours, texts and marks
    saving.py                       a figure → PNG and SVG, the same bytes every time
"""
