"""Have the box make an export, and fetch it at once; again if it does not arrive whole."""

from dataclasses import dataclass, field

from ha_device_backup_core import (
    DeviceBackupError,
    InvalidArtifactError,
    PersonRequiredError,
    RunBlocking,
    UnexpectedResponseError,
)

from .checksum import has_right_checksum
from .client import BoxClient
from .description import DEVICE_CONFIG
from .export_file import Export, parse_export
from .faults import CONFIRMATION_NEEDED, EXPORT_FAULTS, export_error_of
from .files import export_name
from .soap import SoapFaultError


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """An export with the name that the box gave it."""

    name: str
    content: bytes = field(repr=False)
    export: Export = field(repr=False)


class ExportDownload:
    """Fetches the export; the password encrypts the secrets in it."""

    def __init__(self, client: BoxClient, password: str, run_blocking: RunBlocking) -> None:
        """Keep all three; no I/O."""
        self._client = client
        self._password = password
        self._run_blocking = run_blocking

    async def fetch(self, token: str | None) -> Download:
        """Return a whole export; one whose checksum is wrong twice in a row is returned all the same.

        Raises PersonRequiredError when the box demands a confirmation, ConfigError when it does not take the password,
        InvalidArtifactError, DeviceError.
        """
        try:
            first = await self._once(token)
        except (InvalidArtifactError, UnexpectedResponseError):
            return await self._once(token)
        if await self._run_blocking(has_right_checksum, first.export):
            return first
        try:
            second = await self._once(token)
        except DeviceBackupError:
            return first
        return second

    async def _once(self, token: str | None) -> Download:
        url = await self._make(token)
        answer = await self._client.download(url, with_login=True, seconds=self._client.timing.download)
        export = await self._run_blocking(parse_export, answer.body)
        return Download(name=export_name(answer.filename), content=answer.body, export=export)

    async def _make(self, token: str | None) -> str:
        try:
            answer = await self._client.call(
                DEVICE_CONFIG,
                "X_AVM-DE_GetConfigFile",
                {"NewX_AVM-DE_Password": self._password},
                token=token,
                seconds=self._client.timing.making_export,
                expected=EXPORT_FAULTS,
            )
        except SoapFaultError as error:
            raise export_error_of(error.fault) from None
        url = answer.get("NewX_AVM-DE_ConfigFileUrl", "")
        if not url:
            # Some boxes show in this way that they want a confirmation.
            raise PersonRequiredError(CONFIRMATION_NEEDED)
        return url
