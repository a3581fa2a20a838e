"""What stays good when everything else is tuned again: shared by tolerance, moving optimum and tunability.

``responses`` turns trials into cells, ``virtual_grid`` a surrogate's predictions where the plan is no grid;
``curves`` turns cells into the best over everything else at each value (``untuned``: into the median),
``bands`` turns curves into ranges, ``goals`` judges them by bars, ``optimum`` gives a minimum between levels
and ``bend`` what minima say about the batch size; ``coarser`` says what the grid does to a width, ``drawing``
and ``intervals`` how far another seed would move it, ``differences`` whether it explains what is seen;
``remarks`` is what is worth knowing about a curve.
"""
