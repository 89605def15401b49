"""The cards by which found devices are offered, and the flows behind them."""

from collections.abc import Awaitable, Mapping

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.discovery_flow import DiscoveryKey, async_create_flow

from ha_device_backup_core import HandlerSpec
from ha_device_backup_core.host import DeviceBackupManager, DeviceKey, FoundDevice, RegisteredHandler

from ..const import CONF_KIND, DOMAIN
from ..forms.handler_fields import secret_fields
from .found_devices import Offer, async_offers, is_ignored, keep_announced

IMPORT = "import"
"""Begin of the unique id of the one card for all found devices of a kind."""
OFFER = "offer"
WITH_SECRETS = "with_secrets"


@callback
def is_card_ignored(hass: HomeAssistant, kind: str) -> bool:
    """Return whether the person does not want to hear of found devices of a kind."""
    return is_ignored(hass, DeviceKey(IMPORT, kind))


@callback
def async_announce(hass: HomeAssistant, key: DeviceKey, found: FoundDevice) -> None:
    """Put an announced device on the card of its kind."""
    keep_announced(hass, key, found)
    async_show_card(hass, key.kind)


@callback
def async_show_card(hass: HomeAssistant, kind: str) -> None:
    """Show the card that offers all found devices of a kind at once."""
    async_create_flow(
        hass,
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={CONF_KIND: kind},
        discovery_key=DiscoveryKey(domain=DOMAIN, key=f"{IMPORT}:{kind}", version=1),
    )


async def async_hide_empty_card(
    hass: HomeAssistant, manager: DeviceBackupManager, registered: RegisteredHandler
) -> None:
    """Take the card of a kind away if it has nothing more to offer."""
    if await async_offers(hass, manager, registered):
        return
    for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN):
        if flow["context"].get("unique_id") == f"{IMPORT}:{registered.kind}":
            hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def async_show_device(hass: HomeAssistant, offer: Offer, *, with_secrets: bool) -> Awaitable[ConfigFlowResult]:
    """Show a card for a device that works only after a person entered or trusted something."""
    return hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={CONF_KIND: offer.key.kind, OFFER: offer, WITH_SECRETS: with_secrets},
    )


async def async_offer_separately(
    hass: HomeAssistant, spec: HandlerSpec, unique_id: str, title: str, config: Mapping[str, object]
) -> str | None:
    """Show a card for a device that answered by this configuration; return its flow, to go on with at once."""
    key = DeviceKey(spec.kind, unique_id)
    if flow_of(hass, key) is None:
        secrets = {declared.key for declared in secret_fields(spec)}
        found = FoundDevice(
            kind=key.kind,
            unique_id=unique_id,
            title=title,
            fields={name: value for name, value in config.items() if name not in secrets},
            secrets={name: value for name, value in config.items() if name in secrets},
        )
        await async_show_device(hass, Offer(key=key, found=found, spec=spec, ignored=False), with_secrets=True)
    return flow_of(hass, key)


@callback
def flow_of(hass: HomeAssistant, key: DeviceKey) -> str | None:
    """Return the id of the flow in which a device is being added, or is offered."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN, match_context={"unique_id": str(key)})
    return next((flow["flow_id"] for flow in flows), None)


@callback
def async_hide_card(hass: HomeAssistant, key: DeviceKey) -> None:
    """Do not offer a device that turned out to be a known one."""
    if (flow_id := flow_of(hass, key)) is not None:
        hass.config_entries.flow.async_abort(flow_id)


@callback
def flows_that_import(hass: HomeAssistant) -> list[str]:
    """Return the ids of the flows behind those cards, by unique id."""
    shown = hass.config_entries.flow.async_progress_by_handler(
        DOMAIN, match_context={"source": SOURCE_INTEGRATION_DISCOVERY}
    )
    by_unique_id = {str(flow["context"].get("unique_id")): flow["flow_id"] for flow in shown}
    return [by_unique_id[key] for key in sorted(by_unique_id) if not key.startswith(f"{IMPORT}:")]


@callback
def discovered_kinds(hass: HomeAssistant) -> set[str]:
    """Return the kinds of which devices are shown as discovered."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    ids = [str(flow["context"].get("unique_id") or "").removeprefix(f"{IMPORT}:") for flow in flows]
    return {unique_id.partition(":")[0] for unique_id in ids if unique_id}
