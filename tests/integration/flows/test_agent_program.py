"""A program that the administrator of an agent allows: added without a field to fill, backed up, put back."""

import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.records import DeviceKey

from ..flow_steps import pick, start, submit, until_done
from ..running_agent import RunningAgent, agent_entry, set_up


async def test_an_allowed_program_is_a_device(hass: HomeAssistant, cellar: RunningAgent) -> None:
    database = cellar.folder.parent / "database"
    database.write_text("three tables")
    await cellar.stop()
    (cellar.folder / "programs.toml").write_text(
        f"""
        [[program]]
        id = "tables"
        name = "Tables"
        argv = ["/bin/cat", "{database}"]
        restore = ["/usr/bin/tee", "{database}"]
        """
    )
    await cellar.start()
    agent = agent_entry(await cellar.paired())
    await set_up(hass, agent)

    menu = await start(hass)
    assert isinstance(menu["menu_options"], dict)
    labels = {label: step for step, label in menu["menu_options"].items()}
    form = await pick(hass, menu, labels["Tables, by agent “Cellar”"])
    assert (form["step_id"], form["data_schema"]) == ("fields", vol.Schema({}))
    form = await until_done(hass, await submit(hass, form))
    result = await submit(hass, form, schedule="default")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Tables")
    await hass.async_block_till_done(wait_background_tasks=True)

    manager = await async_get_manager(hass)
    key = DeviceKey("command_tables", str(result["result"].unique_id).partition(":")[2])
    (backup,) = await manager.stored.list_backups(key)
    database.write_text("none")
    await manager.restore(key, backup.id, safety_backup=False)
    assert database.read_text() == "three tables"
