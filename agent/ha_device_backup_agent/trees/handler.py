"""The handler of trees: a folder of a device, pulled by rsync into the repository of the agent."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    ASKED,
    Artifact,
    Config,
    ConfigError,
    DeviceBackupHandler,
    DeviceInfo,
    HandlerContext,
    HandlerSpec,
    KeyPairOfferedError,
    Note,
    Progress,
    RestorePlan,
    RestoreReport,
)
from ha_device_backup_core.host import KEPT
from ha_device_backup_core.toolkit import readable

from ..translation import _
from .ahead import Ahead
from .keys import authorized_line, made_key, tidy_key
from .manifest import FILENAME, Manifest, is_manifest, manifest_of
from .places import JobFolder, TreePlaces
from .repository import snapshot_with
from .restoring import TreeRestore
from .rsync import Rsync, Unreadable
from .spec import SPEC
from .ssh_access import SshAccess, TreeSource, trusted_key
from .tools import RESTIC, RSYNC
from .transferred import pulled, shown_as, stored

_USERNAME = re.compile(r"[\w.][\w.-]*\$?")


class TreeHandler(DeviceBackupHandler):
    """Backs up a folder that is too large for Home Assistant; what is kept there is the manifest."""

    spec: ClassVar[HandlerSpec] = SPEC
    places: ClassVar[TreePlaces]

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Check what goes together; no I/O."""
        super().__init__(context, config)
        self._folder = _folder(str(config["folder"]))
        if not _USERNAME.fullmatch(str(config["username"])):
            raise ConfigError("username", _("Enter the name alone."))
        key = config["private_key"]
        self._key = tidy_key(key) if isinstance(key, str) else None
        excludes = config["excludes"]
        self._excludes = excludes if isinstance(excludes, tuple) else ()
        self._job: JobFolder | None = None
        self._rsync: Rsync | None = None
        self._unique_id = ""

    async def test_connection(self) -> DeviceInfo:
        """Return which folder of which device is there; who it is, its host key says."""
        await self._connected()
        notices = () if await self.context.run_blocking(self._is_password_noted) else (_PASSWORD,)
        name = f"{self.config['host']}:{self._folder}"
        return DeviceInfo(unique_id=self._unique_id, name=name, notices=notices)

    def _is_password_noted(self) -> bool:
        return self.places.repository.is_password_noted

    async def _connected(self) -> Rsync:
        if self._rsync is not None:
            return self._rsync
        tools = self.places.tools
        program, _restic = await tools.path(RSYNC), await tools.path(RESTIC)
        host, port, pinned = str(self.config["host"]), int(str(self.config["port"])), self.config["host_key"]
        key = await trusted_key(tools, host, port, pinned if isinstance(pinned, str) else None)
        if self._key is None:
            made = made_key()
            raise KeyPairOfferedError("private_key", private=made, public=authorized_line(made, self._folder))
        self._unique_id = hashlib.sha256(f"{key.sha256}\n{self._folder}".encode()).hexdigest()[:32]
        self._job = await self.context.run_blocking(self.places.new_job)
        place = TreeSource(
            host=host, port=port, username=str(self.config["username"]), folder=self._folder, key=self._key
        )
        access = SshAccess(self._job.path, place)
        await access.prepare(tools, key)
        root = "/" if await access.is_restricted() else self._folder
        bandwidth = self.config["bandwidth"]
        self._rsync = Rsync(program, access, root, bandwidth=bandwidth if isinstance(bandwidth, int) else None)
        return self._rsync

    async def fetch_backup(self) -> Artifact:
        """Pull what changed, keep it in the repository, and return what says so."""
        rsync = await self._connected()
        places, repository = self.places, self.places.repository
        async with places.exclusively(self._unique_id):
            mirror, partial = await self.context.run_blocking(places.mirror, self._unique_id)
            pull = shown_as(self.context.progress, pulled)
            # To open the repository takes as long as to see that nothing changed.
            async with Ahead(lambda: repository.snapshots(self._unique_id)) as known:
                unreadable = await rsync.pull(mirror, partial, self._excludes, lambda count: pull(count, 0))
                facts = await self.context.run_blocking(places.facts, mirror)
                snapshot = snapshot_with(facts.tree.digest, await known.result())
            if snapshot is None:
                store = shown_as(self.context.progress, stored)
                snapshot = await repository.back_up(self._unique_id, facts.tree.digest, mirror, store)
            manifest = Manifest(
                device=self._unique_id,
                host=str(self.config["host"]),
                folder=self._folder,
                excludes=self._excludes,
                facts=facts.tree,
                owners=facts.owners,
                repository=await repository.id(),
                location=repository.location,
                snapshot=snapshot,
            )
            await places.upkeep.hear(self._unique_id, self.context.kept, made=snapshot)
            fault = await places.upkeep.fault()
        asked = json.dumps({FILENAME: " ".join([self._folder, "-", *self._excludes])})
        return manifest.artifact((*_missing(unreadable), *_fault(fault)), {ASKED: asked, KEPT: snapshot})

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Take the tree out of the repository, and ask rsync what it would change."""
        rsync = await self._connected()
        async with self.places.exclusively(self._unique_id):
            return await TreeRestore(rsync, self.places, self._unique_id).plan(manifest_of(artifact))

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Put the tree back; nothing on the device is deleted."""
        rsync = await self._connected()
        async with self.places.exclusively(self._unique_id):
            return await TreeRestore(rsync, self.places, self._unique_id).restore(manifest_of(artifact), progress)

    async def close(self) -> None:
        """Remove the key of the job."""
        if self._job is not None:
            await self.context.run_blocking(self._job.remove)

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is no manifest."""
        return () if manifest_of(artifact).owners else (_NO_OWNERS,)

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether it says that it is one."""
        return is_manifest(artifact)

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the id of the tree."""
        return manifest_of(artifact).device

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return False for an empty folder: its disk may not have been there."""
        return None if manifest_of(artifact).facts.files else False

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return all of it: there is nothing secret in it."""
        manifest_of(artifact)
        return {FILENAME: readable(artifact.content)}


def _folder(entered: str) -> str:
    folder = "/" + entered.strip("/")
    if not entered.startswith("/") or ".." in folder.split("/") or not folder.isprintable():
        raise ConfigError("folder", _("Enter the whole path, beginning with /."))
    return folder


def _missing(unreadable: Unreadable) -> tuple[Note, ...]:
    if not unreadable.count:
        return ()
    text = _(
        "{count} files may not be read by this user, such as {names}.",
        count=unreadable.count,
        names=", ".join(unreadable.names),
    )
    return (Note(code="unreadable", text=text),)


def _fault(words: str | None) -> tuple[Note, ...]:
    if words is None:
        return ()
    return (Note(code="repository_check", text=_("The check of the agent's repository failed: {words}", words=words)),)


def tree_handler(places: TreePlaces) -> type[TreeHandler]:
    """Return the handler of trees that are kept there."""
    return type("AgentTreeHandler", (TreeHandler,), {"__doc__": TreeHandler.__doc__, "places": places})


_PASSWORD = Note(
    code="password_not_noted",
    text=_(
        "Note the password of the agent's repository: without it nobody can read the files. Home Assistant keeps it as"
        " well, under Reconfigure of the agent. At the agent: ha-device-backup-agent repository password"
    ),
)
_NO_OWNERS = Note(
    code="no_owners",
    text=_("The owners of the files are not kept: the disk of the agent has no extended attributes."),
    is_remark=True,
)
