"""What only reads a file, answered by the handler of its kind: in a thread, within the limits of such work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ha_device_backup_core import Artifact, DeviceBackupError, DeviceInfo, Note
from ha_device_backup_core.host import RegisteredHandler, distinguishable, pure, results_of, wire

from .spool import Spool

_KEY = "[0-9a-f]{64}"
_NOBODY = DeviceInfo(unique_id=None, name="")


@dataclass(frozen=True, slots=True)
class _Answer:
    result: wire.WireDocument
    content: bytes | None = None


async def answer(registered: RegisteredHandler, fields: wire.Fields, client: str, spool: Spool) -> wire.WireDocument:
    """Return what the method returned, or the error that it ended with."""
    call = wire.Call(fields.word("call", "|".join(wire.Call)))
    described = fields.inner("artifact")
    wanted = wire.content_of(described)
    artifact = wire.artifact_of(described, await spool.read(client, wanted))
    work = _work(registered, call, artifact, fields)
    described.only_known()
    fields.only_known()
    try:
        made = await pure(registered, None, work)
    except DeviceBackupError as error:
        return {"error": wire.failure_document(error)}
    if made.content is None:
        return {"result": made.result}
    content = await spool.store(client, made.content)
    return {"result": {**made.result, "content": content.to_document()}}


def _work(
    registered: RegisteredHandler, call: wire.Call, artifact: Artifact, fields: wire.Fields
) -> Callable[[], _Answer]:
    """Return what to do in the thread."""
    handler, results = registered.handler, results_of(registered)
    device = wire.device_of(fields.inner("device")) if call is wire.Call.DESCRIBE else _NOBODY
    names = fields.words("names") if call is wire.Call.PART else ()
    key = bytes.fromhex(fields.word("key", _KEY)) if call is wire.Call.REDACT and fields.has("key") else None
    works: Mapping[wire.Call, Callable[[], _Answer]] = {
        wire.Call.VALIDATE: lambda: _Answer(_notes(results.notes("validate", handler.validate(artifact)))),
        wire.Call.OWNER: lambda: _Answer({"owner": results.owner(handler.owner(artifact))}),
        wire.Call.CONFIGURED: lambda: _Answer({"configured": results.configured(handler.configured(artifact))}),
        wire.Call.DESCRIBE: lambda: _Answer(wire.facts_document(results.facts(handler.describe(artifact, device)))),
        wire.Call.PART: lambda: _part(results.artifact(handler.part(artifact, names))),
        wire.Call.NORMALIZE: lambda: _files(handler.normalize(artifact)),
        wire.Call.REDACT: lambda: _redacted(registered, artifact, key),
    }
    return works[call]


def _notes(notes: tuple[Note, ...]) -> wire.WireDocument:
    return {"notes": [wire.note_document(note) for note in notes]}


def _redacted(registered: RegisteredHandler, artifact: Artifact, key: bytes | None) -> _Answer:
    if key is None:
        shown = registered.handler.redact(artifact)
    else:
        with distinguishable(key):
            shown = registered.handler.redact(artifact)
    return _files({name: text.encode("utf-8", "surrogatepass") for name, text in shown.items()})


def _files(files: Mapping[str, bytes]) -> _Answer:
    listed = [{"name": name, "size": len(content)} for name, content in files.items()]
    return _Answer({"files": listed}, b"".join(files.values()))


def _part(artifact: Artifact) -> _Answer:
    document = wire.artifact_document(artifact, wire.ContentRef(sha256="", size=0))
    return _Answer(document, artifact.content)
