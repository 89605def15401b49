"""Work that a page shows and that goes on without it: a notification tells how it ended, unless the page did."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import expected_errors_only

from ..const import DOMAIN
from ..translation import async_error_text, async_phrases, escape_markdown

_LOGGER = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds in which most work is done; only then a progress page is shown."""

type Notification = tuple[str, str]
"""Title and text."""


class LastingWork[ResultT]:
    """One piece of work, begun at once."""

    page: "asyncio.Task[None]"
    """What the page waits for: Home Assistant cancels it when the page is closed, and the work goes on.

    It is the same one each time the page is asked for: of each, Home Assistant goes a step on, and past the one that
    the browser fetches.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        work: Coroutine[Any, Any, ResultT],
        describe: Callable[[ResultT], Coroutine[Any, Any, Notification]],
    ) -> None:
        """`describe` says how it ended to somebody who left."""
        self._hass = hass
        self._name = name
        self._describe = describe
        self._is_read = False
        self._work = hass.async_create_task(work, f"{DOMAIN} {name}")

    @property
    def is_done(self) -> bool:
        """Return whether it ended."""
        return self._work.done()

    async def async_has_ended_soon(self) -> bool:
        """Return whether no page is needed to wait for it; from then on its end is told."""
        await asyncio.wait([self._work], timeout=PATIENCE)
        if self.is_done:
            return True
        self.page = self._hass.async_create_task(self._async_wait(), f"{DOMAIN} waits for {self._name}")
        self._hass.async_create_task(self._async_notify(), f"{DOMAIN} tells of {self._name}")
        return False

    @callback
    def read(self) -> ResultT:
        """Return how it ended, to show it to the person."""
        self._is_read = True
        persistent_notification.async_dismiss(self._hass, self._notification_id)
        return self._work.result()

    @property
    def _notification_id(self) -> str:
        return f"{DOMAIN}_{self._name}"

    async def _async_wait(self) -> None:
        await asyncio.wait([self._work])

    async def _async_notify(self) -> None:
        await self._async_wait()
        try:
            with expected_errors_only(_LOGGER, f"The {self._name}"):
                title, text = await self._describe(self._work.result())
        except DeviceBackupError as error:
            language = self._hass.config.language
            title = (await async_phrases(self._hass, language))("page_title")
            text = escape_markdown(await async_error_text(self._hass, error, language))
        if not self._is_read:
            persistent_notification.async_create(self._hass, text, title, self._notification_id)
