"""What a handler gets and returns, as documents of the protocol and back; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..contract import MAX_ARTIFACT_BYTES, MAX_PROMPT_SECONDS, Artifact, DeviceInfo, Note, Prompt
from ..file_facts import FileFacts
from ..restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from .fields import LONGEST_TEXT, Fields, ProtocolError, document_of, documents_of

type WireDocument = dict[str, object]

SHA256 = "[0-9a-f]{64}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRef:
    """Bytes that one side has, by what they are."""

    sha256: str
    size: int

    def to_document(self) -> WireDocument:
        """Return it for the other side."""
        return {"sha256": self.sha256, "size": self.size}

    @classmethod
    def of(cls, fields: Fields, most: int) -> "ContentRef":
        """Return what the other side has, of so many bytes at most."""
        return cls(sha256=fields.word("sha256", SHA256), size=fields.integer("size", 0, most))


def note_document(note: Note) -> WireDocument:
    """Return a note for the other side."""
    return {
        "code": note.code,
        "text": document_of(note.text),
        "needs_person": note.needs_person,
        "is_remark": note.is_remark,
    }


def note_of(fields: Fields) -> Note:
    """Return the note of a document."""
    return Note(
        code=fields.word("code"),
        text=fields.text("text"),
        needs_person=fields.boolean("needs_person", default=False),
        is_remark=fields.boolean("is_remark", default=False),
    )


def device_document(device: DeviceInfo) -> WireDocument:
    """Return who answered, for the other side."""
    return {
        "unique_id": device.unique_id,
        "name": device.name,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "version": device.version,
        "connections": [list(pair) for pair in device.connections],
        "configuration_url": device.configuration_url,
        "notices": [note_document(note) for note in device.notices],
    }


def device_of(fields: Fields) -> DeviceInfo:
    """Return who answered."""
    return DeviceInfo(
        unique_id=fields.optional_word("unique_id"),
        name=fields.word("name"),
        manufacturer=fields.optional_word("manufacturer"),
        model=fields.optional_word("model"),
        version=fields.optional_word("version"),
        connections=tuple(_pair(value, fields.where) for value in fields.items("connections")),
        configuration_url=fields.word("configuration_url", longest=2048) if fields.has("configuration_url") else None,
        notices=tuple(map(note_of, fields.objects("notices"))),
    )


def artifact_document(artifact: Artifact, content: ContentRef) -> WireDocument:
    """Return all of an artifact but its content."""
    return {
        "filename": artifact.filename,
        "media_type": artifact.media_type,
        "attributes": dict(artifact.attributes),
        "missing": [note_document(note) for note in artifact.missing],
        "content": content.to_document(),
    }


def content_of(fields: Fields, most: int = MAX_ARTIFACT_BYTES) -> ContentRef:
    """Return which bytes an artifact has."""
    return ContentRef.of(fields.inner("content"), most)


def artifact_of(fields: Fields, content: bytes) -> Artifact:
    """Return an artifact with its content."""
    attributes: Mapping[str, str] = fields.texts_by_name("attributes")
    missing = tuple(map(note_of, fields.objects("missing")))
    filename = fields.word("filename", longest=1024)
    media_type = fields.word("media_type")
    try:
        return Artifact(
            filename=filename, content=content, media_type=media_type, attributes=attributes, missing=missing
        )
    except ValueError:
        raise ProtocolError(f"{fields.where}.filename is no name of a file") from None


def plan_document(plan: RestorePlan) -> WireDocument:
    """Return what a restore would do, for the other side."""
    return {
        "files": [
            {"name": file.name, "change": file.change.value, "details": documents_of(file.details)}
            for file in plan.files
        ],
        "refused": documents_of(plan.refused),
        "needs": documents_of(plan.needs),
        "risks": documents_of(plan.risks),
        "restarts": plan.restarts,
    }


def plan_of(fields: Fields) -> RestorePlan:
    """Return what a restore would do."""
    return RestorePlan(
        files=tuple(map(_planned_file, fields.objects("files"))),
        refused=fields.texts("refused"),
        needs=fields.texts("needs"),
        risks=fields.texts("risks"),
        restarts=fields.boolean("restarts", default=False),
    )


def report_document(report: RestoreReport) -> WireDocument:
    """Return what a restore did, for the other side."""
    return {
        "proven": documents_of(report.proven),
        "unproven": documents_of(report.unproven),
        "needs": documents_of(report.needs),
        "whole": report.whole,
    }


def report_of(fields: Fields) -> RestoreReport:
    """Return what a restore did."""
    return RestoreReport(
        proven=fields.texts("proven"),
        unproven=fields.texts("unproven"),
        needs=fields.texts("needs"),
        whole=fields.boolean("whole"),
    )


def prompt_document(prompt: Prompt) -> WireDocument:
    """Return an instruction for a person at the other side."""
    return {"text": document_of(prompt.text), "seconds": min(max(prompt.seconds, 0.0), MAX_PROMPT_SECONDS)}


def prompt_of(fields: Fields) -> Prompt:
    """Return an instruction for the person here."""
    return Prompt(text=fields.text("text"), seconds=fields.number("seconds", 0, MAX_PROMPT_SECONDS))


def facts_document(facts: FileFacts | None) -> WireDocument:
    """Return what a file tells of itself, for the other side."""
    if facts is None:
        return {}
    made_at = None if facts.made_at is None else facts.made_at.isoformat()
    return {"facts": {"model": facts.model, "version": facts.version, "made_at": made_at}}


def facts_of(fields: Fields) -> FileFacts | None:
    """Return what a file tells of itself."""
    if not fields.has("facts"):
        return None
    facts = fields.inner("facts")
    try:
        made_at = datetime.fromisoformat(facts.word("made_at")) if facts.has("made_at") else None
    except ValueError:
        raise ProtocolError(f"{facts.where}.made_at is no time") from None
    return FileFacts(model=facts.optional_word("model"), version=facts.optional_word("version"), made_at=made_at)


def _planned_file(fields: Fields) -> PlannedFile:
    change = fields.word("change")
    if change not in set(FileChange):
        raise ProtocolError(f"{fields.where}.change is none that there is")
    return PlannedFile(
        name=fields.word("name", longest=LONGEST_TEXT), change=FileChange(change), details=fields.texts("details")
    )


def _pair(value: object, where: str) -> tuple[str, str]:
    match value:
        case [str(kind), str(identifier)]:
            return kind, identifier
    raise ProtocolError(f"{where}.connections is no list of pairs")
