"""Looks for devices of other integrations, at start and later: shows their card, or adds new ones if that is wanted."""

import asyncio
from functools import partial

from homeassistant.components import persistent_notification
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.start import async_at_started

from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry

from ..const import DOMAIN, OPTION_ADD_KNOWN, OPTION_ADD_KNOWN_SECRETS
from ..entries import service_entry
from ..snapshots.deferred import async_publish
from ..translation import async_phrases, escape_markdown
from .cards import async_show_card, is_card_ignored
from .found_devices import Offer, async_offers, known_integrations
from .import_entries import async_import_devices


@callback
def async_watch_known_devices(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Begin to look, now or once Home Assistant has started."""
    _KnownDevicesWatch(hass, manager).begin()


class _KnownDevicesWatch:
    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        self._hass = hass
        self._manager = manager
        self._looking = asyncio.Lock()
        self._new: set[tuple[str, str | None]] = set()
        """Kinds and devices of the registry that came while Home Assistant runs and that were not offered yet."""

    @callback
    def begin(self) -> None:
        async_at_started(self._hass, self._started)
        async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        self._hass.bus.async_listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED, self._device_created, event_filter=self._is_creation
        )
        self._manager.subscribe_registry(self._registry_changed)

    @callback
    def _started(self, _: HomeAssistant) -> None:
        self._search_soon(self._kinds())

    @callback
    def _registry_changed(self, _: HandlerRegistry) -> None:
        if self._hass.is_running:
            self._search_soon(self._kinds())

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if change is ConfigEntryChange.ADDED and self._hass.is_running:
            self._search_soon(self._kinds(entry.domain))

    @callback
    def _is_creation(self, data: dr.EventDeviceRegistryUpdatedData) -> bool:
        return data["action"] == "create" and self._hass.is_running

    @callback
    def _device_created(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        device = dr.async_get(self._hass).async_get(event.data["device_id"])
        for integration in {domain for domain, _ in device.identifiers} if device else ():
            kinds = self._kinds(integration)
            self._new |= {(kind, event.data["device_id"]) for kind in kinds}
            self._search_soon(kinds)

    def _kinds(self, integration: str | None = None) -> list[str]:
        """Return the kinds of devices that this or any other integration may have."""
        return [
            kind
            for kind, registered in self._manager.registry.handlers.items()
            if (known := known_integrations(registered.spec)) and (integration is None or integration in known)
        ]

    @callback
    def _search_soon(self, kinds: list[str]) -> None:
        for kind in kinds:
            async_publish(self._hass, f"known {kind}", partial(self._begin_search, kind))

    @callback
    def _begin_search(self, kind: str) -> None:
        self._hass.async_create_background_task(self._search(kind), f"{DOMAIN} searches for known devices")

    async def _search(self, kind: str) -> None:
        async with self._looking:
            registered = self._manager.registry.handlers.get(kind)
            if registered is None:
                return
            offers = await async_offers(self._hass, self._manager, registered)
            added = await self._add([offer for offer in offers if self._takes(offer)])
            self._new -= {(kind, offer.found.device_id) for offer in offers}
            if len(added) < len(offers):
                async_show_card(self._hass, kind)

    def _takes(self, offer: Offer) -> bool:
        """Return whether it is new and is to be added without a word: nobody has to enter or to allow anything."""
        if (offer.key.kind, offer.found.device_id) not in self._new or is_card_ignored(self._hass, offer.key.kind):
            return False
        with_secrets = self._is_on(OPTION_ADD_KNOWN_SECRETS)
        return (
            self._is_on(OPTION_ADD_KNOWN)
            and (with_secrets or not offer.found.secrets)
            and not offer.needs_person(with_secrets=with_secrets)
        )

    async def _add(self, offers: list[Offer]) -> list[Offer]:
        """Add them and tell the people at home; return those that are added."""
        results = await async_import_devices(self._hass, offers, with_secrets=self._is_on(OPTION_ADD_KNOWN_SECRETS))
        added = [
            offer
            for offer, result in zip(offers, results, strict=True)
            if result["type"] is FlowResultType.CREATE_ENTRY
        ]
        if added:
            phrases = await async_phrases(self._hass, self._hass.config.language)
            listed = "\n".join(f"- {escape_markdown(offer.label)}" for offer in added)
            persistent_notification.async_create(
                self._hass, phrases("added_known", list=listed), phrases("added_known_title")
            )
        return added

    def _is_on(self, option: str) -> bool:
        entry = service_entry(self._hass)
        return entry is not None and bool(entry.options.get(option, False))
