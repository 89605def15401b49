"""Adding devices by hand."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.records import DeviceKey
from tests.simulators.wled.server import SimulatedWled

from .conftest import MAC


async def choose(hass: HomeAssistant, kind: str) -> ConfigFlowResult:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.MENU
    return await hass.config_entries.flow.async_configure(result["flow_id"], {"next_step_id": f"handler_{kind}"})


async def submit(hass: HomeAssistant, result: ConfigFlowResult, **user_input: Any) -> ConfigFlowResult:
    return await hass.config_entries.flow.async_configure(result["flow_id"], user_input)


async def test_wled_is_added_and_backed_up_at_once(hass: HomeAssistant, wled: SimulatedWled) -> None:
    form = await choose(hass, "wled")
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "fields", None)

    options = await submit(hass, form, host=wled.host, port=float(wled.port))
    assert (options["type"], options["step_id"]) == (FlowResultType.FORM, "device_options")
    assert "Shelf" in options["description_placeholders"]["summary"]
    assert "Wi-Fi" in options["description_placeholders"]["summary"]

    result = await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert (entry.title, entry.unique_id, dict(entry.options)) == ("Shelf", f"wled:{MAC}", {})
    assert dict(entry.data) == {
        "kind": "wled",
        "unique_id": MAC,
        "config": {"host": wled.host, "port": wled.port, "pin": None},
    }
    backups = await (await async_get_manager(hass)).list_backups(DeviceKey("wled", MAC))
    assert [backup.trigger for backup in backups] == ["first"]
