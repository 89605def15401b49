"""Whose backup it is: asked at both ends of a fetch and of a restore."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import CannotConnectError, RestoreNotVerifiedError, WrongDeviceError
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.text import in_language

from .. import example_device
from ..example_device import ExampleDevice, running
from ..example_handler import ExampleHandler

ASSIGNED = f"assigned-{'0' * 32}"
WITHHELD = "The device does not tell at present which one it is. Make sure that no other one has its address."


class TellingHandler(ExampleHandler):
    """Its artifact tells whose it is."""

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        return "b2" if b"stranger" in artifact.content else "a1"


class NamelessHandler(ExampleHandler):
    """Its devices have no id of their own."""

    async def test_connection(self) -> DeviceInfo:
        await super().test_connection()
        return DeviceInfo(unique_id=None, name="Kitchen")


def registered(handler: type[ExampleHandler] = ExampleHandler) -> RegisteredHandler:
    return RegisteredHandler(handler=handler, distribution="ha-device-backup-example", version="3.1")


@pytest.fixture
async def device() -> AsyncIterator[ExampleDevice]:
    async with running(ExampleDevice()) as started:
        yield started


def swapped_after(device: ExampleDevice, path: str) -> None:
    """Let another device take over the address once the path was answered."""

    async def answer(request: web.Request) -> web.StreamResponse:
        del device.faults[path]
        response = await device.answer(request)
        device.info["id"] = "b2"
        device.config = b'{"name": "stranger"}'
        return response

    device.faults[path] = answer


async def fetched(
    device: ExampleDevice, handler: type[ExampleHandler] = ExampleHandler, *, expected: str | None = "a1"
) -> Fetched:
    config: dict[str, object] = {"host": "127.0.0.1", "port": device.port}
    return await runner.fetch(registered(handler), config, expected_unique_id=expected)


@pytest.mark.parametrize("path", ["/info", "/config"])
@pytest.mark.parametrize("expected", ["a1", None, ASSIGNED])
async def test_a_device_that_is_swapped_in_the_middle(device: ExampleDevice, path: str, expected: str | None) -> None:
    swapped_after(device, path)
    with pytest.raises(WrongDeviceError) as caught:
        await fetched(device, expected=expected)
    assert caught.value.detail is None

    device.info["id"] = "a1"
    assert (await fetched(device, expected=expected)).device.unique_id == "a1"


async def test_an_artifact_that_tells_its_owner_is_believed(device: ExampleDevice) -> None:
    await fetched(device, TellingHandler)
    assert device.requests == ["GET /info", "GET /config", "GET /logout"]

    swapped_after(device, "/info")
    with pytest.raises(WrongDeviceError):
        await fetched(device, TellingHandler)


class ForgetfulHandler(ExampleHandler):
    """Tells once who it is."""

    asked = 0

    async def test_connection(self) -> DeviceInfo:
        self.asked += 1
        info = await super().test_connection()
        return info if self.asked == 1 else DeviceInfo(unique_id=None, name=info.name)


async def test_a_device_that_tells_no_id_any_more_is_not_believed(device: ExampleDevice) -> None:
    with pytest.raises(WrongDeviceError):
        await fetched(device, ForgetfulHandler)


async def test_a_kind_without_ids_is_asked_once(device: ExampleDevice) -> None:
    await fetched(device, NamelessHandler, expected=ASSIGNED)
    assert device.requests == ["GET /info", "GET /config", "GET /logout"]


async def test_a_device_that_is_silent_at_the_end_has_no_backup(device: ExampleDevice) -> None:
    async def then_closes(request: web.Request) -> web.StreamResponse:
        device.faults["/info"] = example_device.broken_off
        return await ExampleDevice.answer(ExampleDevice(config=device.config), request)

    device.faults["/config"] = then_closes
    with pytest.raises(Exception, match="too early") as caught:
        await fetched(device)
    assert not isinstance(caught.value, (WrongDeviceError, CannotConnectError))

    device.faults.clear()
    assert (await fetched(device)).device.unique_id == "a1"


async def test_the_own_id_takes_the_place_of_an_assigned_one(device: ExampleDevice) -> None:
    assert is_assigned(ASSIGNED)
    assert (await fetched(device, expected=ASSIGNED)).device.unique_id == "a1"


OLD = Artifact(filename="config.json", content=b'{"name": "attic"}', media_type="application/json")


class Waiting:
    """What comes before a restore, and takes long enough for another device to get the address."""

    def __init__(self, device: ExampleDevice, *, unique_id: str = "a1") -> None:
        self.device = device
        self.unique_id = unique_id
        self.ended_with: list[type[BaseException] | None] = []

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[None]:
        self.device.info["id"] = self.unique_id
        try:
            yield
        except WrongDeviceError as error:
            self.ended_with.append(type(error))
            raise
        self.ended_with.append(None)


async def restored(
    device: ExampleDevice,
    handler: type[ExampleHandler] = ExampleHandler,
    *,
    begin: Waiting | None = None,
    expected: str | None = "a1",
) -> RestoreReport:
    config: dict[str, object] = {"host": "127.0.0.1", "port": device.port}
    device.requests.clear()
    return await runner.restore(
        registered(handler), config, OLD, lambda *_: None, expected_unique_id=expected, begin=begin
    )


async def test_a_restore_asks_at_both_ends(device: ExampleDevice) -> None:
    device.info["id"] = "b2"
    with pytest.raises(WrongDeviceError):
        await restored(device)
    assert device.requests == ["GET /info", "GET /logout"]

    device.info["id"] = "a1"
    assert await restored(device) == RestoreReport(proven=("config.json",))
    assert device.requests == ["GET /info", "PUT /config", "GET /info", "GET /logout"]


@pytest.mark.parametrize("expected", ["a1", None, ASSIGNED])
async def test_a_restore_that_waited_asks_again_before_it_touches_anything(
    device: ExampleDevice, expected: str | None
) -> None:
    stranger, before = Waiting(device, unique_id="b2"), device.config
    with pytest.raises(WrongDeviceError):
        await restored(device, begin=stranger, expected=expected)
    assert device.requests == ["GET /info", "GET /info", "GET /logout"]
    assert (device.config, stranger.ended_with) == (before, [WrongDeviceError])

    device.info["id"] = "a1"
    same = Waiting(device)
    assert await restored(device, begin=same, expected=expected) == RestoreReport(proven=("config.json",))
    assert device.requests == ["GET /info", "GET /info", "PUT /config", "GET /info", "GET /logout"]
    assert (device.config, same.ended_with) == (OLD.content, [None])


async def test_a_device_that_is_swapped_during_a_restore_is_no_success(device: ExampleDevice) -> None:
    swapped_after(device, "/config")
    with pytest.raises(RestoreNotVerifiedError, match="Another device has its address now"):
        await restored(device)

    device.info["id"] = "a1"
    assert await restored(device) == RestoreReport(proven=("config.json",))


async def test_a_device_that_is_away_at_the_end_leaves_what_was_read_back(device: ExampleDevice) -> None:
    async def then_is_silent(request: web.Request) -> web.StreamResponse:
        device.faults = {"/info": example_device.broken_off}
        return await device.answer(request)

    device.faults["/config"] = then_is_silent
    assert await restored(device) == RestoreReport(proven=("config.json",))

    device.faults.clear()
    assert await restored(device) == RestoreReport(proven=("config.json",))


async def test_a_device_that_tells_none_at_the_end_leaves_it_open_which_one_got_it(device: ExampleDevice) -> None:
    report = await restored(device, ForgetfulHandler)
    assert (report.proven, *map(in_language, report.unproven)) == (("config.json",), WITHHELD)
    assert await restored(device) == RestoreReport(proven=("config.json",))


async def test_a_kind_without_ids_is_asked_once_for_a_restore(device: ExampleDevice) -> None:
    report = await restored(device, NamelessHandler, begin=Waiting(device, unique_id="b2"), expected=ASSIGNED)
    assert report == RestoreReport(proven=("config.json",))
    assert device.requests == ["GET /info", "PUT /config", "GET /logout"]
