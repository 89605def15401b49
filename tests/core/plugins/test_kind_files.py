"""Files of a person that describe kinds: read by the packages that know them, beside the handlers of packages."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.errors import HandlerUnavailableError
from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.kind_files import MOST_BYTES_OF_KIND_FILE, KindFile
from ha_device_backup_core.plugins.ownership import Ownership
from ha_device_backup_core.plugins.registry import HandlerScanner
from ha_device_backup_core.text import Message, in_language

from ..distributions import SitePackages, handler_source, in_english

READS = (
    handler_source("reader")
    + """
from functools import cache
from threading import Event

from ha_device_backup_core import Message

GATE = Event()


@cache
def made(kind):
    spec = HandlerSpec(kind=kind, name=kind.upper(), api_version=ApiVersion(1, 0), fields=())
    return type("Made", (Lamp,), {"spec": spec})


@hookimpl
def device_backup_handlers_of_file(name, content):
    if not name.endswith(".lamp"):
        return ()
    word = content.decode().strip()
    if word == "wrong":
        return (ValueError(f"{name}:1: a: b; c\\n{name}:2: d: e; f"),)
    if word == "says":
        return (ValueError(Message("{one} is wrong.", {"one": "a"}), Message("b is wrong, too."), "beside"),)
    if word == "raises":
        raise SystemExit(3)
    if word == "hangs":
        GATE.wait()
    if word == "two":
        return [made("one"), made("two")]
    return [3] if word == "three" else [made(word)]


@hookimpl
def device_backup_facts_of_file(name, content):
    return ["It connects nowhere."]
