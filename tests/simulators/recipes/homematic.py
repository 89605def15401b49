"""A CCU3 or RaspberryMatic, as homematic.cgi, session/login.tcl and backup.tcl answer: all with status 200."""

import io
import json as json_text
import tarfile
from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from ha_device_backup_core import (
    AuthenticationError,
    DeviceBusyError,
    InvalidArtifactError,
    PermissionDeniedError,
)
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, page, route, text

_KEY = "canary-key-4711"
_ROOM = Random(4711).randbytes(20_000)


class Homematic(StandIn):
    kind = "homematic"
    entered: ClassVar = {"username": "Admin", "password": PASSWORD}
    secrets = (_KEY,)
    errors: ClassVar = {
        "too_many_sessions": AuthenticationError,
        "starting": DeviceBusyError,
        "no_right": PermissionDeniedError,
        "unauthorized": PermissionDeniedError,
        "half_inside": InvalidArtifactError,
        "half": InvalidArtifactError,
        "no_signature": InvalidArtifactError,
    }

    @route("POST /api/homematic.cgi")
    def call(self, request: SimulatedRequest) -> Answer:
        sent = json_text.loads(request.body)
        given = sent["params"]
        if self.fault == "starting":
            return _error(503, "service not available")
        if sent["method"] == "Session.login":
            is_right = given == {"username": "Admin", "password": PASSWORD} and self.fault != "too_many_sessions"
            sid = self.log_in(is_right=is_right, form="canarysession{}")
            return _result(sid) if sid else _error(501, "invalid credentials or too many sessions")
        if given["_session_id_"] not in self.sessions:
            return _error(400, "session expired")
        if sent["method"] == "Session.logout":
            self.sessions.remove(given["_session_id_"])
            return _result(True)
        if self.fault == "no_right":
            return _error(400, 'access denied ("ADMIN" needed 8)')
        return _result({"CCU.getSerial": f"NEQ{self.serial}", "CCU.getVersion": "3.79.6"}[sent["method"]])

    @route("GET /config/cp_security.cgi")
    def backup(self, request: SimulatedRequest) -> Answer:
        if request.query["sid"].strip("@") not in self.sessions or self.fault == "unauthorized":
            return page("<h2>Unauthorized</h2>")
        names = {"usr/local/etc/a.xml": f"{_KEY} {self.number}", "usr/local/b.log": f"{self.noise()}"}
        inner = _tar({**names, "usr/local/etc/b": _ROOM}, "w:gz")
        inner = inner[: len(inner) // 2] if self.fault == "half_inside" else inner
        files: dict[str, str | bytes] = {
            "usr_local.tar.gz": inner,
            "firmware_version": "VERSION=3.79.6",
            "key_index": "0",
        }
        if self.fault != "no_signature":
            files["signature"] = f"{self.noise()}"
        whole = _tar(files, "w")
        return text(whole[:700] if self.fault == "half" else whole, 200, "application/x-download")


def _tar(files: Mapping[str, str | bytes], mode: Any) -> bytes:  # noqa: ANN401 - one of many words
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode=mode) as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return found.getvalue()


def _result(value: object) -> Answer:
    return json({"version": "1.1", "result": value, "error": None})


def _error(code: int, message: str) -> Answer:
    return json({"version": "1.1", "result": None, "error": {"name": "JSONRPCError", "code": code, "message": message}})
