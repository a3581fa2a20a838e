"""The report: what it says, and the page it becomes.

::

    content.py     what a report is made of, as dataclasses
    decision.py    tables → what to do, as data; leading.py: what decides; following.py: what to run next
    advised.py     what to do about each setting; setting_rows.py: what is said of one
    first.py       the same in words: the first screen of page and terminal; first_rows.py: its rows
    answer.py      tables → the answer in sentences; forgiving.py, only_noise.py: two of them
    questions.py   sections → the questions that they answer, a fold each
    provenance.py  definition, versions, how to reproduce
    building.py    study, tables and pictures → a report
    explained.py   the first mark of each term → its explanation; meanings.py: those of columns
    page.py        a report → one HTML page that needs nothing else
    workshop.py    who measures and draws: this process, or several; work.py: what each of them does
    late.py        what workers are given once it is there
    results.py     tables, then the page with its SVG pictures, then PNG files
    templates/     the page's template, style sheet and script
"""
