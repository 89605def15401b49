"""Packages that hang, and what goes on to run after an update."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner, Plugin

from ..distributions import SitePackages, handler_source, in_english

GATES: dict[str, threading.Event] = {}
"""What the packages of this file wait for."""
WAITS = f"from {__name__} import GATES\nGATES['import'].wait(60)\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SitePackages]:
    packages = SitePackages(tmp_path)
    packages.install("good-plugin", handler_source("good"), version="2.0")
    yield packages
    packages.forget()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    opened = GATES["import"] = threading.Event()
    yield opened
    opened.set()


def scan(site: SitePackages, scanner: HandlerScanner) -> HandlerRegistry:
    with site.on_path():
        return scanner.scan()


def test_package_that_hangs_delays_nobody_for_long_and_is_usable_once_it_has_ended(
    site: SitePackages, gate: threading.Event
) -> None:
    site.install("bad-plugin", WAITS + handler_source("bad"))
    scanner = HandlerScanner(import_limit=0.05)

    for _ in range(2):
        registry = scan(site, scanner)
        assert list(registry.handlers) == ["good"]
        assert tuple(map(in_english, registry.problems)) == (
            Problem(
                kind=ProblemKind.IMPORT_HANGS,
                distribution="bad-plugin",
                version="1.0",
                message="bad-plugin 1.0 did not finish its import within 0.05 seconds, so it is not used."
                " Restart to try again; if that does not help, uninstall it and report this to its author.",
                handler_kind="bad_plugin",
            ),
        )

    gate.set()
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "import of a handler package"]
    thread.join(60)
    registry = scan(site, scanner)
    assert (list(registry.handlers), registry.problems) == (["bad", "good"], ())


def test_code_that_runs_goes_on_to_run_after_an_update(site: SitePackages) -> None:
    scanner = HandlerScanner()
    scan(site, scanner)
    site.remove("good-plugin", version="2.0")
    site.install("good-plugin", handler_source("better"), version="3.0")

    registry = scan(site, scanner)
    assert registry.plugins == (
        Plugin(name="good_plugin", distribution="good-plugin", version="2.0", kinds=("good",), installed_version="3.0"),
    )
    assert registry.get("good").version == "2.0"

    site.forget()
    registry = scan(site, HandlerScanner())
    assert (list(registry.handlers), registry.plugins[0].version) == (["better"], "3.0")


def test_package_that_came_later_takes_no_kind_away(site: SitePackages) -> None:
    scanner = HandlerScanner()
    scan(site, scanner)
    site.install("aaa-plugin", handler_source("good"))

    registry = scan(site, scanner)
    assert registry.get("good").distribution == "good-plugin"
    assert [problem.distribution for problem in registry.problems] == ["aaa-plugin"]

    site.remove("aaa-plugin")
    assert scan(site, scanner).problems == ()
