"""The page in the sidebar: its file, built from `frontend/`, and its place."""

import hashlib
from functools import partial
from pathlib import Path

from homeassistant.components.frontend import async_panel_exists, async_remove_panel
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.panel_custom import async_register_panel
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, PAGE
from ..translation import async_phrases

_FILE = Path(__file__).with_name("page") / "page.js"
_STATIC = f"/{DOMAIN}_page"
_ADDRESS: HassKey[str] = HassKey(f"{DOMAIN}_page_address")


async def async_show_page(hass: HomeAssistant) -> None:
    """Put the page into the sidebar, for administrators, in the home's language."""
    if _ADDRESS not in hass.data:
        digest = await hass.async_add_executor_job(_digest)
        hass.data[_ADDRESS] = f"{_STATIC}/{_FILE.name}?{digest}"
        await hass.http.async_register_static_paths([StaticPathConfig(_STATIC, str(_FILE.parent), cache_headers=False)])
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, partial(_async_rename, hass))
    if not async_panel_exists(hass, PAGE):
        await _async_show(hass)


@callback
def async_hide_page(hass: HomeAssistant) -> None:
    """Take the page away: nothing is left that it could show."""
    async_remove_panel(hass, PAGE, warn_if_unknown=False)


async def _async_show(hass: HomeAssistant) -> None:
    await async_register_panel(
        hass,
        frontend_url_path=PAGE,
        webcomponent_name="device-backups-panel",
        sidebar_title=(await async_phrases(hass, hass.config.language))("page_title"),
        sidebar_icon="mdi:backup-restore",
        module_url=hass.data[_ADDRESS],
        require_admin=True,
    )


async def _async_rename(hass: HomeAssistant, event: Event) -> None:
    """Show the page under its name in another language; nobody's open page is disturbed for anything else."""
    if "language" in event.data and async_panel_exists(hass, PAGE):
        async_remove_panel(hass, PAGE)
        await _async_show(hass)


def _digest() -> str:
    """Return what changes with the file, so that no browser keeps an old one."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:12]
