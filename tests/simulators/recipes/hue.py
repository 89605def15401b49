"""A Hue bridge, as aiohue knows its answers; errors of the old API come with status 200."""

from typing import ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBusyError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, page, route

_KEY = "canary-hue-key-4711"


class Hue(StandIn):
    kind = "hue"
    entered: ClassVar = {"token": _KEY}
    errors: ClassVar = {
        "forgotten": AuthenticationError,
        "overload": DeviceBusyError,
        "page": "missing_room_json",
        "no_smart_scenes": "absent_smart_scene_json",
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if self.fault == "overload":
            return empty(503)
        if request.headers.get("hue-application-key") == _KEY:
            return None
        self.refused += "hue-application-key" in request.headers
        return empty(403)

    @route("GET /clip/v2/resource/{name}")
    def resource(self, request: SimulatedRequest, name: str) -> Answer:
        match name:
            case "bridge":
                return json({"errors": [], "data": [{"id": "b", "bridge_id": f"001788fffe00{self.serial}"}]})
            case "room" if self.fault == "page":
                return page("hue")
            case "smart_scene" if self.fault == "no_smart_scenes":
                return empty(404)
        entry = {"id": f"{name}-1", "metadata": {"name": f"Hall {self.number}"}, "status": {"active": self.noise()}}
        if name in {"device", "room", "zone", "smart_scene"}:
            del entry["status"]
        return json({"errors": [], "data": [entry]})

    @route("GET /api/{key}/{name}")
    def old(self, request: SimulatedRequest, key: str, name: str) -> Answer:
        if self.fault == "forgotten":
            error = {"type": 1, "address": f"/{name}", "description": "unauthorized user"}
            return json([{"error": error}])
        volatile = {"rules": {"lasttriggered": self.noise()}, "sensors": {"state": self.noise()}}
        return json({"1": {"name": f"{name} 1", **volatile.get(name, {})}})
