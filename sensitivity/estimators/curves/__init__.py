"""What stays good when everything else is tuned again: shared by tolerance, moving optimum and tunability.

``responses`` turns trials into cells, ``virtual_grid`` a surrogate's predictions where the plan is no grid;
``curves`` turns cells into the best over everything else at each value (``untuned``: into the median),
``bands`` turns curves into ranges, ``optimum`` into a minimum between levels; ``drawing`` and ``intervals``
say how far another seed would move them, ``differences`` whether it explains what is seen; ``remarks`` is
what is worth knowing about a curve.
"""
