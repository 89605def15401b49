"""ESPEasy, as DownloadPage.cpp and LoadFromFS.cpp answer; what cannot be read is an answer without a body."""

import io
import tarfile
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route, text

_WIFI = "canary-wifi-4711"


class EspEasy(StandIn):
    kind = "espeasy"
    secrets = (_WIFI,)
    errors: ClassVar = {
        "not_allowed": PermissionDeniedError,
        "unreadable": InvalidArtifactError,
        "half": InvalidArtifactError,
        "one_file": InvalidArtifactError,
    }
    can_pack: ClassVar = True
    has_sysinfo: ClassVar = True

    def before(self, request: SimulatedRequest) -> Answer:
        if self.fault == "not_allowed":
            return text("<html>Your IP is not allowed</html>", 403, "text/html")
        if request.path[1:] in self._files():
            return None
        return self.ask_for_digest(request, "admin", realm="Login Required (default user: admin)", algorithm="MD5")

    def unknown(self, request: SimulatedRequest) -> Answer:
        return text(f"URI: {request.path}\nMethod: GET\nArguments: 0", 404)

    @route("GET /sysinfo_json")
    def sysinfo(self, request: SimulatedRequest) -> Answer:
        if not self.has_sysinfo:
            return self.unknown(request)
        mac = f"AA:BB:CC:DD:{self.serial[:2]}:{self.serial[2:]}"
        firmware, esp = {"build": "ESP_Easy_mega_20241019"}, {"board": "ESP8266 Generic"}
        return json({"general": {"uptime": self.noise()}, "wifi": {"sta_mac": mac}, "firmware": firmware, "esp": esp})

    @route("GET /backup")
    def backup(self, request: SimulatedRequest) -> Answer:
        if not self.can_pack:
            return self.unknown(request)
        if self.fault == "unreadable":
            return empty()
        content = self._files()["config.dat"] if self.fault == "one_file" else self._packed()
        return _binary(content[: len(content) // 2] if self.fault == "half" else content)

    @route("GET /download")
    def download(self, request: SimulatedRequest) -> Answer:
        return empty() if self.fault == "unreadable" else _binary(self._files()["config.dat"])

    @route("GET /{name}")
    def file(self, request: SimulatedRequest, name: str) -> Answer:
        found = self._files().get(name)
        return self.unknown(request) if found is None else _binary(found)

    def _files(self) -> dict[str, bytes]:
        return {
            "config.dat": b"%08d" % self.number + b"\x81" * 65528,
            "security.dat": _WIFI.encode() + b"\0" * 2048,
            "rules1.txt": b"On System#Boot do\nEndOn\n",
            "rules2.txt": b"",
        }

    def _packed(self) -> bytes:
        found = io.BytesIO()
        with tarfile.open(fileobj=found, mode="w") as archive:
            for name, content in {**self._files(), "cache_0.bin": b"%d" % self.noise()}.items():
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(content), self.noise()
                archive.addfile(member, io.BytesIO(content))
        return found.getvalue()


class EspEasySmall(EspEasy):
    variant = "small"
    can_pack: ClassVar = False
    has_sysinfo: ClassVar = False
    errors: ClassVar = {"unreadable": InvalidArtifactError}


class EspEasyOfEverybody(EspEasy):
    variant = "open"
    entered: ClassVar = {}
    errors: ClassVar = {"half": InvalidArtifactError}

    def before(self, request: SimulatedRequest) -> Answer:
        return None


def _binary(content: bytes) -> Answer:
    return text(content, 200, "application/octet-stream")
