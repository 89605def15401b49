"""Entities that act, act for administrators; automations are nobody's."""

import pytest
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, change, settle

ACTING = [
    ("button", "press", "button.shelf_back_up_now"),
    ("button", "press", "button.device_backups_back_up_all"),
    ("switch", "turn_off", "switch.shelf_backup_schedule"),
    ("switch", "turn_on", "switch.shelf_backup_schedule"),
]


async def act(hass: HomeAssistant, domain: str, action: str, entity_id: str, user_id: str | None) -> None:
    context = Context(user_id=user_id)
    await hass.services.async_call(domain, action, {"entity_id": entity_id}, blocking=True, context=context)
    await settle(hass)


@pytest.fixture
def person(hass: HomeAssistant) -> MockUser:
    """Return somebody who may use every entity, and is no administrator."""
    user = MockUser().add_to_hass(hass)
    user.mock_policy({"entities": True})
    return user


@pytest.mark.parametrize(("domain", "action", "entity_id"), ACTING)
async def test_others_are_refused(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    person: MockUser,
    domain: str,
    action: str,
    entity_id: str,
) -> None:
    change(wled)
    with pytest.raises(Unauthorized):
        await act(hass, domain, action, entity_id, person.id)
    with pytest.raises(UnknownUser):
        await act(hass, domain, action, entity_id, "somebody who was deleted")
    assert (manager.status(KEY).count, dict(set_up.options)) == (1, {})


@pytest.mark.parametrize("by_automation", [True, False])
async def test_administrators_and_automations_act(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    hass_admin_user: MockUser,
    *,
    by_automation: bool,
) -> None:
    change(wled)
    for acting in ACTING[:1] + ACTING[2:]:
        await act(hass, *acting, None if by_automation else hass_admin_user.id)
    assert manager.status(KEY).count == 2
