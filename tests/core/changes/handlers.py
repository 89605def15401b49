"""Handlers that show what they hold, each in its way."""

import json
from collections.abc import Mapping

from ha_device_backup_core import ApiVersion, Artifact, DeviceBackupHandler, DeviceInfo, HandlerSpec, Note, hidden

SECRET = "c4nary"


class ShowsNothing(DeviceBackupHandler):
    spec = HandlerSpec(kind="nothing", name="Nothing", api_version=ApiVersion(1, 0), fields=())

    async def test_connection(self) -> DeviceInfo:
        raise NotImplementedError

    async def fetch_backup(self) -> Artifact:
        raise NotImplementedError

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return ()


class ShowsJson(ShowsNothing):
    """Puts one and the same in place of every password; what is called uptime does not count."""

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return {
            name: json.dumps({**json.loads(content), "uptime": 0}).encode()
            for name, content in artifact.files().items()
            if name != "log.json"
        }

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {
            name: json.dumps(_masked(json.loads(content)))
            for name, content in artifact.files().items()
            if not name.endswith(".bin")
        }


class ShowsText(ShowsNothing):
    """Shows lines, and `hidden` in place of what follows “secret”; leaves the first line out."""

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        (content,) = artifact.files().values()
        return {"settings": content}

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        (content,) = artifact.files().values()
        _, *lines = content.decode().splitlines()
        return {"settings": "\n".join(map(cls._line, lines))}

    @staticmethod
    def _line(line: str) -> str:
        before, word, secret = line.partition("secret ")
        return f"{before}{word}{hidden(secret)}" if word else line


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {key: "***" if key == "password" else _masked(inner) for key, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list) else value


def artifact(value: object, filename: str = "config.json") -> Artifact:
    """Return an artifact of one file; JSON unless it is a text."""
    text = value if isinstance(value, str) else json.dumps(value)
    return Artifact(filename=filename, content=text.encode())


def bundle(**files: object) -> Artifact:
    """Return an artifact of several files."""
    contents = {
        name.replace("_", "."): value if isinstance(value, bytes) else json.dumps(value).encode()
        for name, value in files.items()
    }
    return Artifact.bundle(contents)
