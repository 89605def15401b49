"""MikroTik RouterOS 7, as its REST API is known to answer."""

from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route

_PSK = "canary-psk-4711"


class MikroTik(StandIn):
    kind = "mikrotik"
    entered: ClassVar = {"username": "admin", "password": PASSWORD}
    secrets = (_PSK,)
    errors: ClassVar = {
        "bad_command": UnexpectedResponseError,
        "nothing": InvalidArtifactError,
        "other": InvalidArtifactError,
    }
    relaxed: ClassVar = {
        "truncated_is_refused": "an export has no end of its own; it comes in JSON, which is whole or none"
    }
    is_virtual: ClassVar = False

    def before(self, request: SimulatedRequest) -> Answer:
        if self.has_basic_login(request, "admin"):
            return None
        return json({"error": 401, "message": "Unauthorized"}, 401)

    @route("GET /rest/system/{name}")
    def facts(self, request: SimulatedRequest, name: str) -> Answer:
        if name == "routerboard":
            return empty(404) if self.is_virtual else json({"serial-number": f"HE{self.serial}", "model": "RB5009"})
        return json({"version": "7.15.3 (stable)", "board-name": "RB5009", "name": "core"})

    @route("POST /rest/execute")
    def execute(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "bad_command":
                return json({"detail": "no such command", "error": 400, "message": "Bad Request"}, 400)
            case "nothing":
                return json({"ret": ""})
            case "other":
                return json({"ret": "failure: not enough permissions"})
        lines = [
            f"# 2026-11-28 10:00:{self.noise():02} by RouterOS 7.15.3",
            "# software id = ABCD-0815",
            "/interface bridge",
            f"add name=bridge mtu={self.number}",
            "/interface wifi security",
            # Long lines are broken, what is secret among them.
            "add name=home passphrase=\\",
            f"    {_PSK}",
        ]
        return json({"ret": "\r\n".join(lines) + "\r\n"})


class MikroTikVirtual(MikroTik):
    variant = "virtual"
    is_virtual: ClassVar = True
    errors: ClassVar = {}
