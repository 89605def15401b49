"""Every address that is offered, as the code registers it: for administrators alone."""

import re

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager

from ..household import KEY

PREFIX = f"/api/{DOMAIN}/"
GAP = re.compile(r"\{\w+(:[^}]*)?\}")


def offered(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return the method and an address of each."""
    routes = {(route.method, route.resource.canonical) for route in hass.http.app.router.routes() if route.resource}
    found = sorted((method, path) for method, path in routes if path.startswith(PREFIX) and method != "OPTIONS")
    assert {path.removeprefix(PREFIX).partition("/")[0] for _, path in found} >= {"snapshot", "import"}
    return [(method, GAP.sub("x", path)) for method, path in found]


@pytest.mark.parametrize("is_logged_in", [True, False])
async def test_others_are_refused(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
    *,
    is_logged_in: bool,
) -> None:
    client = await (hass_client(hass_read_only_access_token) if is_logged_in else hass_client_no_auth())
    for method, address in offered(hass):
        response = await client.request(method, address, data=b"x")
        assert (method, address, response.status) == (method, address, 401)
    assert manager.status(KEY).count == 1
