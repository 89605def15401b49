"""The texts of a recipe that are written in several languages: a table by language where else one text stands."""

from collections.abc import Mapping
from typing import Any

from ha_device_backup_core import Text, message_of

type Document = Mapping[str, Any]

_STEPS = ("open", "identify", "fetch", "close", "step", "then")


def with_messages(document: Document) -> dict[str, Any]:
    """Return a recipe in which each table of texts is one message."""
    kind = document["kind"]
    said = {**_each_step(document, kind), "name": _text(document["name"], kind)}
    if "omits" in document:
        said["omits"] = [_text(text, kind) for text in document["omits"]]
    if "field" in document:
        said["field"] = [_field(field, kind) for field in document["field"]]
    if "restore" in document:
        said["restore"] = _restore(document["restore"], kind)
    return said


def _restore(restore: Document, kind: str) -> dict[str, Any]:
    said = _each_step(restore, kind)
    if "guide" in restore:
        said["guide"] = [_text(text, kind) for text in restore["guide"]]
    return said


def _field(field: Document, kind: str) -> dict[str, Any]:
    said = {key: _text(value, kind) if key in {"label", "help"} else value for key, value in field.items()}
    if isinstance(choices := field.get("choices"), dict):
        said["choices"] = {choice: _text(text, kind) for choice, text in choices.items()}
    return said


def _each_step(group: Document, kind: str) -> dict[str, Any]:
    """Return a table with the messages of the errors of all its steps, however deep they are."""
    said = dict(group)
    for key in _STEPS:
        if key in group:
            said[key] = [_each_step(step, kind) for step in group[key]]
    if "otherwise" in group:
        said["otherwise"] = _each_step(group["otherwise"], kind)
    if "error" in group:
        said["error"] = [
            {**error, "text": _text(error["text"], kind)} if "text" in error else error for error in group["error"]
        ]
    return said


def _text(value: Text | Mapping[str, str], kind: str) -> Text:
    return message_of(value, f"recipe:{kind}") if isinstance(value, Mapping) else value
