"""Moonraker before Klipper, as docs/external_api says."""

import io
import json as json_text
import zipfile
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, json, route, text

_KEY = "canary-key-4711"
_SECRET = "canary-telegram-4711"


class Moonraker(StandIn):
    kind = "moonraker"
    entered: ClassVar = {"token": _KEY}
    secrets = (_SECRET,)
    essential = ("klipper.zip",)
    errors: ClassVar = {
        "disk_full": UnexpectedResponseError,
        "half": InvalidArtifactError,
        "no_printer": InvalidArtifactError,
    }

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.made: dict[str, bytes] = {}

    def left(self) -> object:
        return self.made

    def before(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("x-api-key") == _KEY:
            return None
        self.refused += 1
        return _error(401, "Unauthorized")

    @route("GET /server/info")
    def server_info(self, request: SimulatedRequest) -> Answer:
        return json({"result": {"klippy_state": "error", "moonraker_version": "v0.11.0"}})

    @route("GET /machine/system_info")
    def system_info(self, request: SimulatedRequest) -> Answer:
        return json({"result": {"system_info": {"cpu_info": {"model": "Raspberry Pi 4", "serial_number": ""}}}})

    @route("POST /server/files/zip")
    def pack(self, request: SimulatedRequest) -> Answer:
        if self.fault == "disk_full":
            return _error(500, "No space left on device")
        root, _slash, path = json_text.loads(request.body)["dest"].partition("/")
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w") as archive:
            if self.fault != "no_printer":
                archive.writestr("config/printer.cfg", f"[printer]\nmax_velocity: {self.number}\n")
            archive.writestr("config/moonraker.conf", f"[notifier]\nurl: tgram://{_SECRET}\n")
            archive.writestr("config/crowsnest.log", f"{self.noise()}\n")
        self.made[path] = found.getvalue()
        return json({"result": {"destination": {"path": path, "root": root}, "action": "zip_files"}})

    @route("GET /server/files/config/{path}")
    def download(self, request: SimulatedRequest, path: str) -> Answer:
        if path not in self.made:
            return _error(404, "File does not exist")
        content = self.made[path]
        return text(content[: len(content) // 2] if self.fault == "half" else content, 200, "application/octet-stream")

    @route("GET /server/database/item")
    def database(self, request: SimulatedRequest) -> Answer:
        namespace = request.query["namespace"]
        if namespace == "fluidd":
            return _error(404, f"Namespace '{namespace}' not found")
        return json({"result": {"namespace": namespace, "key": None, "value": {"general": {"printername": "Ender"}}}})

    @route("DELETE /server/files/config/{path}")
    def delete(self, request: SimulatedRequest, path: str) -> Answer:
        self.made.pop(path, None)
        return json({"result": {"action": "delete_file", "item": {"path": path, "root": "config"}}})


def _error(code: int, message: str) -> Answer:
    return json({"error": {"code": code, "message": message, "traceback": "..."}}, code)
