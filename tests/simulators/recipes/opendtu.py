"""OpenDTU, as WebApi.cpp and WebApi_file.cpp answer."""

import json as json_text
from typing import ClassVar

from ha_device_backup_core import DeviceBackupError, DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route, text

_SECRET = "canary-mqtt-4711"


class OpenDtu(StandIn):
    kind = "opendtu"
    secrets = (_SECRET,)
    errors: ClassVar = {
        "busy": DeviceBusyError,
        "no_file": DeviceBackupError,
        "half": InvalidArtifactError,
        "other": InvalidArtifactError,
    }
    essential = ("config.json",)
    path: ClassVar = "/api/file/get"

    def before(self, request: SimulatedRequest) -> Answer:
        if self.fault == "busy":
            return text("Too Many Requests", 429, Retry_After="60")
        return None if self.has_basic_login(request, "admin") else empty(401)

    @route("GET /api/dtu/config")
    def dtu(self, request: SimulatedRequest) -> Answer:
        return json({"serial": f"1130{self.serial}"})

    @route("GET /api/system/status")
    def status(self, request: SimulatedRequest) -> Answer:
        return json({"hostname": "OpenDTU", "git_hash": "v25.1.1", "uptime": self.noise()})

    @route("GET /api/file/list")
    def files(self, request: SimulatedRequest) -> Answer:
        if self.path != "/api/file/get":
            return empty(404)
        return json([{"name": name, "size": 1} for name in ("config.json", "pin_mapping.json")])

    @route("GET /api/{area}/get")
    def config(self, request: SimulatedRequest, _area: str) -> Answer:
        if (request.path, request.query["file"]) == ("/api/file/get", "pin_mapping.json"):
            return json([{"name": "My board", "led": {"led0": 25}}])
        if request.path != self.path or request.query["file"] != "config.json" or self.fault == "no_file":
            return empty(404)
        if self.fault == "other":
            return json({"led": [1]})
        cfg = {"version": 1, "save_count": self.noise()}
        found = json_text.dumps({"cfg": cfg, "mqtt": {"password": _SECRET}, "dtu": {"poll_interval": self.number}})
        return text(found[:40] if self.fault == "half" else found, 200, "application/octet-stream")


class OpenDtuBefore(OpenDtu):
    variant = "before_24_11_7"
    path: ClassVar = "/api/config/get"
    errors: ClassVar = {"no_file": DeviceBackupError}
