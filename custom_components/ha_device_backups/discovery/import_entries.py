"""Makes entries of devices that other integrations have, each by a flow of its own, a few at a time."""

from collections.abc import Awaitable, Sequence

from homeassistant.config_entries import SOURCE_IMPORT, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import gather_with_limited_concurrency

from ..const import CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, CONF_KIND, DOMAIN
from .cards import async_show_device
from .found_devices import Offer

AT_A_TIME = 4


async def async_import_devices(
    hass: HomeAssistant, offers: Sequence[Offer], *, with_secrets: bool
) -> list[ConfigFlowResult]:
    """Return what became of each: an entry, a form for the person it needs, or why there is none."""

    def begun(offer: Offer) -> Awaitable[ConfigFlowResult]:
        if offer.needs_person(with_secrets=with_secrets):
            return async_show_device(hass, offer, with_secrets=with_secrets)
        return hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_IMPORT},
            data={
                CONF_KIND: offer.key.kind,
                CONF_DEVICE_UNIQUE_ID: offer.key.unique_id,
                CONF_DEVICE_CONFIG: offer.config(with_secrets=with_secrets),
                "title": offer.found.title,
            },
        )

    return list(await gather_with_limited_concurrency(AT_A_TIME, *(begun(offer) for offer in offers)))
