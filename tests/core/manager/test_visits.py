"""Devices that are not in care: known by their configuration, for as long as somebody works with them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import AuthenticationError, RestoreRejectedError, StoreError, UnexpectedResponseError
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.records import BackupCopy, DeviceKey, Outcome, Trigger
from tests.core.example_device import ExampleDevice, running, server_error

from .conftest import OpenHome
from .fakes import Home
from .test_real_device import REGISTRY

KEY = DeviceKey("example", "a1")
FACTORY = b'{"name": "factory"}'


@pytest.fixture
async def home(open_home: OpenHome) -> Home:
    return await open_home(registry=REGISTRY)


@pytest.fixture
async def device() -> AsyncIterator[ExampleDevice]:
    async with running(ExampleDevice()) as started:
        yield started


def config(device: ExampleDevice) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": device.port, "password": device.password}


async def held(home: Home) -> BackupCopy:
    backup, artifact = await home.manager.stored.read_backup(KEY, (await home.manager.stored.recommended(KEY)).id)
    return BackupCopy(backup=backup, artifact=artifact)


async def test_a_backup_takes_one_login_and_leaves_nothing_in_care(home: Home, device: ExampleDevice) -> None:
    first = await home.manager.visits.back_up("example", config(device), title="Lamp")
    second = await home.manager.visits.back_up("example", config(device))

    assert (first.key, first.title, first.outcome, first.trigger) == (KEY, "Lamp", Outcome.STORED, Trigger.MANUAL)
    assert (second.title, second.outcome) == ("Lamp", Outcome.UNCHANGED)
    assert device.requests.count("GET /logout") == 2
    assert home.manager.keys() == []


async def test_a_failed_backup_leaves_nothing(home: Home, device: ExampleDevice) -> None:
    device.faults["/info"] = server_error
    failed = await home.manager.visits.back_up("example", config(device))
    assert (failed.title, failed.outcome) == (f"127.0.0.1:{device.port}", Outcome.FAILED)
    assert isinstance(failed.error, UnexpectedResponseError)
    assert await home.manager.stored.devices() == []

    device.faults.clear()
    assert (await home.manager.visits.back_up("example", config(device))).outcome is Outcome.STORED


async def test_one_device_asked_for_many_times_at_once_is_stored_once(home: Home, device: ExampleDevice) -> None:
    results = await asyncio.gather(*(home.manager.visits.back_up("example", config(device)) for _ in range(5)))
    assert sorted(result.outcome for result in results) == [Outcome.STORED, *[Outcome.UNCHANGED] * 4]


async def test_the_history_of_an_address_goes_to_the_id_that_a_device_tells_later(
    home: Home, device: ExampleDevice
) -> None:
    device.info["id"] = None
    first = await home.manager.visits.back_up("example", config(device))
    assert is_assigned(first.key.unique_id)
    device.info["id"] = "a1"
    async with home.manager.visits.begin("example", config(device)) as visit:
        assert visit.key == KEY
        stored = await home.manager.stored.list_backups(KEY)
        assert [backup.id for backup in stored] == [first.backup and first.backup.id]


async def test_who_tells_no_id_any_more_is_the_one_that_was_met_there_last(
    home: Home, device: ExampleDevice, open_home: OpenHome
) -> None:
    """Above all not a second device, and not the one that was there before."""
    device.info["id"] = None
    nameless = await home.manager.visits.back_up("example", config(device))
    assert nameless.backup is not None
    earlier, device.info["id"] = nameless.key, "a1"
    first = await home.manager.visits.back_up("example", config(device))
    assert (first.key, first.outcome) == (KEY, Outcome.UNCHANGED)
    device.info["id"], device.config = "b2", b'{"name": "stranger"}'
    stranger = await home.manager.visits.back_up("example", config(device))
    assert stranger.key == DeviceKey("example", "b2")

    device.info["id"] = None
    for opened in (home, await open_home(registry=REGISTRY, write=False)):
        async with opened.manager.visits.begin("example", config(device)) as visit:
            assert visit.key == stranger.key
    again = await home.manager.visits.back_up("example", config(device))
    assert (again.key, again.outcome) == (stranger.key, Outcome.UNCHANGED)
    assert {record.key for record in await home.manager.stored.devices()} == {KEY, stranger.key}
    assert earlier != KEY


async def test_who_was_met_there_last_is_not_one_that_is_gone(home: Home, device: ExampleDevice) -> None:
    """Its history goes on under the id that it told meanwhile."""
    device.info["id"] = None
    nameless = await home.manager.visits.back_up("example", config(device))
    assert is_assigned(nameless.key.unique_id)

    device.info["id"] = "a1"
    async with home.manager.visits.begin("example", config(device)) as visit:
        assert visit.key == KEY
    device.info["id"] = None
    again = await home.manager.visits.back_up("example", config(device))
    assert (again.key, again.outcome) == (KEY, Outcome.UNCHANGED)
    assert [record.key for record in await home.manager.stored.devices()] == [KEY]


async def test_a_device_without_id_at_another_address_is_another(home: Home, device: ExampleDevice) -> None:
    await home.manager.visits.back_up("example", config(device))
    device.info["id"] = None
    by_name = await home.manager.visits.back_up("example", {**config(device), "host": "localhost"})
    assert is_assigned(by_name.key.unique_id)


async def test_a_copy_is_put_on_and_the_device_is_in_care_meanwhile_only(home: Home, device: ExampleDevice) -> None:
    await home.manager.visits.back_up("example", config(device))
    kept, device.config = device.config, FACTORY
    async with home.manager.visits.begin("example", config(device)) as visit:
        assert home.manager.keys() == [KEY]
        result = await home.manager.visits.restore(visit, await held(home), safety_backup=True)
    assert (device.config, result.after, home.manager.keys()) == (kept, None, [])
    assert [backup.undoes is not None for backup in await home.manager.stored.list_backups(KEY)] == [True, False]


async def test_a_login_that_is_accepted_ends_a_block(home: Home, device: ExampleDevice) -> None:
    await home.manager.visits.back_up("example", config(device))
    copy = await held(home)
    async with home.manager.visits.begin("example", config(device)) as visit:
        device.password = "another"
        with pytest.raises(AuthenticationError):
            await home.manager.visits.restore(visit, copy, safety_backup=True)
        device.password = ""
    async with home.manager.visits.begin("example", config(device)) as visit:
        await home.manager.visits.restore(visit, copy, safety_backup=True)


async def test_what_is_left_of_a_visit(home: Home, device: ExampleDevice, root: Path) -> None:
    """Nothing, but for a restore that did not end well."""
    await home.manager.visits.back_up("example", config(device))
    copy, device.info["id"] = await held(home), "new"
    async with home.manager.visits.begin("example", config(device)):
        pass
    assert [path.name for path in root.glob("example-*")] == ["example-a1"]

    device.faults["/config"] = server_error
    async with home.manager.visits.begin("example", config(device)) as visit:
        with pytest.raises(UnexpectedResponseError):
            await home.manager.visits.restore(visit, copy, safety_backup=False)
    assert (root / "example-new" / "device.json").exists()

    device.faults.clear()
    async with home.manager.visits.begin("example", config(device)) as visit:
        await home.manager.visits.restore(visit, copy, safety_backup=False)
    assert [path.name for path in root.glob("example-*")] == ["example-a1"]


async def test_parts_and_comparisons_need_no_device(home: Home) -> None:
    one, other = (Artifact(filename="config.json", content=content) for content in (FACTORY, b'{"name": "x"}'))
    assert await home.manager.visits.part("example", one, []) is one
    with pytest.raises(RestoreRejectedError, match="only as a whole"):
        await home.manager.visits.part("example", one, ["config.json"])
    assert [file.path for file in (await home.manager.visits.compare("example", one, other)).files] == ["config.json"]


async def test_to_read_a_store_takes_no_lock_and_changes_nothing(
    home: Home, device: ExampleDevice, open_home: OpenHome, root: Path
) -> None:
    await home.manager.visits.back_up("example", config(device))
    reading = await open_home(registry=REGISTRY, write=False)
    assert await reading.manager.stored.list_backups() == await home.manager.stored.list_backups()
    assert (await reading.manager.stored.verify()).problems == ()
    (kept,) = await reading.manager.stored.list_backups()
    for change in (reading.manager.stored.protect(KEY, kept.id), reading.manager.stored.delete_backup(KEY, kept.id)):
        with pytest.raises(StoreError):
            await change
    refused = await reading.manager.visits.back_up("example", config(device))
    assert isinstance(refused.error, StoreError)
    assert await home.manager.stored.list_backups() == [kept]
