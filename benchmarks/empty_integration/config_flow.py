"""Home Assistant sets up only entries of integrations with a flow."""

from homeassistant.config_entries import ConfigFlow

from . import DOMAIN


class EmptyFlow(ConfigFlow, domain=DOMAIN):
    """Is never shown."""
