"""Devices that were found: announced on the network, or known to another integration of this Home Assistant."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.async_ import gather_with_limited_concurrency
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from ha_device_backup_core import DeviceBackupError, HandlerSpec, KnownDevices
from ha_device_backup_core.host import (
    DeviceBackupManager,
    DeviceKey,
    FoundDevice,
    RegisteredHandler,
    address_of,
    can_be_own,
)

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry, device_entry
from ..forms.handler_fields import needs_person
from .recognition import PROBE_SECONDS, addresses_without_id

PROBES_AT_A_TIME = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A found device whose identity is known and that is not backed up yet."""

    key: DeviceKey
    found: FoundDevice
    spec: HandlerSpec
    ignored: bool
    """The person does not want to hear of it again."""

    @property
    def label(self) -> str:
        """Return how people tell it from others."""
        host = self.found.fields.get("host")
        return f"{self.found.title} ({host})" if host else self.found.title

    def config(self, *, with_secrets: bool) -> dict[str, object]:
        """Return what is known of its configuration."""
        return {**self.found.fields, **(self.found.secrets if with_secrets else {})}

    def needs_person(self, *, with_secrets: bool) -> bool:
        """Return whether it works only after a person entered or trusted something."""
        return needs_person(self.spec, self.config(with_secrets=with_secrets))


_ANNOUNCED: HassKey[dict[DeviceKey, FoundDevice]] = HassKey(f"{DOMAIN}_announced")
"""Devices that were announced and belong on the card of their kind."""


@callback
def is_in_other_integration(hass: HomeAssistant, spec: HandlerSpec, unique_id: str) -> bool:
    """Return whether another integration has the device, or the person ignored it there."""
    if any(found.unique_id == unique_id for found in known_devices(hass, spec)):
        return True
    return any(
        entry.unique_id == unique_id
        for matcher in _known_matchers(spec)
        for entry in hass.config_entries.async_entries(matcher.integration)
        if entry.source == SOURCE_IGNORE
    )


@callback
def known_devices(hass: HomeAssistant, spec: HandlerSpec) -> list[FoundDevice]:
    """Return the devices that other integrations have and this handler could back up."""
    devices = dr.async_get(hass)
    found: dict[tuple[object, ...], FoundDevice] = {}
    for matcher in _known_matchers(spec):
        for entry in hass.config_entries.async_entries(matcher.integration, include_ignore=False):
            for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
                known = _known_device(spec, matcher, entry, device)
                if known is not None:
                    found.setdefault((known.unique_id, *sorted(map(str, known.fields.items()))), known)
    return list(found.values())


async def async_offers(
    hass: HomeAssistant, manager: DeviceBackupManager, registered: RegisteredHandler, *, include_ignored: bool = False
) -> list[Offer]:
    """Return the found devices of a kind that are not backed up yet, by title; those without identity are asked.

    Ignored ones, and those that have a card of their own, belong only to the list that the person asked for.
    """
    found = await gather_with_limited_concurrency(
        PROBES_AT_A_TIME, *(_async_identify(manager, device) for device in known_devices(hass, registered.spec))
    )
    by_key = {DeviceKey(device.kind, device.unique_id): device for device in reversed(found) if device.unique_id}
    for key, announced in _announced(hass, registered.kind).items():
        known = by_key.get(key)
        by_key[key] = replace(known, fields={**known.fields, **announced.fields}) if known else announced
    hidden = set() if include_ignored else _cards(hass)
    without_id = addresses_without_id(hass, registered.spec)
    offers = [
        Offer(key=key, found=device, spec=registered.spec, ignored=is_ignored(hass, key))
        for key, device in by_key.items()
        if not _is_backed_up(hass, registered.spec, device, without_id)
        and str(key) not in hidden
        and (include_ignored or not is_ignored(hass, key))
    ]
    return sorted(offers, key=lambda offer: (offer.found.title.casefold(), offer.key))


