"""A Keenetic, as its clients know it: the challenge of a login comes with 401."""

import hashlib
import json as json_text
from typing import ClassVar

from ha_device_backup_core import DeviceBackupError, InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route, text

_PSK = "canary-wifi-4711"
_REALM = "Keenetic Giga"


class Keenetic(StandIn):
    kind = "keenetic"
    entered: ClassVar = {"username": "admin", "password": PASSWORD}
    secrets = (_PSK,)
    errors: ClassVar = {
        "from_outside": PermissionDeniedError,
        "no_file": DeviceBackupError,
        "nothing": InvalidArtifactError,
        "page": InvalidArtifactError,
        "half": InvalidArtifactError,
    }

    relaxed: ClassVar = {"status_401": "this is how it asks for a login; without a challenge it is no Keenetic"}

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._challenge = ""

    def before(self, request: SimulatedRequest) -> Answer:
        is_known = any(f"sysauth={session}" in request.headers.get("cookie", "") for session in self.sessions)
        return None if is_known or request.path == "/auth" else empty(401)

    @route("GET /auth")
    def challenge(self, request: SimulatedRequest) -> Answer:
        self._challenge = f"CHALLENGE{self.noise()}"
        return empty(401, X_NDM_Realm=_REALM, X_NDM_Challenge=self._challenge)

    @route("POST /auth")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "from_outside":
            return empty(403)
        inner = hashlib.md5(f"admin:{_REALM}:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
        wanted = hashlib.sha256(f"{self._challenge}{inner}".encode()).hexdigest()
        is_right = json_text.loads(request.body) == {"login": "admin", "password": wanted}
        session = self.log_in(is_right=is_right, form="canary{}")
        return empty(401) if session is None else json({}, Set_Cookie=f"sysauth={session}; Path=/; HttpOnly")

    @route("DELETE /auth")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.clear()
        return empty()

    @route("GET /rci/show/version")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"release": "4.02.C.6.0-0", "title": "4.2.6", "model": "Giga (KN-1011)", "description": "Home"})

    @route("GET /rci/show/identification")
    def identification(self, request: SimulatedRequest) -> Answer:
        return json({"mac": f"50:ff:20:00:{self.serial[:2]}:{self.serial[2:]}", "serial": "S1"})

    @route("GET /ci/startup-config")
    def config(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "no_file":
                return empty(404)
            case "nothing":
                return empty()
            case "page":
                return page("Keenetic")
        lines = [
            "! $$$ Model: Keenetic Giga",
            f"! $$$ Last change: {self.noise()}",
            f"! $$$ Md5 checksum: {self.noise()}",
            "system",
            f"    set net.ipv4.ip_forward {self.number}",
            "!",
            "interface WifiMaster0/AccessPoint0",
            f"    authentication wpa-psk {_PSK}",
            "!",
            "components",
            "    auto-update disable",
            "!",
        ]
        content = "\n".join(lines) + "\n"
        return text(content[: len(content) // 2] if self.fault == "half" else content)
