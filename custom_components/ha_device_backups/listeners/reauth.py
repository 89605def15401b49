"""Asks for what a backup failed for want of: a login, a setting that was refused, or trust in a new certificate."""

from contextlib import suppress
from functools import partial

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import CertificateNotTrustedError, ConfigError, DeviceBackupError, HandlerSpec
from ha_device_backup_core.host import BackupNotFoundError, Health, JobResult

from ..const import CONF_PROBLEM
from ..coordinator import DeviceChange, async_coordinator
from ..entries import DeviceBackupsConfigEntry, device_key
from ..forms.handler_fields import shown_fields, trusted_field
from ..snapshots.deferred import async_publish


@callback
def async_watch_login(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Start a reauth when only a person can go on, and take it back once a backup succeeds.

    Nothing is started while Home Assistant makes a snapshot: a reauth writes below the configuration folder. The
    manager tells the status again afterwards.
    """
    manager, key = entry.runtime_data.manager, device_key(entry)

    @callback
    def check(change: DeviceChange) -> None:
        for event in change.events:
            if isinstance(event, JobResult):
                take_result(event)
        ask_if_refused()

    @callback
    def take_result(result: JobResult) -> None:
        name, registered = f"reauth {entry.entry_id}", manager.handlers.find(key)
        if result.error is None:
            async_publish(hass, name, partial(_take_back, hass, entry))
        elif registered is not None and can_be_entered(registered.spec, result.error):
            problem = {CONF_PROBLEM: result.error}
            async_publish(hass, name, partial(entry.async_start_reauth, hass, data=problem))

    @callback
    def ask_if_refused() -> None:
        with suppress(BackupNotFoundError):
            if not manager.snapshot_in_progress and manager.status(key).health is Health.BLOCKED:
                entry.async_start_reauth(hass)

    entry.async_on_unload(async_coordinator(hass).listen(key, check))
    ask_if_refused()


def can_be_entered(spec: HandlerSpec, error: DeviceBackupError) -> bool:
    """Return whether a person can put this right in a form of the handler's fields."""
    if isinstance(error, CertificateNotTrustedError):
        return trusted_field(spec) is not None
    return isinstance(error, ConfigError) and spec.field(error.field) in shown_fields(spec)


@callback
def _take_back(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    for flow in tuple(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        hass.config_entries.flow.async_abort(flow["flow_id"])
