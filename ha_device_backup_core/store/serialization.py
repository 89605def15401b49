"""The records of the store, to and from its JSON documents: pure, without I/O."""

from collections.abc import Mapping

from ha_device_backup_core.contract import Artifact, DeviceInfo, Note
from ha_device_backup_core.records import (
    SCHEMA,
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    HandlerVersion,
    Outcome,
    Previous,
    PutBack,
    StoredArtifact,
    Trigger,
    UnfinishedRestore,
)
from ha_device_backup_core.suspicion import Suspicion
from ha_device_backup_core.text import _
from ha_device_backup_core.text_documents import text_document, text_of

from .json_documents import (
    ODD,
    DocumentError,
    NewerDocumentError,
    StoreDocument,
    boolean,
    integer,
    is_newer,
    iso,
    lacking,
    optional_string,
    string,
    time,
)
from .names import KIND, time_of


def device_document(record: DeviceRecord, *, onto: Mapping[str, object]) -> StoreDocument:
    """Return `device.json` for the record; keys that this version does not know are kept."""
    return {
        **onto,
        "schema": SCHEMA,
        "kind": record.key.kind,
        "unique_id": record.key.unique_id,
        "title": record.title,
        "confirmed": {backup_id: iso(at) for backup_id, at in record.confirmed.items()},
        "last_attempt": None if record.last_attempt is None else _attempt_document(record.last_attempt),
        "blocked": record.blocked,
        "address": record.address,
        "unfinished_restore": None
        if record.unfinished_restore is None
        else _restore_document(record.unfinished_restore),
        "put_back": None if record.put_back is None else _put_back_document(record.put_back),
        "formerly": list(record.formerly),
    }


def device_record(document: StoreDocument) -> DeviceRecord:
    """Return the record that `device.json` holds; raises DocumentError."""
    if document.get("schema") != SCHEMA and not is_newer(document):
        raise DocumentError(_("Its schema is unknown."))
    try:
        attempt = document.get("last_attempt")
        restore, put_back = document.get("unfinished_restore"), document.get("put_back")
        return DeviceRecord(
            key=_key(document["kind"], document["unique_id"]),
            title=string(document["title"]),
            confirmed={backup_id: time(at) for backup_id, at in document.get("confirmed", {}).items()},
            last_attempt=None if attempt is None else _attempt(attempt),
            blocked=optional_string(document.get("blocked")),
            address=optional_string(document.get("address")),
            unfinished_restore=None if restore is None else _restore(restore),
            put_back=None if put_back is None else _put_back(put_back),
            formerly=tuple(map(string, document.get("formerly", ()))),
        )
    except ODD as error:
        raise lacking(error) from error


def backup_document(backup: Backup, *, title: str, recommended_before: str | None) -> StoreDocument:
    """Return the meta file of a backup."""
    artifact = backup.artifact
    return {
        "schema": SCHEMA,
        "id": backup.id,
        "unique_id": backup.key.unique_id,
        "title": title,
        "taken_at": iso(backup.taken_at),
        "artifact": {
            "filename": artifact.filename,
            "media_type": artifact.media_type,
            "size": artifact.size,
            "sha256": artifact.sha256,
            "attributes": dict(artifact.attributes),
            "missing": [_note_document(note) for note in artifact.missing],
            "doubts": [_note_document(note) for note in artifact.doubts],
            "remarks": [_note_document(note) for note in artifact.remarks],
        },
        "fingerprint": backup.fingerprint,
        "handler": {
            "kind": backup.handler.kind,
            "distribution": backup.handler.distribution,
            "version": backup.handler.version,
        },
        "device": _info_document(backup.device),
        "trigger": backup.trigger.value,
        "protected": backup.protected,
        "suspicion": None if backup.suspicion is None else backup.suspicion.value,
        "suspect_files": None if backup.suspect_files is None else text_document(backup.suspect_files),
        "accepted": list(backup.accepted),
        "last_before": backup.last_before,
        "before_restore": None if backup.before_restore is None else iso(backup.before_restore),
        "previous": None
        if backup.previous is None
        else {"id": backup.previous.id, "confirmed": iso(backup.previous.confirmed)},
        "recommended_before": recommended_before,
    }


def stored_backup(document: StoreDocument, *, path: str) -> Backup:
    """Return the backup that a meta file describes; raises DocumentError."""
    if is_newer(document):
        return _foreign_backup(document, path=path)
    if document.get("schema") != SCHEMA:
        raise DocumentError(_("Its schema is unknown."))
    try:
        previous = document.get("previous")
        return Backup(
            id=string(document["id"]),
            key=key_of(document),
            path=path,
            taken_at=time(document["taken_at"]),
            artifact=_artifact(document["artifact"]),
            fingerprint=string(document["fingerprint"]),
            handler=_handler(document["handler"]),
            device=_info(document["device"]),
            trigger=Trigger(document["trigger"]),
            protected=boolean(document.get("protected", False)),
            suspicion=None if document.get("suspicion") is None else Suspicion(document["suspicion"]),
            suspect_files=None if document.get("suspect_files") is None else text_of(document["suspect_files"]),
            accepted=tuple(map(string, document.get("accepted", ()))),
            last_before=optional_string(document.get("last_before")),
            before_restore=None if document.get("before_restore") is None else time(document["before_restore"]),
            previous=None
            if previous is None
            else Previous(id=string(previous["id"]), confirmed=time(previous["confirmed"])),
        )
    except ODD as error:
        raise lacking(error) from error


