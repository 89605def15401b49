"""Frigate, as frigate/api/app.py and auth.py answer."""

import json as json_text
from typing import ClassVar

from ha_device_backup_core import DeviceBackupError, DeviceBusyError, InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route, text

_CAMERA = "rtsp://view:canary-camera-4711@10.0.0.9/live"


class Frigate(StandIn):
    kind = "frigate"
    entered: ClassVar = {"username": "admin", "password": PASSWORD}
    secrets = ("canary-camera-4711",)
    errors: ClassVar = {
        "many_logins": DeviceBusyError,
        "viewer": PermissionDeniedError,
        "no_file": DeviceBackupError,
        "page": InvalidArtifactError,
        "half": InvalidArtifactError,
    }
    relaxed: ClassVar = {
        "truncated_is_refused": "a text has no end of its own; it comes in JSON, which is whole or none"
    }
    has_login: ClassVar = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.config = ""
        self.change()

    def change(self) -> None:
        super().change()
        cameras = f"cameras:\n  door:\n    path: {_CAMERA}\n"
        # Where it may not write the file, there is no version at its end.
        self.config = f"mqtt:\n  enabled: false\nrecord:\n  days: {self.number}\n{cameras}"

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or request.path in {"/api/login", "/api/logout"}:
            return None
        is_known = request.headers.get("cookie", "").removeprefix("frigate_token=") in self.sessions
        return None if is_known else empty(401)

    @route("POST /api/login")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if not self.has_login:
            return json({"message": "Authentication is disabled"}, 404)
        if self.fault == "many_logins":
            return json({"error": "Rate limit exceeded: 5 per 1 minute"}, 429)
        is_right = json_text.loads(request.body) == {"user": "admin", "password": PASSWORD}
        token = self.log_in(is_right=is_right, form="canary.jwt.{}")
        if token is None:
            return json({"message": "Login failed"}, 401)
        return empty(200, Set_Cookie=f"frigate_token={token}; Path=/; HttpOnly")

    @route("GET /api/logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.clear()
        return empty(303, Location="/login")

    @route("GET /api/version")
    def version(self, request: SimulatedRequest) -> Answer:
        return text("0.16.1-abcdef0")

    @route("GET /api/config/raw")
    def raw(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "viewer":
                return json({"detail": "Access denied"}, 403)
            case "no_file":
                return json({"success": False, "message": "Could not find file"}, 404)
            case "page":
                return page("Frigate")
        content = json_text.dumps(self.config)
        return text(content[: len(content) // 2] if self.fault == "half" else content)

    @route("POST /api/config/save")
    def save(self, request: SimulatedRequest) -> Answer:
        if b"cameras" not in request.body:
            return json({"success": False, "message": "Your configuration is invalid."}, 400)
        self.config = request.body.decode()
        return json({"success": True, "message": "Config successfully saved."})


class FrigateOfEverybody(Frigate):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"half": InvalidArtifactError}
