"""Cautions: what a reader of the tables must be warned of, in plain sentences.

::

    finding.py     all of them, the most important first
    kinds.py       what a caution is, and what it can be about
    copies.py      a second result of a file that was taken as a setting
    divergence.py  much that diverged, and what diverged although it had learned
    outlook.py     whether the ranking is settled, and whether tuning gains anything
    edges.py       best values at the end of a range
"""
