"""What pictures are made of, on the Axes they are given: a mark knows arrays and words, and no measure.

::

    heatmap.py   cells in colours, hatched, framed, with their numbers, and the colour bars beside them
    cells.py     rows of the table `pairs` → arrays of cells
    numbers.py   numbers of cells as texts that fit into them
    panels.py    small multiples of heatmaps: a panel per branch, one colour scale
    bars.py      rows of bars, intervals and words beside them
    two_rankings.py   two such rankings back to back
    lines.py     lines with bands
    scales.py    the scale of each setting, as the space knows it
    layout.py    how much room a heatmap and its texts will take
"""
