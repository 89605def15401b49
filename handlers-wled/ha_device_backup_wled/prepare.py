"""Ask a controller what a restore would find there: the same questions before a plan and before the work."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_device_backup_core import (
    DeviceError,
    RestoreRejectedError,
    RunBlocking,
    WrongDeviceError,
)
from ha_device_backup_core.toolkit import Response, Restart

from . import device_files
from .client import WledClient
from .collect import unreadable
from .configuration_upload import ConfigurationUpload
from .contents import WledContents
from .device_files import CONFIGURATION
from .info import OTHER_DEVICE_NOW, WledInfo
from .network import Connection
from .plan import Uploads, check_room, choose_uploads, keep_reachable
from .translation import _
from .unlock import Closed, WledFileList, WledUnlock

_NOT_BACK = _(
    "The controller did not come back after the restart. It may have another address now, or have lost its Wi-Fi: look "
    "for it in the router, or for a Wi-Fi named WLED-AP, and enter the Wi-Fi password there."
)
_OK = 200
_NOT_FOUND = 404
_NO_ANSWER = Response(0, {}, b"")
_ABSENT = Response(_NOT_FOUND, {}, b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class WledPrepared:
    """A restore that may begin."""

    info: WledInfo
    uploads: Uploads
    current: Mapping[str, bytes | None]
    """What the device holds under the names of the uploads; None where it holds nothing, or does not give it."""
    unread: frozenset[str]
    """The names that the device may hold, but does not give."""
    listed: WledFileList | Closed
    configuration_upload: ConfigurationUpload
    restart: Restart[WledInfo]

    @property
    def extra(self) -> frozenset[str]:
        """Return what the device holds and the backup does not; nothing where only some files go back."""
        if self.uploads.is_part or isinstance(self.listed, Closed):
            return frozenset()
        known = self.uploads.files.keys() | self.uploads.left_out | device_files.MADE_BY_DEVICE | {CONFIGURATION}
        return frozenset(name for name in self.listed.sizes if device_files.is_kept(name) and name not in known)


class Preparer:
    """Asks one device; changes nothing but the lock of its settings, which the access puts back."""

    def __init__(self, client: WledClient, access: WledUnlock, run_blocking: RunBlocking) -> None:
        """Keep what is needed; no I/O."""
        self._client = client
        self._access = access
        self._run_blocking = run_blocking

    async def prepare(self, held: WledContents, mac: str | None) -> WledPrepared:
        """Return what a restore of a valid backup would do to the device with that MAC address.

        Raises RestoreRejectedError when it may not begin, WrongDeviceError when another device answers.
        """
        info = await self._client.info()
        if mac is not None and info.mac != mac:
            raise WrongDeviceError(OTHER_DEVICE_NOW)
        configuration_upload = ConfigurationUpload(self._client, info)
        restart = self._restart(info, configuration_upload)
        chosen = await self._run_blocking(choose_uploads, held, info)
        listed = await self._open(info)
        answers = {name: await self._ask_present(info, listed, name) for name in chosen.all}
        current = {name: answer.body if _is_file(answer) else None for name, answer in answers.items()}
        unread = frozenset(name for name, answer in answers.items() if not _is_file(answer) and answer != _ABSENT)
        connection = Connection(host=self._client.host, by_cable=info.by_cable)
        uploads = await self._run_blocking(keep_reachable, chosen, current.get(CONFIGURATION), connection)
        check_room(uploads, current, info)
        return WledPrepared(
            info=info,
            uploads=uploads,
            current=current,
            unread=unread,
            listed=listed,
            configuration_upload=configuration_upload,
            restart=restart,
        )

    async def read(self, info: WledInfo, listed: WledFileList | Closed, name: str, size: int) -> bytes | None:
        """Return a file of about that size from the device, None where it does not give it."""
        answer = await self._ask(info, listed, name, size)
        return answer.body if _is_file(answer) else None

    async def is_as_before(self, prepared: WledPrepared, name: str) -> bool:
        """Return whether the device certainly holds under that name what it held before."""
        before = prepared.current[name]
        try:
            answer = await self._ask(prepared.info, prepared.listed, name, len(before or b""))
        except DeviceError:
            return False
        if _is_file(answer):
            return answer.body == before
        return answer.status == _NOT_FOUND and before is None and name not in prepared.unread

    def _restart(self, info: WledInfo, configuration_upload: ConfigurationUpload) -> Restart[WledInfo]:
        client = self._client
        return Restart(
            info,
            look=lambda: client.info(patient=False),
            ask=configuration_upload.restart,
            not_back=_NOT_BACK,
            pace=client.timing.restart,
        )

    async def _open(self, info: WledInfo) -> WledFileList | Closed:
        listed = await self._access.files(info)
        if listed is Closed.PIN:
            raise RestoreRejectedError(
                _("The settings are locked by a PIN. Enter the PIN in the settings of this device, then restore again.")
            )
        if listed is Closed.OTA_LOCK:
            raise RestoreRejectedError(
                _(
                    "The OTA lock of this firmware closes all files. Unlock it at the controller (Config, Security"
                    " & Updates) and restart the controller, then restore again."
                )
            )
        return listed

    async def _ask_present(self, info: WledInfo, listed: WledFileList | Closed, name: str) -> Response:
        if isinstance(listed, WledFileList) and name not in listed.sizes:
            return _ABSENT
        try:
            answer = await self._ask(info, listed, name, listed.sizes[name] if isinstance(listed, WledFileList) else 0)
        except DeviceError:
            # Of one file; of a device that is away, the next question tells.
            answer = _NO_ANSWER
        if answer.status == _NOT_FOUND:
            return _ABSENT
        if name == CONFIGURATION and not _is_file(answer):
            # What it holds now decides whether it stays reachable.
            await self._client.info()
            raise unreadable(name)
        return answer

    async def _ask(self, info: WledInfo, listed: WledFileList | Closed, name: str, size: int) -> Response:
        pace = self._client.pace.for_bytes(size)
        if device_files.is_served_by_path(name):
            return await self._client.read_file(name, pace=pace)
        if isinstance(listed, WledFileList):
            return await self._client.read_with_editor(info, name, pace=pace)
        return _NO_ANSWER


def _is_file(answer: Response) -> bool:
    return answer.status == _OK and not answer.is_encoded
