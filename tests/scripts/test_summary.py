import json
import resource
from pathlib import Path

import pytest

from scripts.bootstrap import summary

USED = "The processors worked 97 s for all of it, without what Chromium draws and runs."


@pytest.fixture(autouse=True)
def used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was started have taken so long."""
    times = resource.struct_rusage((90.6, 6.1, *[0] * 14))
    monkeypatch.setattr(resource, "getrusage", {resource.RUSAGE_CHILDREN: times}.__getitem__)


def _report(folder: Path, name: str, **counts: int) -> None:
    attributes = " ".join(f'{key}="{value}"' for key, value in counts.items())
    (folder / f"{name}.xml").write_text(f"<testsuites><testsuite {attributes}/></testsuites>")


def _sessions(folder: Path, **results: str) -> None:
    for processor, (key, result) in enumerate(results.items()):
        name = key.replace("_", "-")
        session = {"signatures": [name, "longer"], "result": result, "duration": 12.4}
        (folder / f"{name}.sessions.json").write_text(json.dumps({"sessions": [session]}))
        (folder / f"{name}.processor").write_text(str(processor * 20.7))


def test_all_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sessions(tmp_path, lint_1="success", core_1="success")
    _report(tmp_path, "core-1", tests=7, failures=0, errors=0, skipped=2)

    assert summary.show(tmp_path, 61.5)
    assert capsys.readouterr().out.splitlines() == [
        "",
        "session                 result    seconds processor  tests",
        "core-1                  success        12        21  5 passed, 2 skipped",
        "lint-1                  success        12         0  -",
        "",
        USED,
        "======================== 5 passed, 2 skipped in 61.50s =========================",
    ]


def test_what_failed_beside_the_tests_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sessions(tmp_path, lint_1="failed", core_1="failed", core_2="failed")
    _report(tmp_path, "core-1", tests=3, failures=1, errors=0, skipped=0)
    _report(tmp_path, "core-2", tests=3, failures=0, errors=0, skipped=0)

    assert not summary.show(tmp_path, 1)
    assert capsys.readouterr().out.splitlines()[-1].strip("= ") == "1 failed, 5 passed, 2 errors in 1.00s"


def test_nothing_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not summary.show(tmp_path, 1)
    assert capsys.readouterr().out.splitlines()[-1].strip("= ") == "no tests ran in 1.00s"


def test_the_seconds_of_a_folder_are_added_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = {
        "tests.core.store.kill.test_kill": "2.5",
        "tests.core.store.test_gate": "0.5",
        "tests.handlers_wled.test_conformance.TestWled": "1.4",
        "tests.core.test_text": "4",
    }
    cases_in_xml = "".join(f'<testcase classname="{name}" time="{seconds}"/>' for name, seconds in cases.items())
    for session in ("core-1", "core-2"):
        (tmp_path / f"{session}.xml").write_text(
            f'<testsuites><testsuite tests="4">{cases_in_xml}</testsuite></testsuites>'
        )
    _sessions(tmp_path, core_1="success", core_2="success")

    assert summary.show(tmp_path, 9)
    assert capsys.readouterr().out.splitlines()[-8:] == [
        "",
        "folder                            seconds  of tests, were they run one after the other",
        "tests/core                              8",
        "tests/core/store                        6",
        "tests/handlers_wled                     3",
        "",
        USED,
        "============================== 8 passed in 9.00s ===============================",
    ]
