"""EMS-ESP, as WebStatusService.cpp and AuthenticationService.cpp answer: an action that fails is 400 without a body."""

import json as json_text
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route, text

_WIFI = "canary-wifi-4711"
_FILES = {"schedule": "Schedule", "customizations": "Customizations", "entities": "Entities"}


class EmsEsp(StandIn):
    kind = "ems_esp"
    entered: ClassVar = {"username": "admin", "password": PASSWORD}
    secrets = (_WIFI,)
    essential = ("settings.json",)
    errors: ClassVar = {
        "failing": UnexpectedResponseError,
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
        "other": UnexpectedResponseError,
    }

    def left(self) -> object:
        """Return nothing: its tokens end by themselves, there is no logging out."""
        return None

    def before(self, request: SimulatedRequest) -> Answer:
        if request.path == "/rest/signIn":
            return None
        is_known = request.headers.get("authorization", "").removeprefix("Bearer ") in self.sessions
        return None if is_known else empty(401)

    @route("POST /rest/signIn")
    def sign_in(self, request: SimulatedRequest) -> Answer:
        is_right = json_text.loads(request.body) == {"username": "admin", "password": PASSWORD}
        token = self.log_in(is_right=is_right, form="canary.jwt.{}")
        return empty(401) if token is None else json({"access_token": token})

    @route("GET /rest/systemStatus")
    def status(self, request: SimulatedRequest) -> Answer:
        return json({"emsesp_version": "3.7.2", "uptime": self.noise()})

    @route("GET /rest/networkStatus")
    def network(self, request: SimulatedRequest) -> Answer:
        mac = f"AA:BB:CC:DD:{self.serial[:2]}:{self.serial[2:]}"
        return json({"status": 3, "hostname": "ems-esp", "mac_address": mac, "rssi": -60 - self.noise() % 9})

    @route("POST /rest/action")
    def act(self, request: SimulatedRequest) -> Answer:
        given = json_text.loads(request.body)
        if given["action"] != "export" or (self.fault == "failing" and given["param"] == "entities"):
            return empty(400)
        if given["param"] != "settings":
            name = "allvalues" if self.fault == "other" else given["param"]
            return json({"type": name, _FILES[given["param"]]: {given["param"]: [self.number]}})
        if self.fault == "page":
            return page("EMS-ESP")
        network, settings = {"ssid": "Home", "password": _WIFI}, {"tx_mode": self.number}
        answer = json({"type": "settings", "System": {"version": "3.7.2"}, "Network": network, "Settings": settings})
        return text(answer.body[:50], 200, "application/json") if self.fault == "half" else answer
