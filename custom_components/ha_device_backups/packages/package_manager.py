"""Installs, updates and removes handler packages, and sees to it that they are there after every start."""

import asyncio
import logging
import os
import site
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, repeat
from pathlib import Path

import homeassistant
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.loader import Integration, async_get_integrations
from homeassistant.requirements import DATA_REQUIREMENTS_MANAGER
from homeassistant.setup import async_get_loaded_integrations
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.package import is_virtual_env
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from ha_device_backup_core.host import (
    DeviceBackupManager,
    InstallEnvironment,
    Installer,
    InstallResult,
    PackageError,
    PackageInstaller,
    PackageRecord,
    PackageTitles,
    PackageVersion,
    add_package,
    look_for_newer,
)

from ..archive_state import async_wait_for_end_of_archiving
from ..const import DOMAIN
from .catalogue import async_titles
from .installed_list import PackageList, async_package_list
from .scanner import async_expect_packages

_LOGGER = logging.getLogger(__name__)
SIGNAL_PACKAGES = f"{DOMAIN}_packages"
"""Sent when the list or what is known of newer versions changed."""
RETRY_SECONDS = (60.0, 300.0, 900.0, 3600.0)
"""Pauses until a package that could not be installed at start is tried again; the last one goes on to hold."""


class PackageManager:
    """Owns the list of packages and which of them could not be installed again."""

    def __init__(
        self,
        hass: HomeAssistant,
        manager: DeviceBackupManager,
        kept: PackageList,
        installer: PackageInstaller | None = None,
    ) -> None:
        """Take the manager, whose handlers follow what is installed, and the list."""
        self.hass = hass
        self._manager = manager
        self._installer = installer or home_assistant_installer()
        self._list = kept
        self._working = asyncio.Lock()
        self._pauses = chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1]))
        self._cancel_retry: Callable[[], None] = _nothing
        self.absent: dict[str, PackageError] = {}
        """By name, why a package of the list is not there."""
        self.changed: Callable[[], None] = lambda: None
        """Called when what is missing changed."""

    @property
    def records(self) -> list[PackageRecord]:
        """Return the packages of the list, by name."""
        return self._list.all()

    async def async_install(self, package: PackageVersion) -> PackageRecord:
        """Install a package, or another version of one of the list; raises PackageError."""
        async with self._working:
            try:
                added = await self._async_add(package)
            except PackageError as error:
                raise self._titles().within(error, package) from error
            await self._list.async_put(added.record, added.dependencies)
            self._is_there(package.name)
            async_expect_packages(self.hass, self._list)
        _LOGGER.info("Installed %s, which brings handlers of %s", package, ", ".join(added.record.kinds))
        await self._manager.rescan()
        self._publish()
        return added.record

    async def async_remove(self, name: str) -> None:
        """Remove a package of the list; the backups of its devices stay; raises PackageError."""
        async with self._working:
            needed = await _async_needed(self.hass)
            await async_wait_for_end_of_archiving(self.hass)
            try:
                async with self._pip_lock():
                    gone = await self.hass.async_add_executor_job(
                        self._installer.uninstall, {name}, self._list.dependencies, needed
                    )
            except PackageError as error:
                raise self._titles().within(error, PackageVersion(name, "")) from error
            await self._list.async_remove(name, gone)
            self._is_there(name)
            async_expect_packages(self.hass, self._list)
        _LOGGER.info("Removed %s", ", ".join(sorted(gone)))
        await self._manager.rescan()
        self._publish()

    @property
    def looked_at(self) -> datetime:
        """Return when it was looked for newer versions last."""
        return self._list.looked_at

    def newest(self, package: PackageVersion) -> str:
        """Return the newest version of a package of the list that is known of."""
        found = self._list.newest.get(package.name, package.version)
        return package.version if Version(found) < Version(package.version) else found

    async def async_look_for_newer(self) -> None:
        """Ask the index for newer versions that would fit here; without a connection, what is known stays."""
        found = {}
        for record in self.records:
            environment = await self._async_environment(record.package.name)
            try:
                found[record.package.name] = await self.hass.async_add_executor_job(
                    look_for_newer, self._installer, record.package, environment
                )
            except PackageError as error:
                _LOGGER.debug("Newer versions of %s are not known: %s", record.package.name, error.reason)
        names = {record.package.name for record in self.records}
        known = {name: version for name, version in self._list.newest.items() if name in names}
        await self._list.async_keep_newest({**known, **found}, dt_util.utcnow())
        self._publish()

    @callback
    def _publish(self) -> None:
        async_dispatcher_send(self.hass, SIGNAL_PACKAGES)

    async def async_restore(self) -> None:
        """Install again what is on the list and not there: an update of Home Assistant takes all of it away."""
        async with self._working:
            absent = await self.hass.async_add_executor_job(_absent, self.records)
            for record in absent:
                await self._async_restore(record)
        if absent:
            await self._manager.rescan()
            self._publish()
        self._cancel_retry()
        if self.absent:
            retry = HassJob(self._async_retry, f"{DOMAIN} installs packages again", cancel_on_shutdown=True)
            self._cancel_retry = async_call_later(self.hass, next(self._pauses), retry)

    async def _async_restore(self, record: PackageRecord) -> None:
        try:
            added = await self._async_add(record.package)
            await self._list.async_put(added.record, added.dependencies)
        except PackageError as error:
            _LOGGER.warning("%s is missing and could not be installed: %s", record.package, error.reason)
            self.absent[record.package.name] = self._titles().within(error, record.package)
            self.changed()
        else:
            self._is_there(record.package.name)

    async def _async_retry(self, _: datetime) -> None:
        self._cancel_retry = _nothing
        await self.async_restore()

    async def _async_add(self, package: PackageVersion) -> InstallResult:
        environment = await self._async_environment(package.name)
        await async_wait_for_end_of_archiving(self.hass)
        async with self._pip_lock():
            return await self.hass.async_add_executor_job(
                partial(
                    add_package,
                    self._installer,
                    package,
                    environment,
                    is_listed=self._list.get(package.name) is not None,
                )
            )

    async def _async_environment(self, name: str) -> InstallEnvironment:
        handlers = self._manager.registry.handlers.values()
        others = [record for record in self.records if record.package.name != name]
        needed = await _async_needed(self.hass)
        return InstallEnvironment(
            taken={kind: str(record.package) for record in others for kind in record.kinds}
            | {
                handler.kind: f"{handler.distribution} {handler.version}"
                for handler in handlers
                if canonicalize_name(handler.distribution) != name
            },
            replaceable=self._list.dependencies - {str(canonicalize_name(Requirement(line).name)) for line in needed},
            needed=needed,
        )

    def _pip_lock(self) -> AbstractAsyncContextManager[object]:
        """Return what keeps Home Assistant from installing something at the same time."""
        requirements = self.hass.data.get(DATA_REQUIREMENTS_MANAGER)
        return nullcontext() if requirements is None else requirements.pip_lock

    @callback
    def _titles(self) -> PackageTitles:
        return async_titles(self.hass, self._manager.registry)

    @callback
    def _is_there(self, name: str) -> None:
        if self.absent.pop(name, None) is not None:
            self.changed()


