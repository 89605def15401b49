"""AhoyDTU, as onDwnldSetup of RestApi.h answers: nobody is asked for a login."""

from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, json, page, route, text


class AhoyDtu(StandIn):
    kind = "ahoydtu"
    entered: ClassVar = {}
    errors: ClassVar = {
        "unreadable": InvalidArtifactError,
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
    }

    @route("GET /get_setup")
    def setup(self, request: SimulatedRequest) -> Answer:
        match self.fault:
            case "unreadable":
                return json({})
            case "half":
                return text('{"wifi": {"ssid": "home", ', 200, "application/json")
            case "page":
                return page("AHOY")
        inverters = {"en": True, "iv": [{"sn": "1161A0B0C0D0", "name": "roof"}]}
        return json({"wifi": {"ssid": "home", "pwd": "", "ip": {}}, "nrf": {"intvl": self.number}, "inst": inverters})
