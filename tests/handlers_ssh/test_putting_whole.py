"""Backups that a simulated router itself reads as a whole."""

from collections.abc import AsyncIterator, Callable

import pytest

from ha_device_backup_core import (
    Artifact,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    UnexpectedResponseError,
    in_language,
)
from ha_device_backup_core.testing import run_job, run_plan, run_restore
from tests.simulators.ssh import SimulatedOpenWrt

from .conftest import HANDLERS, config, told

UNSURE = "It may hold all of the backup, a part of it or nothing: restore again."
OPENWRT = HANDLERS["openwrt_ssh"]


@pytest.fixture
async def router() -> AsyncIterator[SimulatedOpenWrt]:
    async with SimulatedOpenWrt() as device:
        yield device


async def test_a_router_is_restarted_and_read_back(router: SimulatedOpenWrt) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n\toption hostname 'cellar'\n")
    plan = await run_plan(OPENWRT, config(router), artifact)
    (file,) = plan.files
    assert [in_language(text) for text in file.details] == ["etc/config/system is written"]
    assert plan.restarts
    report = await run_restore(OPENWRT, config(router), artifact)
    assert told(report) == {"proven": ["Every file of the backup was read back and is equal."]}
    assert "attic" in (router.config / "system").read_text()
    assert (await run_plan(OPENWRT, config(router), artifact)).changes_nothing


@pytest.mark.parametrize("uptime", ["nan 1.00", "inf 1.00", "", "1e999 1", "-1 1"])
async def test_a_router_that_does_not_tell_its_uptime_is_left_alone(
    router: SimulatedOpenWrt, monkeypatch: pytest.MonkeyPatch, uptime: str
) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n")
    say = router.say
    with monkeypatch.context() as odd:
        odd.setattr(router, "say", lambda path, said: say(path, f"{uptime}\n" if path == "/proc/uptime" else said))
        with pytest.raises(UnexpectedResponseError) as caught:
            await run_restore(OPENWRT, config(router), artifact)
    assert caught.value.detail_in() == "It does not say for how long it has been running."
    assert (router.config / "system").read_text() == "config system\n"
    await run_restore(OPENWRT, config(router), artifact)


async def test_a_router_with_another_release_is_left_alone(router: SimulatedOpenWrt) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    router.version = "25.12.1"
    router.tell()
    for act in (run_plan, run_restore):
        with pytest.raises(RestoreRejectedError, match=r"The backup is of 24\.10, and it runs 25\.12 now\."):
            await act(OPENWRT, config(router), artifact)
    router.version = "24.10.4"
    router.tell()
    await run_restore(OPENWRT, config(router), artifact)


async def test_a_router_of_another_model_is_left_alone(router: SimulatedOpenWrt) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n")
    router.model = "TP-Link Archer C7 v5"
    router.tell()
    for act in (run_plan, run_restore):
        with pytest.raises(
            RestoreRejectedError, match=r"is of a GL\.iNet GL-MT3000, and this is a TP-Link Archer C7 v5"
        ):
            await act(OPENWRT, config(router), artifact)
    assert (router.config / "system").read_text() == "config system\n"
    alone = Artifact(filename="backup.tar.gz", content=artifact.files()["backup.tar.gz"], media_type="application/gzip")
    assert [in_language(text) for text in (await run_plan(OPENWRT, config(router), alone)).risks] == [
        "If its address or its networks change by it, you have to find it there.",
        "The backup does not say of which model it is: on another one its network may not work.",
    ]


def _stays_away(router: SimulatedOpenWrt) -> None:
    router.program("reboot", "true")


def _refuses(router: SimulatedOpenWrt) -> None:
    refuse = 'case "$*" in -r*) echo "Image check failed" >&2; exit 1;; esac'
    router.program("sysupgrade", f'{refuse}\ncd "$ROOT/flash" && tar czf - etc')


def _forgets(router: SimulatedOpenWrt) -> None:
    router.program("sysupgrade", 'case "$*" in -r*) cat >/dev/null;; *) cd "$ROOT/flash" && tar czf - etc;; esac')


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (_stays_away, "The device answers, but does not show that it has restarted. Restore again."),
        (_refuses, f"{UNSURE} The device says: Image check failed"),
        (_forgets, "etc/config/system is written"),
    ],
)
async def test_what_a_router_can_do_wrong(
    router: SimulatedOpenWrt, fault: Callable[[SimulatedOpenWrt], None], detail: str
) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n")
    programs = {name: (router.bin / name).read_text() for name in ("reboot", "sysupgrade")}
    fault(router)
    with pytest.raises(RestoreNotVerifiedError) as caught:
        await run_restore(OPENWRT, config(router), artifact)
    assert caught.value.detail_in() == detail
    for name, script in programs.items():
        (router.bin / name).write_text(script)
    await run_restore(OPENWRT, config(router), artifact)


async def test_a_router_that_goes_away_while_it_takes_the_backup_may_hold_any_part_of_it(
    router: SimulatedOpenWrt,
) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n")
    router.before = lambda command, _given: router.hang_up() if "sysupgrade -r" in command else None
    with pytest.raises(RestoreNotVerifiedError) as caught:
        await run_restore(OPENWRT, config(router), artifact)
    assert caught.value.detail_in().startswith(UNSURE)
    router.before = lambda _command, _given: None
    (router.folder / "device-backup.left").write_text("of an earlier try")
    assert (await run_restore(OPENWRT, config(router), artifact)).proven
    assert not list(router.folder.glob("device-backup.*"))


async def test_a_router_that_got_half_of_a_backup_takes_nothing_of_it(router: SimulatedOpenWrt) -> None:
    artifact = (await run_job(OPENWRT, config(router))).artifact
    (router.config / "system").write_text("config system\n")
    router.faults.half = 1
    with pytest.raises(RestoreRejectedError):
        await run_restore(OPENWRT, config(router), artifact)
    assert (router.config / "system").read_text() == "config system\n"
    assert not any("sysupgrade -r" in command for command in router.commands)
    assert (await run_restore(OPENWRT, config(router), artifact)).proven
    assert not list(router.folder.glob("device-backup.*"))
