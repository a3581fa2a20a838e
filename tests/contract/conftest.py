"""The table of all kills at the end of a session, from whichever process they were made in."""

from kills import table_of


def pytest_terminal_summary(terminalreporter):
    """Print it."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    rows = [value for report in reports for name, value in report.user_properties if name == "kills"]
    if rows:
        terminalreporter.write_line(f"\n{table_of(rows)}")
