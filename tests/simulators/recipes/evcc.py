"""evcc, as server/http.go and http_auth.go answer."""

import json as json_text
import sqlite3
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text


class Evcc(StandIn):
    kind = "evcc"
    secrets = ("canary-vehicle-4711",)
    errors: ClassVar = {
        "demo": UnsupportedDeviceError,
        "failed": UnexpectedResponseError,
        "half": InvalidArtifactError,
        "nothing": InvalidArtifactError,
    }
    is_old: ClassVar = False

    @route("POST /api/auth/login")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        token = self.log_in(is_right=json_text.loads(request.body) == {"password": PASSWORD}, form="canary-jwt-{}")
        if token is None:
            return text("Invalid password\n", 401)
        return empty(200, Set_Cookie=f"auth={token}; Path=/; HttpOnly; SameSite=Strict")

    @route("POST /api/auth/logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.clear()
        return empty()

    @route("GET /api/state")
    def state(self, request: SimulatedRequest) -> Answer:
        return json({"siteTitle": "Garage", "version": "0.309.0", "pvPower": self.noise()})

    @route("GET /api/db/backup")
    def backup(self, request: SimulatedRequest) -> Answer:
        if self.is_old:
            return empty(404)
        is_right = request.headers.get("x-admin-password", "").encode("latin-1") == PASSWORD.encode()
        return self._database() if is_right and self._has_cookie(request) else text("Unauthorized", 401)

    @route("POST /api/system/backup")
    def old_backup(self, request: SimulatedRequest) -> Answer:
        if not self.is_old:
            return empty(404)
        is_right = json_text.loads(request.body) == {"password": PASSWORD}
        return self._database() if is_right and self._has_cookie(request) else text("Unauthorized", 401)

    def _has_cookie(self, request: SimulatedRequest) -> bool:
        return request.headers.get("cookie", "").removeprefix("auth=") in self.sessions

    def _database(self) -> Answer:
        match self.fault:
            case "demo":
                return text("Forbidden in demo mode", 403)
            case "failed":
                return text("database is locked", 500)
            case "nothing":
                return empty()
        database = sqlite3.connect(":memory:")
        database.execute("create table settings (key text, value text)")
        database.execute("insert into settings values ('vehicle', 'canary-vehicle-4711'), ('limit', ?)", [self.number])
        database.commit()
        content = database.serialize()
        database.close()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/octet-stream")


class OldEvcc(Evcc):
    variant = "0_206"
    is_old: ClassVar = True
    errors: ClassVar = {"half": InvalidArtifactError}
