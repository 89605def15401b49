"""The handler of Tasmota devices."""

from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    Artifact,
    Config,
    DeviceBackupHandler,
    DeviceError,
    DeviceInfo,
    FileFacts,
    HandlerContext,
    HandlerSpec,
    Note,
    Progress,
    RestorePlan,
    RestoreReport,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.toolkit import canonical

from . import device_files
from .client import TasmotaClient, TasmotaLogin
from .collect import TasmotaCollector, TasmotaParts
from .contents import TasmotaContents, contents_of
from .device_files import CONFIGURATION, STATUS_RECORD
from .dump import begins_as_dump
from .factory import configured
from .file_system import FileSystem
from .normalize import normalize
from .origin import file_facts
from .redact import redact
from .restore import TasmotaRestorer
from .spec import DEFAULT_USER, TASMOTA
from .status import MINIMAL
from .timing import TasmotaTiming
from .translation import _
from .validate import record_of, validate

_SHARE_FOR_FILES = 0.8
"""Of the time of a job: what is not read by then is named, and the rest is kept."""


class TasmotaHandler(DeviceBackupHandler):
    """Backs up and restores the settings and the files of a device."""

    spec: ClassVar[HandlerSpec] = TASMOTA
    timing: ClassVar[TasmotaTiming] = TasmotaTiming()

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O."""
        super().__init__(context, config)
        password = config["password"]
        self._user = str(config["username"] or DEFAULT_USER)
        login = TasmotaLogin(self._user, password) if isinstance(password, str) and password else None
        self._client = TasmotaClient(context, str(config["host"]), int(str(config["port"])), login, self.timing)
        self._file_system = FileSystem(self._client)
        self._mac: str | None = None

    async def test_connection(self) -> DeviceInfo:
        """Return who is there."""
        status = await self._client.status()
        if status.is_minimal:
            raise UnsupportedDeviceError(MINIMAL)
        self._mac = status.mac
        return status.to_device(self._client.url, await self._client.module())

    async def fetch_backup(self) -> Artifact:
        """Return the settings and the files of the device."""
        collector = TasmotaCollector(
            self._client,
            self._file_system,
            self.context.run_blocking,
            limit=self.spec.max_artifact_bytes,
            seconds=self.spec.fetch_timeout * _SHARE_FOR_FILES,
        )
        collected = await collector.collect()
        if self._mac not in {None, collected.status.mac}:
            raise WrongDeviceError(_("It came there while the backup was made."))
        return await self.context.run_blocking(_bundle, collected)

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Return what would change on the device, file by file and setting by setting."""
        contents = await self.context.run_blocking(_valid_contents, artifact)
        return await self._restorer().plan(contents)

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Put settings and files back, wait for the restart and read them back."""
        contents = await self.context.run_blocking(_valid_contents, artifact)
        return await self._restorer().restore(contents, progress)

    def _restorer(self) -> TasmotaRestorer:
        return TasmotaRestorer(self._client, self._file_system, self._user, self._mac, self.context.run_blocking)

    async def close(self) -> None:
        """Let the device's page show the memory card again if it did before."""
        try:
            await self._file_system.close()
        except DeviceError:
            self.context.logger.debug("The page of the files shows the flash memory now, not the memory card")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts about a backup, or refuse it."""
        return validate(artifact)

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether a file in it begins as a dump does."""
        return any(map(begins_as_dump, artifact.files().values()))

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the MAC address in the record; of a bare dump, that in the name that TasmoBackup gives it."""
        contents = contents_of(artifact)
        record = record_of(contents)
        if record is not None:
            return record.mac
        return device_files.mac_in_name(contents.name) or device_files.mac_in_name(artifact.filename)

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts:
        """Return version and time of a file; raise ForeignFileError for one of another chip than the device has."""
        return file_facts(artifact, device)

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return False for what the firmware has after a reset."""
        return configured(contents_of(artifact))

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what changes by itself."""
        return normalize(artifact)

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return what may be shown; the dump itself holds passwords."""
        return redact(artifact)


def _valid_contents(artifact: Artifact) -> TasmotaContents:
    validate(artifact)
    return contents_of(artifact)


def _bundle(collected: TasmotaParts) -> Artifact:
    status = collected.status
    files = {device_files.stored(path): content for path, content in collected.files.items()}
    return Artifact.bundle(
        {CONFIGURATION: collected.dump, STATUS_RECORD: canonical(collected.said), **files},
        filename=f"tasmota-{status.mac}.zip",
        attributes={"mac": status.mac, "version": status.version, "hardware": status.hardware},
        missing=collected.missing,
    )
