"""A Shelly of the first generation; the answers are those of a plug with firmware 1.14, shortened."""

from typing import ClassVar

from ha_device_backup_core import UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_PIN = "canary!Y7z@N"
_URL = "http://lamp.lan/?key=canary-action-4711"


class ShellyGen1(StandIn):
    kind = "shelly_gen1"
    secrets = (_URL, _PIN)
    essential = ("settings.json",)
    errors: ClassVar = {
        "second_generation": UnsupportedDeviceError,
        "failing": UnexpectedResponseError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if self.has_basic_login(request, "admin", PASSWORD):
            return None
        return text("401 Unauthorized", 401, WWW_Authenticate='Basic realm="shellyplug-s-0815"')

    @route("GET /settings")
    def settings(self, request: SimulatedRequest) -> Answer:
        if self.fault == "second_generation":
            return text("Not Found", 404)
        if self.fault == "failing":
            return empty(500)
        relay = {"name": None, "ison": bool(self.noise() % 2), "has_timer": False, "max_power": self.number}
        mac = f"AABBCC00{self.serial}"
        return json(
            {
                "device": {"type": "SHPLG-S", "mac": mac, "hostname": f"shellyplug-s-{mac[6:]}", "num_outputs": 1},
                "wifi_ap": {"enabled": False, "ssid": f"shellyplug-s-{mac[6:]}", "key": ""},
                "wifi_sta": {"enabled": True, "ssid": "home", "ipv4_method": "dhcp", "ip": None},
                "login": {"enabled": True, "unprotected": False, "username": "admin"},
                "name": None,
                "fw": "20230913-113421/v1.14.0-gcb84623",
                "pin_code": _PIN,
                "time": "10:00",
                "unixtime": 1700000000 + self.noise(),
                "tz_utc_offset": 3600 * (self.noise() % 2),
                "cloud": {"enabled": True, "connected": bool(self.noise() % 2)},
                "relays": [relay],
                "lights": [{"ison": False, "red": self.noise(), "gain": self.noise(), "auto_off": 0.0}],
            }
        )

    @route("GET /settings/actions")
    def actions(self, request: SimulatedRequest) -> Answer:
        return json({"actions": {"btn_on_url": [{"index": 0, "urls": [_URL], "enabled": True}]}})


class ShellyGen1WithoutActions(ShellyGen1):
    variant = "without_actions"
    errors: ClassVar = {}

    @route("GET /settings/actions")
    def actions(self, request: SimulatedRequest) -> Answer:
        return empty(404)
