"""OpenWrt, as cgi-io's main.c and ubus over HTTP answer."""

import io
import json as json_text
import tarfile
from typing import Any, ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_KEY = "canary-wifi-4711"


class OpenWrt(StandIn):
    kind = "openwrt"
    entered: ClassVar = {"username": "root", "password": PASSWORD}
    secrets = (_KEY,)
    errors: ClassVar = {
        "no_ubus": UnsupportedDeviceError,
        "no_permission": PermissionDeniedError,
        "nothing": InvalidArtifactError,
        "half": InvalidArtifactError,
        "other": InvalidArtifactError,
    }

    @route("POST /ubus")
    def ubus(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_ubus":
            return empty(404)
        session, called, method, given = json_text.loads(request.body)["params"]
        if (called, method) == ("session", "login"):
            is_right = given == {"username": "root", "password": PASSWORD}
            sid = self.log_in(is_right=is_right, form="{:032x}")
            return json({"result": [0, {"ubus_rpc_session": sid, "timeout": 300}] if sid else [6]})
        if session not in self.sessions:
            return json({"error": {"code": -32002, "message": "Access denied"}})
        if method == "destroy":
            self.sessions.remove(session)
            return json({"result": [0]})
        return json({"result": [0, self._facts(called)]})

    def _facts(self, called: str) -> dict[str, Any]:
        if called == "network.device":
            return {"eth0": {"macaddr": "00:00:00:00:00:01"}, "br-lan": {"macaddr": f"aa:bb:cc:00:{self._last()}"}}
        return {"hostname": "router", "model": "Linksys", "release": {"version": "23.05.5"}}

    def _last(self) -> str:
        return f"{self.serial[:2]}:{self.serial[2:]}"

    @route("POST /cgi-bin/cgi-backup")
    def backup(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_permission" or request.form().get("sessionid") not in self.sessions:
            return text("Backup permission denied", 403)
        content = self._archive("etc/passwd" if self.fault == "other" else "etc/config/system")
        size = {"nothing": 0, "half": len(content) // 2}.get(self.fault, len(content))
        return text(content[:size], 200, "application/x-targz")

    def _archive(self, first: str) -> bytes:
        found = io.BytesIO()
        with tarfile.open(fileobj=found, mode="w:gz") as archive:
            for name, lines in ((first, f"mtu {self.number}"), ("etc/config/wireless", f"option key {_KEY}")):
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(lines), 1700000000 + self.noise()
                archive.addfile(member, io.BytesIO(lines.encode()))
        return found.getvalue()
