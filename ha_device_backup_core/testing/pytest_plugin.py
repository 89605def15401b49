"""What pytest says about the contract: its version at the top, what was relaxed or not looked at below."""

from collections.abc import Iterable

import pytest

from ha_device_backup_core.contract import API_VERSION

from .conformance import HandlerConformance

_SUITE = "device_backup_suite"


def pytest_report_header() -> str:
    """Name the version of the contract that handlers are checked for."""
    return f"device backups: contract {API_VERSION.major}.{API_VERSION.minor}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks of the suite for the summary."""
    for item in items:
        owner = getattr(item, "cls", None)
        if isinstance(owner, type) and issubclass(owner, HandlerConformance):
            item.user_properties.append((_SUITE, owner.__name__))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for each handler how many checks it keeps, and which were not made and why."""
    outcomes = {
        outcome: [report for report in terminalreporter.getreports(outcome) if _suite_of(report)]
        for outcome in ("passed", "failed", "skipped")
    }
    suites = sorted({_suite_of(report) for reports in outcomes.values() for report in reports})
    if not suites:
        return
    terminalreporter.section("device backups: the contract")
    for suite in suites:
        counts = (f"{len(_of(reports, suite))} {outcome}" for outcome, reports in outcomes.items())
        terminalreporter.write_line(f"{suite}: {', '.join(counts)}")
        for report in _of(outcomes["skipped"], suite):
            terminalreporter.write_line(f"  {report.nodeid.rpartition('::')[2]}: {_reason(report)}")


def _of(reports: Iterable[pytest.TestReport], suite: str) -> list[pytest.TestReport]:
    return [report for report in reports if _suite_of(report) == suite]


def _suite_of(report: object) -> str:
    properties = dict(report.user_properties) if isinstance(report, pytest.TestReport) else {}
    return str(properties.get(_SUITE, ""))


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
