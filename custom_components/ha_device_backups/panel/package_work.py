"""What is being done with packages and recipes: one thing at a time, whoever looks, and its end is told."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import PackageError, expected_errors_only

from ..const import DOMAIN
from ..translation import async_phrases
from .commands import Command

_LOGGER = logging.getLogger(__name__)
_WORK: "HassKey[PackageWork]" = HassKey(f"{DOMAIN}_package_work")
INSTALL, REMOVE, INSTALL_AGAIN, KEEP_RECIPE = "install", "remove", "install_again", "keep_recipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDone:
    """What was done last, or is being done."""

    what: str
    package: str
    """As people call it."""
    error: PackageError | DeviceBackupError | None = None


class PackageWork:
    """Owns what is being done."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._watchers: list[Callable[[], None]] = []
        self.now: PackageDone | None = None
        self.last: PackageDone | None = None

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call the watcher whenever something begins or ends; return what ends that."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    @callback
    def begin(self, what: str, package: str, work: Callable[[], Coroutine[Any, Any, object]]) -> bool:
        """Do it, and return whether it is what is being done: a second click is none, something else has to wait."""
        wanted = PackageDone(what=what, package=package)
        if self.now is not None:
            return self.now == wanted
        self.now, self.last = wanted, None
        self._publish()
        self._hass.async_create_background_task(self._run(wanted, work), f"{DOMAIN} package: {what}")
        return True

    async def _run(self, done: PackageDone, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            with expected_errors_only(_LOGGER, f"Work on the package {done.package}", PackageError):
                await work()
        except (PackageError, DeviceBackupError) as error:
            done = replace(done, error=error)
        self.now, self.last = None, done
        self._publish()

    @callback
    def _publish(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()


@callback
def async_package_work(hass: HomeAssistant) -> PackageWork:
    """Return the one of this Home Assistant."""
    if (work := hass.data.get(_WORK)) is None:
        work = hass.data[_WORK] = PackageWork(hass)
    return work


async def async_begin(
    command: Command, what: str, package: str, work: Callable[[], Coroutine[Any, Any, object]]
) -> None:
    """Begin it for the person who asks; raises DeviceBackupError where something else is being done."""
    if not async_package_work(command.hass).begin(what, package, work):
        phrases = await async_phrases(command.hass, command.language)
        raise DeviceBackupError(phrases("page_packages_busy"))
