"""One repair for each agent that does not do its work, made and taken back by itself."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import AgentAwayError, AgentNotTrustedError, AgentRefusedError, AgentVersionError

from ..const import CONF_AGENT_ID, DOMAIN
from ..entries import DeviceBackupsConfigEntry, devices_at_agent
from ..translation import bullets, error_text, escape_markdown, loaded_phrases, loaded_texts, moment, named
from .issues import create_issue, delete_issue

AGENT_AWAY = "agent_away"
AGENT_FAILED = "agent_failed"
AGENT_NOT_TRUSTED = "agent_not_trusted"
AGENT_VERSION = "agent_version"

PATIENCE = timedelta(minutes=5)
"""An agent that is started again, or starts after Home Assistant, is away for a while; nobody has to do anything."""

_AWAY_SINCE: HassKey[dict[str, datetime]] = HassKey(f"{DOMAIN}_agents_away_since")


@callback
def async_report_agent(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, error: DeviceBackupError) -> None:
    """Report why an agent does not do its work; that it is merely away, only once that lasts."""
    since = _away_since(hass).setdefault(entry.entry_id, dt_util.utcnow())
    if isinstance(error, AgentRefusedError):
        delete_issue(hass, _issue_id(entry))  # Home Assistant tells this one: it asks for a new code.
        return
    if isinstance(error, AgentAwayError) and dt_util.utcnow() - since < PATIENCE:
        return
    language, phrases = hass.config.language, loaded_phrases(hass)
    devices = [escape_markdown(device.title) for device in devices_at_agent(hass, entry.data[CONF_AGENT_ID])]
    placeholders = {
        **named(entry.title),
        "since": moment(since, phrases),
        "devices": bullets(sorted(devices, key=str.casefold)) or f"- {phrases('agent_no_devices')}",
        "error": escape_markdown(error_text(loaded_texts(hass, "exceptions"), error, language)),
    }
    create_issue(hass, _issue_id(entry), _kind(error), placeholders, severity=ir.IssueSeverity.ERROR)


@callback
def async_clear_agent_issue(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Take that back: it works again, or its entry is removed."""
    _away_since(hass).pop(entry.entry_id, None)
    delete_issue(hass, _issue_id(entry))


def _kind(error: DeviceBackupError) -> str:
    match error:
        case AgentAwayError():
            return AGENT_AWAY
        case AgentNotTrustedError():
            return AGENT_NOT_TRUSTED
        case AgentVersionError():
            return AGENT_VERSION
        case _:
            return AGENT_FAILED


def _issue_id(entry: DeviceBackupsConfigEntry) -> str:
    return f"agent_{entry.entry_id}"


def _away_since(hass: HomeAssistant) -> dict[str, datetime]:
    return hass.data.setdefault(_AWAY_SINCE, {})
