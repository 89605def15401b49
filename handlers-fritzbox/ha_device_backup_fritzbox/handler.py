"""The handler of FRITZ!Box routers."""

import asyncio
import json
from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    Artifact,
    CannotConnectError,
    Config,
    ConfigError,
    DeviceBackupError,
    DeviceBackupHandler,
    DeviceBusyError,
    DeviceInfo,
    FileFacts,
    ForeignFileError,
    HandlerContext,
    HandlerSpec,
    Note,
    PermissionDeniedError,
    Person,
    PersonRequiredError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)

from . import files
from .client import Address, BoxClient
from .configured import configured
from .description import (
    DEVICE_INFO,
    IDENTITY,
    PHONE,
    PHONE_RIGHT,
    SECURITY,
    SETTINGS_RIGHT,
    BoxInfo,
    lacks_right,
    parse_info,
)
from .export_download import Download, ExportDownload
from .export_file import is_export, parse_export
from .faults import PASSWORD_CHARACTERS
from .normalize import normalize
from .origin import made_at, same_model, shown_model, version
from .phone import PhoneCollector
from .redact import redact
from .second_factor import SecondFactor
from .spec import FRITZBOX
from .timing import FritzboxTiming, Ports
from .translation import _
from .validate import validate

_ATTENDED = Note(
    code="attended",
    text=_(
        "This FRITZ!Box exports its settings only after a confirmation at the box. Schedules back up "
        "phone books, barred numbers and call diversions. For the settings, press “Back up now” from "
        "time to time when you are near it."
    ),
)
_UNATTENDED = Note(
    code="unattended",
    text=_("This FRITZ!Box exports its settings without a confirmation: schedules back up everything."),
)
_NO_SETTINGS_RIGHT = Note(
    code="no_settings_right",
    text=_("The FRITZ!Box user seems to lack the right “FRITZ!Box Settings”. Without it there is no export."),
)
_NO_PHONE_RIGHT = Note(
    code="no_phone_right",
    text=_(
        "The FRITZ!Box user seems to lack the right to voice messages, fax messages, FRITZ!App Fon and "
        "call list. Without it the backups will be incomplete: they lack phone books, barred numbers "
        "and call diversions."
    ),
)
_NO_EXPORT_PASSWORD = Note(
    code="no_export_password",
    text=_("Without an export password the backups restore only on this very FRITZ!Box, not on a replacement."),
)
_NOT_ENCRYPTED = Note(code="not_encrypted", text=_("The connection to this FRITZ!Box is not encrypted."))


