"""Where a person goes on who was told that something did not work: the repair that solves it, or the step."""

from homeassistant.core import HomeAssistant

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
)
from ha_device_backup_core.host import DeviceStatus, StoreFullError, decision_of

from ..const import DOMAIN
from ..entries import entry_path
from ..translation import Phrases, escape_markdown, loaded_texts
from .issues import STORE_FULL

_BY_SETTINGS = frozenset(
    {
        AuthenticationError.code,
        CannotConnectError.code,
        CertificateNotTrustedError.code,
        ConfigError.code,
        HostKeyNotTrustedError.code,
        KeyPairOfferedError.code,
    }
)
"""Errors that end when a person enters an address or a login, or trusts a certificate."""


def way_on(hass: HomeAssistant, status: DeviceStatus, error: str | None, phrases: Phrases) -> str | None:
    """Return what solves why the device is not backed up, in Markdown; None where trying again is all there is."""
    if (kind := decision_of(status)) is not None:
        return repair_leads_on(hass, kind, status.title, phrases)
    if error == StoreFullError.code:
        return repair_leads_on(hass, STORE_FULL, status.title, phrases)
    return phrases("way_reconfigure", entry=entry_path(hass, status.key)) if error in _BY_SETTINGS else None


def repair_leads_on(hass: HomeAssistant, kind: str, title: str, phrases: Phrases) -> str:
    """Return that a repair of that kind leads on, by the name that it has in the list."""
    name = loaded_texts(hass, "issues", phrases.language)[f"component.{DOMAIN}.issues.{kind}.title"]
    return phrases("way_repair", repair=escape_markdown(name.format(plain_name=title)))
