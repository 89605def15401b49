"""ESPHome Device Builder, as its api/ws.py and auth.py answer: all over one websocket, errors as messages."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from ha_device_backup_core import DeviceBusyError, InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, StandIn, route
from .websocket import CloseError

_WIFI = "canary-wifi-4711"


class EsphomeDeviceBuilder(StandIn):
    kind = "esphome_device_builder"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_WIFI,)
    essential = ("devices.json",)
    errors: ClassVar = {
        "locked": DeviceBusyError,
        "gone": UnexpectedResponseError,
        "no_list": UnexpectedResponseError,
        "emptied": InvalidArtifactError,
    }
    relaxed: ClassVar = {"answer_without_end": "an answer to HTTP; messages of a websocket have their own limit"}
    has_login: ClassVar = True
    has_secrets: ClassVar = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._token = ""

    @route("WS /ws")
    def talk(self, request: SimulatedRequest, message: object) -> Iterator[object]:
        if not isinstance(message, dict):
            self._token = ""
            yield {"server_version": "1.26.0", "esphome_version": "2026.10.0", "requires_auth": self.has_login}
            return
        answer = {"message_id": message["message_id"], **self._answer_to(message["command"], message.get("args", {}))}
        yield {"message_id": "another", "event": "output", "data": self.noise()}
        yield answer
        if message["command"] == "auth/logout":
            raise CloseError(1000)

    def _answer_to(self, command: str, args: dict[str, str]) -> dict[str, Any]:
        if command == "auth/login":
            return self._login(args)
        if self.has_login and self._token not in self.sessions:
            return _error("not_authenticated", "Authentication required")
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "auth/logout": self._logout,
            "devices/list": self._list,
            "config/get_secrets": lambda: {"result": ["wifi_password"] if self.has_secrets else []},
            "devices/get_config": lambda: self._config(args["configuration"]),
        }
        return answers[command]()

    def _list(self) -> dict[str, Any]:
        if self.fault == "no_list":
            return _error("internal_error", "Command failed: devices/list")
        state = {"state": "online", "ip": f"10.0.0.{self.noise()}"}
        configured = [{"name": name, "configuration": f"{name}.yaml", **state} for name in ("lamp", "pump")]
        return {"result": {"configured": configured, "importable": []}}

    def _logout(self) -> dict[str, Any]:
        self.sessions.discard(self._token)
        return {"result": {"logged_out": True}}

    def _login(self, args: dict[str, str]) -> dict[str, Any]:
        if self.fault == "locked":
            return _error("rate_limited", "Too many failed attempts; try again in 299s")
        is_right = self.has_login and args == {"username": "keeper", "password": PASSWORD}
        self._token = self.log_in(is_right=is_right) or ""
        if not self._token:
            return _error("not_authenticated", "Invalid credentials")
        return {"result": {"token": self._token, "expires_at": 1.0}}

    def _config(self, name: str) -> dict[str, Any]:
        held = {
            "lamp.yaml": f"esphome:\n  name: lamp\n  comment: 'über {self.number}'\n",
            "pump.yaml": "",
            "secrets.yaml": f"wifi_password: {_WIFI}\n",
        }
        if (self.fault, name) == ("emptied", "secrets.yaml"):
            return {"result": ""}
        is_gone = name not in held or (self.fault, name) == ("gone", "pump.yaml")
        return _error("not_found", f"Device not found: {name}") if is_gone else {"result": held[name]}


class EsphomeDeviceBuilderOfEverybody(EsphomeDeviceBuilder):
    variant = "open"
    has_login: ClassVar = False
    has_secrets: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"no_list": UnexpectedResponseError}


def _error(code: str, details: str) -> dict[str, str]:
    return {"error_code": code, "details": details}
