"""The command line: each command parses, makes one library call and says where the result lies.

::

    cli.py        the commands and their options; nothing heavy is imported until one runs
    options.py    the options that commands share
    sweep.py measure.py report.py show.py     what each command does
    confirming.py confirm.py best.py    the best of a sweep: trained again, and taken elsewhere
    catalogue.py  what ``list`` prints
    summary.py terminal.py    what is printed at the end of a command
    progress.py   how far a slow command is
"""
