"""Whose backup it is: asked at both ends of a fetch, and right before a restore."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import CannotConnectError, WrongDeviceError
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched

from .. import example_device
from ..example_device import ExampleDevice, running
from ..example_handler import ExampleHandler

ASSIGNED = f"assigned-{'0' * 32}"


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


async def test_a_device_that_tells_no_id_any_more_is_not_believed(device: ExampleDevice) -> None:
    class ForgetfulHandler(ExampleHandler):
        asked = 0

        async def test_connection(self) -> DeviceInfo:
            self.asked += 1
            info = await super().test_connection()
            return info if self.asked == 1 else DeviceInfo(unique_id=None, name=info.name)

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


async def test_a_restore_asks_right_before_it(device: ExampleDevice) -> None:
    artifact = (await fetched(device)).artifact
    device.requests.clear()
    config: dict[str, object] = {"host": "127.0.0.1", "port": device.port}
    device.info["id"] = "b2"
    with pytest.raises(WrongDeviceError):
        await runner.restore(registered(), config, artifact, lambda *_: None, expected_unique_id="a1")
    assert device.requests == ["GET /info", "GET /logout"]

    device.info["id"] = "a1"
    device.requests.clear()
    await runner.restore(registered(), config, artifact, lambda *_: None, expected_unique_id="a1")
    assert device.requests == ["GET /info", "PUT /config", "GET /logout"]
