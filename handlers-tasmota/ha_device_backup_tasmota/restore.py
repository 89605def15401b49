"""Put a backup back on a device, prove it, and leave a working device at every step before the last."""

from collections.abc import Mapping

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    InvalidArtifactError,
    Progress,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreReport,
    RunBlocking,
    Text,
    UnexpectedResponseError,
)

from . import restore_texts as texts
from .client import Login, TasmotaClient
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .file_system import FileList, FileSystem, NoFiles, upload_failed
from .multipart import upload_body
from .normalize import parts_of
from .plan import RestorePlan, check_room, make_plan
from .restart import Restart

_OK = 200
_SEND_TRIES = 2
_SET_AT_START = 16
"""Bytes of the settings that a device may well have set itself at its start; more of them are another configuration."""


class Restorer:
    """One restore of one device."""

    def __init__(
        self, client: TasmotaClient, file_system: FileSystem, user: str, progress: Progress, run_blocking: RunBlocking
    ) -> None:
        """Keep what is needed; no I/O."""
        self._client = client
        self._file_system = file_system
        self._user = user
        self._progress = progress
        self._run_blocking = run_blocking
        self._changed = False

    async def restore(self, files: Mapping[str, bytes]) -> RestoreReport:
        """Put back the settings and files of a valid backup.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after.
        """
        self._progress(0.0, texts.CHECKING)
        before = await self._client.status()
        restart = Restart(self._client, before)
        present = await self._client.dump()
        plan = await self._run_blocking(make_plan, files, before, present)
        files_proven, left_out = await self._send_files(plan)
        self._progress(0.6, texts.SENDING_SETTINGS)
        await self._send_settings(plan)
        self._progress(0.7, texts.RESTARTING)
        await restart.wait(self._login_after(plan))
        self._progress(0.95, texts.READING_BACK)
        proven, unproven = await self._prove(plan, present)
        self._progress(1.0, texts.DONE)
        return RestoreReport(proven=(*files_proven, *proven), unproven=tuple(unproven), needs=(*plan.needs, *left_out))

    async def _send_files(self, plan: RestorePlan) -> tuple[list[Text], list[Text]]:
        """Send the files that differ; return what is proven, and what is left to the person."""
        if not plan.files:
            return [], []
        listed = await self._file_system.files()
        if isinstance(listed, NoFiles):
            return [], [texts.no_file_system(plan.files)]
        current = {path: await self._read(listed, path) for path in plan.files}
        check_room(plan, current, await self._file_system.free_bytes())
        for number, (path, content) in enumerate(plan.files.items()):
            self._progress(0.1 + 0.5 * number / len(plan.files), texts.sending(path))
            if current[path] != content:
                await self._send(path, content)
        return [texts.files_equal(len(plan.files))], []

    async def _read(self, listed: FileList, path: str) -> bytes | None:
        return await self._file_system.read(path, listed.sizes[path]) if path in listed.sizes else None

    async def _send(self, path: str, content: bytes) -> None:
        for _ in range(_SEND_TRIES):
            taken = await self._file_system.write(path, content)
            self._changed = True
            if taken and await self._file_system.read(path, len(content)) == content:
                return
        raise RestoreNotVerifiedError(texts.not_written(path))

    async def _send_settings(self, plan: RestorePlan) -> None:
        # Only after this page does the device take an upload for settings, not for firmware.
        page = await self._client.get("/rs")
        if page.status != _OK:
            raise self._refusal()
        body, kind = upload_body("u2", CONFIGURATION, plan.raw_dump)
        try:
            answer = await self._client.post("/u2", {"fsz": str(len(plan.raw_dump))}, body, kind)
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

    def _login_after(self, plan: RestorePlan) -> Login | None:
        password = plan.dump.web_password
        return Login(self._user, password) if password else None

    async def _prove(self, plan: RestorePlan, present: bytes) -> tuple[list[Text], list[Text]]:
        held = await self._held()
        sent, now = parts_of(plan.dump), parts_of(held)
        if plan.may_migrate:
            return [texts.RESTARTED], [texts.migrated(plan.dump.version_text, held.version_text)]
        different = _different(sent[CONFIGURATION], now[CONFIGURATION])
        if different > _SET_AT_START or (different and now[CONFIGURATION] == _lasting(present)):
            raise RestoreNotVerifiedError(texts.differs(different))
        proven = [texts.SETTINGS_EQUAL] if not different else [texts.RESTARTED]
        unproven = [texts.set_at_start(different)] if different else []
        if drivers := sorted(name for name in plan.dump.drivers if sent[_part(name)] != now.get(_part(name))):
            unproven.append(texts.drivers_differ(drivers))
        return proven, unproven

    async def _held(self) -> Dump:
        content = await self._client.dump()
        try:
            return await self._run_blocking(parse_dump, CONFIGURATION, content)
        except InvalidArtifactError as error:
            raise RestoreNotVerifiedError(texts.NOT_READ_BACK) from error


def _lasting(present: bytes) -> bytes:
    return parts_of(parse_dump(CONFIGURATION, present))[CONFIGURATION]


def _different(sent: bytes, held: bytes) -> int:
    return abs(len(sent) - len(held)) + sum(one != other for one, other in zip(sent, held, strict=False))


def _part(driver: str) -> str:
    return f"{CONFIGURATION}{driver}"
