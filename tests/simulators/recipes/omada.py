"""An Omada controller, as its clients know it: errors with status 200, and the login page where a session is over."""

import json as json_text
from typing import ClassVar

from ha_device_backup_core import (
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route, text

_PASSPHRASE = "canary-wifi-4711"
_ID = "c21f969b5f03d33d43e04f8f136e7682"


class Omada(StandIn):
    kind = "omada"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_PASSPHRASE,)
    errors: ClassVar = {
        "viewer": PermissionDeniedError,
        "ended": UnexpectedResponseError,
        "failing": UnexpectedResponseError,
        "no_file": UnexpectedResponseError,
        "page": InvalidArtifactError,
        "nothing": InvalidArtifactError,
        "no_list": "missing_compare_s1_setting_radiusprofiles_json",
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if request.path == "/api/info" or request.path.endswith("/login"):
            return None
        is_known = request.headers.get("csrf-token") in self.sessions and "TPOMADA_SESSIONID" in request.headers.get(
            "cookie", ""
        )
        is_from_page = request.headers.get("omada-request-source") == "web-local"
        is_over = self.fault == "ended" and request.path.endswith("/prepareBackup")
        return None if is_known and is_from_page and not is_over else page("Omada <script></script>")

    @route("GET /api/info")
    def info(self, request: SimulatedRequest) -> Answer:
        return _good({"controllerVer": "5.15.8.2", "apiVer": "3", "configured": True, "omadacId": self._id})

    @property
    def _id(self) -> str:
        return f"{_ID}{self.serial}"

    @route("POST /{id}/api/v2/login")
    def authenticate(self, request: SimulatedRequest, _id: str) -> Answer:
        is_right = json_text.loads(request.body) == {"username": "keeper", "password": PASSWORD}
        token = self.log_in(is_right=is_right, form="canary-csrf-{}")
        if token is None:
            return _bad(-30109, "Invalid username or password.")
        return _good({"token": token, "roleType": 0}, Set_Cookie="TPOMADA_SESSIONID=abc; Path=/; HttpOnly")

    @route("POST /{id}/api/v2/logout")
    def log_out(self, request: SimulatedRequest, _id: str) -> Answer:
        self.sessions.clear()
        return _good(None)

    @route("GET /{id}/api/v2/users/current")
    def user(self, request: SimulatedRequest, _id: str) -> Answer:
        return _good({"privilege": {"all": True, "sites": [{"key": "s1", "name": "Home"}]}, "lastLogin": self.noise()})

    @route("GET /{id}/api/v2/maintenance/uiInterface")
    def title(self, request: SimulatedRequest, _id: str) -> Answer:
        return _good({"controllerName": "Home"})

    @route("POST /{id}/api/v2/maintenance/backup/prepareBackup")
    def prepare(self, request: SimulatedRequest, _id: str) -> Answer:
        match self.fault:
            case "viewer":
                return _bad(-1005, "Operation forbidden.")
            case "failing":
                return _bad(-1, "General error.")
        return _good(None)

    @route("GET /{id}/api/v2/files/backup")
    def download(self, request: SimulatedRequest, _id: str) -> Answer:
        match self.fault:
            case "no_file":
                return _bad(-1, "General error.")
            case "page":
                return page("Omada")
            case "nothing":
                return empty()
        return text(b"%016d" % self.noise() + b"\x81" * 4096, 200, "application/octet-stream")

    @route("GET /{id}/api/v2/controller/setting")
    def settings(self, request: SimulatedRequest, _id: str) -> Answer:
        return _good({"general": {"controllerName": "Home", "timeZone": f"UTC+{self.number}"}})

    @route("GET /{id}/api/v2/sites/s1/{list*}")
    def site(self, request: SimulatedRequest, _id: str, name: str) -> Answer:
        if self.fault == "no_list" and name == "setting/radiusProfiles":
            return _bad(-1600, "Unsupported request path.")
        network = {"name": "Home", "pskSetting": {"securityKey": _PASSPHRASE}, "ssid": self.number}
        found: dict[str, object] = {
            "setting/wlans": {"data": [{"id": "g1", "name": "Default"}]},
            "setting/wlans/g1/ssids": {"data": [network], "totalRows": 1},
        }
        return _good(found.get(name, {"of": name}))


def _good(result: object, **headers: str) -> Answer:
    return json({"errorCode": 0, "msg": "Success.", "result": result}, 200, **headers)


def _bad(code: int, message: str) -> Answer:
    return json({"errorCode": code, "msg": message})
