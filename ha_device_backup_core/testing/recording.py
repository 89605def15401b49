"""A recording of a device: a folder with `recording.json`, which lists the exchanges, and one file for each body."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from ha_device_backup_core.contract import ConfigValue

FORMAT = 1
INDEX = "recording.json"
FIRST = "first"
UNCHANGED = "unchanged"
CHANGED = "changed"
TAKES = (FIRST, UNCHANGED, CHANGED)
"""One whole job each: the first; another right after, while nothing changed; one after a setting was changed."""
_ENDINGS = {"application/json": "json", "text/html": "html", "text/xml": "xml", "application/xml": "xml"}


class RecordingError(Exception):
    """A recording cannot be read; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchange:
    """A request and what the device answered; the bodies without any encoding of the transport."""

    method: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    sent: bytes = field(default=b"", repr=False)
    """The body of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a device answered to a handler, secrets masked."""

    name: str
    kind: str
    config: Mapping[str, ConfigValue]
    device: Mapping[str, str | None]
    """Who answered: unique_id, name, model, version."""
    masked: tuple[str, ...] = ()
    """What stands in place of the secrets: none of it may turn up in anything that is shown."""
    takes: Mapping[str, Sequence[RecordedExchange]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a recording; raises RecordingError."""
        try:
            index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
            if index["format"] != FORMAT:
                message = f"{folder} has format {index['format']}, this is for {FORMAT}. Record it again."
                raise RecordingError(message)
            return cls(
                name=folder.name,
                kind=index["kind"],
                config={key: _config_value(value) for key, value in index["config"].items()},
                device=index["device"],
                masked=tuple(index["masked"]),
                takes={name: [_load(folder, entry) for entry in take] for name, take in index["takes"].items()},
            )
        except FileNotFoundError as error:
            message = f"The recording {folder} lacks {Path(error.filename).name}. Record it again."
            raise RecordingError(message) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"{folder / INDEX} is no index of a recording ({type(error).__name__}: {error}). Record it again."
            raise RecordingError(message) from error

    def save(self, folder: Path) -> None:
        """Write it into a new folder; bodies that are equal share a file."""
        folder.mkdir(parents=True)
        names = _Names()
        takes = {name: [_saved(folder, exchange, names) for exchange in take] for name, take in self.takes.items()}
        index = {
            "format": FORMAT,
            "kind": self.kind,
            "device": dict(self.device),
            "config": dict(self.config),
            "masked": list(self.masked),
            "takes": takes,
        }
        (folder / INDEX).write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        # What a device sent is kept byte for byte, ends of lines included.
        (folder / ".gitattributes").write_text("* -text\n", encoding="utf-8")


def find_recordings(folder: Path) -> list[Path]:
    """Return the recordings below a folder, by name."""
    return sorted(index.parent for index in folder.glob(f"*/{INDEX}"))


class _Names:
    """Gives each body a file name that tells what was asked."""

    def __init__(self) -> None:
        self._by_body: dict[tuple[str, bytes], str] = {}
        self._taken: set[str] = set()

    def of(self, stem: str, ending: str, body: bytes) -> tuple[str, bool]:
        """Return the name, and whether the file is new."""
        if (stem, body) in self._by_body:
            return self._by_body[stem, body], False
        number, name = 1, f"{stem}.{ending}"
        while name in self._taken:
            number += 1
            name = f"{stem}-{number}.{ending}"
        self._taken.add(name)
        self._by_body[stem, body] = name
        return name, True


def _saved(folder: Path, exchange: RecordedExchange, names: _Names) -> dict[str, object]:
    entry: dict[str, Any] = asdict(replace(exchange, body=b"", sent=b""))
    entry["headers"] = dict(exchange.headers)
    for key, body, suffix in (("body", exchange.body, ""), ("sent", exchange.sent, "-sent")):
        del entry[key]
        if body:
            stem, ending = _file_name(exchange)
            name, is_new = names.of(f"{stem}{suffix}", ending if key == "body" else "txt", body)
            if is_new:
                (folder / name).write_bytes(body)
            entry[key] = name
    return entry


def _file_name(exchange: RecordedExchange) -> tuple[str, str]:
    parts = urlsplit(exchange.url)
    path = PurePosixPath(unquote(parts.path))
    asked = re.sub(r"[^A-Za-z0-9]+", "-", f"{path.with_suffix('')}-{unquote(parts.query)}").strip("-")[:60]
    kind = dict(exchange.headers).get("Content-Type", "").partition(";")[0].strip().lower()
    ending = path.suffix[1:] if re.fullmatch(r"\.[a-z0-9]{1,8}", path.suffix) else _ENDINGS.get(kind, "txt")
    return asked or "root", ending


def _load(folder: Path, entry: Mapping[str, Any]) -> RecordedExchange:
    def body(key: str) -> bytes:
        name: str | None = entry.get(key)
        if name is None:
            return b""
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no file of the recording")
        return (folder / name).read_bytes()

    return RecordedExchange(
        method=entry["method"],
        url=entry["url"],
        status=entry["status"],
        headers=tuple(entry["headers"].items()),
        body=body("body"),
        sent=body("sent"),
    )


def _config_value(value: object) -> ConfigValue:
    if isinstance(value, list):
        return tuple(str(line) for line in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"{value!r} is no value of a configuration")
