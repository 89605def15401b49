"""The handler of devices that are reached by SSH, one class for all platforms."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib import import_module, resources
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

from ha_device_backup_core import (
    ASKED,
    Artifact,
    Config,
    ConfigError,
    DeviceBackupHandler,
    DeviceInfo,
    FileFacts,
    HandlerContext,
    HandlerSpec,
    KeyPairOfferedError,
    Note,
    Progress,
    RestorePlan,
    RestoreReport,
)
from ha_device_backup_core.toolkit import tidy_private_key

from .contents import bundle_of, contents_of, kind_of
from .judging import check, normalized, shown_texts
from .loader import load_platform
from .login import SshLogin
from .paths import entered_paths
from .platform import SshPlatform
from .selecting import part_of
from .spec import spec_of
from .translation import _

if TYPE_CHECKING:
    from .work import SshJob

_FOLDER = "platforms"
_SHARE_FOR_FILES = 0.9
"""Of the time of a job, for what is fetched."""


class SshHandler(DeviceBackupHandler):
    """Backs up a platform; putting backups back is up to a person."""

    platform: ClassVar[SshPlatform]

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Check what goes together; no I/O."""
        super().__init__(context, config)
        self._login = SshLogin.of(config)
        if self._login.key is not None:
            tidy_private_key(self._login.key)
        elif self._login.passphrase is not None:
            raise ConfigError("private_key", _("There is a passphrase, but no private key."))
        tree = self.platform.tree
        self._paths = () if tree is None else entered_paths(_lines(config["files"]))
        self._excludes = () if tree is None else _lines(config["excludes"])
        self._job: SshJob | None = None
        self._device: DeviceInfo | None = None

    async def _work(self) -> "SshJob":
        """Return what does the work; the library for SSH is imported in a thread: it looks around in the system."""
        if self._job is None:
            module = await self.context.run_blocking(_work)
            if self.config["host_key"] is not None and not self._login.is_complete:
                private, public = await self.context.run_blocking(module.made_pair, "device-backups")
                raise KeyPairOfferedError("private_key", private=private, public=public)
            job: SshJob = module.SshJob(self.context, self.platform, self.config, self._login)
            self._job = job
        return self._job

    async def test_connection(self) -> DeviceInfo:
        """Return who is there."""
        job = await self._work()
        self._device = await job.who()
        return self._device

    async def fetch_backup(self) -> Artifact:
        """Return what the platform says is kept."""
        job = await self._work()
        seconds = self.spec.fetch_timeout * _SHARE_FOR_FILES
        limit = self.spec.max_artifact_bytes
        device = await job.who()
        if self.platform.tree is None:
            outputs, missing = await job.outputs(limit=limit, seconds=seconds)
            return await self.context.run_blocking(
                lambda: bundle_of(self.platform, device, outputs=outputs, missing=missing)
            )
        collected = await job.files(self._paths, self._excludes, limit=limit, seconds=seconds)
        asked = json.dumps({f"{self.platform.kind}.zip": " ".join([*self._paths, "-", *self._excludes])})
        return await self.context.run_blocking(
            lambda: bundle_of(
                self.platform,
                device,
                entries=collected.entries,
                missing=collected.missing(),
                attributes={ASKED: asked},
            )
        )

    async def close(self) -> None:
        """End the connection."""
        if self._job is not None:
            await self._job.close()

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is no backup of the platform."""
        check(artifact, cls.platform)
        return ()

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether its index names this kind."""
        return kind_of(artifact) == cls.platform.kind

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the id that the device told while the backup was made."""
        return contents_of(artifact, cls.platform).unique_id

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        """Return model and version, as they were."""
        contents = contents_of(artifact, cls.platform)
        return FileFacts(model=contents.model, version=contents.version) if contents.kind else None

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what changes by itself."""
        return normalized(artifact, cls.platform)

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return the texts whose secrets are known; of files of any kind only what they are."""
        return shown_texts(artifact, cls.platform)


class RestoringSshHandler(SshHandler):
    """Backs up a platform, and puts its backups back."""

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Return what would change on the device."""
        return await (await self._work()).plan(artifact, limit=self.spec.max_artifact_bytes)

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Put back what differs, and read it back."""
        return await (await self._work()).restore(artifact, progress, limit=self.spec.max_artifact_bytes)


class FilesSshHandler(RestoringSshHandler):
    """Backs up files by a list; each can be put back alone."""

    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        """Return the artifact with only these of its files."""
        return part_of(artifact, cls.platform, names)


def _work() -> ModuleType:
    return import_module(f"{__package__}.work")


def _lines(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


@cache
def ssh_handlers() -> tuple[type[SshHandler], ...]:
    """Return the handlers of all platforms; reads their files, which lie beside this one."""
    folder = resources.files(__package__ or "") / _FOLDER
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(handler_of(load_platform(file.name, file.read_bytes())) for file in files)


def handler_of(platform: SshPlatform) -> type[SshHandler]:
    """Return the handler of a platform."""
    base = FilesSshHandler if platform.tree is not None else RestoringSshHandler if platform.can_restore else SshHandler
    name = "".join(part.capitalize() for part in platform.kind.split("_"))
    spec: HandlerSpec = spec_of(platform)
    attributes = {
        "__doc__": f"Backs up {platform.kind}.",
        "__module__": __name__,
        "platform": platform,
        "spec": spec,
    }
    return type(f"{name}Handler", (base,), attributes)
