"""A go-e Charger, as the documentation of its API v2 says: no path at all while the API is off."""

from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route, text

_KEY = "canary-wifi-4711"


class GoE(StandIn):
    kind = "go_e"
    entered: ClassVar = {}
    secrets = (_KEY,)
    errors: ClassVar = {
        "api_off": UnsupportedDeviceError,
        "half": InvalidArtifactError,
        "nothing": InvalidArtifactError,
    }

    @route("GET /api/status")
    def status(self, request: SimulatedRequest) -> Answer:
        if self.fault == "api_off":
            return empty(404)
        known = {
            "sse": f"20{self.serial}",
            "typ": "go-eCharger",
            "fwv": "056.2",
            "fna": "Garage",
            "ama": self.number,
            "amp": self.noise(),
            "wifis": [{"ssid": "Home", "key": _KEY}],
            "cards": [{"name": "Car", "energy": self.noise()}],
            "nrg": [self.noise()],
        }
        wanted = request.query["filter"].split(",")
        if "ama" not in wanted:
            return json({key: known[key] for key in wanted if key in known})
        if self.fault == "nothing":
            return json({})
        answer = json({key: known[key] for key in wanted if key in known})
        return text(answer.body[:30], 200, "application/json") if self.fault == "half" else answer
