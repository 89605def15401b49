"""Looks once a day whether there are newer versions of the packages that a person installed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .package_manager import PackageManager

EVERY = timedelta(days=1)
SOONEST = timedelta(minutes=2)
"""After a start: there is more urgent work then."""


@callback
def async_watch_for_newer(hass: HomeAssistant, package_manager: PackageManager) -> CALLBACK_TYPE:
    """Begin to look; return what ends that."""
    cancel: Callable[[], None] | None = None

    @callback
    def plan(_: HomeAssistant | None = None) -> None:
        nonlocal cancel
        # A clock that was set back does not put it off for longer than that.
        age = max(dt_util.utcnow() - package_manager.looked_at, timedelta())
        job = HassJob(look, f"{DOMAIN} looks for newer packages", cancel_on_shutdown=True)
        cancel = async_call_later(hass, max(EVERY - age, SOONEST), job)

    async def look(_: datetime) -> None:
        await package_manager.async_look_for_newer()
        plan()

    @callback
    def end() -> None:
        end_of_start()
        if cancel is not None:
            cancel()

    # Where nothing may be installed, nothing is looked for either.
    end_of_start = async_at_started(hass, plan) if not hass.config.skip_pip else lambda: None
    return end
