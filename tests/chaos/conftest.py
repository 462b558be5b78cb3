"""What the sieges came to is told in the end; of a run that was asked for it is kept as each ends."""

import os
from collections.abc import Mapping

import pytest
from _pytest.terminal import TerminalReporter

from tests.chaos import log

collect_ignore = ["warm.py"]  # importing it is work


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    told_by_another = hasattr(report, "node")
    if "CHAOS_KILLS" in os.environ and report.when == "call" and not told_by_another and (toll := toll_of(report)):
        log.keep(toll)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    tolls = [toll for report in reports if report.when == "call" and (toll := toll_of(report))]
    if tolls:
        terminalreporter.section("chaos")
        for line in log.told(tolls):
            terminalreporter.line(line)


def toll_of(report: pytest.TestReport) -> Mapping[str, object]:
    """Of a siege what it came to, and of one that broke off when; of other tests nothing."""
    if "test_killed" not in report.nodeid:
        return {}
    toll = dict(report.user_properties).get("toll")
    return {**(toll if isinstance(toll, dict) else {}), "began": report.start, "ended": report.stop}
