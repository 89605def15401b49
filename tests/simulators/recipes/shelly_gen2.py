"""A Shelly of the second generation or later, as its clients say: pages, scripts in pieces, numbers that are new."""

import json as json_text
from typing import Any, ClassVar

from ha_device_backup_core import UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route

CODE = "// Grüße\nprint('canary-script-4711');\n" * 120


class ShellyGen2(StandIn):
    kind = "shelly_gen2"
    secrets = ("canary-script-4711", "canary-value-4711")
    essential = ("config.json",)
    errors: ClassVar = {
        "first_generation": UnsupportedDeviceError,
        "rpc_error": UnexpectedResponseError,
        "stuck_script": UnexpectedResponseError,
        "empty_components": "missing_components_json",
    }

    has_addon: ClassVar = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.scripts: dict[int, dict[str, Any]] = {
            1: {"name": "main", "enable": True, "running": True, "code": CODE},
            4: {"name": "a/b", "enable": False, "running": False, "code": ""},
        }
        self.jobs = [{"enable": True, "timespec": "0 0 7 * * *", "calls": [{"method": "Switch.Set"}]}]
        self.hooks: list[dict[str, Any]] = [{"cid": 0, "enable": True, "event": "switch.on", "urls": ["http://a.lan"]}]
        self.pairs: dict[str, object] = {f"key{n}": f"canary-value-4711 {n}" for n in range(25)}

    def change(self) -> None:
        super().change()
        self.pairs[f"new{self.number}"] = self.number
        self.jobs[0]["timespec"] = f"0 {self.number} 7 * * *"
        self.hooks.append({"cid": self.number, "enable": False, "event": "switch.off", "urls": []})
        self.scripts[9] = {"name": f"new {self.number}", "enable": False, "running": False, "code": "1"}

    def before(self, request: SimulatedRequest) -> Answer:
        if self.fault == "first_generation":
            return empty(404)
        if request.path == "/rpc/Shelly.GetDeviceInfo":
            return None
        return self.ask_for_digest(request, "admin", realm=f"shellyplus1-{self.serial}")

    def unknown(self, request: SimulatedRequest) -> Answer:
        return json({"code": 404, "message": f"No handler for {request.path[5:]}"}, 404)

    @property
    def mac(self) -> str:
        return f"AABBCC00{self.serial}"

    @route("GET /rpc/Shelly.GetDeviceInfo")
    def device_info(self, request: SimulatedRequest) -> Answer:
        return json(
            {"name": "Hall", "id": f"shellyplus1-{self.serial}", "mac": self.mac, "model": "SNSW", "ver": "1.7.1"}
        )

    @route("GET /rpc/Sys.GetConfig")
    def sys_config(self, request: SimulatedRequest) -> Answer:
        device = {"name": "Hall", "mac": self.mac, "fw_id": "1", **({"addon_type": "sensor"} if self.has_addon else {})}
        return json({"device": device, "cfg_rev": self.noise()})

    @route("GET /rpc/SensorAddon.GetPeripherals")
    def addon(self, request: SimulatedRequest) -> Answer:
        if not self.has_addon:
            return self.unknown(request)
        return json({"ds18b20": {"temperature:100": {"addr": "40:255:100:6:199:204:149:177"}}})

    @route("GET /rpc/Shelly.GetConfig")
    def config(self, request: SimulatedRequest) -> Answer:
        if self.fault == "rpc_error":
            return json({"code": -103, "message": "Invalid argument"}, 500)
        scripts = {f"script:{n}": {"id": n, "name": script["name"]} for n, script in self.scripts.items()}
        return json({"sys": {"device": {"mac": self.mac}, "cfg_rev": self.noise()}, **scripts})

    @route("GET /rpc/Schedule.List")
    def schedules(self, request: SimulatedRequest) -> Answer:
        return json({"jobs": [{"id": self.noise(), **job} for job in self.jobs], "rev": self.noise()})

    @route("GET /rpc/Webhook.List")
    def webhooks(self, request: SimulatedRequest) -> Answer:
        return json({"hooks": [{"id": self.noise(), **hook} for hook in self.hooks], "rev": self.noise()})

    @route("GET /rpc/KVS.GetMany")
    def pairs_of(self, request: SimulatedRequest) -> Answer:
        offset = int(request.query.get("offset", 0))
        items = [{"key": key, "etag": str(self.noise()), "value": value} for key, value in self.pairs.items()]
        return json({"items": items[offset : offset + 10], "offset": offset, "total": len(items)})

    @route("GET /rpc/Shelly.GetComponents")
    def components(self, request: SimulatedRequest) -> Answer:
        if self.fault == "empty_components":
            return empty()
        offset = int(request.query.get("offset", 0))
        found = [
            {"key": f"number:{n}", "config": {"id": n}, "status": {"value": self.noise()}} for n in range(200, 207)
        ]
        return json({"components": found[offset : offset + 5], "cfg_rev": 1, "offset": offset, "total": len(found)})

    @route("GET /rpc/Script.List")
    def script_list(self, request: SimulatedRequest) -> Answer:
        keys = ("name", "enable", "running")
        found = [{"id": n, **{key: script[key] for key in keys}} for n, script in self.scripts.items()]
        return json({"scripts": found})

    @route("GET /rpc/Script.GetCode")
    def code(self, request: SimulatedRequest) -> Answer:
        code = self.scripts[int(request.query["id"])]["code"].encode()
        offset = int(request.query.get("offset", 0))
        piece = code[offset : offset + 1024]
        while piece and len(piece) == 1024 and code[offset + len(piece) : offset + len(piece) + 1] >= b"\x80":
            piece = piece[:-1]
        piece = b"" if self.fault == "stuck_script" and offset else piece
        return json({"data": piece.decode("utf-8", "ignore"), "left": len(code) - offset - len(piece)})

    @route("POST /rpc/{method}")
    def call(self, request: SimulatedRequest, method: str) -> Answer:
        given = json_text.loads(request.body or b"{}")
        if method.startswith("Script."):
            return json(self._change_scripts(method, given) or {"restart_required": False})
        self._change(method, given)
        return json({"rev": self.noise()})

    def _change_scripts(self, method: str, given: dict[str, Any]) -> dict[str, int] | None:
        if method == "Script.Create":
            number = next(n for n in range(1, 99) if n not in self.scripts)
            self.scripts[number] = {"name": given["name"], "enable": False, "running": False, "code": ""}
            return {"id": number}
        script = self.scripts[given["id"]]
        match method:
            case "Script.Delete":
                del self.scripts[given["id"]]
            case "Script.PutCode":
                script["code"] = (script["code"] if given["append"] else "") + given["code"]
            case "Script.SetConfig":
                script |= given["config"]
            case "Script.Start":
                script["running"] = True
        return None

    def _change(self, method: str, given: dict[str, Any]) -> None:
        match method:
            case "Schedule.DeleteAll":
                self.jobs = []
            case "Schedule.Create":
                self.jobs.append(given)
            case "Webhook.DeleteAll":
                self.hooks = []
            case "Webhook.Create":
                self.hooks.append(given)
            case "KVS.Delete":
                del self.pairs[given["key"]]
            case "KVS.Set":
                self.pairs[given["key"]] = given["value"]


class ShellyGen2WithAddon(ShellyGen2):
    variant = "addon"
    has_addon: ClassVar = True
    essential = ("addon.json",)
    errors: ClassVar = {}
