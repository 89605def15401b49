"""One job at an agent: its steps, what is told meanwhile, and its end; goes on where the connection broke off."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Mapping

from ..contract import Artifact, Config, Person, Progress, Prompt
from ..errors import AgentAwayError, HandlerUnavailableError
from ..jobs.time_limit import JobLimits
from ..plugins.registry import not_at_agent
from ..text import _
from .client import AgentConnection, RequestRefusedError
from .failures import failure_from
from .fields import MOST_ITEMS, Fields, ProtocolError
from .protocol import POLL_SECONDS, Refusal, RemoteStep
from .records import ContentRef, artifact_document, prompt_of

RECONNECT_SECONDS = 20.0
"""How long a job goes on at an agent that does not answer, before it is given up."""
_PAUSE = 0.5
_MOST_REVISIONS = 2**53


class RemoteJob:
    """A job that an agent does for this side."""

    def __init__(self, connection: AgentConnection, *, agent: str) -> None:
        """Take who to ask, and its name."""
        self._connection = connection
        self._agent = agent
        self._path = f"/v1/jobs/{uuid.uuid4().hex}"
        self._steps = 0
        self._prompt: Prompt | None = None

    async def begin(
        self, kind: str, config: Config, *, attended: bool, limits: JobLimits, kept: frozenset[str] | None
    ) -> None:
        """Have the agent make a handler."""
        document = {
            "kind": kind,
            "config": {key: list(value) if isinstance(value, tuple) else value for key, value in config.items()},
            "attended": attended,
            "seconds": limits.seconds,
            "most_bytes": limits.most_bytes,
            "kept": None if kept is None or len(kept) > MOST_ITEMS else sorted(kept),
        }
        try:
            await self._connection.ask("PUT", self._path, document)
        except RequestRefusedError as error:
            if error.refusal == Refusal.UNKNOWN_KIND:
                raise HandlerUnavailableError(not_at_agent(kind, self._agent)) from None
            raise

    async def do(
        self,
        step: RemoteStep,
        *,
        artifact: Artifact | None = None,
        person: Person | None = None,
        progress: Progress | None = None,
        begun: Callable[[], None] | None = None,
    ) -> Fields:
        """Return what a step returned, or raise the error that it ended with; `begun` is called right before it."""
        document: dict[str, object] = {"step": step.value}
        if artifact is not None:
            content = content_ref(artifact)
            await self._connection.upload(content, artifact.content)
            document["artifact"] = artifact_document(artifact, content)
        self._steps += 1
        if begun is not None:
            begun()
        await self._patiently("PUT", f"{self._path}/steps/{self._steps}", document)
        revision = 0
        while True:
            state = await self._patiently("GET", self._path, query={"after": str(revision)})
            known, revision = revision, state.integer("revision", 0, _MOST_REVISIONS)
            self._forward(state, person, progress)
            if state.integer("done", 0, self._steps) == self._steps:
                return _outcome(state)
            if revision == known:
                # An agent waits with its answer for news; one that does not would be asked all the time.
                await asyncio.sleep(_PAUSE)

    async def end(self) -> None:
        """End the job, if there is one."""
        await self._connection.ask("DELETE", self._path)

    def _forward(self, state: Fields, person: Person | None, progress: Progress | None) -> None:
        prompt = prompt_of(state.inner("prompt")) if state.has("prompt") else None
        if prompt != self._prompt and person is not None:
            person.show(prompt)
        self._prompt = prompt
        if progress is not None and state.has("progress"):
            shown = state.inner("progress")
            progress(shown.number("share", 0, 1) if shown.has("share") else None, shown.text("text"))

    async def _patiently(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Fields:
        """Ask what may be asked twice, until the agent has been silent for too long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + RECONNECT_SECONDS
        while True:
            try:
                return await self._connection.ask(method, path, document, query=query, seconds=POLL_SECONDS + 10)
            except AgentAwayError:
                if loop.time() + _PAUSE > end:
                    raise
                await asyncio.sleep(_PAUSE)
            except RequestRefusedError as error:
                if error.refusal != Refusal.UNKNOWN_JOB:
                    raise
                raise AgentAwayError(
                    _("“{agent}” was started again in the middle of the job.", agent=self._agent)
                ) from None


def content_ref(artifact: Artifact) -> ContentRef:
    """Return what the bytes of an artifact are."""
    return ContentRef(sha256=hashlib.sha256(artifact.content).hexdigest(), size=len(artifact.content))


def _outcome(state: Fields) -> Fields:
    if state.has("error"):
        raise failure_from(state.inner("error"))
    if not state.has("result"):
        raise ProtocolError(f"{state.where} has neither a result nor an error")
    return state.inner("result")
