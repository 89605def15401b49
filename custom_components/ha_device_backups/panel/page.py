"""The page in the sidebar: its file, built from `frontend/`, and its place."""

import hashlib
from pathlib import Path

from homeassistant.components.frontend import async_panel_exists, async_remove_panel
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.panel_custom import async_register_panel
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant

from ..const import DOMAIN, PAGE
from ..translation import async_phrases

_FILE = Path(__file__).with_name("page") / "page.js"
_STATIC = f"/{DOMAIN}_page"


async def async_show_page(hass: HomeAssistant) -> None:
    """Put the page into the sidebar, for administrators, in the home's language; once."""
    if async_panel_exists(hass, PAGE):
        return
    digest = await hass.async_add_executor_job(_digest)
    await hass.http.async_register_static_paths([StaticPathConfig(_STATIC, str(_FILE.parent), cache_headers=False)])

    async def show(_: Event | None = None) -> None:
        title = (await async_phrases(hass, hass.config.language))("page_title")
        async_remove_panel(hass, PAGE, warn_if_unknown=False)
        await async_register_panel(
            hass,
            frontend_url_path=PAGE,
            webcomponent_name="device-backups-panel",
            sidebar_title=title,
            sidebar_icon="mdi:backup-restore",
            module_url=f"{_STATIC}/{_FILE.name}?{digest}",
            require_admin=True,
        )

    await show()
    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, show)


def _digest() -> str:
    """Return what changes with the file, so that no browser keeps an old one."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:12]