def _nothing() -> None:
    """Cancel nothing."""


_PACKAGE_MANAGER: HassKey[PackageManager] = HassKey(f"{DOMAIN}_packages")


async def async_get_package_manager(hass: HomeAssistant, manager: DeviceBackupManager) -> PackageManager:
    """Return the one package manager of this Home Assistant, which knows its list."""
    if (package_manager := hass.data.get(_PACKAGE_MANAGER)) is None:
        package_manager = hass.data[_PACKAGE_MANAGER] = PackageManager(hass, manager, await async_package_list(hass))
    return package_manager


async def _async_needed(hass: HomeAssistant) -> frozenset[str]:
    """Return the requirements of the loaded integrations."""
    integrations = await async_get_integrations(hass, async_get_loaded_integrations(hass))
    found = set[str]()
    for integration in integrations.values():
        if isinstance(integration, Integration):
            for requirement in integration.requirements:
                with suppress(InvalidRequirement):
                    found.add(str(Requirement(requirement)))
    return frozenset(found)


def _absent(records: list[PackageRecord]) -> list[PackageRecord]:
    return [record for record in records if not _is_installed(record.package.name)]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def home_assistant_installer() -> Installer:
    """Return the installer of this Home Assistant: packages go where its own installer puts them."""
    is_own_folder = is_virtual_env() or {"UV_SYSTEM_PYTHON", "UV_PYTHON"} & os.environ.keys()
    return Installer(
        folder="" if is_own_folder else site.getusersitepackages(),
        limits=Path(homeassistant.__file__).with_name("package_constraints.txt"),
    )
