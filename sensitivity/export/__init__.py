"""A configuration as a program of another framework.

::

    taken.py      what is exported: a configuration, what chose it, what the sweep recorded of it
    rules.py      update rules as lines of array code, for frameworks whose own differ or lack them
    code.py       configuration → text of a program, or one sentence why it cannot be
    templates/    a program per framework, and what all of them begin with
"""
