"""Of several packages that bring the same kind, what had it keeps it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.errors import HandlerUnavailableError
from ha_device_backup_core.package_problems import ProblemKind
from ha_device_backup_core.plugins.ownership import Ownership
from ha_device_backup_core.plugins.registry import HandlerScanner

from ..distributions import SitePackages, handler_source, in_english


@pytest.mark.parametrize(
    ("ownership", "claimants", "silent", "owner"),
    [
        (Ownership(), {"zzz", "aaa"}, set(), "aaa"),
        (Ownership(), {"aaa", "ha-device-backup-big-lamp"}, set(), "ha-device-backup-big-lamp"),
        (Ownership(), {"aaa"}, {"ha-device-backup-big-lamp"}, "ha-device-backup-big-lamp"),
        (Ownership(own={"mmm"}), {"aaa", "mmm", "ha-device-backup-big-lamp"}, set(), "mmm"),
        (Ownership(own={"mmm"}), {"aaa"}, set(), "aaa"),
        (Ownership(owners={"big_lamp": "zzz"}, own={"mmm"}), {"aaa", "mmm", "zzz"}, set(), "zzz"),
        (Ownership(owners={"big_lamp": "zzz"}), {"aaa"}, {"zzz"}, "zzz"),
        (Ownership(owners={"big_lamp": "zzz"}, expected={"zzz"}), {"aaa"}, set(), "zzz"),
        (Ownership(owners={"big_lamp": "zzz"}), {"aaa"}, set(), "aaa"),
        (Ownership(owners={"other": "zzz"}, expected={"zzz"}), {"aaa", "zzz"}, set(), "aaa"),
    ],
)
def test_owner(ownership: Ownership, claimants: set[str], silent: set[str], owner: str) -> None:
    assert ownership.owner("big_lamp", claimants, silent) == owner


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SitePackages]:
    packages = SitePackages(tmp_path)
    packages.install("mmm-lamps", handler_source("lamp"))
    with packages.on_path():
        yield packages
    packages.forget()


def test_what_had_a_kind_keeps_it_over_restarts(site: SitePackages) -> None:
    before = HandlerScanner()
    before.scan()
    assert before.ownership == Ownership(owners={"lamp": "mmm-lamps"})
    site.install("aaa-lamps", handler_source("lamp"))
    site.install("ha-device-backup-lamp", handler_source("lamp"))

    for scanner in (before, HandlerScanner(before.ownership)):
        registry = scanner.scan()
        assert registry.get("lamp").distribution == "mmm-lamps"
        assert [(problem.kind, problem.distribution) for problem in registry.problems] == [
            (ProblemKind.DUPLICATE_KIND, "aaa-lamps"),
            (ProblemKind.DUPLICATE_KIND, "ha-device-backup-lamp"),
        ]
        assert [(plugin.distribution, plugin.kinds) for plugin in registry.plugins] == [
            ("aaa-lamps", ()),
            ("ha-device-backup-lamp", ()),
            ("mmm-lamps", ("lamp",)),
        ]

    site.remove("mmm-lamps")
    assert before.scan().get("lamp").distribution == "ha-device-backup-lamp"
    assert before.ownership.owners == {"lamp": "ha-device-backup-lamp"}
    site.install("mmm-lamps", handler_source("lamp"))
    assert before.scan().get("lamp").distribution == "ha-device-backup-lamp"


def test_nobody_inherits_from_a_package_that_is_broken_or_missing_for_a_while(site: SitePackages) -> None:
    site.install("aaa-lamps", handler_source("lamp"))
    ownership = Ownership(owners={"lamp": "mmm-lamps"}, expected={"mmm-lamps"})
    site.install("mmm-lamps", "raise OSError('no luck')", version="1.0")

    broken = HandlerScanner(ownership).scan()
    with pytest.raises(HandlerUnavailableError) as caught:
        broken.get("lamp")
    assert in_english(caught.value.problem).message == (
        "aaa-lamps 1.0 brings a handler for “lamp”, which mmm-lamps had; that one cannot be used at present."
        " Mend it, or uninstall it if you want the other one."
    )
    assert [problem.kind for problem in broken.problems] == [ProblemKind.IMPORT_FAILED, ProblemKind.DUPLICATE_KIND]

    site.remove("mmm-lamps")
    assert list(HandlerScanner(ownership).scan().handlers) == []

    site.forget()
    site.install("mmm-lamps", handler_source("lamp"), version="1.1")
    assert HandlerScanner(ownership).scan().get("lamp").version == "1.1"


def test_a_kind_that_its_package_gave_up_is_free(site: SitePackages) -> None:
    site.install("aaa-lamps", handler_source("lamp"))
    site.install("mmm-lamps", handler_source("torch"))

    registry = HandlerScanner(Ownership(owners={"lamp": "mmm-lamps"})).scan()
    assert {kind: handler.distribution for kind, handler in registry.handlers.items()} == {
        "lamp": "aaa-lamps",
        "torch": "mmm-lamps",
    }


def test_two_handlers_of_one_package_for_a_kind(site: SitePackages) -> None:
    twice = handler_source("torch", name="One") + handler_source("torch", name="Two")
    site.install("ttt-lamps", twice.replace("return [Two]", "return [One, Two]"))

    registry = HandlerScanner().scan()
    assert registry.get("torch").handler.__name__ == "One"
    assert [problem.kind for problem in registry.problems] == [ProblemKind.DUPLICATE_KIND]
