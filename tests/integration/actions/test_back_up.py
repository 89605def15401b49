"""Backing up, and who may act."""

import pytest
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change
from .calls import Response, act


async def test_back_up_answers_how_it_went(
    hass: HomeAssistant, device_id: str, manager: DeviceBackupManager, wled: SimulatedWled, backup_id: str
) -> None:
    unchanged = {
        "device_id": device_id,
        "device_key": str(KEY),
        "title": "Shelf",
        "outcome": "unchanged",
        "backup_id": backup_id,
        "whole": True,
        "missing": [],
        "doubts": [],
        "suspect": None,
        "error": None,
        "retry_at": None,
    }
    assert await act(hass, "back_up", device_id=[device_id]) == {"devices": [unchanged]}

    await wled.stop()
    failed = (await act(hass, "back_up", all=True))["devices"][0]
    assert failed["error"]["code"] == "cannot_connect"
    assert {**failed, "error": None} == {**unchanged, "outcome": "failed", "backup_id": None, "whole": None}

    await wled.start()
    change(wled)
    stored = await act(hass, "back_up", device_id=device_id)
    newest = manager.status(KEY).newest
    assert newest is not None
    assert stored == {"devices": [{**unchanged, "outcome": "stored", "backup_id": newest.id}]}


async def test_back_up_without_an_answer_raises(hass: HomeAssistant, device_id: str, wled: SimulatedWled) -> None:
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "back_up", response=False, all=True)
    assert raised.value.translation_key == "backups_failed"
    await wled.start()
    assert await act(hass, "back_up", response=False, all=True) == {}


@pytest.mark.parametrize("data", [{}, {"all": False}, {"device_id": []}])
async def test_back_up_does_not_mean_all_by_silence(hass: HomeAssistant, device_id: str, data: Response) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", **data)
    assert raised.value.translation_key == "back_up_what"
    assert (await act(hass, "back_up", all=True))["devices"][0]["device_id"] == device_id


@pytest.mark.parametrize("device", ["nonsense", "the service"])
async def test_other_devices_are_refused(hass: HomeAssistant, device_id: str, device: str) -> None:
    if device == "the service":
        entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, "service")
        assert entry is not None
        device = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[0].id
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", device_id=[device])
    assert raised.value.translation_key == "unknown_device"
    assert (await act(hass, "back_up", device_id=[device_id]))["devices"][0]["outcome"] == "unchanged"


async def test_a_device_that_is_not_set_up_cannot_be_backed_up(
    hass: HomeAssistant, device_id: str, set_up: MockConfigEntry
) -> None:
    assert await hass.config_entries.async_unload(set_up.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "back_up", device_id=[device_id])
    assert raised.value.translation_key == "device_not_set_up"
    assert await hass.config_entries.async_setup(set_up.entry_id)
    assert (await act(hass, "back_up", device_id=[device_id]))["devices"][0]["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("back_up", {}),
        ("list_backups", {}),
        ("verify", {}),
        ("restore", {"device_id": "x"}),
        ("delete_backup", {"device_id": "x", "backup_id": "y"}),
        ("export_backup", {"device_id": "x"}),
        ("update_with_backup", {"entity_id": "update.x"}),
    ],
)
async def test_actions_are_for_administrators(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_read_only_user: MockUser, action: str, data: Response
) -> None:
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=Context(user_id=hass_read_only_user.id)
        )
