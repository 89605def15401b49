"""Pi-hole 5, as password.php, auth.php and teleporter.php of its web interface answer."""

import io
import tarfile
from typing import ClassVar

from ha_device_backup_core import (
    AuthenticationError,
    InvalidArtifactError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, page, route, text

_HASH = "canary-hash-4711"
_TOKEN = "canary/token+4711="


class PiHole5(StandIn):
    kind = "pihole5"
    secrets = (_HASH,)
    errors: ClassVar = {
        "version_6": UnsupportedDeviceError,
        "expired": UnexpectedResponseError,
        "not_authorized": AuthenticationError,
        "half": InvalidArtifactError,
        "no_settings": InvalidArtifactError,
    }

    def left(self) -> object:
        return None  # sessions of PHP end by themselves

    @route("POST /admin/login.php")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "version_6":
            return empty(404)
        session = self.log_in(is_right=request.form().get("pw") == PASSWORD, form="s{}")
        if session is None:
            return page('<form><input type="password" name="pw">Wrong password!</form>')
        return empty(302, Location="index.php", Set_Cookie=f"PHPSESSID={session}; path=/")

    def _is_known(self, request: SimulatedRequest) -> bool:
        return any(f"PHPSESSID={session}" in request.headers.get("cookie", "") for session in self.sessions)

    @route("GET /admin/index.php")
    def index(self, request: SimulatedRequest) -> Answer:
        token = f'<div id="token" hidden>{_TOKEN}</div>' if self._is_known(request) else ""
        return page(f"<h1>Dashboard</h1>{token}")

    @route("POST /admin/scripts/pi-hole/php/teleporter.php")
    def teleporter(self, request: SimulatedRequest) -> Answer:
        if self.fault == "expired":
            return text("Session expired! Please re-login on the Pi-hole dashboard.", 200, "text/html")
        if self.fault == "not_authorized":
            return text("Not authorized", 200, "text/html")
        if not self._is_known(request) or request.form().get("token") != _TOKEN:
            return text("Wrong token! Please re-login on the Pi-hole dashboard.", 200, "text/html")
        content = self._archive()
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/gzip")

    def _archive(self) -> bytes:
        files = {"adlist.json": f'[{{"id": {self.number}}}]', "dhcp.leases": f"lease {self.noise()}"}
        if self.fault != "no_settings":
            files["setupVars.conf"] = f"WEBPASSWORD={_HASH}"
        found = io.BytesIO()
        with tarfile.open(fileobj=found, mode="w:gz") as archive:
            for name, lines in files.items():
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(lines), 1700000000 + self.noise()
                archive.addfile(member, io.BytesIO(lines.encode()))
        return found.getvalue()
