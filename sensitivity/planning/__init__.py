"""What to run next: the next, narrower sweep, and how sharp intervals will be.

rounding.py      numbers as a person writes them, never inside of what they replace
narrowing.py     the advice → which settings are fixed, cut, widened, each with its reason
facts.py         the advice, the good values and the best configurations
domains.py       a domain → what is left of it
definition.py    the same as a definition file with comments
optuna_code.py   the same as code for Optuna
costs.py         how long trainings take
forecast.py      a definition → half widths with one, two, four, eight replicates
pilot.py         a small part of a planned sweep, trained within seconds
simulation.py    replicates that were not trained, made of those that were
widths.py        half widths of the intervals of shares, now and with more trials
"""
