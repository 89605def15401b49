"""Homebridge, as the AuthService and BackupService of its UI answer: a token, and an archive that is never the same."""

import gzip
import io
import json as json_text
import tarfile
from typing import ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBackupError, InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, page, route, text

_PLUGIN_PASSWORD = "canary-plugin-4711"


class Homebridge(StandIn):
    kind = "homebridge"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_PLUGIN_PASSWORD,)
    errors: ClassVar = {
        "second_factor": AuthenticationError,
        "no_admin": PermissionDeniedError,
        "half": InvalidArtifactError,
        "no_config": InvalidArtifactError,
        "page": InvalidArtifactError,
        "failing": DeviceBackupError,
    }
    has_login: ClassVar = True

    @route("GET /api/auth/settings")
    def ways(self, request: SimulatedRequest) -> Answer:
        env = {"instanceId": f"a8{self.serial}", "homebridgeInstanceName": "Homebridge", "packageVersion": "5.10.0"}
        return json({"env": env, "formAuth": self.has_login, "serverTimestamp": self.noise()})

    @route("POST /api/auth/login")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "second_factor":
            return json({"statusCode": 412, "message": "2FA Code Required"}, 412)
        is_right = json_text.loads(request.body) == {"username": "keeper", "password": PASSWORD}
        return self._token(is_right=is_right) or json({"message": "Forbidden", "statusCode": 403}, 403)

    @route("POST /api/auth/noauth")
    def enter(self, request: SimulatedRequest) -> Answer:
        entered = None if self.has_login else self._token(is_right=True)
        return entered or json({"message": "Unauthorized", "statusCode": 401}, 401)

    def _token(self, *, is_right: bool) -> Answer:
        token = self.log_in(is_right=is_right, form="canary.jwt.{}")
        if token is None:
            return None
        return json({"access_token": token, "token_type": "Bearer", "expires_in": 28800}, 201)

    def left(self) -> object:
        """Return nothing: its tokens end by themselves, there is no logging out."""
        return None

    def before(self, request: SimulatedRequest) -> Answer:
        if request.path.startswith("/api/auth/"):
            return None
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return json({"message": "Unauthorized", "statusCode": 401}, 401)
        if self.fault == "no_admin":
            return json({"message": "Forbidden resource", "error": "Forbidden", "statusCode": 403}, 403)
        return None

    @route("GET /api/backup/scheduled-backups/next")
    def next(self, request: SimulatedRequest) -> Answer:
        return json({"next": "2026-11-29T03:12:41.000Z"})

    @route("GET /api/backup/download")
    def download(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "failing":
                return json({"statusCode": 500, "message": "Internal server error"}, 500)
            case "page":
                return page("Homebridge")
        content = self._archive()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/octet-stream")

    def _archive(self) -> bytes:
        platform = {"platform": "Ring", "refreshToken": _PLUGIN_PASSWORD, "interval": self.number}
        plugin = {"name": "homebridge-ring", "installedVersion": "14.0.0", "latestVersion": f"14.{self.noise()}.0"}
        held = {
            "plugins.json": [plugin],
            "info.json": {"timestamp": self.noise()},
            "storage/config.json": {"bridge": {"pin": "031-45-154"}, "platforms": [platform]},
            "storage/accessories/cachedAccessories": [self.noise()],
            "storage/auth.json": [{"username": "keeper"}],
        }
        if self.fault == "no_config":
            del held["storage/config.json"]
        found = io.BytesIO()
        with tarfile.open(fileobj=found, mode="w") as archive:
            for name, value in held.items():
                content = json_text.dumps(value).encode()
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(content), self.noise()
                archive.addfile(member, io.BytesIO(content))
        return gzip.compress(found.getvalue())


class HomebridgeOfEverybody(Homebridge):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"half": InvalidArtifactError}