@callback
def possible_offers(hass: HomeAssistant, registered: RegisteredHandler, *, include_ignored: bool = True) -> int:
    """Return how many devices there may be to offer, without asking any."""
    found = known_devices(hass, registered.spec)
    by_key = {DeviceKey(device.kind, device.unique_id): device for device in found if device.unique_id}
    by_key |= _announced(hass, registered.kind)
    unidentified = sum(1 for device in found if not device.unique_id)
    without_id = addresses_without_id(hass, registered.spec)
    return unidentified + sum(
        1
        for key, device in by_key.items()
        if not _is_backed_up(hass, registered.spec, device, without_id)
        and (include_ignored or not is_ignored(hass, key))
    )


@callback
def keep_announced(hass: HomeAssistant, key: DeviceKey, found: FoundDevice) -> None:
    """Keep an announced device among those that can be offered."""
    hass.data.setdefault(_ANNOUNCED, {})[key] = replace(found, unique_id=key.unique_id)


def known_integrations(spec: HandlerSpec) -> set[str]:
    """Return the integrations whose devices the handler could back up."""
    return {matcher.integration for matcher in _known_matchers(spec)}


async def _async_identify(manager: DeviceBackupManager, found: FoundDevice) -> FoundDevice:
    """Ask a device without known identity who it is; one that does not say in time stays without."""
    if found.unique_id:
        return found
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            device = await manager.probe(found.kind, found.fields)
    except (TimeoutError, DeviceBackupError):
        return found
    return replace(found, unique_id=device.unique_id, title=device.name)


def _is_backed_up(
    hass: HomeAssistant,
    spec: HandlerSpec,
    found: FoundDevice,
    without_id: Mapping[str | None, DeviceBackupsConfigEntry],
) -> bool:
    """Return whether there is an entry of its id, or one at its address of a device that told none until now."""
    known = device_entry(hass, DeviceKey(found.kind, str(found.unique_id)))
    address = address_of(spec, found.fields)
    return known is not None or (address is not None and address in without_id)


def is_ignored(hass: HomeAssistant, key: DeviceKey) -> bool:
    """Return whether the person does not want to hear of what has that unique id."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, str(key))
    return entry is not None and entry.source == SOURCE_IGNORE


def _cards(hass: HomeAssistant) -> set[str | None]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return {flow["context"].get("unique_id") for flow in flows}


def _announced(hass: HomeAssistant, kind: str) -> dict[DeviceKey, FoundDevice]:
    return {key: found for key, found in hass.data.get(_ANNOUNCED, {}).items() if key.kind == kind}


def _known_matchers(spec: HandlerSpec) -> list[KnownDevices]:
    return [matcher for matcher in spec.discovery if isinstance(matcher, KnownDevices)]


def _known_device(
    spec: HandlerSpec, matcher: KnownDevices, entry: ConfigEntry, device: dr.DeviceEntry
) -> FoundDevice | None:
    fields = {key: value for key, path in matcher.fields.items() if (value := _known_value(entry, device, path))}
    if len(fields) < len(matcher.fields):
        return None
    unique_id = _known_value(entry, device, matcher.unique_id) if matcher.unique_id else None
    secrets = {key: value for key, path in matcher.secrets.items() if (value := _known_value(entry, device, path))}
    return FoundDevice(
        kind=spec.kind,
        unique_id=str(unique_id) if can_be_own(spec, unique_id) else None,
        title=device.name_by_user or device.name or entry.title,
        fields=fields,
        secrets=secrets,
        device_id=device.id,
    )


def _known_value(entry: ConfigEntry, device: dr.DeviceEntry, path: str) -> object:
    if path.startswith("entry.data."):
        return entry.data.get(path.removeprefix("entry.data."))
    values = {
        "entry.unique_id": entry.unique_id,
        "device.configuration_url.host": URL(str(device.configuration_url or "")).host,
        "device.mac": next(_macs(device), None),
        "device.serial_number": device.serial_number,
        "device.name": device.name,
    }
    return values.get(path)


def _macs(device: dr.DeviceEntry) -> Iterator[str]:
    return (
        value.replace(":", "").lower()
        for kind, value in sorted(device.connections)
        if kind == dr.CONNECTION_NETWORK_MAC
    )
