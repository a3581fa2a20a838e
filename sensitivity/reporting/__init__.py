"""The report: what it says, and the page it becomes.

::

    content.py     what a report is made of, as dataclasses
    answer.py      tables → the answer in three sentences
    sections.py    the sections in their order: question, how to read, tables, pictures
    provenance.py  definition, versions, how to reproduce
    building.py    study, tables and pictures → a report
    page.py        a report → one HTML page that needs nothing else
    templates/     the page's template, style sheet and script
"""
