"""Syncthing, as its REST interface answers."""

import json as json_text
from typing import Any, ClassVar

from ha_device_backup_core import AuthenticationError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, json, page, route, text

_HASH = "$2a$10$canaryHash4711"


class Syncthing(StandIn):
    kind = "syncthing"
    entered: ClassVar = {"token": "canary-key-4711"}
    secrets = (_HASH, PASSWORD)
    errors: ClassVar = {
        "key_replaced": AuthenticationError,
        "half": InvalidArtifactError,
        "nothing": InvalidArtifactError,
        "page": InvalidArtifactError,
    }

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.config: dict[str, Any] = {}
        self.change()

    def change(self) -> None:
        super().change()
        self.config = {
            "version": 37,
            "folders": [{"id": "photos", "devices": [{"deviceID": self._id, "encryptionPassword": PASSWORD}]}],
            "devices": [{"deviceID": self._id, "name": f"cellar {self.number}"}],
            "gui": {"apiKey": "canary-key-4711", "password": _HASH},
            "options": {"unackedNotificationIDs": []},
        }

    def swap(self) -> None:
        super().swap()
        self.change()

    @property
    def _id(self) -> str:
        return f"ABCDEFG-{self.serial}"

    def before(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("x-api-key") == "canary-key-4711" and self.fault != "key_replaced":
            return None
        self.refused += 1
        return text("CSRF Error\n", 403)

    @route("GET /rest/system/status")
    def status(self, request: SimulatedRequest) -> Answer:
        return json({"myID": self._id, "uptime": self.noise()})

    @route("GET /rest/system/version")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"version": "v1.29.5", "os": "linux"})

    @route("GET /rest/config/devices/{id}")
    def device(self, request: SimulatedRequest, identifier: str) -> Answer:
        return json({"deviceID": identifier, "name": "cellar"})

    @route("GET /rest/config")
    def get_config(self, request: SimulatedRequest) -> Answer:
        self.config["options"] = {"unackedNotificationIDs": [f"notice {self.noise()}"]}
        content = json_text.dumps(self.config, indent=2)
        match self.fault:
            case "page":
                return page("Log in")
            case "nothing":
                return json({})
            case "half":
                return text(content[: len(content) // 2], 200, "application/json")
        return text(content, 200, "application/json")

    @route("PUT /rest/config")
    def put_config(self, request: SimulatedRequest) -> Answer:
        self.config = json_text.loads(request.body)
        return text("")