"""
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SitePackages]:
    packages = SitePackages(tmp_path / "site")
    packages.folder.mkdir()
    packages.install("reader-plugin", READS, version="2.0")
    packages.install("good-plugin", handler_source("good"))
    yield packages
    packages.forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kinds").mkdir()
    return tmp_path / "kinds"


def problem(name: str, message: str, kind: ProblemKind = ProblemKind.NOT_A_HANDLER) -> Problem:
    stem = name.partition(".")[0]
    return Problem(kind=kind, distribution=name, version="", message=message, handler_kind=stem)


def cannot(name: str, mistake: str) -> Problem:
    return problem(name, f"{name} cannot be used: {mistake} Hand in one that is right, or remove it.")


def test_file_becomes_a_handler_of_the_package_that_reads_it(site: SitePackages, folder: Path) -> None:
    (folder / "pump.lamp").write_text("pump")
    (folder / ".hidden.lamp").write_text("wrong")
    (folder / "deeper.lamp").mkdir()
    scanner = HandlerScanner(folders=[folder])

    with site.on_path():
        registry = scanner.scan()
        again = scanner.scan()

    assert registry == again
    assert (list(registry.handlers), registry.problems) == (["good", "pump", "reader"], ())
    found = registry.get("pump")
    assert (found.distribution, found.version, found.file) == ("reader-plugin", "2.0", "pump.lamp")
    assert scanner.ownership.owners["pump"] == "file:pump.lamp"
    assert [plugin.kinds for plugin in registry.plugins] == [("good",), ("reader",)]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("wrong", "pump.lamp:1: a: b; c"),
        ("raises", "SystemExit: 3"),
        ("two", "It describes more than one kind."),
    ],
)
def test_wrong_file_is_a_problem_of_its_own(site: SitePackages, folder: Path, content: str, mistake: str) -> None:
    (folder / "pump.lamp").write_text(content)
    (folder / "lamp.lamp").write_text("lamp")
    scanner = HandlerScanner(folders=[folder])
    with site.on_path():
        registry = scanner.scan()
        assert list(map(in_english, registry.problems)) == [cannot("pump.lamp", mistake)]
        assert list(registry.handlers) == ["good", "lamp", "reader"]
        with pytest.raises(HandlerUnavailableError):
            registry.get("pump")

        (folder / "pump.lamp").write_text("pump")
        registry = scanner.scan()
    assert (list(registry.handlers), registry.problems) == (["good", "lamp", "pump", "reader"], ())


def test_messages_of_an_exception_stay_messages(site: SitePackages) -> None:
    scanner = HandlerScanner()
    with site.on_path():
        scanner.scan()
        read = scanner.read(KindFile(name="pump.lamp", content=b"says"))
    assert read.mistakes == (Message("{one} is wrong.", {"one": "a"}), Message("b is wrong, too."))


def test_what_is_no_class_is_told(site: SitePackages) -> None:
    scanner = HandlerScanner()
    with site.on_path():
        scanner.scan()
        read = scanner.read(KindFile(name="pump.lamp", content=b"three"))
    (mistake,) = read.mistakes
    assert "it returned an object of type int" in in_language(mistake)


def test_person_is_told_of_every_mistake_and_of_what_a_good_file_does(site: SitePackages) -> None:
    scanner = HandlerScanner()
    with site.on_path():
        scanner.scan()
        wrong = scanner.read(KindFile(name="pump.lamp", content=b"wrong"))
        good = scanner.read(KindFile(name="pump.lamp", content=b"pump"))
    assert (wrong.kind, wrong.mistakes) == ("pump", ("pump.lamp:1: a: b; c", "pump.lamp:2: d: e; f"))
    assert (good.kind, good.mistakes, good.facts) == ("pump", (), ("It connects nowhere.",))


def test_file_that_nobody_reads(site: SitePackages, folder: Path) -> None:
    (folder / "pump.txt").write_text("pump")
    (folder / "tank.lamp").write_bytes(b"x" * (MOST_BYTES_OF_KIND_FILE + 1))
    with site.on_path():
        registry = HandlerScanner(folders=[folder]).scan()
    assert list(map(in_english, registry.problems)) == [
        cannot("pump.txt", "No package that is installed reads such files."),
        cannot("tank.lamp", f"It has more than {MOST_BYTES_OF_KIND_FILE} bytes."),
    ]


def test_folder_that_is_not_there_or_holds_links_is_as_an_empty_one(site: SitePackages, folder: Path) -> None:
    (folder / "pump.lamp").symlink_to(os.devnull)
    with site.on_path():
        registry = HandlerScanner(folders=[folder, folder / "none"]).scan()
    assert (list(registry.handlers), registry.problems) == (["good", "reader"], ())


def test_file_that_takes_too_long_is_told_and_read_when_it_is_done(site: SitePackages) -> None:
    scanner = HandlerScanner(import_limit=0.2)
    file = KindFile(name="pump.lamp", content=b"hangs")
    with site.on_path():
        scanner.scan()
        before = set(threading.enumerate())
        read = scanner.read(file)
        assert list(map(in_language, read.mistakes)) == ["reader-plugin 2.0 did not read it within 0.2 seconds."]
        (thread,) = set(threading.enumerate()) - before
        sys.modules["reader_plugin"].GATE.set()
        thread.join(60)
        assert scanner.read(file).kind == "hangs"


def test_kind_keeps_its_owner(site: SitePackages, folder: Path) -> None:
    (folder / "good.lamp").write_text("good")
    (folder / "late.lamp").write_text("late")
    scanner = HandlerScanner(folders=[folder])
    with site.on_path():
        registry = scanner.scan()
        assert registry.get("good").distribution == "good-plugin"
        assert list(map(in_english, registry.problems)) == [
            problem(
                "good.lamp",
                "good.lamp describes “good”, which good-plugin 1.0 already has; that one is used. Remove the one you"
                " do not want.",
                ProblemKind.DUPLICATE_KIND,
            )
        ]

        site.install("late-plugin", handler_source("late"))
        registry = scanner.scan()
        assert registry.get("late").file == "late.lamp"
        assert "late.lamp already has" in in_language(registry.problems[0].message)

        (folder / "late.lamp").unlink()
        assert scanner.scan().get("late").distribution == "late-plugin"


def test_broken_file_keeps_its_kind_from_others(site: SitePackages, folder: Path) -> None:
    (folder / "late.lamp").write_text("wrong")
    site.install("late-plugin", handler_source("late"))
    with site.on_path():
        registry = HandlerScanner(Ownership(owners={"late": "file:late.lamp"}), folders=[folder]).scan()
    assert "late" not in registry.handlers


def test_first_folder_counts(site: SitePackages, folder: Path, tmp_path: Path) -> None:
    (folder / "pump.lamp").write_text("pump")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pump.lamp").write_text("wrong")
    with site.on_path():
        registry = HandlerScanner(folders=[folder, tmp_path / "other"]).scan()
    assert registry.problems == ()
