"""TrueNAS up to 25.10, as its middleware answers; later ones have no REST any more."""

import io
import tarfile
from typing import ClassVar

from ha_device_backup_core import (
    DeviceBackupError,
    InvalidArtifactError,
    PermissionDeniedError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, page, route, text

_KEY = "1-canary4711canary4711"
_SEED = "canary-seed-4711"


class TrueNas(StandIn):
    kind = "truenas"
    entered: ClassVar = {"token": _KEY}
    secrets = (_SEED,)
    errors: ClassVar = {
        "without_rest": UnsupportedDeviceError,
        "no_role": PermissionDeniedError,
        "failing": DeviceBackupError,
        "without_seed": InvalidArtifactError,
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if self.fault == "without_rest":
            return page("404 Not Found", 404)
        if request.headers.get("authorization") == f"Bearer {_KEY}":
            return None
        self.refused += 1
        return empty(401)

    @route("GET /api/v2.0/system/info")
    def info(self, request: SimulatedRequest) -> Answer:
        return json({"version": "TrueNAS-25.10.0", "hostname": "nas", "uptime_seconds": self.noise()})

    @route("POST /api/v2.0/config/save")
    def save(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "no_role":
                return empty(403)
            case "failing":
                return json({"message": "[EFAULT] Failed"}, 500)
            case "page":
                return page("TrueNAS")
        content = self._archive()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/octet-stream")

    def _archive(self) -> bytes:
        found = io.BytesIO()
        held = {"freenas-v1.db": f"database {self.number}".encode() * 500}
        if self.fault != "without_seed":
            held["pwenc_secret"] = _SEED.encode()
        with tarfile.open(fileobj=found, mode="w") as archive:
            for name, content in held.items():
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(content), self.noise()
                archive.addfile(member, io.BytesIO(content))
        return found.getvalue()
