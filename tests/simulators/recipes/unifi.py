"""UniFi Network on UniFi OS, as the clients of it say; `is_own` makes it the one on a computer of one's own."""

import json as json_text
from typing import ClassVar

from ha_device_backup_core import (
    AuthenticationError,
    DeviceBusyError,
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_PASSPHRASE = "canary-wifi-4711"
_LISTS = ("setting", "networkconf", "wlanconf", "portconf", "firewallrule", "firewallgroup", "portforward", "usergroup")


class UniFi(StandIn):
    kind = "unifi"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_PASSPHRASE,)
    essential = ("network.unf",)
    errors: ClassVar = {
        "second_factor": AuthenticationError,
        "many_logins": DeviceBusyError,
        "site_admin": PermissionDeniedError,
        "expired": AuthenticationError,
        "starting": UnexpectedResponseError,
        "cut": InvalidArtifactError,
        "no_list": "missing_compare_user_json",
        "elsewhere": UnexpectedResponseError,
    }
    is_own: ClassVar = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.prefix = "" if self.is_own else "/proxy/network"

    def before(self, request: SimulatedRequest) -> Answer:
        path = request.path.removeprefix("/proxy/network")
        if request.path.endswith("/login") or not path.startswith(("/api/s/", "/dl/")):
            return None
        if self.prefix and path == request.path:
            return empty(404)
        if self.fault == "expired" and "/cmd/" in path:
            return json({"meta": {"rc": "error", "msg": "api.err.LoginRequired"}, "data": []})
        is_known = request.headers.get("x-csrf-token") in self.sessions
        return None if is_known else json({"meta": {"rc": "error", "msg": "api.err.LoginRequired"}}, 401)

    @route("POST /api/auth/login")
    def log_in_there(self, request: SimulatedRequest) -> Answer:
        if self.is_own:
            return empty(404)
        match self.fault:
            case "second_factor":
                return json({"data": {"mfaCookie": "x"}}, 499)
            case "many_logins":
                return json({"code": "AUTHENTICATION_FAILED_LIMIT_REACHED"}, 429)
        token = self.log_in(is_right=_login_of(request) == ("keeper", PASSWORD), form="canary-csrf-{}")
        if token is None:
            return json({"code": "AUTHENTICATION_FAILED_INVALID_CREDENTIALS"}, 403)
        return json({"username": "keeper"}, X_CSRF_Token=token, Set_Cookie="TOKEN=abc; Path=/; HttpOnly")

    @route("POST /api/login")
    def log_in_here(self, request: SimulatedRequest) -> Answer:
        token = self.log_in(is_right=_login_of(request) == ("keeper", PASSWORD), form="canary-csrf-{}")
        if token is None:
            return json({"meta": {"rc": "error", "msg": "api.err.Invalid"}, "data": []}, 400)
        return json({"meta": {"rc": "ok"}, "data": []}, Set_Cookie=f"csrf_token={token}; Path=/")

    @route("POST /api/auth/logout")
    @route("POST /api/logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.discard(request.headers.get("x-csrf-token", ""))
        return json({})

    @route("GET {prefix*}/api/s/default/stat/sysinfo")
    @route("GET /api/s/default/stat/sysinfo")
    def sysinfo(self, request: SimulatedRequest, *_prefix: str) -> Answer:
        if self.fault == "starting":
            return text("UniFi Network is starting up")
        facts = {"anonymous_controller_id": f"id-{self.serial}", "name": "Home", "version": "9.3.45"}
        return json({"meta": {"rc": "ok"}, "data": [facts]})

    @route("POST {prefix*}/api/s/default/cmd/backup")
    @route("POST /api/s/default/cmd/backup")
    def backup(self, request: SimulatedRequest, *_prefix: str) -> Answer:
        if self.fault == "site_admin":
            return json({"meta": {"rc": "error", "msg": "api.err.NoPermission"}, "data": []}, 403)
        url = "https://elsewhere.example/dl/backup/9.3.45.unf" if self.fault == "elsewhere" else "/dl/backup/9.3.45.unf"
        return json({"meta": {"rc": "ok"}, "data": [{"url": url}]})

    @route("GET {prefix*}/dl/backup/9.3.45.unf")
    @route("GET /dl/backup/9.3.45.unf")
    def download(self, request: SimulatedRequest, *_prefix: str) -> Answer:
        size = 1991 if self.fault == "cut" else 2000
        return text((b"%016d" % self.noise() + b"\x81" * 2048)[:size], 200, "application/octet-stream")

    @route("GET {prefix*}/api/s/default/rest/{name}")
    @route("GET /api/s/default/rest/{name}")
    def rest(self, request: SimulatedRequest, *parts: str) -> Answer:
        name = parts[-1]
        if name == "user" and self.fault == "no_list":
            return empty(404)
        entry = {"name": f"{name} {self.number}", "x_passphrase": _PASSPHRASE, "last_seen": self.noise()}
        return json({"meta": {"rc": "ok"}, "data": [entry]})


class UniFiOfOnesOwn(UniFi):
    variant = "own"
    is_own: ClassVar = True
    errors: ClassVar = {"site_admin": PermissionDeniedError}


def _login_of(request: SimulatedRequest) -> tuple[str, str]:
    sent = json_text.loads(request.body)
    return sent["username"], sent["password"]
