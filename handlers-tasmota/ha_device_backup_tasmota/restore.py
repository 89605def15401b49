"""Put a backup back on a device, prove it, and leave a working device at every step before the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    InvalidArtifactError,
    Message,
    Progress,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    RunBlocking,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import (
    Body,
    FilesOnDevice,
    Restart,
    RestoreErrors,
    name_list,
    write_what_differs,
)

from .client import TasmotaClient, TasmotaLogin
from .contents import TasmotaContents
from .decoded import Decoded, TextPlace
from .device_files import CONFIGURATION
from .dump import Dump, parse_dump
from .file_system import FileSystem, NoFiles, TasmotaFileList, upload_failed
from .normalize import parts_of
from .plan import FilesToSend, RestoreContent, as_spelled, check_room, decide
from .preview import plan_of
from .reach import Reach
from .status import TasmotaStatus
from .translation import _

_OK = 200
_SET_AT_START = 16
"""Bytes of the settings that a device may well have set itself at its start; more of them are another configuration."""
_NOT_BACK = _(
    "The device did not come back after the restart. It may have another address now, as the backup has it, or have "
    "lost its Wi-Fi: look for it in the router, or for a Wi-Fi whose name begins with tasmota."
)
_BOTH_REFUSED = _("After the restart the device refuses both the password that was entered and that of the backup.")
_RESTARTED = _("The device took the settings and restarted.")
_NOT_TAKEN = _("The device does not say that it took the settings, and runs with those that it had. Restore again.")
_SETTINGS_EQUAL = _(
    "The device restarted and runs with the settings of the backup; only counters and states were not compared."
)


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class TasmotaPrepared:
    """A backup and a device that fit, before anything is changed."""

    reach: Reach
    content: RestoreContent
    files: FilesToSend
    left_out: tuple[Message, ...]


class TasmotaRestorer:
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
        self._errors = RestoreErrors()

    async def prepare(self, contents: TasmotaContents) -> TasmotaPrepared:
        """Look at the device and decide; raise RestoreRejectedError where the backup does not fit."""
        reach = Reach(
            host=self._client.host, address=await self._client.address(), device=await self._demand_same_device()
        )
        present = await self._client.dump()
        content = await self._run_blocking(decide, contents, reach, present)
        files, left_out = await self._compare_files(content.files)
        return TasmotaPrepared(reach=reach, content=content, files=files, left_out=(*content.left_out, *left_out))

    async def plan(self, contents: TasmotaContents) -> RestorePlan:
        """Return what a restore would do now."""
        prepared = await self.prepare(contents)
        return await self._run_blocking(plan_of, prepared.content, prepared.files, prepared.left_out)

    async def restore(self, contents: TasmotaContents, progress: Progress) -> RestoreReport:
        """Put back the settings and files of a valid backup.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after.
        """
        with self._errors.told():
            progress(0.0, _("Checking the device"))
            return await self._put_back(await self.prepare(contents), progress)

    async def _put_back(self, prepared: TasmotaPrepared, progress: Progress) -> RestoreReport:
        content = prepared.content
        if prepared.reach.is_by_name and prepared.reach.is_direct:
            self._client.stay_at(prepared.reach.address)
        files_proven = await self._send_files(prepared, progress)
        progress(0.6, _("Sending the settings"))
        restart, is_taken = await self._send_settings(content)
        progress(0.7, _("Waiting for the restart"))
        await restart.wait()
        progress(0.95, _("Reading the settings back"))
        proven, unproven = await self._prove(content, is_taken=is_taken)
        progress(1.0, _("Done"))
        return RestoreReport(
            proven=(*files_proven, *proven),
            unproven=tuple(unproven),
            needs=(*prepared.left_out, *content.needs),
        )

    async def _compare_files(self, wanted: Mapping[str, bytes]) -> tuple[FilesToSend, list[Message]]:
        """Return the files beside what is in their places, and what has no place at all."""
        listed = await self._file_system.files() if wanted else NoFiles.NOT_BUILT_IN
        if isinstance(listed, NoFiles):
            return FilesToSend(), _not_put_back(wanted)
        files = as_spelled(wanted, listed.sizes)
        current = {path: await self._read(listed, path) for path in files}
        check_room(files, current, await self._file_system.free_bytes())
        return FilesToSend(files=files, current=current, on_device=frozenset(listed.sizes)), []

    async def _demand_same_device(self) -> TasmotaStatus:
        """Return who answers now: another one may have come to the address."""
        status = await self._client.status()
        if self._mac not in {None, status.mac}:
            raise self._errors.refusal(_("Another device answers at this address now than at the beginning."))
        self._mac = status.mac
        return status

    async def _send_files(self, prepared: TasmotaPrepared, progress: Progress) -> list[Message]:
        """Send the files that differ; return what is proven."""
        files = prepared.files

        async def holds(path: str, content: bytes) -> bool:
            return files.current[path] == content

        async def check() -> None:
            await self._demand_same_device()
            self._errors.may_have_changed = True

        async def write(path: str, content: bytes) -> bool:
            return await self._file_system.write(path, content, check)

        device = FilesOnDevice(holds=holds, write=write, read=self._file_system.read)
        written = await write_what_differs(
            files.files, device, not_written=_not_written, progress=progress, share=(0.1, 0.6)
        )
        count = written.proven
        return [_("Files that are on the device byte for byte: {count}.", count=count)] if count else []

    async def _read(self, listed: TasmotaFileList, path: str) -> bytes | None:
        return await self._file_system.read(path, listed.sizes[path]) if path in listed.sizes else None

    async def _send_settings(self, content: RestoreContent) -> tuple[Restart[TasmotaStatus], bool]:
        """Return the restart that they cause, and whether the device said that it took them."""
        body, login = Body.file(CONFIGURATION, content.raw_dump, field="u2"), self._login_after(content)
        # Only after this page does the device take an upload for settings, not for firmware.
        page = await self._client.get("/rs")
        restart = self._restart(await self._demand_same_device(), login)
        if page.status != _OK:
            raise self._refusal()
        files_changed, self._errors.may_have_changed = self._errors.may_have_changed, True
        try:
            answer = await self._client.post("/u2", {"fsz": str(len(content.raw_dump))}, body)
        except (CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            # The restart can swallow the answer; what was written is read back after it.
            return restart, False
        if answer.status != _OK or upload_failed(answer):
            self._errors.may_have_changed = files_changed
            raise self._refusal()
        return restart, True

    def _refusal(self) -> RestoreNotVerifiedError | RestoreRejectedError:
        if not self._errors.may_have_changed:
            return RestoreRejectedError(_("The device refused the settings; it works as before."))
        return RestoreNotVerifiedError(
            _("The device refused the settings and works with those it had; files of the backup are on it already.")
        )

    def _restart(self, before: TasmotaStatus, other_login: TasmotaLogin | None) -> Restart[TasmotaStatus]:
        """Return the restart; a login that is refused after it is replaced by what the restored settings hold."""
        client, logins = self._client, [other_login]

        async def look() -> TasmotaStatus:
            try:
                return await client.status(patient=False)
            except AuthenticationError as error:
                if not logins:
                    raise RestoreNotVerifiedError(_BOTH_REFUSED) from error
                client.use_login(logins.pop())
                raise

        return Restart(
            before,
            look=look,
            ask=lambda: client.command("Restart 1", pace=client.impatient()),
            not_back=_NOT_BACK,
            pace=client.timing.restart,
            has_restarted=partial(_counts_another_start, before, client.timing.start_counted_after),
        )

    def _login_after(self, content: RestoreContent) -> TasmotaLogin | None:
        password = Decoded(content.dump).text(TextPlace.WEB_PASSWORD)
        return TasmotaLogin(self._user, password.decode("utf-8", "surrogateescape")) if password else None

    async def _prove(self, content: RestoreContent, *, is_taken: bool) -> tuple[list[Message], list[Message]]:
        held = await self._held()
        sent, now = parts_of(content.dump), parts_of(held)
        if content.may_migrate:
            if not is_taken and now == parts_of(content.held):
                raise RestoreNotVerifiedError(_NOT_TAKEN)
            return [_RESTARTED], [
                _(
                    "The settings are of Tasmota {backup} and were taken over into {device}; they cannot be compared.",
                    backup=content.dump.version_text,
                    device=held.version_text,
                )
            ]
        different = _different(sent[CONFIGURATION], now[CONFIGURATION])
        if different > _SET_AT_START or (different and now[CONFIGURATION] == parts_of(content.held)[CONFIGURATION]):
            raise RestoreNotVerifiedError(
                _("The device runs with other settings than those it was sent: {count} bytes differ.", count=different)
            )
        proven = [_RESTARTED if different else _SETTINGS_EQUAL]
        unproven = [_set_at_start(different)] if different else []
        if drivers := sorted(name for name in content.dump.drivers if sent[_part(name)] != now.get(_part(name))):
            unproven.append(
                _("The settings of these drivers are not as in the backup: {drivers}.", drivers=name_list(drivers))
            )
        return proven, unproven

    async def _held(self) -> Dump:
        content = await self._client.dump()
        await self._demand_same_device()
        try:
            return await self._run_blocking(parse_dump, CONFIGURATION, content)
        except InvalidArtifactError as error:
            raise RestoreNotVerifiedError(_("The device restarted, but its settings cannot be read back.")) from error


def _counts_another_start(before: TasmotaStatus, counted_after: float, after: TasmotaStatus) -> bool:
    """Return whether it has counted a start since; that of before may have been counted late."""
    if None in {before.uptime, before.boot_count, after.boot_count}:
        return False
    return (before.uptime or 0) >= counted_after and after.boot_count != before.boot_count


def _not_written(path: str) -> Message:
    return _(
        "{name} is not on the device as it was sent. The settings were not touched, but files may have changed.",
        name=name_list([path]),
    )


def _not_put_back(files: Mapping[str, bytes]) -> list[Message]:
    if not files:
        return []
    return [
        _(
            "These files are not put back, because the firmware of the device takes none: {files}.",
            files=name_list(files),
        )
    ]


def _set_at_start(count: int) -> Message:
    return _(
        "{count} bytes of its settings differ from the backup: the device may have set them itself at its start.",
        count=count,
    )


def _different(sent: bytes, held: bytes) -> int:
    return abs(len(sent) - len(held)) + sum(one != other for one, other in zip(sent, held, strict=False))


def _part(driver: str) -> str:
    return f"{CONFIGURATION}{driver}"
