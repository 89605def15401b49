"""OpenBeken, as httpserver/rest_interface.c answers: paths that it does not know are a page with status 200."""

from typing import ClassVar

from ha_device_backup_core import DeviceBackupError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, page, route, text

_COMMAND = "canary-command-4711"
_SCRIPT = "canary-script-4711"
_FILE, _FOLDER = 1, 2


class OpenBeken(StandIn):
    kind = "openbeken"
    secrets = (_COMMAND, _SCRIPT)
    essential = ("info.json", "pins.json")
    errors: ClassVar = {
        "half": InvalidArtifactError,
        "unknown": InvalidArtifactError,
        "no_files": "absent_entries",
        "broken_file": DeviceBackupError,
    }
    has_login: ClassVar = True

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or self.has_basic_login(request, "admin"):
            return None
        return empty(401, WWW_Authenticate='Basic realm="OpenBeken HTTP Server"')

    def unknown(self, request: SimulatedRequest) -> Answer:
        return page(f"GET of {request.path[1:]}")

    @route("GET /api/info")
    def info(self, request: SimulatedRequest) -> Answer:
        return json(
            {
                "uptime_s": self.noise(),
                "build": "Built on Jul 24 2026 OpenBK7231N_1.18.99",
                "ip": "10.0.0.7",
                "mac": f"AA:BB:CC:DD:{self.serial[:2]}:{self.serial[2:]}",
                "flags": str(self.number),
                "mqtthost": "10.0.0.2:1883",
                "chipset": "BK7231N",
                "shortName": "plug",
                "startcmd": f"backlog password {_COMMAND}",
            }
        )

    @route("GET /api/pins")
    def pins(self, request: SimulatedRequest) -> Answer:
        if self.fault == "unknown":
            return self.unknown(request)
        answer = json({"rolenames": [" ", "Rel"], "roles": [0, 1], "channels": [0, 1], "states": [0, self.noise()]})
        return text(answer.body[:30], 200, "application/json") if self.fault == "half" else answer

    @route("GET /api/channelTypes")
    def types(self, request: SimulatedRequest) -> Answer:
        return json({"typenames": ["Default"], "types": [0] * 64})

    @route("GET /api/lfs/")
    def files(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_files":
            return empty(404)
        return _listing("", {"autoexec.bat": _FILE, "empty.txt": _FILE, "www": _FOLDER})

    @route("GET /api/lfs/{path*}")
    def file(self, request: SimulatedRequest, path: str) -> Answer:
        if self.fault == "broken_file" and path == "autoexec.bat":
            return json({"fname": path, "error": -84}, 404)
        if path == "www":
            return _listing("www", {"index.html": _FILE})
        held = {"autoexec.bat": f"MqttPassword {_SCRIPT}\n", "empty.txt": "", "www/index.html": "<html></html>"}
        return text(held[path]) if path in held else json({"fname": path, "error": -2}, 404)


class OpenBekenOfEverybody(OpenBeken):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"no_files": "absent_entries"}


def _listing(folder: str, entries: dict[str, int]) -> Answer:
    found = {".": _FOLDER, "..": _FOLDER, **entries}
    content = [{"name": name, "type": kind, "size": 0} for name, kind in found.items()]
    return json({"dir": folder, "content": content})
