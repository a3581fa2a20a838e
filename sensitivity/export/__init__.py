"""A configuration as a program of another framework.

::

    taken.py      what is exported: a configuration, what chose it, what the sweep recorded of it
    rules.py      update rules as lines of array code, for frameworks whose own differ or lack them
    factors.py    schedules as lines of NumPy
    refusals.py   what a framework cannot express
    to_torch.py to_optax.py to_keras.py to_sklearn.py    what each template is filled with
    code.py       configuration → text of a program
    templates/    a program per framework, and what all of them begin with
"""
