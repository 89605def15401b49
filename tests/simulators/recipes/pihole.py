"""Pi-hole 6, as FTL's auth.c and zip/teleporter.c answer."""

import io
import json as json_text
import zipfile
from typing import ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBusyError, InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_PWHASH = "canary-pwhash-4711"


class PiHole(StandIn):
    kind = "pihole"
    secrets = (_PWHASH,)
    errors: ClassVar = {
        "second_factor": AuthenticationError,
        "no_seat": DeviceBusyError,
        "rate": DeviceBusyError,
        "compression": UnexpectedResponseError,
        "half": InvalidArtifactError,
        "no_gravity": InvalidArtifactError,
    }

    @route("POST /api/auth")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "second_factor":
            return json(_error("bad_request", "No 2FA token found in JSON payload"), 400)
        if self.fault in {"no_seat", "rate"}:
            return json(_error("api_seats_exceeded" if self.fault == "no_seat" else "rate_limiting", "Busy"), 429)
        sid = self.log_in(is_right=json_text.loads(request.body) == {"password": PASSWORD})
        if sid is None:
            return json({"session": {"valid": False, "sid": None, "message": "password incorrect"}}, 401)
        return json({"session": {"valid": True, "totp": False, "sid": sid, "validity": 1800}, "took": 0.1})

    @route("DELETE /api/auth")
    def log_out(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("x-ftl-sid") not in self.sessions:
            return json(_error("unauthorized", "Unauthorized"), 401)
        self.sessions.remove(request.headers["x-ftl-sid"])
        return empty(204)

    def before(self, request: SimulatedRequest) -> Answer:
        is_known = request.headers.get("x-ftl-sid") in self.sessions
        return None if is_known or request.path == "/api/auth" else json(_error("unauthorized", "Unauthorized"), 401)

    @route("GET /api/info/version")
    def core_version(self, request: SimulatedRequest) -> Answer:
        return json({"version": {"core": {"local": {"version": "v6.4.1"}}}})

    @route("GET /api/info/host")
    def host_facts(self, request: SimulatedRequest) -> Answer:
        return json({"host": {"model": "Raspberry Pi 4", "uname": {"nodename": "pi.hole"}}})

    @route("GET /api/teleporter")
    def teleporter(self, request: SimulatedRequest) -> Answer:
        if self.fault == "compression":
            return json(_error("compression_error", "Failed"), 500)
        content = self._zip()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/zip")

    def _zip(self) -> bytes:
        found = io.BytesIO()
        lines = f'# Last updated on {self.noise()}\n[dns]\n  port = {self.number}\n  pwhash = "{_PWHASH}"\n'
        with zipfile.ZipFile(found, "w") as archive:
            archive.writestr("etc/pihole/pihole.toml", lines)
            archive.writestr("etc/pihole/pihole-FTL.db", f"queries {self.noise()}")
            archive.writestr("etc/pihole/dhcp.leases", f"lease {self.noise()}")
            if self.fault != "no_gravity":
                archive.writestr("etc/pihole/gravity.db", b"SQLite format 3\0" + bytes(2000))
        return found.getvalue()


def _error(key: str, message: str) -> dict[str, dict[str, str | None]]:
    return {"error": {"key": key, "message": message, "hint": None}}
