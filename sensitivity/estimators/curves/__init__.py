"""What stays good when everything else is tuned again: shared by tolerance, moving optimum and tunability.

``responses`` turns trials into cells, ``curves`` turns cells into the best over everything else at each
value (``untuned``: into the median), ``bands`` turns curves into ranges, ``optimum`` into a minimum between
levels; ``scales`` are their axes; ``local_noise`` and ``intervals`` say how far another seed would move them,
``differences`` whether it explains what is seen; ``remarks`` is what is worth knowing about a curve.
"""
