"""Everything that the page asks for, by subject."""

from homeassistant.core import HomeAssistant, callback

from .backing_up import async_register_backing_up
from .backups import async_register_backups
from .devices import async_register_devices
from .imports import async_register_imports
from .packages import async_register_packages
from .power_cut import async_register_power_cut
from .recipes import async_register_recipes
from .restores import async_register_restores
from .snapshots import async_register_snapshots


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Offer all commands."""
    async_register_backing_up(hass)
    async_register_backups(hass)
    async_register_devices(hass)
    async_register_imports(hass)
    async_register_packages(hass)
    async_register_power_cut(hass)
    async_register_recipes(hass)
    async_register_restores(hass)
    async_register_snapshots(hass)
