"""Z-Wave JS UI, as api/app.ts answers: refused logins and limits come with status 200."""

import io
import json as json_text
import zipfile
from typing import ClassVar

from ha_device_backup_core import DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, route, text

_KEY = "CANARY4711CANARY4711CANARY471100"
_REFUSED = {"success": False, "message": "General Error", "code": 3}


class ZwaveJsUi(StandIn):
    kind = "zwave_js_ui"
    entered: ClassVar = {"username": "admin", "password": PASSWORD}
    secrets = (_KEY,)
    errors: ClassVar = {
        "many_logins": DeviceBusyError,
        "many_downloads": DeviceBusyError,
        "half": InvalidArtifactError,
        "no_settings": InvalidArtifactError,
        "failed": InvalidArtifactError,
    }
    has_login: ClassVar = True

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or request.path in {"/version", "/api/authenticate", "/api/auth-enabled"}:
            return None
        is_known = request.headers.get("authorization", "").removeprefix("Bearer ") in self.sessions
        return None if is_known else json(_REFUSED)

    @route("GET /api/auth-enabled")
    def ways(self, request: SimulatedRequest) -> Answer:
        return json({"success": True, "data": self.has_login})

    @route("POST /api/authenticate")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "many_logins" or not self.has_login:
            return json({"success": False, "message": "Max requests limit reached"})
        is_right = json_text.loads(request.body) == {"username": "admin", "password": PASSWORD}
        token = self.log_in(is_right=is_right)
        return json(
            {"success": True, "message": "", "user": {"username": "admin", "token": token}} if token else _REFUSED
        )

    @route("GET /api/logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.clear()
        return json({"success": True, "message": "User logged out"})

    @route("GET /api/settings")
    def settings(self, request: SimulatedRequest) -> Answer:
        return json({"success": True, "data": {"settings": {"gateway": {"authEnabled": self.has_login}}}})

    @route("GET /version")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"appVersion": "11.22.2", "zwavejs": "15.29.0"})

    @route("POST /api/store-multi")
    def store(self, request: SimulatedRequest) -> Answer:
        if self.fault == "many_downloads":
            message = "Request limit reached. You can make only 100 requests every 15 minutes"
            return json({"success": False, "message": message})
        if self.fault == "failed":
            return json({"success": False, "message": "Error"})
        content = self._zip(json_text.loads(request.body)["files"])
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/json")

    def _zip(self, wanted: list[str]) -> bytes:
        keys = {"S0_Legacy": _KEY}
        held = {"settings.json": {"zwave": {"securityKeys": keys, "port": f"/dev/{self.number}"}}, "nodes.json": {}}
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w") as archive:
            for name in wanted:
                if name in held and not (name == "settings.json" and self.fault == "no_settings"):
                    archive.writestr(name, json_text.dumps(held[name]))
        return found.getvalue()


class ZwaveJsUiOfEverybody(ZwaveJsUi):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"half": InvalidArtifactError}
