"""Devices of all kinds for a disaster: what each holds, how it is wiped, and what a person does with its backup."""

import contextlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from ha_device_backup_core.testing import SimulatedServer
from scripts.live.boxes import simulated_box
from scripts.live.controllers import Model, simulated_controllers
from tests.simulators import http_service, tasmota
from tests.simulators.wled import PIN, Chip

FACTORY_SETTINGS = {"name": "", "uptime": 0, "wifi": {}, "times": []}
OWN_FILES = frozenset({"/.settings"})
"""Which Tasmota makes itself; no backup puts them back."""
IGNORED = ("/uptime", "/times/*/last_run")
"""What the service counts by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """One device, and what happens to it."""

    kind: str
    title: str
    answers: Mapping[str, object]
    """What to enter in Home Assistant's forms."""
    settings: Sequence[str]
    """What to enter on the command line."""
    held: Callable[[], object]
    """Return what a person set, byte by byte where the device keeps it so."""
    wipe: Callable[[], object]
    certificate: str = ""
    server: SimulatedServer | None = None
    """The device, where it can be slow on purpose."""
    upload: Callable[[bytes], object] | None = None
    """What a person does with the file of a backup, None where the product puts it back."""


def _set(values: Mapping[str, object]) -> list[str]:
    return [part for key, value in values.items() for part in ("--set", f"{key}={value}")]


@contextlib.asynccontextmanager
async def devices_of_all_kinds() -> AsyncIterator[list[Gear]]:
    """Start six devices of four kinds; of most kinds two, an old one and one with a login."""
    models = (Model("Bookshelf", "0.14.4", Chip.ESP8266), Model("Garden fence", "16.0.0", Chip.ESP32_S3, PIN))
    async with contextlib.AsyncExitStack() as stack:
        started = await stack.enter_async_context(simulated_controllers(models))
        controllers = [
            Gear(
                kind=controller.kind,
                title=controller.name,
                answers=controller.answers,
                settings=_set(controller.settings),
                held=controller.files,
                wipe=controller.wipe,
                server=controller.wled,
            )
            for controller in started
        ]
        switches = [
            await _switch(stack, "12.5.0", tasmota.Chip.ESP8266, "Heater", "c0b1c2d3e4f5", ""),
            await _switch(stack, "16.0.0", tasmota.Chip.ESP32, "Pond", "d0b1c2d3e4f5", tasmota.PASSWORD),
        ]
        yield [*controllers, *switches, await _box(stack), await _service(stack)]


async def _switch(
    stack: contextlib.AsyncExitStack, version: str, chip: tasmota.Chip, name: str, mac: str, password: str
) -> Gear:
    running = await stack.enter_async_context(
        tasmota.SimulatedTasmota(version, chip, name=name, mac=mac, password=password)
    )
    device = running.device
    login = {"username": "admin", "password": password} if password else {}
    entered = {"host": running.host, "port": running.port, **login}

    def held() -> object:
        texts = [device.settings.text(index) for index in tasmota.TextIndex]
        rules = bytes(device.settings.content[tasmota.Place.RULES :][:512])
        files = {path: content for path, content in device.files.items() if path not in OWN_FILES}
        return files, texts, rules, dict(device.drivers)

    return Gear(kind="tasmota", title=name, answers=entered, settings=_set(entered), held=held, wipe=device.wipe)


async def _box(stack: contextlib.AsyncExitStack) -> Gear:
    running = await stack.enter_async_context(simulated_box())
    box = running.fritz.box

    def upload(content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            (export,) = (name for name in opened.namelist() if name.endswith(".export"))
            box.take_back(opened.read(export))

    answers = running.answers
    entered = {
        "host": answers["host"],
        "port": answers["port"],
        "username": answers["username"],
        "password": answers["password"],
        "export_password": answers["option_1"],
        "certificate": running.certificate,
    }
    return Gear(
        kind=running.kind,
        title=running.name,
        answers=answers,
        settings=_set(entered),
        held=lambda: box.holding,
        wipe=box.reset,
        certificate=running.certificate,
        upload=upload,
    )


async def _service(stack: contextlib.AsyncExitStack) -> Gear:
    service = await stack.enter_async_context(http_service.SimulatedService(http_service.LoginStyle.BASIC))
    entered = {
        "url": f"{service.origin}{http_service.SETTINGS_PATH}",
        "login": "basic",
        "username": http_service.USERNAME,
        "password": http_service.PASSWORD,
        "ignore": list(IGNORED),
    }
    slots = {"login": "option_1", "ignore": "option_14"}

    def held() -> object:
        return {
            **service.settings,
            "uptime": 0,
            "times": [{**time, "last_run": 0} for time in service.settings["times"]],
        }

    def wipe() -> None:
        service.settings = deepcopy(FACTORY_SETTINGS)

    def upload(content: bytes) -> None:
        service.settings = json.loads(content)

    return Gear(
        kind="http",
        title=service.origin.partition("://")[2],
        answers={slots.get(key, key): value for key, value in entered.items()},
        settings=_set({**entered, "ignore": "\n".join(IGNORED)}),
        held=held,
        wipe=wipe,
        upload=upload,
    )
