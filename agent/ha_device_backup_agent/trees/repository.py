"""The repository of the agent: made with a password of its own, opened once in a run, mended where somebody died."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core import UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonError, JsonObject, as_list, as_object, read_json

from ..data_folder import DataFolder, DataFolderError
from ..translation import _
from .restic import LOCKED, NO_REPOSITORY, PARTLY, Restic, ResticEndedError, ResticPlace, as_device_error, without_login
from .tools import Toolbox

DOCUMENT = "repository.json"
PASSWORD = "repository-password"  # noqa: S105 - the name of a file
SSH_CONFIG = "ssh_config"
_HOST = "device-backup-agent"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 8, 5
_MAKE_SECONDS = 60.0
"""Until one that is elsewhere is taken for lost on the way."""
TREE = "tree"
"""What the tree is called within a snapshot."""

type OnBytes = Callable[[int, int], None]
"""Called with the bytes that are done, and with all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSnapshot:
    """A state of a tree in the repository."""

    snapshot_id: str
    tree: str
    digest: str
    time: str


class Repository:
    """Owns the repository; nobody else writes to it, and here only one at a time."""

    def __init__(self, folder: DataFolder, large: Path, location: str | None, tools: Toolbox) -> None:
        """Take where it is; by default beside the copies of the trees."""
        self._folder = folder
        self.place = ResticPlace(
            location=location or str(large / "repository"),
            password_file=folder.path / PASSWORD,
            cache=large / "cache",
            ssh_config=folder.path / SSH_CONFIG,
        )
        self._restic = Restic(tools, self.place)
        self._turn = asyncio.Lock()
        self._opened = ""

    @property
    def location(self) -> str:
        """Return where it is, without a login."""
        return without_login(self.place.location)

    @property
    def is_password_noted(self) -> bool:
        """Return whether a person was shown the password; blocking."""
        return (self._folder.read(DOCUMENT) or {}).get("password_shown") is True

    def note_password(self) -> None:
        """Note that a person was shown the password; blocking."""
        self._folder.write(DOCUMENT, {**(self._folder.read(DOCUMENT) or {}), "password_shown": True})

    def known_password(self) -> str | None:
        """Return what opens the repository, None where there is none yet, or it is lost; blocking."""
        with contextlib.suppress(OSError, ValueError, DataFolderError):
            if (self._folder.read(DOCUMENT) or {}).get("id"):
                return self.place.password_file.read_text().strip()
        return None

    async def take_over(self, password: str) -> None:
        """Take a repository that another agent made, with its password; this one must have none of its own."""
        if (await asyncio.to_thread(self._folder.read, DOCUMENT) or {}).get("id"):
            raise UnsupportedDeviceError(_("This agent has a repository already. Start with a new folder of data."))
        before = await asyncio.to_thread(self._present_password)
        await asyncio.to_thread(self._folder.write_bytes, PASSWORD, password.encode() + b"\n")
        taken = False
        try:
            async with self._turn_with_repository(make=False):
                taken = True
        finally:
            if not taken:
                await asyncio.to_thread(self._put_back, before)

    async def id(self) -> str:
        """Return the id of the repository, which is made where there is none yet."""
        async with self._turn_with_repository():
            return self._opened

    async def snapshots(self, tree: str | None = None) -> tuple[TreeSnapshot, ...]:
        """Return the snapshots of a tree, or of all, the oldest first."""
        async with self._turn_with_repository():
            return await self._snapshots(tree)

    async def back_up(self, tree: str, digest: str, mirror: Path, on_bytes: OnBytes) -> str:
        """Return a new snapshot, which holds the tree as it is."""
        async with self._turn_with_repository():
            tags = ("--tag", f"tree:{tree}", "--tag", f"digest:{digest}")
            arguments = ("backup", "--host", _HOST, *tags, TREE)
            summary: JsonObject = {}

            def take(said: JsonObject) -> None:
                if said.get("message_type") == "summary":
                    summary.update(said)
                else:
                    _report_bytes(said, "bytes_done", on_bytes)

            try:
                await self._follow(*arguments, each=take, folder=mirror.parent)
            except ResticEndedError as error:
                # What could not be read would be taken for the whole tree the next time.
                if error.status == PARTLY and isinstance(partly := summary.get("snapshot_id"), str):
                    await self._read("forget", partly)
                raise
            made = summary.get("snapshot_id")
            if not isinstance(made, str):
                raise UnexpectedResponseError(_("restic names no snapshot."))
            return made

    async def restore(self, snapshot: str, target: Path, on_bytes: OnBytes) -> Path:
        """Put a snapshot into a folder, and return where the tree is then; `told` gets bytes that are done, and all."""
        async with self._turn_with_repository():
            found = {one.snapshot_id for one in await self._snapshots(None)}
            if snapshot not in found:
                raise UnsupportedDeviceError(
                    _(
                        "The repository {where} does not hold this backup. Was the agent started with another one?",
                        where=self.location,
                    )
                )
            options = ("--target", str(target), "--overwrite", "if-changed", "--delete")
            await self._follow(
                "restore", snapshot, *options, each=lambda said: _report_bytes(said, "bytes_restored", on_bytes)
            )
        return target / TREE

    async def forget(self, snapshots: tuple[str, ...]) -> None:
        """Let go of snapshots; what only they hold goes with `prune`."""
        async with self._turn_with_repository():
            await self._read("forget", *snapshots)

    async def prune(self) -> None:
        """Remove what no snapshot holds, as what was left of one that did not come to its end."""
        async with self._turn_with_repository():
            await self._read("prune")

    async def check(self, share: str) -> None:
        """Check it, and read that share of its data, such as 5%; raises UnexpectedResponseError for what is damaged."""
        async with self._turn_with_repository():
            await self._read("check", f"--read-data-subset={share}")

    async def _read(self, *arguments: str) -> bytes:
        return await self._unlocked(lambda: self._restic.read(*arguments))

    async def _follow(self, *arguments: str, each: Callable[[JsonObject], None], folder: Path = Path("/")) -> None:
        await self._unlocked(lambda: self._restic.follow(*arguments, each=each, folder=folder))

    async def _unlocked[R](self, call: Callable[[], Awaitable[R]]) -> R:
        """Return what a call does; a lock of somebody who died since the start is taken away."""
        try:
            return await call()
        except ResticEndedError as error:
            if error.status != LOCKED:
                raise
        await self._mend()
        return await call()

    async def _snapshots(self, tree: str | None) -> tuple[TreeSnapshot, ...]:
        wanted = () if tree is None else ("--tag", f"tree:{tree}")
        listed = _json(await self._read("snapshots", *wanted))
        return tuple(sorted(filter(None, map(_snapshot, as_list(listed))), key=lambda found: found.time))

    @contextlib.asynccontextmanager
    async def _turn_with_repository(self, *, make: bool = True) -> AsyncIterator[None]:
        """Have the repository alone for the block, open and mended; where there never was one, it is made."""
        async with self._turn:
            try:
                if not self._opened:
                    self._opened = await self._open(make=make)
                yield
            except ResticEndedError as error:
                raise as_device_error(error, self.place) from error

    async def _open(self, *, make: bool) -> str:
        """Return its id; it is made only where there never was one."""
        known = await asyncio.to_thread(self._folder.read, DOCUMENT) or {}
        here = known.get("location") == self.place.location
        await asyncio.to_thread(self._require_password, may_make=not (here and known.get("id")))
        try:
            found = str(as_object(_json(await self._read("cat", "config"))).get("id"))
            await self._mend()
        except ResticEndedError as error:
            if not make or error.status != NO_REPOSITORY or (here and known.get("id")):
                raise
            found = await self._make()
        cache = str(self.place.cache.parent)
        document = {**known, "location": self.place.location, "large": cache, "id": found}
        if document != known:
            await asyncio.to_thread(self._folder.write, DOCUMENT, document)
        return found

    async def _make(self) -> str:
        """Make it and return its id, also for who waits no longer: half of one can neither be opened nor made again."""
        making = asyncio.create_task(self._restic.read("init"))
        try:
            return str(as_object(_json(await asyncio.shield(making))).get("id"))
        except asyncio.CancelledError:
            await asyncio.wait({making}, timeout=_MAKE_SECONDS)
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            raise

    def _present_password(self) -> bytes | None:
        return self.place.password_file.read_bytes() if self.place.password_file.is_file() else None

    def _put_back(self, password: bytes | None) -> None:
        if password is None:
            self._folder.remove(PASSWORD)
        else:
            self._folder.write_bytes(PASSWORD, password)

    def _require_password(self, *, may_make: bool) -> None:
        if self.place.password_file.is_file():
            return
        if not may_make:
            raise UnsupportedDeviceError(
                _("The password of the repository is not in {file} any more. Put it back.", file=self._password_file)
            )
        groups = ("".join(secrets.choice(_LETTERS) for _letter in range(_GROUP)) for _group in range(_GROUPS))
        self._folder.write_bytes(PASSWORD, "-".join(groups).encode() + b"\n")

    @property
    def _password_file(self) -> str:
        return str(self.place.password_file)

    async def _mend(self) -> None:
        """Take away what locks the repository for nobody: restic's own rule first, then dead programs of this machine.

        Restic takes a number of a process for its own that meanwhile is another program's, as it happens in containers.
        """
        if not await self._locks():
            return
        await self._restic.read("unlock")
        locks = await self._locks()
        held = [as_object(_json(await self._restic.read("cat", "lock", lock, "--no-lock"))) for lock in locks]
        if held and all(_is_of_dead(lock) for lock in held):
            await self._restic.read("unlock", "--remove-all")

    async def _locks(self) -> list[str]:
        return (await self._restic.read("list", "locks", "--no-lock")).decode("ascii", "replace").split()