def key_of(document: StoreDocument) -> DeviceKey:
    """Return the device that a meta file names."""
    return _key(document["handler"]["kind"], document["unique_id"])


def _foreign_backup(document: StoreDocument, *, path: str) -> Backup:
    """Describe what another version stored, as far as it can be told."""
    try:
        schema, backup_id = int(document["schema"]), string(document["id"])
        key, taken_at = key_of(document), time_of(backup_id)
    except ODD as error:
        raise NewerDocumentError from error
    return Backup(
        id=backup_id,
        key=key,
        path=path,
        taken_at=taken_at,
        artifact=StoredArtifact(
            filename=path.rpartition("/")[2], media_type="application/octet-stream", size=0, sha256=""
        ),
        fingerprint="",
        handler=HandlerVersion(kind=key.kind, distribution="", version=""),
        device=DeviceInfo(unique_id=key.unique_id, name=key.unique_id),
        trigger=Trigger.MANUAL,
        schema=schema,
    )


def _key(kind: object, unique_id: object) -> DeviceKey:
    key = DeviceKey(string(kind), string(unique_id))
    if KIND.fullmatch(key.kind) is None:
        raise ValueError(f"{key.kind!r} is no kind")
    key.unique_id.encode()
    return key


def _artifact(document: StoreDocument) -> StoredArtifact:
    return StoredArtifact(
        filename=Artifact(filename=string(document["filename"]), content=b"").filename,
        media_type=string(document["media_type"]),
        size=integer(document["size"]),
        sha256=string(document["sha256"]),
        attributes={string(key): string(value) for key, value in document["attributes"].items()},
        missing=tuple(map(_note, document["missing"])),
        doubts=tuple(map(_note, document["doubts"])),
        remarks=tuple(map(_note, document.get("remarks", ()))),
    )


def _handler(document: StoreDocument) -> HandlerVersion:
    return HandlerVersion(
        kind=string(document["kind"]),
        distribution=string(document["distribution"]),
        version=string(document["version"]),
    )


def _info_document(info: DeviceInfo) -> StoreDocument:
    return {
        "unique_id": info.unique_id,
        "name": info.name,
        "manufacturer": info.manufacturer,
        "model": info.model,
        "version": info.version,
        "connections": [list(connection) for connection in info.connections],
        "configuration_url": info.configuration_url,
    }


def _info(document: StoreDocument) -> DeviceInfo:
    return DeviceInfo(
        unique_id=optional_string(document["unique_id"]),
        name=string(document["name"]),
        manufacturer=optional_string(document.get("manufacturer")),
        model=optional_string(document.get("model")),
        version=optional_string(document.get("version")),
        connections=tuple((string(kind), string(value)) for kind, value in document.get("connections", [])),
        configuration_url=optional_string(document.get("configuration_url")),
    )


def _attempt_document(attempt: Attempt) -> StoreDocument:
    return {
        "at": iso(attempt.at),
        "outcome": attempt.outcome.value,
        "error": attempt.error,
        "detail": None if attempt.detail is None else text_document(attempt.detail),
        "values": dict(attempt.values),
    }


def _attempt(document: StoreDocument) -> Attempt:
    return Attempt(
        at=time(document["at"]),
        outcome=Outcome(document["outcome"]),
        error=optional_string(document.get("error")),
        detail=None if document.get("detail") is None else text_of(document["detail"]),
        values={string(key): string(value) for key, value in document.get("values", {}).items()},
    )


def _restore_document(restore: UnfinishedRestore) -> StoreDocument:
    return {
        **_put_back_document(restore),
        "safety_backup_id": restore.safety_backup_id,
        "begun_at": iso(restore.begun_at),
        **({"awaits_replacement": True} if restore.awaits_replacement else {}),
        **({"files": list(restore.files)} if restore.files else {}),
    }


def _restore(document: StoreDocument) -> UnfinishedRestore:
    what = _put_back(document)
    return UnfinishedRestore(
        source=what.source,
        backup_id=what.backup_id,
        safety_backup_id=optional_string(document.get("safety_backup_id")),
        begun_at=time(document["begun_at"]),
        awaits_replacement=document.get("awaits_replacement") is True,
        files=tuple(map(string, document.get("files", ()))),
    )


def _put_back_document(what: PutBack | UnfinishedRestore) -> StoreDocument:
    return {
        "source": {"kind": what.source.kind, "unique_id": what.source.unique_id},
        "backup_id": what.backup_id,
    }


def _put_back(document: StoreDocument) -> PutBack:
    source = document["source"]
    return PutBack(
        source=DeviceKey(string(source["kind"]), string(source["unique_id"])),
        backup_id=string(document["backup_id"]),
    )


def _note_document(note: Note) -> StoreDocument:
    flags = {"needs_person": note.needs_person, "is_remark": note.is_remark}
    return {
        "code": note.code,
        "text": text_document(note.text),
        **{name: True for name, is_set in flags.items() if is_set},
    }


def _note(document: StoreDocument) -> Note:
    return Note(
        code=string(document["code"]),
        text=text_of(document["text"]),
        needs_person=document.get("needs_person") is True,
        is_remark=document.get("is_remark") is True,
    )
