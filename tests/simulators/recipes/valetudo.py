"""Valetudo, as its WebServer and routers answer; what the robot itself is asked for is 500 while it is away."""

from typing import Any, ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, json, page, route, text

_ROOM = "canary-room-4711"


class Valetudo(StandIn):
    kind = "valetudo"
    entered: ClassVar = {"password": "canary pass/wörd+4711", "username": "valetudo"}
    essential = ("timers.json", "mqtt.json")
    errors: ClassVar = {
        "away": "missing_robot_donotdisturbcapability_json",
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
        "no_updater": "absent_updater_json",
        "no_robot": UnexpectedResponseError,
    }
    has_login: ClassVar = True

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or self.has_basic_login(request, "valetudo"):
            return None
        said = "Invalid credentials" if "authorization" in request.headers else "No credentials provided"
        return text(said, 401, WWW_Authenticate="Basic")

    def unknown(self, request: SimulatedRequest) -> Answer:
        return page("No robot here", 404)

    @route("GET /api/v2/{area}")
    def one(self, request: SimulatedRequest, area: str) -> Answer:
        timer = {"id": "t1", "enabled": True, "hour": self.number % 24, "minute": self.number, "dow": [1]}
        if area == "timers":
            answer = json({"t1": timer})
            match self.fault:
                case "half":
                    return text(answer.body[:20], 200, "application/json")
                case "page":
                    return page("Valetudo")
            return answer
        found: dict[str, object] = {
            "valetudo": {"embedded": True, "systemId": f"GrumpyRedPanda{self.serial}", "welcomeDialogDismissed": True},
            "robot": {"manufacturer": "Dreame", "modelName": "L10S Ultra", "implementation": "DreameRobot"},
        }
        return json(found[area]) if area in found else self.unknown(request)

    @route("GET /api/v2/{path*}/{name}")
    def more(self, request: SimulatedRequest, path: str, name: str) -> Answer:
        if path == "robot/capabilities":
            return self._of_robot(name)
        if f"{path}/{name}" == "updater/config" and self.fault == "no_updater":
            return self.unknown(request)
        found: dict[str, Any] = {
            "valetudo/version": {"release": "2026.08.0", "commit": "abc"},
            "valetudo/config/interfaces/mqtt": {
                "connection": {"host": "10.0.0.2", "authentication": {"credentials": {"password": "<redacted>"}}}
            },
            "valetudo/config/customizations": {"friendlyName": "Robbie"},
            "valetudo/config/interfaces/http/auth/basic": {"enabled": True, "username": "valetudo", "password": ""},
            "ntpclient/config": {"enabled": True, "server": "pool.ntp.org"},
            "networkadvertisement/config": {"enabled": True},
            "updater/config": {"updateProvider": "github"},
            "robot/capabilities": [
                "BasicControlCapability",
                "MapSegmentationCapability",
                "DoNotDisturbCapability",
                "QuirksCapability",
            ],
        }
        if self.fault == "no_robot" and name == "capabilities":
            return text("Internal Server Error", 500)
        return json(found[f"{path}/{name}"]) if f"{path}/{name}" in found else self.unknown(request)

    def _of_robot(self, name: str) -> Answer:
        if name == "BasicControlCapability" or (self.fault == "away" and name == "DoNotDisturbCapability"):
            return json("Request timed out", 500)
        room = {"id": "17", "name": _ROOM, "metaData": {"area": self.noise()}}
        found: dict[str, object] = {
            "MapSegmentationCapability": [room],
            "DoNotDisturbCapability": {"enabled": False, "start": {"hour": 22}, "end": {"hour": 8}},
        }
        return json(found.get(name, []))


class ValetudoOfEverybody(Valetudo):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"half": InvalidArtifactError}
