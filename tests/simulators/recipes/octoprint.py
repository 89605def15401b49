"""OctoPrint, as its plugin "backup" answers: it makes a file, and keeps it until it is deleted."""

import io
import json as json_text
import zipfile
from typing import ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route, text

_KEY = "canary-key-4711"
_SALT = "canary-salt-4711"


class OctoPrint(StandIn):
    kind = "octoprint"
    entered: ClassVar = {"token": _KEY}
    secrets = (_SALT,)
    errors: ClassVar = {
        "no_administrator": AuthenticationError,
        "another_at_work": DeviceBusyError,
        "half": InvalidArtifactError,
        "no_configuration": InvalidArtifactError,
    }

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.made: set[str] = set()
        self._asked = 0

    def left(self) -> object:
        return self.made

    def before(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("x-api-key") == _KEY:
            return None
        self.refused += 1
        return json({"error": "You don't have the permission to access the requested resource."}, 403)

    @route("GET /api/version")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"api": "0.1", "server": "1.11.8", "text": "OctoPrint 1.11.8"})

    @route("GET /api/settings")
    def settings(self, request: SimulatedRequest) -> Answer:
        return json({"appearance": {"name": "Prusa"}})

    @route("POST /plugin/backup/backup")
    def make(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_administrator":
            return json({"error": "Forbidden"}, 403)
        if self.fault == "another_at_work":
            return json({"error": "Busy"}, 503, Retry_After="30")
        assert json_text.loads(request.body) == {"exclude": ["timelapse", "uploads"]}
        name = f"octoprint-backup-{self.noise()}.zip"
        self.made.add(name)
        self._asked = 0
        return json({"started": True, "name": name}, 201)

    @route("GET /plugin/backup/backup")
    def listed(self, request: SimulatedRequest) -> Answer:
        self._asked += 1
        return json({"backups": [{"name": name, "size": 4711} for name in self.made]})

    @route("GET /plugin/backup/download/{name}")
    def download(self, request: SimulatedRequest, name: str) -> Answer:
        if name not in self.made:
            return empty(404)
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w") as archive:
            archive.writestr("metadata.json", json_text.dumps({"version": "1.11.8", "time": self.noise()}))
            if self.fault != "no_configuration":
                archive.writestr("basedir/config.yaml", f"accessControl:\n  salt: {_SALT}\nvolume: {self.number}\n")
            archive.writestr("basedir/data/softwareupdate/versioncache.yaml", f"checked: {self.noise()}\n")
        content = found.getvalue()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/zip")

    @route("DELETE /plugin/backup/backup/{name}")
    def delete(self, request: SimulatedRequest, name: str) -> Answer:
        self.made.discard(name)
        return empty(204)
