"""The suite as an author runs it: in pytest, with the plugin that comes along."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MODULE = """
from ha_device_backup_core.testing import HandlerConformance
from tests.core.testing.broken import CountsTheUptime
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


def test_the_summary_names_every_handler(tmp_path: Path) -> None:
    (tmp_path / "test_clock.py").write_text(MODULE)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p ha_device_backup_core.testing.pytest_plugin\n")
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            "uptime or unchanged or package or else",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    lines = finished.stdout.splitlines()
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert "TestClock: 1 passed, 0 failed, 2 skipped" in lines
    assert "  test_package_is_registered: relaxed: It is a test." in lines
    assert any(re.fullmatch(r"TestUptime: \d+ passed, 1 failed, \d+ skipped", line) for line in lines), finished.stdout
    assert "Nothing was changed, but normalize tells two backups apart by clock.json." in finished.stdout
    assert "Traceback" not in finished.stdout


def test_nothing_is_said_where_no_handler_is_checked(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_something():\n    pass\n")
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "ha_device_backup_core.testing.pytest_plugin", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert "device backups: contract 1.0" in finished.stdout
    assert "device backups: the contract" not in finished.stdout
    assert finished.returncode == 0
