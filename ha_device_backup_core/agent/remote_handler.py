"""A kind of device that is asked by an agent: a handler like any other to everything above it."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from typing import ClassVar

from ..contract import Artifact, Config, DeviceBackupHandler, DeviceInfo, HandlerContext, Note, Progress
from ..errors import AgentError, DeviceError, RestoreNotVerifiedError
from ..file_facts import FileFacts
from ..jobs.time_limit import JobLimits
from ..plugins.registry import RegisteredHandler
from ..restore_records import RestorePlan, RestoreReport
from ..text import _
from . import remote_calls
from .client import AgentClient, AgentConnection, open_session
from .kinds import RemoteKind
from .protocol import Call, RemoteStep
from .records import artifact_of, content_of, device_of, plan_of, report_of
from .remote_job import RemoteJob

_END_SECONDS = 8.0


class RemoteHandler(DeviceBackupHandler):
    """Hands each method to an agent; what is pure is done here where the same package is installed."""

    agent: ClassVar[AgentClient]
    here: ClassVar[type[DeviceBackupHandler] | None] = None

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Keep both; the agent is asked by the first method."""
        super().__init__(context, config)
        self._stack = contextlib.AsyncExitStack()
        self._connection: AgentConnection | None = None
        self._job: RemoteJob | None = None

    async def test_connection(self) -> DeviceInfo:
        """Have the agent ask who is there."""
        job, connection = await self._begun()
        with connection.understood():
            return device_of(await job.do(RemoteStep.TEST_CONNECTION, person=self.context.person))

    async def fetch_backup(self) -> Artifact:
        """Have the agent fetch, and get it from there."""
        job, connection = await self._begun()
        with connection.understood():
            fetched = await job.do(RemoteStep.FETCH_BACKUP, person=self.context.person, progress=self.context.progress)
            content = content_of(fetched, self.spec.max_artifact_bytes)
            return artifact_of(fetched, await connection.download(content))

    async def close(self) -> None:
        """End the job at the agent; one that does not answer ends it by itself."""
        try:
            if self._job is not None and self._connection is not None:
                with contextlib.suppress(DeviceError, TimeoutError), self._connection.understood():
                    async with asyncio.timeout(_END_SECONDS):
                        await self._job.end()
        finally:
            await self._stack.aclose()

    async def _begun(self) -> tuple[RemoteJob, AgentConnection]:
        """Return the job, which the first step begins."""
        if self._job is None or self._connection is None:
            session = await self._stack.enter_async_context(open_session())
            connection = AgentConnection(session, self.agent.paired)
            with connection.understood():
                await connection.greet()
                self._connection = connection
                self._job = RemoteJob(connection, agent=self.agent.paired.name)
                limits = JobLimits(seconds=self.spec.fetch_timeout, most_bytes=self.spec.max_artifact_bytes)
                attended = self.context.person is not None
                await self._job.begin(
                    self.spec.kind, self.config, attended=attended, limits=limits, kept=self.context.kept
                )
        return self._job, self._connection

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Have it checked."""
        if cls.here is not None:
            return cls.here.validate(artifact)
        return remote_calls.validate(cls.agent, cls.spec.kind, artifact)

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Look only here: not every file that somebody hands in goes to another machine."""
        return cls.here is not None and cls.here.recognizes(artifact)

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Have it asked."""
        if cls.here is not None:
            return cls.here.owner(artifact)
        return remote_calls.owner(cls.agent, cls.spec.kind, artifact)

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        """Have it described."""
        if cls.here is not None:
            return cls.here.describe(artifact, device)
        return remote_calls.describe(cls.agent, cls.spec.kind, artifact, device)

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Have it looked into."""
        if cls.here is not None:
            return cls.here.configured(artifact)
        return remote_calls.configured(cls.agent, cls.spec.kind, artifact)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Have it normalised."""
        if cls.here is not None:
            return cls.here.normalize(artifact)
        return remote_calls.files(cls.agent, cls.spec.kind, Call.NORMALIZE, artifact)

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Have it made readable."""
        if cls.here is not None:
            return cls.here.redact(artifact)
        return remote_calls.redact(cls.agent, cls.spec.kind, artifact)


class _Restores(RemoteHandler):
    """Of a kind that is put back."""

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Have the agent do it; raises RestoreNotVerifiedError where its end is not known."""
        job, connection = await self._begun()
        touched = False

        def begun() -> None:
            nonlocal touched
            touched = True

        try:
            with connection.understood():
                return report_of(
                    await job.do(
                        RemoteStep.RESTORE_BACKUP,
                        artifact=artifact,
                        person=self.context.person,
                        progress=progress,
                        begun=begun,
                    )
                )
        except AgentError as error:
            if not touched:
                raise
            raise RestoreNotVerifiedError(
                _(
                    "What the agent “{agent}” did at last is not known here: {reason}",
                    agent=self.agent.paired.name,
                    reason=error.detail or error.summary,
                )
            ) from error


class _Plans(_Restores):
    """Of a kind that says before what would change."""

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Have the agent say what it would do."""
        job, connection = await self._begun()
        with connection.understood():
            return plan_of(await job.do(RemoteStep.PLAN_RESTORE, artifact=artifact, person=self.context.person))


class _PicksFiles(RemoteHandler):
    """Of a kind of which single files are put back."""

    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        """Have these files picked out."""
        if cls.here is not None:
            return cls.here.part(artifact, names)
        return remote_calls.part(cls.agent, cls.spec.kind, artifact, names)


def remote_handler(
    agent: AgentClient, kind: RemoteKind, installed: RegisteredHandler | None = None
) -> type[RemoteHandler]:
    """Return the handler of a kind at an agent; `installed` is what is here of the same kind.

    What only reads a file is done here where the same version of the same package is.
    """
    same = installed is not None and (installed.distribution, installed.version) == (kind.distribution, kind.version)
    attributes: dict[str, object] = {
        "__doc__": f"Devices of the kind {kind.spec.kind}, asked by an agent.",
        "__module__": __name__,
        "spec": kind.spec,
        "agent": agent,
        "here": installed.handler if same and installed is not None else None,
    }
    # Whether a kind restores, and how, is told by which methods its class has.
    restores = (_Plans if kind.can_plan else _Restores) if kind.can_restore else RemoteHandler
    bases = (_PicksFiles, restores) if kind.can_restore_part else (restores,)
    return type(f"RemoteHandlerOf{kind.spec.kind.title().replace('_', '')}", bases, attributes)
