"""Everything that the page asks for, by subject."""

from homeassistant.core import HomeAssistant, callback

from .backing_up import async_register_backing_up
from .backups import async_register_backups
from .devices import async_register_devices
from .restores import async_register_restores


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Offer all commands."""
    async_register_backing_up(hass)
    async_register_backups(hass)
    async_register_devices(hass)
    async_register_restores(hass)
