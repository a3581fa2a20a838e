"""What several datasets say together: one configuration for all, or each tuned for itself.

::

    scores.py      trials of several datasets → one array of normalised results
    choosing.py    rules that choose a configuration per dataset, and what one rule loses against another
    dimension.py   how few settings tuned per dataset are enough
    tables.py      the tables of all that, computed from the array alone
    runs.py        studies → the array, of what they share
"""
