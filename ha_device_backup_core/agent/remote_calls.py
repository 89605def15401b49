"""What only reads a file, asked of an agent: blocking, for the threads in which such work is done."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from ..contract import MAX_ARTIFACT_BYTES, Artifact, DeviceInfo, Note
from ..errors import HandlerUnavailableError
from ..file_facts import FileFacts
from ..hiding import key_of_comparison
from ..plugins.registry import not_at_agent
from ..zip_files import MAX_FILES, MAX_UNPACKED_BYTES
from .client import AgentClient, AgentConnection, RequestRefusedError
from .failures import failure_from
from .fields import Fields, ProtocolError
from .protocol import LARGEST_LIST, Call, Refusal
from .records import artifact_document, artifact_of, content_of, device_document, facts_of, note_of
from .remote_job import content_ref

type Extra = Mapping[str, object]

_SECONDS = 90.0


def validate(agent: AgentClient, kind: str, artifact: Artifact) -> tuple[Note, ...]:
    """Return the notes about an artifact."""
    return _asked(agent, kind, Call.VALIDATE, artifact, lambda result: tuple(map(note_of, result.objects("notes"))))


def owner(agent: AgentClient, kind: str, artifact: Artifact) -> str | None:
    """Return whose an artifact is."""
    return _asked(agent, kind, Call.OWNER, artifact, lambda result: result.optional_word("owner"))


def configured(agent: AgentClient, kind: str, artifact: Artifact) -> bool | None:
    """Return whether an artifact holds the work of a person."""
    return _asked(
        agent,
        kind,
        Call.CONFIGURED,
        artifact,
        lambda result: result.boolean("configured") if result.has("configured") else None,
    )


def describe(agent: AgentClient, kind: str, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
    """Return what a file tells of itself."""
    return _asked(agent, kind, Call.DESCRIBE, artifact, facts_of, {"device": device_document(device)})


def part(agent: AgentClient, kind: str, artifact: Artifact, names: Collection[str]) -> Artifact:
    """Return an artifact with only these of its files."""

    async def get(connection: AgentConnection, result: Fields) -> Artifact:
        return artifact_of(result, await connection.download(content_of(result, MAX_ARTIFACT_BYTES)))

    return _waited_for(_ask(agent, kind, Call.PART, artifact, {"names": sorted(names)}, get))


def files(
    agent: AgentClient, kind: str, call: Call, artifact: Artifact, extra: Extra | None = None
) -> dict[str, bytes]:
    """Return files by name."""

    async def get(connection: AgentConnection, result: Fields) -> dict[str, bytes]:
        sizes = [
            (one.word("name", longest=4096), one.integer("size", 0, MAX_UNPACKED_BYTES))
            for one in result.objects("files")
        ]
        content = content_of(result, MAX_UNPACKED_BYTES)
        if len(sizes) > MAX_FILES or sum(size for _, size in sizes) != content.size:
            raise ProtocolError("the files are not as large as their content")
        return _cut(await connection.download(content), sizes)

    return _waited_for(_ask(agent, kind, call, artifact, extra or {}, get))


def redact(agent: AgentClient, kind: str, artifact: Artifact) -> dict[str, str]:
    """Return texts for people by name; in a comparison its key goes along, so that other secrets look different."""
    key = key_of_comparison()
    found = files(agent, kind, Call.REDACT, artifact, {} if key is None else {"key": key.hex()})
    return {name: content.decode("utf-8", "surrogatepass") for name, content in found.items()}


def _asked[R](
    agent: AgentClient,
    kind: str,
    call: Call,
    artifact: Artifact,
    read: Callable[[Fields], R],
    extra: Extra | None = None,
) -> R:
    async def get(_: AgentConnection, result: Fields) -> R:
        return read(result)

    return _waited_for(_ask(agent, kind, call, artifact, extra or {}, get))


async def _ask[R](
    agent: AgentClient,
    kind: str,
    call: Call,
    artifact: Artifact,
    extra: Extra,
    get: Callable[[AgentConnection, Fields], Awaitable[R]],
) -> R:
    content = content_ref(artifact)
    path = f"/v1/kinds/{kind}/calls"
    document = {"call": call.value, "artifact": artifact_document(artifact, content), **extra}
    async with agent.connected() as connection:
        with connection.understood():
            try:
                answer = await connection.ask("POST", path, document, largest=LARGEST_LIST, seconds=_SECONDS)
            except RequestRefusedError as error:
                if error.refusal == Refusal.UNKNOWN_KIND:
                    raise HandlerUnavailableError(not_at_agent(kind, agent.paired.name)) from None
                if error.refusal != Refusal.UNKNOWN_CONTENT:
                    raise
                await connection.upload(content, artifact.content)
                answer = await connection.ask("POST", path, document, largest=LARGEST_LIST, seconds=_SECONDS)
            if answer.has("error"):
                raise failure_from(answer.inner("error"))
            return await get(connection, answer.inner("result"))


def _waited_for[R](asking: Coroutine[Any, Any, R]) -> R:
    """Return what comes of it; in the thread of a running event loop, which others then wait for, by another one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(asking)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(copy_context().run, asyncio.run, asking).result()


def _cut(content: bytes, sizes: Sequence[tuple[str, int]]) -> dict[str, bytes]:
    """Return the files that lie one after the other."""
    found: dict[str, bytes] = {}
    start = 0
    for name, size in sizes:
        found[name] = content[start : start + size]
        start += size
    return found
