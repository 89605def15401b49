"""The backup of a tree: a small file that says what the tree was, and under which snapshot the agent keeps it; pure."""

import json
import re
from dataclasses import asdict, dataclass

from ha_device_backup_core import Artifact, InvalidArtifactError, Note
from ha_device_backup_core.host import KEPT_EXTENT
from ha_device_backup_core.toolkit import JsonError, JsonObject, json_object

from ..translation import _
from .mirror import TreeFacts

FILENAME = "tree.json"
FORMAT = "ha-device-backup tree 1"
_HEX = re.compile(r"[0-9a-f]{64}")
_DEVICE = re.compile(r"[0-9a-f]{32}")
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup of a tree says; the same tree under the same snapshot is the same text."""

    device: str
    """The id of the tree."""
    host: str
    folder: str
    excludes: tuple[str, ...]
    facts: TreeFacts
    owners: bool
    """Whether the owners of the files are kept, too."""
    repository: str
    location: str
    snapshot: str

    def artifact(self, missing: tuple[Note, ...], attributes: dict[str, str]) -> Artifact:
        """Return it as what is kept, with how much it stands for among its attributes."""
        extent = {"files": self.facts.files, "bytes": self.facts.bytes}
        document = {
            "format": FORMAT,
            "device": self.device,
            "host": self.host,
            "folder": self.folder,
            "excludes": list(self.excludes),
            "tree": asdict(self.facts),
            "owners": self.owners,
            "repository": self.repository,
            "location": self.location,
            "snapshot": self.snapshot,
        }
        return Artifact(
            filename=FILENAME,
            content=json.dumps(document, indent=2).encode() + b"\n",
            media_type="application/json",
            attributes=attributes | {KEPT_EXTENT: json.dumps(extent)},
            missing=missing,
        )


def manifest_of(artifact: Artifact) -> Manifest:
    """Return what a backup says; raises InvalidArtifactError for what is none."""
    try:
        document = json_object(artifact.content, largest=_LARGEST)
        if document["format"] != FORMAT:
            raise InvalidArtifactError(_("It is no backup of a tree."))
        return _read(document)
    except (JsonError, KeyError, TypeError, ValueError):
        raise InvalidArtifactError(_("It is no backup of a tree.")) from None


def is_manifest(artifact: Artifact) -> bool:
    """Return whether it is one, as far as it says."""
    return FORMAT.encode() in artifact.content[:100]


def _read(document: JsonObject) -> Manifest:
    tree = document["tree"]
    facts = TreeFacts(
        digest=_matching(tree["digest"], _HEX),
        files=_count(tree["files"]),
        folders=_count(tree["folders"]),
        bytes=_count(tree["bytes"]),
    )
    return Manifest(
        device=_matching(document["device"], _DEVICE),
        host=_text(document["host"]),
        folder=_text(document["folder"]),
        excludes=tuple(map(_text, document["excludes"])),
        facts=facts,
        owners=document["owners"] is True,
        repository=_matching(document["repository"], _HEX),
        location=_text(document["location"]),
        snapshot=_matching(document["snapshot"], _HEX),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _matching(value: object, form: re.Pattern[str]) -> str:
    if form.fullmatch(text := _text(value)) is None:
        raise ValueError
    return text


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value
