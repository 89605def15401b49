"""The closing lines of `scripts/test`, from what the sessions really reported."""

import json
import resource
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree as ET

SECOND_TRY = "at the second try"
OUTCOMES = ("failed", "passed", "skipped", SECOND_TRY, "error")
DEPTH = 3
LISTING = ".sessions.json"
"""What nox reports about the session of that name."""
PROCESSOR = ".processor"
"""How many seconds of the processors it took, for all that it started and that was waited for: pages are not."""


def second_report(report: Path) -> Path:
    """Return where the report of the second try lies, which those tests have that failed."""
    return report.with_suffix(f".second{report.suffix}")


def tests_of(report: Path) -> Counter[str]:
    """Count how tests ended."""
    first = _outcomes(report)
    if not second_report(report).is_file():
        return first
    second = _outcomes(second_report(report))
    passed = Counter({"passed": second["passed"], SECOND_TRY: second["passed"]})
    failed = Counter({name: second[name] for name in ("failed", "error")})
    return Counter({name: first[name] for name in ("passed", "skipped")}) + passed + failed


def _outcomes(report: Path) -> Counter[str]:
    """Count the outcomes in a JUnit report."""
    totals: Counter[str] = Counter()
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314  (written by our own pytest)
        count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        totals["failed"] += count["failures"]
        totals["error"] += count["errors"]
        totals["skipped"] += count["skipped"]
        totals["passed"] += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    return +totals


def costs(reports: Iterable[Path]) -> dict[str, float]:
    """Return the seconds that the tests of each folder took in JUnit reports, one after the other."""
    seconds: dict[str, float] = {}
    for report in reports:
        for test in ET.parse(report).iter("testcase"):  # noqa: S314  (written by our own pytest)
            folders = takewhile(lambda name: not name.startswith("test_"), test.get("classname", "").split("."))
            folder = "/".join(list(folders)[:DEPTH])
            seconds[folder] = seconds.get(folder, 0.0) + float(test.get("time", "0"))
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def _show_costs(reports: Iterable[Path]) -> None:
    found = costs(reports)
    if found:
        print(f"\n{'folder':<33} {'seconds':>7}  of tests, were they run one after the other")
    for folder, seconds in found.items():
        print(f"{folder:<33} {seconds:>7.0f}")


def _in_words(totals: Counter[str]) -> str:
    plural = {"error": "errors"} if totals["error"] > 1 else {}
    words = [f"{totals[name]} {plural.get(name, name)}" for name in OUTCOMES if totals[name]]
    return ", ".join(words) or "no tests ran"


def _processor_seconds() -> float:
    """Return what every process took that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processor_seconds_of(listing: Path) -> float:
    noted = listing.with_name(listing.name.removesuffix(LISTING) + PROCESSOR)
    return float(noted.read_text()) if noted.is_file() else 0


def show(reports: Path, seconds: float) -> bool:
    """Print one line for each session and the total as pytest words it; return whether all is well."""
    listings = sorted(reports.glob(f"*{LISTING}"), key=_processor_seconds_of, reverse=True)
    sessions = []
    total: Counter[str] = Counter()
    print(f"\n{'session':<23} {'result':<9} {'seconds':>7} {'processor':>9}  tests")
    for listing in listings:
        (session,) = json.loads(listing.read_text())["sessions"]
        sessions.append(session)
        name = session["signatures"][0]
        report = reports / f"{name}.xml"
        tests = tests_of(report) if report.is_file() else Counter[str]()
        took = f"{session['duration']:>7.0f} {_processor_seconds_of(listing):>9.0f}"
        print(f"{name:<23} {session['result']:<9} {took}  {_in_words(tests) if tests else '-'}")
        # A session that failed beside its tests (style, types, coverage, a crash) is an error in the total.
        if session["result"] != "success" and not tests["failed"] + tests["error"]:
            tests["error"] += 1
        total += tests
    _show_costs(sorted(reports.glob("*.xml")))
    print(f"\nThe processors worked {_processor_seconds():.0f} s for all of it, without what Chromium draws and runs.")
    print(f"{f' {_in_words(total)} in {seconds:.2f}s ':=^80}", flush=True)
    return bool(sessions) and all(session["result"] == "success" for session in sessions)
