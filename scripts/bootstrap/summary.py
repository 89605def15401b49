"""The closing lines of `scripts/test`, from what the sessions really reported."""

import json
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from .paths import REPORTS

SESSIONS = REPORTS / "sessions.json"
OUTCOMES = ("failed", "passed", "skipped", "error")


def clear() -> None:
    """Forget earlier reports: nothing old is ever counted."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)


def _tests(report: Path) -> Counter[str]:
    """Count the outcomes in a JUnit report."""
    totals: Counter[str] = Counter()
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314  (written by our own pytest)
        count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        totals["failed"] += count["failures"]
        totals["error"] += count["errors"]
        totals["skipped"] += count["skipped"]
        totals["passed"] += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    return totals


def _in_words(totals: Counter[str]) -> str:
    return ", ".join(f"{totals[name]} {name}" for name in OUTCOMES if totals[name]) or "no tests ran"


def show(seconds: float) -> bool:
    """Print one line for each session and the total as pytest words it; return whether all is well."""
    sessions = json.loads(SESSIONS.read_text())["sessions"] if SESSIONS.is_file() else []
    reports = {path.stem: _tests(path) for path in REPORTS.glob("*.xml")}
    total: Counter[str] = Counter()
    print("\nsession                 result    tests")
    for session in sessions:
        tests = reports.get(session["signatures"][-1].replace("(", "-").replace(")", ""), Counter())
        succeeded = session["result"] == "success"
        # A session that failed beside its tests (lint, types, coverage, a crash) counts as an error of its own.
        if not succeeded and not tests["failed"] and not tests["error"]:
            tests = tests + Counter(error=1)
        total += tests
        print(f"{session['signature']:<23} {session['result']:<9} {_in_words(tests) if tests else '-'}")
    well = bool(sessions) and all(session["result"] == "success" for session in sessions)
    print(f"{f' {_in_words(total)} in {seconds:.2f}s ':=^80}", flush=True)
    return well
