"""The closing lines of `scripts/test`, from what the sessions really reported."""

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

OUTCOMES = ("failed", "passed", "skipped", "error")


def _tests(report: Path) -> Counter[str]:
    """Count the outcomes in a JUnit report."""
    totals: Counter[str] = Counter()
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314  (written by our own pytest)
        count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        totals["failed"] += count["failures"]
        totals["error"] += count["errors"]
        totals["skipped"] += count["skipped"]
        totals["passed"] += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    return +totals


def _in_words(totals: Counter[str]) -> str:
    plural = {"error": "errors"} if totals["error"] > 1 else {}
    words = [f"{totals[name]} {plural.get(name, name)}" for name in OUTCOMES if totals[name]]
    return ", ".join(words) or "no tests ran"


def show(reports: Path, seconds: float) -> bool:
    """Print one line for each session and the total as pytest words it; return whether all is well."""
    listings = sorted(reports.glob("*.sessions.json"))
    sessions = [session for listing in listings for session in json.loads(listing.read_text())["sessions"]]
    total: Counter[str] = Counter()
    print(f"\n{'session':<23} {'result':<9} {'seconds':>7}  tests")
    for session in sessions:
        name = session["signatures"][0]
        report = reports / f"{name}.xml"
        tests = _tests(report) if report.is_file() else Counter[str]()
        print(f"{name:<23} {session['result']:<9} {session['duration']:>7.0f}  {_in_words(tests) if tests else '-'}")
        # A session that failed beside its tests (style, types, coverage, a crash) is an error in the total.
        if session["result"] != "success" and not tests["failed"] + tests["error"]:
            tests["error"] += 1
        total += tests
    print(f"{f' {_in_words(total)} in {seconds:.2f}s ':=^80}", flush=True)
    return bool(sessions) and all(session["result"] == "success" for session in sessions)
