"""The suite as an author runs it: in pytest, with the plugin that comes along."""

import re

import pytest

pytest_plugins = ["pytester"]
MODULE = """
from ha_device_backup_core.testing import HandlerConformance
from tests.core.testing.broken_backups import CountsTheUptime
from tests.core.testing.clock import ClockHandler, simulated_clock


class TestClock(HandlerConformance):
    handler = ClockHandler
    relaxed = {
        "package_is_registered": "It is a test.",
        "package_names_its_core": "It is a test.",
        "import_does_no_io": "Checked elsewhere.",
    }

    def simulator(self):
        return simulated_clock()


class TestUptime(TestClock):
    handler = CountsTheUptime


def test_something_else():
    pass
"""


PLUGIN = "ha_device_backup_core.testing.pytest_plugin"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder of an author, in which nothing but the plugin is loaded."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return pytester


def test_the_summary_names_every_handler(project: pytest.Pytester) -> None:
    project.makepyfile(test_clock=MODULE)
    result = project.runpytest_inprocess(
        "-p", PLUGIN, "-p", "no:cacheprovider", "-k", "uptime or unchanged or package or else"
    )
    lines = result.stdout.lines
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "TestClock: 1 passed, 0 failed, 2 skipped" in lines
    assert "  test_package_is_registered: relaxed: It is a test." in lines
    assert [line for line in lines if re.fullmatch(r"TestUptime: \d+ passed, 1 failed, \d+ skipped", line)]
    result.stdout.fnmatch_lines(["Nothing was changed, but normalize tells two backups apart by clock.json.*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_nothing_is_said_where_no_handler_is_checked(project: pytest.Pytester) -> None:
    project.makepyfile(test_other="def test_something():\n    pass\n")
    result = project.runpytest_inprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["device backups: contract 1.0"])
    result.stdout.no_fnmatch_line("*device backups: the contract*")
    assert result.ret == pytest.ExitCode.OK