def snapshot_with(digest: str, states: Iterable[TreeSnapshot]) -> str | None:
    """Return the newest snapshot that holds what has that digest."""
    return next((found.snapshot_id for found in reversed(tuple(states)) if found.digest == digest), None)


def _is_of_dead(lock: JsonObject) -> bool:
    pid = lock.get("pid")
    if lock.get("hostname") != os.uname().nodename or not isinstance(pid, int):
        return False
    try:
        return b"restic" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


def _snapshot(listed: object) -> TreeSnapshot | None:
    found = as_object(listed)
    tags = dict(str(tag).partition(":")[::2] for tag in as_list(found.get("tags")))
    if "tree" not in tags or "digest" not in tags:
        return None
    return TreeSnapshot(
        snapshot_id=str(found.get("id")), tree=tags["tree"], digest=tags["digest"], time=str(found.get("time"))
    )


def _report_bytes(said: JsonObject, name: str, on_bytes: OnBytes) -> None:
    done, total = said.get(name), said.get("total_bytes")
    if isinstance(done, int) and isinstance(total, int):
        on_bytes(done, total)


def _json(content: bytes) -> object:
    try:
        return read_json(content, largest=len(content))
    except JsonError:
        raise UnexpectedResponseError(_("restic answered in an unexpected way.")) from None
