"""The form of a backup: files, and an index of what they are and whose; read without trusting it; pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ha_device_backup_core import Artifact, DeviceInfo, InvalidArtifactError, Note
from ha_device_backup_core.toolkit import JsonError, json_object

from .entries import PathEntry, PathKind
from .paths import name_of
from .platform import SshPlatform
from .translation import _

INDEX = "index.json"
FORMAT = 1
_LARGEST_INDEX = 8 * 1024 * 1024
"""Bytes: as many entries as a backup takes, with long paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds."""

    kind: str | None
    """None for a file without an index, as a person may hand it in."""
    unique_id: str | None
    model: str | None = None
    version: str | None = None
    outputs: Mapping[str, bytes] = field(default_factory=dict)
    entries: tuple[PathEntry, ...] = ()


def bundle_of(
    platform: SshPlatform,
    device: DeviceInfo,
    *,
    outputs: Mapping[str, bytes] | None = None,
    entries: Sequence[PathEntry] = (),
    missing: tuple[Note, ...] = (),
    attributes: Mapping[str, str] | None = None,
) -> Artifact:
    """Return a backup; of an id that other programs should not know only our own form stands in it."""
    kept = outputs or {}
    said = {
        "format": FORMAT,
        "kind": platform.kind,
        "device": {"unique_id": device.unique_id, "model": device.model, "version": device.version},
        "outputs": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(kept.items())},
        "entries": [entry.to_dict() for entry in entries],
    }
    files = {name_of(entry.path): entry.content for entry in entries if entry.kind is PathKind.FILE}
    return Artifact.bundle(
        {INDEX: written(said), **kept, **files},
        filename=f"{platform.kind}.zip",
        missing=missing,
        attributes=attributes or {},
    )


def written(value: object) -> bytes:
    """Return JSON in one form, a line a value, for people who look at it."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def contents_of(artifact: Artifact, platform: SshPlatform) -> Contents:
    """Return what a backup holds; raises InvalidArtifactError for what is no backup of the platform."""
    files = dict(artifact.files())
    if INDEX not in files:
        return _bare(files, platform)
    index = _index(files[INDEX])
    if index.get("kind") != platform.kind:
        raise InvalidArtifactError(_("{name} is of another kind of device.", name=INDEX))
    try:
        return _indexed(index, files, platform)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise InvalidArtifactError(_("{name} is damaged.", name=INDEX)) from error


def kind_of(artifact: Artifact) -> str | None:
    """Return which kind an index names; None where there is none."""
    files = artifact.files()
    if INDEX not in files:
        return None
    try:
        index = _index(files[INDEX])
    except InvalidArtifactError:
        return None
    return str(index["kind"]) if index.get("format") == FORMAT and "kind" in index and "entries" in index else None


def _bare(files: Mapping[str, bytes], platform: SshPlatform) -> Contents:
    if len(files) != 1 or not platform.outputs:
        raise InvalidArtifactError(_("There is no {name} in it.", name=INDEX))
    (content,) = files.values()
    return Contents(kind=None, unique_id=None, outputs={platform.outputs[0].name: content})


def _index(content: bytes) -> dict[str, Any]:
    try:
        return json_object(content, largest=_LARGEST_INDEX)
    except JsonError as error:
        raise InvalidArtifactError(_("{name} is damaged.", name=INDEX)) from error


def _indexed(index: Mapping[str, Any], files: Mapping[str, bytes], platform: SshPlatform) -> Contents:
    device = index.get("device", {})
    outputs = {name: _matched(name, files, digest) for name, digest in index["outputs"].items()}
    if not {output.name for output in platform.outputs} >= outputs.keys():
        raise ValueError
    return Contents(
        kind=str(index["kind"]),
        unique_id=_text(device.get("unique_id")),
        model=_text(device.get("model")),
        version=_text(device.get("version")),
        outputs=outputs,
        entries=tuple(_entry(said, files) for said in index["entries"]),
    )


def _entry(said: Mapping[str, Any], files: Mapping[str, bytes]) -> PathEntry:
    if PathKind(said["kind"]) is not PathKind.FILE:
        return PathEntry.of_dict(said, b"")
    name = name_of(PathEntry.of_dict(said, b"").path)
    return PathEntry.of_dict(said, _matched(name, files, said.get("sha256")))


def _matched(name: str, files: Mapping[str, bytes], digest: object) -> bytes:
    if name not in files:
        raise InvalidArtifactError(_("{name} is not in it.", name=name))
    content = files[name]
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise InvalidArtifactError(_("{name} is not what the device sent.", name=name))
    return content


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
