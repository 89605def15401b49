"""Domoticz, as main/WebServer.cpp answers: where it cannot make a backup, it answers 200 with nothing."""

import sqlite3
from contextlib import closing
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, page, route, text

_SECRET = "canary-mqtt-4711"


class Domoticz(StandIn):
    kind = "domoticz"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_SECRET,)
    errors: ClassVar = {
        "no_admin": PermissionDeniedError,
        "nothing": InvalidArtifactError,
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if self.has_basic_login(request, "keeper"):
            return None
        return page("401 Unauthorized", 401, WWW_Authenticate='Basic realm="Domoticz"')

    @route("GET /json.htm")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"status": "OK", "title": "GetVersion", "version": "2025.2", "HaveUpdate": bool(self.noise() % 2)})

    @route("GET /backupdatabase.php")
    def backup(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "no_admin":
                return page("403 Forbidden", 403)
            case "nothing":
                return text(b"", 200, "text/html")
            case "page":
                return page("Domoticz")
        content = self._database()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/octet-stream")

    def _database(self) -> bytes:
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE TABLE Hardware (ID INTEGER, Name TEXT, Password TEXT)")
            database.executemany(
                "INSERT INTO Hardware VALUES (?, ?, ?)", [(n, f"Pump {self.number}", _SECRET) for n in range(200)]
            )
            database.commit()
            return database.serialize()
