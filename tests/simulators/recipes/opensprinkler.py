"""OpenSprinkler, as opensprinkler_server.cpp answers: a wrong password comes with status 200, in two forms."""

import hashlib
from typing import Any, ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_KEY = "canary-ifttt-4711"
_DIGEST = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


class OpenSprinkler(StandIn):
    kind = "opensprinkler"
    secrets = (_KEY,)
    essential = ("opensprinkler.json",)
    errors: ClassVar = {
        "half": InvalidArtifactError,
        "without_programs": InvalidArtifactError,
        "no_special": UnexpectedResponseError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if request.query.get("pw") == _DIGEST:
            return None
        self.refused += 1
        return json({"fwv": 221}) if request.path in {"/jo", "/ja"} else json({"result": 2})

    @route("GET /jc")
    def controller(self, request: SimulatedRequest) -> Answer:
        return json(self._settings())

    @route("GET /jo")
    def options(self, request: SimulatedRequest) -> Answer:
        return json({"fwv": 221, "hwv": 30, "wl": self.noise()})

    @route("GET /ja")
    def everything(self, request: SimulatedRequest) -> Answer:
        found = {
            "settings": self._settings(),
            "programs": {"nprogs": 1, "pd": [[1, 127, 0, [360, 0], [self.number], "Lawn"]]},
            "options": {"fwv": 221, "hwv": 30, "wl": self.noise()},
            "status": {"sn": [self.noise() % 2]},
            "stations": {"snames": ["S01"]},
        }
        if self.fault == "without_programs":
            del found["programs"]
        answer = json(found)
        return text(answer.body[:90], 200, "application/json") if self.fault == "half" else answer

    def _settings(self) -> dict[str, Any]:
        mac = f"AA:BB:CC:DD:{self.serial[:2]}:{self.serial[2:]}"
        return {"devt": self.noise(), "mac": mac, "loc": "48.2,16.3", "ifkey": _KEY, "dname": "Garden"}

    @route("GET /je")
    def special(self, request: SimulatedRequest) -> Answer:
        return empty(500) if self.fault == "no_special" else json({"3": {"st": 1, "sd": "00FF"}})
