"""A Home Assistant of a test, with controllers around it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scripts.live.archive import STORE
from scripts.live.client import DOMAIN, HomeAssistantClient, logged_in
from scripts.live.controllers import Controller
from scripts.live.flows import add_device
from scripts.live.folder import INTEGRATION, free_port, is_free, prepare_folder
from scripts.live.process import HomeAssistantProcess, Runtime, running
from scripts.live.stored import StoredBackup, newest_backups, read_tree, wait_for_backups
from scripts.live.waiting import until

from .forked import PREPARED

KIND_SECONDS = 60
SERVICE = "Device Backups"
"""The entry that is no device, and stays."""
LEFT_PORTS: Final[set[int]] = set()
NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A running Home Assistant, somebody who is logged in, and the devices."""

    process: HomeAssistantProcess
    client: HomeAssistantClient
    controllers: Sequence[Controller] = ()

    @property
    def folder(self) -> Path:
        """Return the configuration folder."""
        return self.process.folder

    @property
    def store(self) -> Path:
        """Return the root of the store."""
        return self.folder / STORE

    def newest(self) -> list[StoredBackup]:
        """Return the newest backup of each device, from the files of the store."""
        return newest_backups(read_tree(self.store))


@contextlib.asynccontextmanager
async def fresh_home(
    folder: Path,
    controllers: Sequence[Controller],
    *,
    options: Mapping[str, object] = NO_OPTIONS,
    integrations: Sequence[Path] = (INTEGRATION,),
    extra: str = "",
    prepare: Callable[[Path], None] | None = None,
    runtime: Runtime = PREPARED,
) -> AsyncIterator[Home]:
    """Start a fresh Home Assistant, add the controllers with these options and wait for their first backups.

    It does not end in good order: nobody looks at it any more.
    """
    with port_of_one_that_ended() as port:
        prepare_folder(folder, port, integrations=integrations, extra=extra)
        if prepare is not None:
            prepare(folder)
        async with running(folder, port, runtime) as process, logged_in(process.url, fresh=True) as client:
            for controller in controllers:
                await add_device(client, {**controller.answers, **options})
            if controllers:
                await wait_for_backups(folder / STORE, len(controllers))
            yield Home(process=process, client=client, controllers=controllers)
            await process.kill()


@contextlib.contextmanager
def port_of_one_that_ended() -> Iterator[int]:
    """Lend a port: at the address of an earlier home the browser knows all of the user interface already."""
    port = next(filter(is_free, LEFT_PORTS), None) or free_port()
    LEFT_PORTS.discard(port)
    yield port
    LEFT_PORTS.add(port)


@contextlib.asynccontextmanager
async def with_devices(home: Home, controllers: Sequence[Controller]) -> AsyncIterator[Home]:
    """Add the controllers for one test, and wait for their first backups; then the home is as empty as it was."""
    async with lent(home):
        for controller in controllers:
            await add_device(home.client, controller.answers)
        await wait_for_backups(home.store, len(controllers))
        yield replace(home, controllers=controllers)


@contextlib.asynccontextmanager
async def lent(home: Home) -> AsyncIterator[Home]:
    """Lend an empty home to one test; then take out all devices, backups (Home Assistant's, too) and notifications."""
    try:
        yield home
    finally:
        client = home.client
        for entry in await client.command("config_entries/get", domain=DOMAIN):
            if entry["title"] != SERVICE:
                await client.delete(f"/api/config/config_entries/entry/{entry['entry_id']}")
        await _delete_backups(home)
        await client.act("persistent_notification.dismiss_all", response=False)


async def _delete_backups(home: Home) -> None:
    client = home.client
    while newest := home.newest():
        for device in newest:
            key = f"{device.kind}:{device.unique_id}"
            for backup in (await client.command(f"{DOMAIN}/backups/list", device_key=key))["backups"]:
                of_backup = {"device_key": key, "backup_id": backup["backup_id"]}
                await client.command(f"{DOMAIN}/backups/protect", **of_backup, protected=False)
                await client.command(f"{DOMAIN}/backups/delete", **of_backup, even_if_needed=True)
    for backup in (await client.command("backup/info"))["backups"]:
        await client.command("backup/delete", backup_id=backup["backup_id"])


async def wait_for_kinds(home: Home, *kinds: str) -> None:
    """Return once a device of each kind has a backup."""

    async def left() -> set[str]:
        return set(kinds) - {backup.kind for backup in home.newest()}

    await until(left, lambda kinds: not kinds, seconds=KIND_SECONDS)
