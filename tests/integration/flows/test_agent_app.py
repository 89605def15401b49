"""The agent that is an app of Home Assistant."""

from homeassistant.config_entries import SOURCE_HASSIO
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from ..flow_steps import start, submit
from ..running_agent import RunningAgent, set_up


async def test_the_message_of_the_supervisor_is_confirmed(hass: HomeAssistant, cellar: RunningAgent) -> None:
    paired = await cellar.paired()
    await set_up(hass)
    config = {
        "host": paired.host,
        "port": paired.port,
        "token": paired.token,
        "certificate_sha256": paired.sha256,
        "agent_id": paired.agent_id,
        "addon": "Agent",
    }
    form = await start(hass, SOURCE_HASSIO, HassioServiceInfo(config, "Agent", "local_agent", "uuid"))
    assert form["step_id"] == "hassio_confirm"
    done = await submit(hass, form)
    assert (done["type"], done["title"]) == (FlowResultType.CREATE_ENTRY, "Agent")
    await hass.async_block_till_done(wait_background_tasks=True)
    again = await start(hass, SOURCE_HASSIO, HassioServiceInfo(config, "Agent", "local_agent", "uuid"))
    assert again["reason"] == "agent_already_configured"
    other = {**config, "certificate_sha256": "0" * 64}
    changed = await start(hass, SOURCE_HASSIO, HassioServiceInfo(other, "Agent", "local_agent", "uuid"))
    assert changed["step_id"] == "hassio_changed"
    refused = await submit(hass, changed)
    assert refused["errors"] == {"base": "agent_not_trusted"}
    nothing = await start(hass, SOURCE_HASSIO, HassioServiceInfo({}, "Agent", "local_agent", "uuid"))
    assert nothing["reason"] == "no_agent"
    await hass.async_block_till_done(wait_background_tasks=True)
