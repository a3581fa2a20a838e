"""A configuration as a program of another framework.

::

    taken.py      what is exported: a configuration, what chose it, what the sweep recorded of it
    rules.py      update rules as lines of array code, for frameworks whose own differ or lack them
    factors.py    schedules as lines of NumPy
    refusals.py   what a framework cannot express
    to_torch.py to_optax.py to_keras.py to_sklearn.py    what each template is filled with
    own_table.py  data of one's own as lines of pandas, checked against what the sweep trained on
    code.py       configuration → text of a program
    fitted.py     configuration → a fitted model of scikit-learn's
    templates/    a program per framework, and what all of them begin with
"""
