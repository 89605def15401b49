"""Jobs with the example device, as the tests of the runner ask for them."""

from dataclasses import replace

import pytest

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler, DeviceInfo, Prompt
from ha_device_backup_core.errors import (
    DeviceBackupError,
)
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched

from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler

CANARY = "c4nary/ se+cret"


DEVICE = DeviceInfo(unique_id="a1", name="Kitchen", version="1.2")


ARTIFACT = Artifact(filename="config.json", content=b'{"name": "kitchen", "uptime": 1}', media_type="application/json")


def registered(handler: type[DeviceBackupHandler] = ExampleHandler) -> RegisteredHandler:
    return RegisteredHandler(handler=handler, distribution="ha-device-backup-example", version="3.1")


EXAMPLE = registered()


def hurried(handler: type[ExampleHandler] = ExampleHandler, *, seconds: float = 0.2) -> RegisteredHandler:
    class Hurried(handler):  # type: ignore[misc, valid-type] # a class made for one test
        spec = replace(handler.spec, fetch_timeout=seconds)

    return registered(Hurried)


def config(device: ExampleDevice, **more: object) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": device.port, "password": CANARY, **more}


class Listener:
    def __init__(self) -> None:
        self.told: list[Prompt | None] = []

    def show(self, prompt: Prompt | None) -> None:
        self.told.append(prompt)


async def fetched(device: ExampleDevice, handler: RegisteredHandler = EXAMPLE, **more: object) -> Fetched:
    return await runner.fetch(handler, config(device, **more), expected_unique_id="a1")


async def refused(device: ExampleDevice, handler: RegisteredHandler = EXAMPLE) -> DeviceBackupError:
    with pytest.raises(DeviceBackupError) as caught:
        await fetched(device, handler)
    assert CANARY not in f"{caught.value} {caught.value!r} {caught.value.args} {caught.value.detail_in('de')}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


class Raising(ExampleHandler):
    error: BaseException

    async def fetch_backup(self) -> Artifact:
        raise self.error
