"""The handler packages that come with this integration."""

from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..const import DOMAIN


async def async_bundled(hass: HomeAssistant) -> frozenset[str]:
    """Return the names of what the manifest asks for."""
    integration = await async_get_integration(hass, DOMAIN)
    return frozenset(str(canonicalize_name(Requirement(line).name)) for line in integration.requirements)
