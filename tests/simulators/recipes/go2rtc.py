"""go2rtc, as internal/api/config.go answers: without a file there is none."""

from typing import ClassVar

from ha_device_backup_core import DeviceBackupError, InvalidArtifactError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route, text

_CAMERA = "rtsp://view:canary-camera-4711@10.0.0.9/live"


class Go2Rtc(StandIn):
    kind = "go2rtc"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = ("canary-camera-4711",)
    errors: ClassVar = {
        "no_file": UnsupportedDeviceError,
        "unreadable": DeviceBackupError,
        "nothing": InvalidArtifactError,
        "page": InvalidArtifactError,
    }
    relaxed: ClassVar = {"truncated_is_refused": "a YAML text has no end of its own; it comes with its length"}
    has_login: ClassVar = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.config = b""
        self.change()

    def change(self) -> None:
        super().change()
        self.config = f"streams:\n  door: {_CAMERA}\nlog:\n  lines: {self.number}\n".encode()

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or self.has_basic_login(request, "keeper"):
            return None
        return text("Unauthorized", 401, WWW_Authenticate='Basic realm="go2rtc"')

    @route("GET /api")
    def facts(self, request: SimulatedRequest) -> Answer:
        return json({"version": "1.9.10", "host": request.headers["host"], "config_path": "/config/go2rtc.yaml"})

    @route("GET /api/config")
    def read(self, request: SimulatedRequest) -> Answer:
        answers: dict[str, Answer] = {"no_file": empty(410), "unreadable": empty(404), "nothing": empty()}
        if self.fault == "page":
            return page("go2rtc")
        return answers.get(self.fault) or text(self.config, 200, "application/yaml")

    @route("POST /api/config")
    def write(self, request: SimulatedRequest) -> Answer:
        self.config = request.body
        return empty()


class Go2RtcOfEverybody(Go2Rtc):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"page": InvalidArtifactError}
