"""Put a backup back on a controller, prove it, and leave a working device at every step before the last."""

from ha_device_backup_core import (
    Progress,
    RestoreNotVerifiedError,
    RestoreReport,
    RunBlocking,
    Text,
    WrongDeviceError,
)
from ha_device_backup_core.toolkit import (
    FilesOnDevice,
    JsonError,
    RestoreErrors,
    Written,
    as_object,
    name_list,
    write_what_differs,
)

from . import device_files
from .client import WledClient
from .compare import differences, is_named
from .describe import needs_restart
from .device_files import CONFIGURATION
from .info import OTHER_DEVICE_NOW, WledInfo
from .json_files import parse
from .prepare import Preparer, WledPrepared
from .sendable import is_held
from .translation import _
from .unlock import WledFileList

_OK = 200
_RESTARTING = _("Waiting for the restart")
_RUNS_OTHER = _("The controller runs with another configuration than the one it was sent.")


class WledRestorer:
    """One restore of one device."""

    def __init__(self, client: WledClient, preparer: Preparer, progress: Progress, run_blocking: RunBlocking) -> None:
        """Keep what is needed; no I/O."""
        self._client = client
        self._preparer = preparer
        self._progress = progress
        self._run_blocking = run_blocking
        self._errors = RestoreErrors()

    async def restore(self, prepared: WledPrepared) -> RestoreReport:
        """Put back what was prepared.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after.
        """
        with self._errors.told():
            written = await self._send_files(prepared)
            unproven = await self._finish(prepared)
            return self._report(prepared, written, unproven)

    async def _send_files(self, prepared: WledPrepared) -> Written:
        info, listed = prepared.info, prepared.listed

        async def holds(name: str, content: bytes) -> bool:
            return await self._run_blocking(is_held, name, content, prepared.current[name])

        async def write(name: str, content: bytes) -> bool:
            await self._check_device(info)
            touched, self._errors.may_have_changed = self._errors.may_have_changed, True
            status = (await self._client.upload(name, content)).status
            if status != _OK:
                # One that was cut off before it was refused has spoiled the file.
                self._errors.may_have_changed = touched or not await self._preparer.is_as_before(prepared, name)
                raise self._errors.refusal(_refused(name, status))
            return True

        async def read(name: str, size: int) -> bytes | None:
            return await self._preparer.read(info, listed, name, size)

        def can_read(name: str) -> bool:
            return device_files.is_served_by_path(name) or isinstance(listed, WledFileList)

        device = FilesOnDevice(holds=holds, write=write, read=read, can_read=can_read)
        return await write_what_differs(
            prepared.uploads.files, device, not_written=_not_written, progress=self._progress, share=(0.1, 0.7)
        )

    async def _check_device(self, info: WledInfo) -> None:
        """See before each upload that the address is still that of the device: each request has its own connection."""
        if (await self._client.info()).mac != info.mac:
            if self._errors.may_have_changed:
                raise RestoreNotVerifiedError(
                    _("Another device took over the address in the middle of the work. Only some files were put back.")
                )
            raise WrongDeviceError(OTHER_DEVICE_NOW)

    async def _finish(self, prepared: WledPrepared) -> list[Text]:
        configuration = prepared.uploads.configuration
        if configuration is None:
            if needs_restart(prepared):
                self._progress(0.75, _RESTARTING)
                await prepared.restart.ask_and_wait()
            return []
        self._progress(0.7, _("Sending the configuration"))
        await self._check_device(prepared.info)
        touched, self._errors.may_have_changed = self._errors.may_have_changed, True
        status = await prepared.configuration_upload.send(configuration)
        if status is not None and status != _OK:
            # It is sent once, and what is refused is not written.
            self._errors.may_have_changed = touched
            raise self._errors.refusal(_refused(CONFIGURATION, status))
        self._progress(0.75, _RESTARTING)
        restart = prepared.restart
        after = await (restart.wait() if prepared.info.restarts_by_itself else restart.ask_and_wait())
        self._progress(0.95, _("Reading the configuration back"))
        return await self._prove_configuration(configuration, after, may_migrate=prepared.uploads.may_migrate)

    async def _prove_configuration(self, content: bytes, after: WledInfo, *, may_migrate: bool) -> list[Text]:
        answer = await self._client.read_file(CONFIGURATION)
        different = await self._run_blocking(_differing, content, answer.body, after)
        if not different:
            return []
        if not may_migrate:
            raise RestoreNotVerifiedError(
                _("These settings are not as in the backup: {settings}.", settings=name_list(different))
            )
        return [
            _(
                "The firmware is newer than the backup and keeps these settings in its own way: {settings}.",
                settings=name_list(different),
            )
        ]

    def _report(self, prepared: WledPrepared, written: Written, unproven: list[Text]) -> RestoreReport:
        self._progress(1.0, _("Done"))
        uploads = prepared.uploads
        equal = written.proven
        proven = [_("Files that are on the controller as in the backup: {count}.", count=equal)] if equal else []
        if uploads.configuration is not None:
            proven.append(
                _("The controller restarted and runs with the configuration of the backup, except for what it keeps.")
                if uploads.keeps_own
                else _("The controller restarted and runs with the configuration of the backup.")
            )
        elif needs_restart(prepared):
            proven.append(_("The controller restarted."))
        if unread := written.unreadable:
            unproven = [*unproven, _("Sent, but not readable on this firmware: {files}.", files=name_list(unread))]
        if extra := prepared.extra:
            unproven = [
                *unproven,
                _("These files were not in the backup and were left as they are: {files}.", files=name_list(extra)),
            ]
        return RestoreReport(
            proven=tuple(proven),
            unproven=tuple(unproven),
            needs=(*uploads.refused, *uploads.needs),
            whole=uploads.whole,
        )


def _refused(name: str, status: int) -> Text:
    return _("The controller refused {name} (status {status}).", name=name, status=status)


def _not_written(name: str) -> Text:
    return _(
        "{name} is not on the controller as it was sent, or only in part. The configuration was not touched. Restore"
        " again.",
        name=name,
    )


def _differing(content: bytes, present: bytes, after: WledInfo) -> list[str]:
    """Return the settings that are not as they were sent; raise RestoreNotVerifiedError for another configuration."""
    try:
        sent, held = as_object(parse(content, first=True)), as_object(parse(present, first=True))
    except JsonError as error:
        raise RestoreNotVerifiedError(_RUNS_OTHER) from error
    if not is_named(sent, after):
        raise RestoreNotVerifiedError(_RUNS_OTHER)
    return [] if present == content else differences(sent, held)
