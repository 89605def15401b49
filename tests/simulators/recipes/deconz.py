"""deCONZ, as rest_configuration.cpp answers: a failing export is an error in a list, the archive lies in the page."""

import io
import tarfile
from typing import ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBackupError, DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, page, route, text

_KEY = "canary4711"
_NETWORK = "canary-network-4711"


class Deconz(StandIn):
    kind = "deconz"
    entered: ClassVar = {"token": _KEY}
    secrets = (_NETWORK,)
    errors: ClassVar = {
        "network_down": DeviceBusyError,
        "failing": DeviceBackupError,
        "no_archive": DeviceBackupError,
        "page": InvalidArtifactError,
        "half": InvalidArtifactError,
        "forgotten": AuthenticationError,
    }

    def _refused(self, key: str) -> Answer:
        if key == _KEY:
            return None
        self.refused += 1
        return json([{"error": {"type": 1, "address": "/", "description": "unauthorized user"}}], 403)

    @route("GET /api/{key}/config")
    def config(self, request: SimulatedRequest, key: str) -> Answer:
        facts = {"bridgeid": f"00212E{self.serial}", "name": "Phoscon-GW", "swversion": "2.29.2", "modelid": "deCONZ"}
        return self._refused(key) or json(facts)

    @route("POST /api/{key}/config/export")
    def export(self, request: SimulatedRequest, key: str) -> Answer:
        match self.fault:
            case "network_down":
                return json([{"error": {"type": 901, "description": "not connected"}}], 503)
            case "failing":
                return json([{"error": {"type": 901, "description": "export failed"}}], 500)
            case "forgotten":
                return self._refused("another")
        return self._refused(key) or json([{"success": {"/config/export": "success"}}])

    @route("GET /deCONZ.tar.gz")
    def download(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "no_archive":
                return empty(404)
            case "page":
                return page("Phoscon")
        content = self._archive()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/gzip")

    def _archive(self) -> bytes:
        found = io.BytesIO()
        held = {"zll.db": f"{self.noise()} {_NETWORK}", "session.default": "x", "deCONZ.conf": "y"}
        with tarfile.open(fileobj=found, mode="w:gz") as archive:
            for name, content in held.items():
                member = tarfile.TarInfo(f".local/share/dresden-elektronik/deCONZ/{name}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content.encode()))
        return found.getvalue()

    @route("GET /api/{key}/{list}")
    def listed(self, request: SimulatedRequest, key: str, name: str) -> Answer:
        entry: dict[str, object] = {"name": f"{name} {self.number}"}
        if name in {"lights", "sensors", "groups"}:
            entry |= {"etag": f"{self.noise()}", "state": {"on": bool(self.noise() % 2)}}
        if name == "rules":
            entry["lasttriggered"] = self.noise()
        return self._refused(key) or json({"1": entry})
