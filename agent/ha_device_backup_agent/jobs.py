"""The jobs of clients: a handler each, told step by step what to do, ended when nobody asks any more."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from ha_device_backup_core import (
    Artifact,
    DeviceBackupError,
    DeviceBusyError,
    Person,
    Prompt,
    Text,
)
from ha_device_backup_core.host import (
    HandlerJob,
    JobLimits,
    RegisteredHandler,
    SessionFactory,
    demand_same,
    open_job,
    put_back,
    wire,
)

from .refusals import RefusedError
from .spool import Spool

_LOGGER = logging.getLogger(__name__)
MOST_JOBS = 8
MOST_JOBS_OF_CLIENT = 6
_BUSY_SECONDS = 15.0
_END_SECONDS = 12.0
_RESTORE_FACTOR = 5
_LONGEST_SECONDS = 7 * 24 * 3600.0
_MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """What a client wants a job for."""

    kind: str
    config: Mapping[str, object] = field(repr=False)
    attended: bool
    seconds: float
    most_bytes: int
    kept: frozenset[str] | None = None

    @classmethod
    def of(cls, fields: wire.Fields) -> "JobRequest":
        """Return what was asked for; raises ProtocolError."""
        request = cls(
            kind=fields.word("kind"),
            config=fields.mapping("config"),
            attended=fields.boolean("attended"),
            seconds=fields.number("seconds", 0, _LONGEST_SECONDS),
            most_bytes=fields.integer("most_bytes", 1, 2**40),
            kept=frozenset(fields.words("kept")) if fields.has("kept") else None,
        )
        fields.only_known()
        return request


@dataclass(frozen=True, slots=True, kw_only=True)
class _RequestedStep:
    """A step that a client wants done."""

    step: wire.RemoteStep
    artifact: Artifact | None


class AgentJob:
    """One job: the steps that are asked of it, how far it is, and what came of it."""

    def __init__(
        self,
        registered: RegisteredHandler,
        request: JobRequest,
        *,
        client: str,
        spool: Spool,
        sessions: SessionFactory | None,
    ) -> None:
        """Begin it."""
        self.client = client
        self._registered = registered
        self._request = request
        self._spool = spool
        self._sessions = sessions
        self._loop = asyncio.get_running_loop()
        self._requested: asyncio.Queue[_RequestedStep] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._state: wire.WireDocument = {"revision": 0, "done": 0}
        self._steps = 0
        self._ended: DeviceBackupError | None = None
        self._unique_id: str | None = None
        """What the device told when the client asked who it is."""
        self.restores = False
        self.seen = self._loop.time()
        self._task = self._loop.create_task(self._run())

    @property
    def is_running(self) -> bool:
        """Return whether there is a handler at work."""
        return not self._task.done()

    def request_step(self, number: int, step: wire.RemoteStep, artifact: Artifact | None) -> None:
        """Have it do a step; the same one may be asked again, because the answer was lost."""
        self.seen = self._loop.time()
        if number == self._steps and number > 0:
            return
        if number != self._steps + 1 or self._state["done"] != self._steps or number > _MOST_STEPS:
            raise RefusedError(wire.Refusal.WRONG_STEP)
        self._steps = number
        if self._task.done():
            self._finish(error=self._ended)
        else:
            self._requested.put_nowait(_RequestedStep(step=step, artifact=artifact))

    async def state(self, after: int, seconds: float) -> wire.WireDocument:
        """Return how far it is, as soon as that is another revision than the one the client knows."""
        self.seen = self._loop.time()
        try:
            async with asyncio.timeout(seconds):
                while self._state["revision"] == after:
                    await self._changed.wait()
        except TimeoutError:
            pass
        finally:
            self.seen = self._loop.time()
        return self._state

    async def end(self) -> None:
        """End it, and wait until the handler let go of the device."""
        self._task.cancel()
        await asyncio.wait({self._task}, timeout=_END_SECONDS)
        self._update()  # for who still waits for news of it

    async def _run(self) -> None:
        person: Person | None = _PersonElsewhere(self) if self._request.attended else None
        spec = self._registered.spec
        seconds = min(self._request.seconds, spec.fetch_timeout) * _RESTORE_FACTOR
        try:
            async with open_job(
                self._registered,
                self._request.config,
                device=None,
                limits=JobLimits(seconds=seconds, most_bytes=self._request.most_bytes),
                sessions=self._sessions,
                person=person,
                kept=self._request.kept,
            ) as job:
                job.progress.to = self._report_progress
                while True:
                    with job.clock.stopped():
                        requested = await self._requested.get()
                    self._finish(result=await self._perform(job, requested))
        except DeviceBackupError as error:
            self._ended = error
            _LOGGER.info("%s: %s", spec.kind, error.code)
            if self._state["done"] != self._steps:
                self._finish(error=error)

    async def _perform(self, job: HandlerJob, requested: _RequestedStep) -> wire.WireDocument:
        match requested.step:
            case wire.RemoteStep.TEST_CONNECTION:
                device = job.results.device(await job.handler.test_connection())
                self._unique_id = device.unique_id
                return wire.device_document(device)
            case wire.RemoteStep.FETCH_BACKUP:
                artifact = job.results.artifact(await job.handler.fetch_backup())
                return wire.artifact_document(artifact, await self._stored(artifact))
            case wire.RemoteStep.PLAN_RESTORE if requested.artifact is not None:
                return wire.plan_document(job.results.plan(await job.handler.plan_restore(requested.artifact)))
            case wire.RemoteStep.RESTORE_BACKUP if requested.artifact is not None:
                return await self._restore(job, requested.artifact)
        raise AssertionError(requested.step)

    async def _stored(self, artifact: Artifact) -> wire.ContentRef:
        """Keep an artifact for the client to fetch; that this fails is no fault of the handler."""
        try:
            return await self._spool.store(self.client, artifact.content)
        except (OSError, RefusedError) as error:
            _LOGGER.warning("A backup could not be kept on its way: %s", error)
            raise DeviceBusyError(wire.NOT_KEPT) from error

    async def _restore(self, job: HandlerJob, artifact: Artifact) -> wire.WireDocument:
        """Put it back on the device that the client was told of: the backup may have been long on its way here."""
        self.restores = True
        try:
            await demand_same(job, self._unique_id)
            return wire.report_document(await put_back(job, artifact, unique_id=self._unique_id))
        finally:
            self.restores = False

    def _report_progress(self, share: float | None, text: Text) -> None:
        known = None if share is None else min(max(float(share), 0.0), 1.0)
        self._update(progress={"share": known, "text": wire.document_of(text)})

    def _finish(self, *, result: wire.WireDocument | None = None, error: DeviceBackupError | None = None) -> None:
        failure = None if error is None else wire.failure_document(error)
        self._update(done=self._steps, result=result, error=failure, progress=None)

    def _update(self, **changed: object) -> None:
        revision = self._state["revision"]
        self._state = {**self._state, **changed, "revision": (revision if isinstance(revision, int) else 0) + 1}
        self._changed.set()
        self._changed = asyncio.Event()

    def show(self, prompt: Prompt | None) -> None:
        """Have the client show an instruction to its person."""
        self._update(prompt=None if prompt is None else wire.prompt_document(prompt))


class _PersonElsewhere:
    """The person who waits at the client."""

    def __init__(self, job: AgentJob) -> None:
        self._job = job

    def show(self, prompt: Prompt | None) -> None:
        self._job.show(prompt)


class Jobs:
    """All jobs of all clients."""

    def __init__(self, spool: Spool, *, sessions: SessionFactory | None = None) -> None:
        """Take where bytes are on their way, and what makes the sessions with devices."""
        self._spool = spool
        self._sessions = sessions
        self._jobs: dict[tuple[str, str], AgentJob] = {}
        self._have_ended = False

    @property
    def running(self) -> int:
        """Return how many are at work."""
        return sum(job.is_running for job in self._jobs.values())

    def begin(self, client: str, job_id: str, registered: RegisteredHandler, request: JobRequest) -> None:
        """Begin a job, unless it was begun already."""
        if (client, job_id) in self._jobs:
            return
        own = sum(job.client == client for job in self._jobs.values())
        if own >= MOST_JOBS_OF_CLIENT or len(self._jobs) >= MOST_JOBS or self._have_ended:
            raise RefusedError(wire.Refusal.TOO_MANY, retry_after=_BUSY_SECONDS)
        self._jobs[client, job_id] = AgentJob(
            registered, request, client=client, spool=self._spool, sessions=self._sessions
        )

    def get(self, client: str, job_id: str) -> AgentJob:
        """Return a job of a client."""
        if (job := self._jobs.get((client, job_id))) is None:
            raise RefusedError(wire.Refusal.UNKNOWN_JOB)
        return job

    async def end(self, client: str, job_id: str) -> None:
        """End a job of a client."""
        job = self.get(client, job_id)
        await job.end()
        self._jobs.pop((client, job_id), None)

    async def sweep(self, clients: set[str]) -> None:
        """End what nobody asked about for long, and all of clients that are no longer let in."""
        now = asyncio.get_running_loop().time()
        for key, job in list(self._jobs.items()):
            forgotten = now - job.seen > wire.LEASE_SECONDS and not job.restores
            if forgotten or job.client not in clients:
                await job.end()
                self._jobs.pop(key, None)

    async def end_all(self) -> None:
        """End all; connections that are open yet begin no more."""
        self._have_ended = True
        await asyncio.gather(*(job.end() for job in self._jobs.values()))
        self._jobs.clear()
