"""The handler of WLED controllers."""

from collections.abc import Collection, Mapping
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
)
from ha_device_backup_core.toolkit import canonical, encoded

from . import device_files
from .client import WledClient
from .collect import WledCollector, WledFiles
from .contents import WledContents, contents
from .describe import describe
from .device_files import INFO_RECORD, NAMES_RECORD, SIZES_RECORD
from .factory import configured
from .info import WledInfo
from .normalize import normalize
from .origin import file_facts, owner, recognizes
from .part import part_of
from .prepare import Preparer
from .redact import redact
from .restore import WledRestorer
from .spec import WLED
from .timing import WledTiming
from .translation import _
from .unlock import Closed, WledFileList, WledUnlock
from .validate import validate


class WledHandler(DeviceBackupHandler):
    """Backs up and restores every file of a controller that can be read."""

    spec: ClassVar[HandlerSpec] = WLED
    timing: ClassVar[WledTiming] = WledTiming()

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O."""
        super().__init__(context, config)
        pin = config["pin"]
        self._client = WledClient(context, str(config["host"]), int(str(config["port"])), self.timing)
        self._access = WledUnlock(self._client, pin if isinstance(pin, str) and pin else None)
        self._mac: str | None = None

    async def test_connection(self) -> DeviceInfo:
        """Return who is there and what its backups will lack; try the PIN if one was entered."""
        info = await self._client.info()
        listed = await self._listed(info)
        self._mac = info.mac
        return info.to_device(self._client.url, (listed.notice(),) if isinstance(listed, Closed) else ())

    async def fetch_backup(self) -> Artifact:
        """Return all files of the controller, from one moment."""
        collected = await WledCollector(self._client, self._access, self.spec.max_artifact_bytes).collect()
        return await self.context.run_blocking(_bundle, collected)

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Return what a restore would change, file by file."""
        prepared = await self._preparer().prepare(await self._valid(artifact), self._mac)
        return await self.context.run_blocking(describe, prepared)

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Put the files back, restart the controller and read them back."""
        held = await self._valid(artifact)
        progress(0.0, _("Checking the controller"))
        preparer = self._preparer()
        prepared = await preparer.prepare(held, self._mac)
        return await WledRestorer(self._client, preparer, progress, self.context.run_blocking).restore(prepared)

    async def _listed(self, info: WledInfo) -> WledFileList | Closed | None:
        """Return the list of files, None where it did not come: that decides only with a PIN whether one may go on."""
        try:
            return await self._access.files(info)
        except DeviceError:
            if self._access.has_pin and info.has_pin:
                raise
            return None

    def _preparer(self) -> Preparer:
        return Preparer(self._client, self._access, self.context.run_blocking)

    async def _valid(self, artifact: Artifact) -> WledContents:
        await self.context.run_blocking(validate, artifact)
        return await self.context.run_blocking(contents, artifact)

    async def close(self) -> None:
        """Lock the settings again if this job opened them."""
        try:
            await self._access.lock_again()
        except DeviceError:
            self.context.logger.warning(
                "The settings of the controller could not be locked again; they lock themselves after 15 minutes"
            )

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts about a backup, or refuse it."""
        return validate(artifact)

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether it holds the settings or the presets of a controller, damaged or not."""
        return recognizes(artifact)

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the MAC address in the record, or the one in a name by TasmoBackup; nothing else tells it."""
        return owner(artifact)

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        """Return the version and the time of what was made elsewhere: in the record, or in a name by TasmoBackup."""
        return file_facts(artifact)

    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        """Return the artifact with some of its files: each can be put back without the others."""
        return part_of(artifact, names)

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return False for a controller that was reset: it holds its factory settings and no file of a person."""
        return configured(artifact)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what changes by itself."""
        return normalize(artifact)

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return the readable files without secrets."""
        return redact(artifact)


def _bundle(collected: WledFiles) -> Artifact:
    kept = device_files.kept_names(collected.files)
    files = {kept[name]: content for name, content in collected.files.items()}
    odd = {kept[name]: encoded(name).hex() for name in collected.files if kept[name] != name}
    records = {
        INFO_RECORD: collected.raw_info,
        SIZES_RECORD: canonical({name: len(content) for name, content in files.items()}),
        **({NAMES_RECORD: canonical(odd)} if odd else {}),
    }
    info = collected.info
    return Artifact.bundle(
        {**files, **records},
        filename=f"wled-{info.mac}.zip",
        attributes={"mac": info.mac, "version": info.version, "chip": info.chip},
        missing=collected.missing,
    )
