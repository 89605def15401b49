"""The blueprints load, ask for no more than they use, and do what they say."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint import models
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.ha_device_backups.translation import async_load_language
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, settle
from .listeners.test_firmware_updates import register_update
from .test_device_trigger import BLUEPRINTS, sent, use_blueprint

FILES = sorted(BLUEPRINTS.glob("*.yaml"))
UPDATE = "update.shelf_firmware"


AUTOMATION = "automation.automation_0"


@pytest.fixture(autouse=True)
async def ended(hass: HomeAssistant) -> AsyncIterator[None]:
    """End the wait for a time of the day."""
    yield
    if hass.services.has_service("automation", "turn_off"):
        await hass.services.async_call("automation", "turn_off", {"entity_id": AUTOMATION}, blocking=True)


async def speak_german(hass: HomeAssistant) -> None:
    hass.config.language = "de"
    await async_load_language(hass, "de")


async def time_comes(hass: HomeAssistant) -> None:
    """Do what is done at the time of the day."""
    data = {"entity_id": AUTOMATION, "skip_condition": False}
    await hass.services.async_call("automation", "trigger", data, blocking=True)
    await settle(hass)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_blueprint_loads(file: Path) -> None:
    data: dict[str, Any] = load_yaml_dict(str(file))
    blueprint = models.Blueprint(data, path=file.name, expected_domain="automation", schema=AUTOMATION_BLUEPRINT_SCHEMA)
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/blueprints/automation/ha_device_backups/{file.name}")
    used = set(re.findall(r"!input (\w+)", file.read_text()))
    assert used == set(blueprint.inputs)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_blueprint_sends_no_words_of_its_own(file: Path) -> None:
    """They would be English in every home."""
    sent_on = re.findall(r"^ +(?:title|message): (.*)$", file.read_text(), re.MULTILINE)
    assert sent_on
    assert [words for words in sent_on if not re.fullmatch(r'"\{\{ [^{}]+ \}\}"', words)] == []


def test_all_are_described() -> None:
    page = (BLUEPRINTS.parents[2] / "docs/automations.md").read_text()
    assert [file.name for file in FILES if f"ha_device_backups/{file.name}" not in page] == []


async def test_once_a_month_somebody_is_told(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry
) -> None:
    messages = await use_blueprint(hass, "monthly.yaml", day=dt_util.now().day)
    await time_comes(hass)
    (said,) = sent(messages)
    assert said == ("Device backups", "All stored backups are undamaged: 1. Every device has a good backup.")


async def test_once_a_month_somebody_is_told_in_the_language_of_the_home(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    await speak_german(hass)
    wled.device.wipe()
    await manager.back_up(KEY)
    await settle(hass)
    messages = await use_blueprint(hass, "monthly.yaml", day=dt_util.now().day)
    await time_comes(hass)
    undamaged = "Alle gespeicherten Backups sind unbeschädigt: 2. Diese warten auf dich: Shelf."
    assert sent(messages) == [("Geräte-Backups", undamaged)]


async def test_on_another_day_nobody_is_told(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry
) -> None:
    messages = await use_blueprint(hass, "monthly.yaml", day=(dt_util.now().day + 5) % 28 + 1)
    await time_comes(hass)
    assert messages == []


async def test_only_waiting_updates_are_installed_and_a_failure_is_told(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    register_update(hass, "a0:b1:c2:d3:e4:f5")
    hass.states.async_set(UPDATE, "on", {"friendly_name": "Shelf firmware"})
    hass.states.async_set("update.other", "off")
    hass.states.async_set("update.foreign", "on", {"friendly_name": "Foreign firmware"})
    await speak_german(hass)
    messages = await use_blueprint(hass, "before_update.yaml", updates=["update.foreign", UPDATE, "update.other"])
    await wled.stop()
    await time_comes(hass)
    foreign, own = sent(messages)
    assert foreign == ("Foreign firmware", "update.foreign")
    assert own[0] == "Shelf firmware"
    assert own[1].startswith("Es wurde nichts installiert, weil Shelf vorher nicht")
    hass.states.async_remove("update.foreign")
    messages.clear()
    hass.services.async_remove("ha_device_backups", "update_with_backup")
    called = async_mock_service(hass, "ha_device_backups", "update_with_backup", response={"installed": True})
    await time_comes(hass)
    assert [call.data["entity_id"] for call in called] == [UPDATE]
    assert messages == []
