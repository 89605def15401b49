"""A Home Assistant with a configuration folder of its own, simulated devices, and handlers from real distributions."""

import custom_components  # noqa: F401  isort: skip - before the fixtures' own package of that name

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, mock_storage

import ha_device_backup_http
import ha_device_backup_ssh
from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import FritzboxTiming
from tests.core.example_device import ExampleDevice, running
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled.server import SimulatedWled

from . import acme
from .running_agent import EXAMPLE, PASSWORD, RunningAgent

MAC = "a0b1c2d3e4f5"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None) -> None:
    """Keep every file of a test below its own folder, and let it talk to 127.0.0.1."""
    folder = tmp_path / "config"
    folder.mkdir()
    hass.config.config_dir = str(folder)


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Keep what the loop checks of threads in its debug mode, without what costs half of the time of all tests.

    These are the stacks noted for each future and each coroutine, and the question whether a callback is a coroutine
    function: types answer that one, and a coroutine that nobody awaits fails its test.
    """
    loop = asyncio.get_running_loop()
    vars(loop).update(
        get_debug=lambda: False, _set_coroutine_origin_tracking=lambda _: None, _check_callback=lambda *_: None
    )
    loop.set_debug(True)


@pytest.fixture(scope="session")
def _storage() -> Iterator[dict[str, Any]]:
    with mock_storage() as stored:
        yield stored


@pytest.fixture
def hass_storage(_storage: dict[str, Any]) -> dict[str, Any]:
    """Return what Home Assistant stores, nothing yet; what keeps it off the disk is put in place for all tests once."""
    _storage.clear()
    return _storage


@pytest.fixture(autouse=True, scope="session")
def disable_http_server() -> Iterator[None]:
    """Start no web server in any test, as the fixtures of that name do in each anew."""
    server = "homeassistant.components.http.HomeAssistantHTTP"
    with patch(f"{server}.async_bind"), patch(f"{server}.start"):
        yield


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep uploaded files below the test's own folder; Home Assistant has one for the whole machine."""
    monkeypatch.setattr("homeassistant.components.file_upload.TEMP_DIR_NAME", str(tmp_path / "uploads"))


@pytest.fixture(autouse=True)
def _no_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the kinds of recipes, which come and go with every release: menus and reports are compared whole."""
    monkeypatch.setattr(ha_device_backup_http, "recipe_handlers", lambda _: ())


@pytest.fixture(autouse=True)
def _no_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the kinds of devices with SSH, too; tests of their forms bring them back."""
    monkeypatch.setattr(ha_device_backup_ssh, "ssh_handlers", lambda: ())


@pytest.fixture
async def wled() -> AsyncIterator[SimulatedWled]:
    """Return a controller that is switched on, with few files: its handler is tried with all there may be."""
    async with SimulatedWled(name="Shelf", mac=MAC, few_files=True) as controller:
        yield controller


@pytest.fixture
async def locked_wled() -> AsyncIterator[SimulatedWled]:
    """Return a controller with a PIN."""
    async with SimulatedWled(
        name="Porch", mac="b0b1c2d3e4f5", pin="2468", pin_cooldown=0.0, few_files=True
    ) as controller:
        yield controller


@pytest.fixture
async def boiler() -> AsyncIterator[ExampleDevice]:
    """Return a device of the third-party kind."""
    device = ExampleDevice(info={"id": "boiler-7", "name": "Boiler", "version": "3.1"}, password="canary-password")
    async with running(device):
        yield device


@pytest.fixture
def acme_handler(tmp_path: Path) -> Iterator[None]:
    """Install a third-party handler package."""
    with acme.installed(tmp_path / "site-packages"):
        yield


@pytest.fixture
async def fritz(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SimulatedFritzBox]:
    """Return a router that wants its button pressed, which somebody does soon after it is asked for."""
    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(confirm=60.0, poll=0.02))
    async with SimulatedFritzBox() as router:
        router.box.confirmation.polls_until_pressed = 3
        yield router


@pytest.fixture
def refused_handshakes(hass: HomeAssistant) -> None:
    """Let a simulated TLS device complain that its certificate was refused."""
    handle = hass.loop.get_exception_handler()

    def forgive(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), ConnectionResetError) and handle is not None:
            handle(loop, context)

    hass.loop.set_exception_handler(forgive)


@pytest.fixture
async def cellar(tmp_path: Path) -> AsyncIterator[RunningAgent]:
    """Return an agent that runs, with one kind."""
    agent = await RunningAgent(tmp_path / "agent", HandlerRegistry(handlers={"example": EXAMPLE})).start()
    yield agent
    await agent.stop()


@pytest.fixture
async def kitchen() -> AsyncIterator[ExampleDevice]:
    """Return a device of that kind."""
    async with running(ExampleDevice(password=PASSWORD)) as device:
        yield device


@pytest.fixture
def wled_entry(wled: SimulatedWled) -> MockConfigEntry:
    """Return the entry of the controller, not set up."""
    return make_wled_entry(wled)


@pytest.fixture
async def set_up(hass: HomeAssistant, wled_entry: MockConfigEntry) -> MockConfigEntry:
    """Return the entry of the controller, set up, first backup made."""
    wled_entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return wled_entry


@pytest.fixture
async def manager(hass: HomeAssistant, set_up: MockConfigEntry) -> DeviceBackupManager:
    """Return the manager of a home whose controller was backed up once."""
    return await async_get_manager(hass)


@pytest.fixture
async def home_assistant_backups(hass: HomeAssistant) -> BackupManager:
    """Return Home Assistant's own backup manager."""
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    backups = hass.data[DATA_MANAGER]
    await backups.async_get_backups()
    return backups


def make_wled_entry(wled: SimulatedWled, **config: object) -> MockConfigEntry:
    """Return an entry as the config flow makes it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=wled.device.name,
        unique_id=f"wled:{wled.device.mac}",
        data={
            "kind": "wled",
            "unique_id": wled.device.mac,
            "config": {"host": wled.host, "port": wled.port, "pin": None, **config},
        },
    )