class FritzBoxHandler(DeviceBackupHandler):
    """Backs up the settings and the lists of the phone; a person restores them in the page of the box."""

    spec: ClassVar[HandlerSpec] = FRITZBOX
    timing: ClassVar[FritzboxTiming] = FritzboxTiming()
    ports: ClassVar[Ports] = Ports()

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O. Raises ConfigError for a login that no box can have."""
        super().__init__(context, config)
        port, export_password = config["port"], str(config["export_password"] or "")
        address = Address(
            host=str(config["host"]),
            port=port if isinstance(port, int) else None,
            encrypted=config["tls"] is not False,
            username=str(config["username"]) if config["username"] else None,
            password=str(config["password"]),
        )
        if ":" in (address.username or ""):
            raise ConfigError("username", _("A user name has no colon."))
        if not export_password.isascii():
            raise ConfigError("export_password", PASSWORD_CHARACTERS)
        self._address = address
        self._client = BoxClient(context, address, self.timing, self.ports)
        self._second_factor = SecondFactor(self._client)
        self._exports = ExportDownload(self._client, export_password, context.run_blocking)

    async def test_connection(self) -> DeviceInfo:
        """Return who is there, and what to know about its backups."""
        info = await self._info()
        return info.to_device(self._client.url, await self._notices())

    async def fetch_backup(self) -> Artifact:
        """Return the export, which may need a confirmation, and the lists of the phone, which need none.

        At the end the box is asked once more who it is: that is whose backup it is.
        """
        lists = await PhoneCollector(self._client, self.context.run_blocking).collect()
        download = await self._configuration(self.context.person)
        missing = list(lists.missing)
        info = await self._info_at_last()
        content = {**lists.files, files.RECORD: _record(info)}
        if download is None:
            missing.insert(
                0,
                Note(
                    code=files.CONFIGURATION_MISSING,
                    text=_(
                        "The settings: this FRITZ!Box exports them only after a confirmation at the box. Press “Back "
                        "up now” when you are near it."
                    ),
                    needs_person=True,
                ),
            )
        else:
            content[download.name] = download.content
        return await self.context.run_blocking(_bundle, info, content, tuple(missing))

    async def close(self) -> None:
        """End a confirmation that nobody gave."""
        try:
            await self._second_factor.stop()
        except DeviceBackupError:
            self.context.logger.warning("The confirmation at the FRITZ!Box could not be ended; it ends by itself")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts about a backup, or about an export from the page of the box; or refuse it."""
        return validate(artifact)

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether an export is in it, or the record of a box."""
        return any(map(is_export, artifact.files().values())) or files.recorded_serial(artifact) is not None

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the serial number in the record; an export alone does not tell of which box it is."""
        return files.recorded_serial(artifact)

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        """Return model, FRITZ!OS and time of an export; raise ForeignFileError for another model than the device is."""
        found = files.export_of(artifact)
        if found is None:
            return None
        export = parse_export(found)
        if device.model and not same_model(export.model, device.model):
            raise ForeignFileError(
                _("It is of a {theirs}; this device is a {ours}.", theirs=shown_model(export), ours=device.model)
            )
        return FileFacts(model=shown_model(export), version=version(export), made_at=made_at(export))

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return False for the settings of a box that was reset, as far as its export tells."""
        return configured(artifact)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what differs at every export."""
        return normalize(artifact)

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return the settings and lists without secrets."""
        return redact(artifact)

    async def _info(self) -> BoxInfo:
        """Ask the box who it is; its log, which comes with the answer, may be unreadable."""
        return parse_info(await self._client.call(DEVICE_INFO, "GetInfo", needed=IDENTITY))

    async def _info_at_last(self) -> BoxInfo:
        """Ask it again; what a person confirmed must not be lost because the box is busy for a moment."""
        for wait in self.timing.waits:
            try:
                return await self._info()
            except (CannotConnectError, DeviceBusyError, UnexpectedResponseError):
                await asyncio.sleep(wait)
        return await self._info()

    async def _configuration(self, person: Person | None) -> Download | None:
        """Return the export, None where it needs a confirmation and nobody is there to give it."""
        token = None
        asked = await self._second_factor.is_on()
        if asked:
            if person is None:
                return None
            token = await self._second_factor.confirm(person)
        try:
            return await self._exports.fetch(token)
        except PersonRequiredError:
            if asked:
                raise
            if person is None:
                return None
        return await self._exports.fetch(await self._second_factor.confirm(person))

    async def _notices(self) -> tuple[Note, ...]:
        attended, rights = await self._second_factor.is_on(), await self._rights()
        lacks_settings = lacks_right(SETTINGS_RIGHT, rights)
        lacks_phone = lacks_right(PHONE_RIGHT, rights) and await self._client.has(PHONE)
        said = {
            _ATTENDED: attended,
            _UNATTENDED: not (attended or lacks_settings or lacks_phone),
            _NO_SETTINGS_RIGHT: lacks_settings,
            _NO_PHONE_RIGHT: lacks_phone,
            _NO_EXPORT_PASSWORD: not self.config["export_password"],
            _NOT_ENCRYPTED: not self._address.encrypted,
        }
        return tuple(notice for notice, holds in said.items() if holds)

    async def _rights(self) -> str:
        """Return what the box tells of the rights of the user, nothing where it does not."""
        if not await self._client.has(SECURITY):
            return ""
        try:
            answer = await self._client.call(SECURITY, "X_AVM-DE_GetCurrentUser")
        except (DeviceBusyError, PermissionDeniedError, UnexpectedResponseError, UnsupportedDeviceError):
            return ""
        return answer.get("NewX_AVM-DE_CurrentUserRights", "")


def _record(info: BoxInfo) -> bytes:
    facts = {"model": info.model, "serial": info.serial, "software": info.software}
    return json.dumps(facts, indent=2, sort_keys=True).encode()


def _bundle(info: BoxInfo, content: Mapping[str, bytes], missing: tuple[Note, ...]) -> Artifact:
    return Artifact.bundle(
        content,
        filename=f"fritzbox-{info.serial}.zip",
        attributes={"model": info.model, "software": info.software},
        missing=missing,
    )
