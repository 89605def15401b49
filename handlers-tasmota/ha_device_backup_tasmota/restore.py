"""Put a backup back on a device, prove it, and leave a working device at every step before the last."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    InvalidArtifactError,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    RunBlocking,
    Text,
    UnexpectedResponseError,
)

from . import restore_texts as texts
from .client import Login, TasmotaClient
from .contents import Contents
from .decoded import Decoded, TextPlace
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .file_system import FileList, FileSystem, NoFiles, upload_failed
from .multipart import upload_body
from .normalize import parts_of
from .plan import FilesToSend, RestoreContent, as_spelled, check_room, decide
from .preview import plan_of
from .reach import Reach
from .restart import Restart
from .status import TasmotaStatus

_OK = 200
_SEND_TRIES = 2
_SET_AT_START = 16
"""Bytes of the settings that a device may well have set itself at its start; more of them are another configuration."""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Prepared:
    """A backup and a device that fit, before anything is changed."""

    reach: Reach
    content: RestoreContent
    files: FilesToSend
    left_out: tuple[Text, ...]


class Restorer:
    """One restore of one device, or the plan of one."""

    def __init__(
        self, client: TasmotaClient, file_system: FileSystem, user: str, mac: str | None, run_blocking: RunBlocking
    ) -> None:
        """Keep what is needed, and whom the job began with; no I/O."""
        self._client = client
        self._file_system = file_system
        self._user = user
        self._mac = mac
        self._run_blocking = run_blocking
        self._changed = False

    async def prepare(self, contents: Contents) -> Prepared:
        """Look at the device and decide; raise RestoreRejectedError where the backup does not fit."""
        reach = Reach(
            host=self._client.host, address=await self._client.address(), device=await self._demand_same_device()
        )
        present = await self._client.dump()
        content = await self._run_blocking(decide, contents, reach, present)
        files, left_out = await self._compare_files(content.files)
        return Prepared(reach=reach, content=content, files=files, left_out=(*content.left_out, *left_out))

    async def plan(self, contents: Contents) -> RestorePlan:
        """Return what a restore would do now."""
        prepared = await self.prepare(contents)
        return await self._run_blocking(plan_of, prepared.content, prepared.files, prepared.left_out)

    async def restore(self, contents: Contents, progress: Progress) -> RestoreReport:
        """Put back the settings and files of a valid backup.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after.
        """
        progress(0.0, texts.CHECKING)
        prepared = await self.prepare(contents)
        content = prepared.content
        if prepared.reach.is_by_name and prepared.reach.is_direct:
            self._client.stay_at(prepared.reach.address)
        files_proven = await self._send_files(prepared, progress)
        restart = Restart(self._client, await self._demand_same_device())
        progress(0.6, texts.SENDING_SETTINGS)
        await self._send_settings(content)
        progress(0.7, texts.RESTARTING)
        await restart.wait(self._login_after(content))
        progress(0.95, texts.READING_BACK)
        proven, unproven = await self._prove(content)
        progress(1.0, texts.DONE)
        return RestoreReport(
            proven=(*files_proven, *proven),
            unproven=tuple(unproven),
            needs=(*prepared.left_out, *content.needs),
        )

    async def _compare_files(self, wanted: Mapping[str, bytes]) -> tuple[FilesToSend, list[Text]]:
        """Return the files beside what is in their places, and what has no place at all."""
        listed = await self._file_system.files() if wanted else NoFiles.NOT_BUILT_IN
        if isinstance(listed, NoFiles):
            return FilesToSend(), [texts.no_file_system(wanted)] if wanted else []
        files = as_spelled(wanted, listed.sizes)
        current = {path: await self._read(listed, path) for path in files}
        check_room(files, current, await self._file_system.free_bytes())
        return FilesToSend(files=files, current=current, on_device=frozenset(listed.sizes)), []

    async def _demand_same_device(self) -> TasmotaStatus:
        """Return who answers now: another one may have come to the address."""
        status = await self._client.status()
        if self._mac not in {None, status.mac}:
            raise (RestoreNotVerifiedError if self._changed else RestoreRejectedError)(texts.OTHER_DEVICE_NOW)
        self._mac = status.mac
        return status

    async def _send_files(self, prepared: Prepared, progress: Progress) -> list[Text]:
        """Send the files that differ; return what is proven."""
        files = prepared.files.files
        for number, (path, content) in enumerate(files.items()):
            progress(0.1 + 0.5 * number / len(files), texts.sending(path))
            if prepared.files.current[path] != content:
                await self._send(path, content)
        return [texts.files_equal(len(files))] if files else []

    async def _read(self, listed: FileList, path: str) -> bytes | None:
        return await self._file_system.read(path, listed.sizes[path]) if path in listed.sizes else None

    async def _send(self, path: str, content: bytes) -> None:
        for _ in range(_SEND_TRIES):
            self._changed = True
            taken = await self._file_system.write(path, content)
            if taken and await self._file_system.read(path, len(content)) == content:
                return
        raise RestoreNotVerifiedError(texts.not_written(path))

    async def _send_settings(self, content: RestoreContent) -> None:
        # Only after this page does the device take an upload for settings, not for firmware.
        page = await self._client.get("/rs")
        if page.status != _OK:
            raise self._refusal()
        body, kind = upload_body("u2", CONFIGURATION, content.raw_dump)
        try:
            answer = await self._client.post("/u2", {"fsz": str(len(content.raw_dump))}, body, kind)
        except (CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            # The restart can swallow the answer; what was written is read back after it.
            return
        if answer.status != _OK or upload_failed(answer):
            raise self._refusal()
        self._changed = True

    def _refusal(self) -> RestoreNotVerifiedError | RestoreRejectedError:
        return (
            RestoreNotVerifiedError(texts.REFUSED_AFTER_FILES) if self._changed else RestoreRejectedError(texts.REFUSED)
        )

    def _login_after(self, content: RestoreContent) -> Login | None:
        password = Decoded(content.dump).text(TextPlace.WEB_PASSWORD)
        return Login(self._user, password.decode("utf-8", "surrogateescape")) if password else None

    async def _prove(self, content: RestoreContent) -> tuple[list[Text], list[Text]]:
        held = await self._held()
        sent, now = parts_of(content.dump), parts_of(held)
        if content.may_migrate:
            return [texts.RESTARTED], [texts.migrated(content.dump.version_text, held.version_text)]
        different = _different(sent[CONFIGURATION], now[CONFIGURATION])
        if different > _SET_AT_START or (different and now[CONFIGURATION] == parts_of(content.held)[CONFIGURATION]):
            raise RestoreNotVerifiedError(texts.differs(different))
        proven = [texts.SETTINGS_EQUAL] if not different else [texts.RESTARTED]
        unproven = [texts.set_at_start(different)] if different else []
        if drivers := sorted(name for name in content.dump.drivers if sent[_part(name)] != now.get(_part(name))):
            unproven.append(texts.drivers_differ(drivers))
        return proven, unproven

    async def _held(self) -> Dump:
        content = await self._client.dump()
        try:
            return await self._run_blocking(parse_dump, CONFIGURATION, content)
        except InvalidArtifactError as error:
            raise RestoreNotVerifiedError(texts.NOT_READ_BACK) from error


def _different(sent: bytes, held: bytes) -> int:
    return abs(len(sent) - len(held)) + sum(one != other for one, other in zip(sent, held, strict=False))


def _part(driver: str) -> str:
    return f"{CONFIGURATION}{driver}"
