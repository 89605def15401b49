"""What failed is tried once more, from the beginning."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from scripts.bootstrap import summary
from scripts.live.folder import ROOT

TESTS = """
import os
from pathlib import Path

import pytest

@pytest.fixture(scope="session", autouse=True)
def number():
    with Path("tries").open("a") as tries:
        tries.write(".")
    return len(Path("tries").read_text())

def test_passes(number):
    assert number == 1

@pytest.mark.parametrize("name", os.environ["FAIL_ONCE"].split())
def test_fails_once(number, name):
    assert number > 1

@pytest.mark.parametrize("name", os.environ["FAIL"].split())
def test_fails(name):
    pytest.fail(name)
"""
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}


def run(folder: Path, *options: str, fail: str = "", fail_once: str = "", most: int = 3) -> tuple[int, Counter[str]]:
    """Run the tests there; return the exit status, and how tests ended."""
    (folder / "test_few.py").write_text(TESTS)
    (folder / "pytest.ini").touch()
    report = folder / "report.xml"
    command = [sys.executable, "-m", "scripts.second_try", str(report), str(folder / "cache"), str(most), *options]
    environment = {**os.environ, "FAIL": fail, "FAIL_ONCE": fail_once, **ALONE}
    ended = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    return ended.returncode, summary.tests_of(report) if report.is_file() else Counter()


@pytest.mark.parametrize(
    ("fail", "fail_once", "most", "expected"),
    [
        ("", "", 3, (0, {"passed": 1, "skipped": 2})),
        ("", "a", 3, (0, {"passed": 2, "skipped": 1, summary.SECOND_TRY: 1})),
        ("", "a b c", 3, (0, {"passed": 4, "skipped": 1, summary.SECOND_TRY: 3})),
        ("a", "b", 3, (1, {"passed": 2, "failed": 1, summary.SECOND_TRY: 1})),
        ("", "a b c d", 3, (1, {"passed": 1, "skipped": 1, "failed": 4})),
        ("", "a", 0, (1, {"passed": 1, "skipped": 1, "failed": 1})),
    ],
)
def test_few_that_failed_are_tried_once_more(
    tmp_path: Path, fail: str, fail_once: str, most: int, expected: tuple[int, dict[str, int]]
) -> None:
    assert run(tmp_path, fail=fail, fail_once=fail_once, most=most) == expected


def test_what_failed_in_an_earlier_run_is_nothing_to_try_again(tmp_path: Path) -> None:
    assert run(tmp_path, fail="a b c d")[0] == pytest.ExitCode.TESTS_FAILED
    (tmp_path / "tries").unlink()
    assert run(tmp_path, fail_once="a")[0] == pytest.ExitCode.OK


def test_what_did_not_even_run_is_not_tried_again(tmp_path: Path) -> None:
    status, _ = run(tmp_path, "--maxfail=nonsense")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert not (tmp_path / "tries").exists()
