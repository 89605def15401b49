"""Handler packages on the page: what there is, and installing, updating and removing, which goes on whoever looks."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import PackageError, PackageOverview, PackageVersion, release_url

from ..entries import device_entries, device_key
from ..packages.catalogue import async_catalogue, async_titles, not_installed
from ..packages.overview import async_overview
from ..packages.package_manager import SIGNAL_PACKAGES, PackageManager, async_get_package_manager
from ..translation import Phrases, async_error_renderer, async_phrases
from ..wording.kinds import kind_name
from .commands import Command, async_register
from .package_work import INSTALL, INSTALL_AGAIN, REMOVE, PackageDone, PackageWork, async_begin, async_package_work
from .recipes import recipes_answer

_NAME = {vol.Required("package"): vol.All(str, vol.Length(min=1, max=300))}
type RenderError = Callable[[DeviceBackupError], str]


@callback
def async_register_packages(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "packages/subscribe", _subscribe)
    async_register(hass, "packages/install", _install, _NAME)
    async_register(hass, "packages/remove", _remove, _NAME)
    async_register(hass, "packages/install_again", _install_again)


async def _install(command: Command) -> None:
    """Begin to install `name==version`, or that version in place of the one that is there."""
    package_manager, wanted = await async_get_package_manager(command.hass, command.manager), command.values["package"]

    async def install() -> None:
        await package_manager.async_install(PackageVersion.parse(wanted))

    title = wanted
    with suppress(PackageError):
        package = PackageVersion.parse(wanted)
        title = _title(command, package.name, package.version)
    await async_begin(command, INSTALL, title, install)


async def _remove(command: Command) -> None:
    package_manager, name = await async_get_package_manager(command.hass, command.manager), command.values["package"]
    if any(record.package.name == name for record in package_manager.records):
        await async_begin(command, REMOVE, _title(command, name), lambda: package_manager.async_remove(name))


async def _install_again(command: Command) -> None:
    package_manager = await async_get_package_manager(command.hass, command.manager)
    await async_begin(command, INSTALL_AGAIN, "", package_manager.async_restore)


def _title(command: Command, name: str, version: str = "") -> str:
    return in_language(async_titles(command.hass, command.manager.registry)(name, version), command.language)


async def _subscribe(command: Command) -> None:
    """Send what there is and what is being done, and whenever that is another."""
    package_manager = await async_get_package_manager(command.hass, command.manager)
    work = async_package_work(command.hass)
    phrases = await async_phrases(command.hass, command.language)
    render = await async_error_renderer(command.hass, command.language)
    sending = asyncio.Lock()
    last: dict[str, Any] | None = None

    async def send() -> None:
        nonlocal last
        async with sending:
            state = await _state(command, package_manager, work, phrases, render)
            if state != last and command.id in command.connection.subscriptions:
                last = state
                command.connection.send_event(command.id, state)

    @callback
    def changed(*_: object) -> None:
        command.hass.async_create_task(send())

    leave = [work.watch(changed), async_dispatcher_connect(command.hass, SIGNAL_PACKAGES, changed)]

    @callback
    def end() -> None:
        for one in leave:
            one()

    command.connection.subscriptions[command.id] = end
    await send()


async def _state(
    command: Command, package_manager: PackageManager, work: PackageWork, phrases: Phrases, render: RenderError
) -> dict[str, Any]:
    found = await async_overview(command.hass, command.manager, phrases)
    offered = not_installed(await async_catalogue(command.hass), [package.name for package in found])
    newest = {record.package.name: package_manager.newest(record.package) for record in package_manager.records}
    links = await command.hass.async_add_executor_job(lambda: {one.name: release_url(one.name) for one in found})
    return {
        "packages": [_package(command, package, newest, links, phrases) for package in found],
        "catalogue": [
            {
                "package": entry.package.requirement,
                "title": in_language(entry.name, command.language),
                "backs_up": in_language(entry.backs_up, command.language),
                "link": entry.link,
            }
            for entry in offered
        ],
        "absent": bool(package_manager.absent),
        "recipes": recipes_answer(command),
        "now": _done(work.now, phrases, render),
        "last": _done(work.last, phrases, render),
    }


def _package(
    command: Command,
    package: PackageOverview,
    newest: dict[str, str],
    links: dict[str, str | None],
    phrases: Phrases,
) -> dict[str, Any]:
    registry, devices = command.manager.registry, device_entries(command.hass)
    known = newest.get(package.name)
    return {
        "name": package.name,
        "title": in_language(package.title, phrases.language),
        "version": package.version,
        "waits": package.installed_version if package.waits_for_restart else None,
        "newer": known if known not in {None, package.installed_version} else None,
        "kinds": sorted((kind_name(registry, kind, command.language) for kind in package.kinds), key=str.casefold),
        "devices": sum(device_key(entry).kind in package.kinds for entry in devices),
        "origin": phrases(f"package_origin_{package.origin}"),
        "is_own": package.name in newest,
        "link": links.get(package.name),
        "problems": [in_language(problem, phrases.language) for problem in package.problems],
    }


def _done(done: PackageDone | None, phrases: Phrases, render: RenderError) -> dict[str, Any] | None:
    if done is None:
        return None
    error = done.error
    text = error.sentence(phrases) if isinstance(error, PackageError) else error and render(error)
    return {"what": done.what, "package": done.package, "error": text}
