"""What all kills have done: a row as soon as it is known, and the table, from whichever process they come."""

from kills import table_of


def _rows(*reports):
    return [value for report in reports for name, value in report.user_properties if name == "kills"]


def pytest_runtest_logreport(report):
    """A row."""
    for cells in _rows(report) if report.when == "call" else ():
        print("", *cells, flush=True)


def pytest_terminal_summary(terminalreporter):
    """The table."""
    kinds = ("passed", "failed")
    rows = _rows(*(report for kind in kinds for report in terminalreporter.getreports(kind)))
    if rows:
        terminalreporter.write_line(f"\n{table_of(rows)}")
