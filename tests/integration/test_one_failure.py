"""One failure reads the same wherever it is told, in the language of the home."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.listeners.bus_events import EVENT
from custom_components.ha_device_backups.manager import async_running_manager
from ha_device_backup_core.records import Trigger
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, settle

UNREACHABLE = (
    "Das Gerät ist nicht erreichbar. Ist es eingeschaltet, und stimmt die Adresse?"
    " Vielleicht stimmt auch der Port nicht: Dort antwortet nichts."
)


def attributes_of(hass: HomeAssistant, platform: str, key: str) -> dict[str, object]:
    """Return the attributes of the device's entity with that key."""
    registry = er.async_get(hass)
    (entity,) = [
        one
        for one in registry.entities.values()
        if one.platform == DOMAIN and one.domain == platform and one.unique_id.endswith(f"{KEY}_{key}")
    ]
    state = hass.states.get(entity.entity_id)
    assert state is not None
    return dict(state.attributes)


async def test_a_german_home_reads_one_german_sentence(hass: HomeAssistant, wled: SimulatedWled) -> None:
    hass.config.language = "de"
    await add(hass, wled)
    manager = async_running_manager(hass)
    assert manager is not None
    events = async_capture_events(hass, EVENT)
    await wled.stop()

    await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)

    told = {
        "event entity": attributes_of(hass, "event", "backup")["message"],
        "problem": attributes_of(hass, "binary_sensor", "problem")["message"],
        "state": attributes_of(hass, "sensor", "state")["reason"],
        "automation": events[-1].data["message"],
    }
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "back_up", {"all": True}, blocking=True)
    told["action"] = (raised.value.translation_placeholders or {})["failures"].removeprefix("Shelf: ")
    answer = await hass.services.async_call(DOMAIN, "back_up", {"all": True}, blocking=True, return_response=True)
    assert answer is not None
    told["answer"] = answer["devices"][0]["error"]["message"]  # type: ignore[index,call-overload]
    assert told == dict.fromkeys(told, UNREACHABLE)

    await wled.start()
    await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)
    assert attributes_of(hass, "event", "backup")["message"] is None
    assert attributes_of(hass, "sensor", "state")["reason"] is None
