"""What a set-up config entry holds, and which of the three sorts of entries it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_LOCATION, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ha_device_backup_core import DeviceBackupHandler, DeviceInfo
from ha_device_backup_core.host import AgentHello, AgentRepository, DeviceBackupManager, DeviceKey, PairedAgent

from .const import (
    CONF_AGENT,
    CONF_AGENT_ID,
    CONF_CERTIFICATE,
    CONF_DEVICE_UNIQUE_ID,
    CONF_KIND,
    CONF_PASSWORDS,
    DOMAIN,
    SERVICE_UNIQUE_ID,
)

_MOST_PASSWORDS: Final = 5


@dataclass(frozen=True, slots=True)
class DeviceBackupsData:
    """The one manager, and the device of a device entry, or the agent of an agent's entry."""

    manager: DeviceBackupManager
    key: DeviceKey | None
    handler: type[DeviceBackupHandler] | None = None
    """By what the device could be backed up when it was set up; its entry is reloaded when that changes."""
    agent: DataUpdateCoordinator[AgentHello] | None = None
    """Looks whether the agent answers."""

    @property
    def has_handler(self) -> bool:
        """Return whether the device could be backed up when it was set up."""
        return self.handler is not None


type DeviceBackupsConfigEntry = ConfigEntry[DeviceBackupsData]


def is_service(entry: DeviceBackupsConfigEntry) -> bool:
    """Return whether this is the entry that holds the defaults."""
    return entry.unique_id == SERVICE_UNIQUE_ID


def is_device(entry: DeviceBackupsConfigEntry) -> bool:
    """Return whether this is the entry of a device."""
    return entry.source != SOURCE_IGNORE and CONF_KIND in entry.data


def is_agent(entry: DeviceBackupsConfigEntry) -> bool:
    """Return whether this is the entry of an agent."""
    return entry.source != SOURCE_IGNORE and CONF_AGENT_ID in entry.data


def paired_agent(entry: DeviceBackupsConfigEntry) -> PairedAgent:
    """Return the agent of an entry, called as people call it here."""
    return PairedAgent(
        agent_id=entry.data[CONF_AGENT_ID],
        name=entry.title,
        host=entry.data[CONF_HOST],
        port=entry.data[CONF_PORT],
        sha256=entry.data[CONF_CERTIFICATE],
        token=entry.data[CONF_TOKEN],
    )


def agent_data(paired: PairedAgent) -> dict[str, object]:
    """Return the data of an agent's entry."""
    return {
        CONF_AGENT_ID: paired.agent_id,
        CONF_HOST: paired.host,
        CONF_PORT: paired.port,
        CONF_CERTIFICATE: paired.sha256,
        CONF_TOKEN: paired.token,
    }


def with_repository(known: Mapping[str, Any] | None, repository: AgentRepository) -> Mapping[str, Any]:
    """Return what is kept of an agent's repository: passwords of before stay, the newest comes first."""
    before = (
        [] if known is None else [password for password in known[CONF_PASSWORDS] if password != repository.password]
    )
    return {CONF_LOCATION: repository.location, CONF_PASSWORDS: [repository.password, *before][:_MOST_PASSWORDS]}


def agent_of(entry: DeviceBackupsConfigEntry) -> str | None:
    """Return the id of the agent that asks the device of an entry, None where Home Assistant does."""
    agent: str | None = entry.data.get(CONF_AGENT)
    return agent


def device_key(entry: DeviceBackupsConfigEntry) -> DeviceKey:
    """Return the identity of the device of an entry."""
    return DeviceKey(entry.data[CONF_KIND], entry.data[CONF_DEVICE_UNIQUE_ID])


@callback
def service_entry(hass: HomeAssistant) -> DeviceBackupsConfigEntry | None:
    """Return the entry that holds the defaults, None while there is none."""
    return hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, SERVICE_UNIQUE_ID)


@callback
def device_entries(hass: HomeAssistant) -> list[DeviceBackupsConfigEntry]:
    """Return the entries of all devices, disabled ones included."""
    return [entry for entry in hass.config_entries.async_entries(DOMAIN) if is_device(entry)]


@callback
def agent_entries(hass: HomeAssistant) -> list[DeviceBackupsConfigEntry]:
    """Return the entries of all agents, disabled ones included."""
    return [entry for entry in hass.config_entries.async_entries(DOMAIN) if is_agent(entry)]


@callback
def present_agents(hass: HomeAssistant) -> list[DeviceBackupsConfigEntry]:
    """Return the entries of the agents that answer at present."""
    return [entry for entry in agent_entries(hass) if _answers(entry)]


def _answers(entry: DeviceBackupsConfigEntry) -> bool:
    agent = entry.runtime_data.agent if entry.state is ConfigEntryState.LOADED else None
    return agent is not None and agent.last_update_success


@callback
def agent_entry(hass: HomeAssistant, agent_id: str) -> DeviceBackupsConfigEntry | None:
    """Return the entry of an agent."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, agent_id)
    return entry if entry is not None and is_agent(entry) else None


@callback
def devices_at_agent(hass: HomeAssistant, agent_id: str) -> list[DeviceBackupsConfigEntry]:
    """Return the entries of the devices that an agent asks."""
    return [entry for entry in device_entries(hass) if agent_of(entry) == agent_id]


@callback
def device_entry(hass: HomeAssistant, key: DeviceKey) -> DeviceBackupsConfigEntry | None:
    """Return the entry of a device."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, str(key))
    return entry if entry is not None and is_device(entry) else None


def entry_path(hass: HomeAssistant, key: DeviceKey) -> str:
    """Return where Home Assistant shows the entry of a device, in whose menu it is reconfigured."""
    entry = device_entry(hass, key)
    return f"/config/integrations/integration/{DOMAIN}" + ("" if entry is None else f"#config_entry={entry.entry_id}")


def described(device: DeviceInfo) -> str:
    """Return what a person tells a device by."""
    about = " ".join(filter(None, (device.model, device.version)))
    return f"{device.name} ({about})" if about else device.name
