"""Trials to tables to pictures: how sensitive training is to each setting.

The way of the numbers through this package::

    trials.py      finished trials or a CSV file → one tidy row per trial; its column names live there
    numerals.py    how a number is written, for files and for people
    measures/      trials and their space → a tidy table per measure
    plots/         a measure's table → a picture
    terminal.py    a measure's table → text for the terminal

Importing the package imports nothing: worker processes that train must not pay for pandas and seaborn.
"""

__version__ = "0.1.0"
