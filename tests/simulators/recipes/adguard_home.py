"""AdGuard Home, as authhttp.go and its handlers answer: what is there already is refused, or there twice."""

import json as json_text
from typing import Any, ClassVar

from ha_device_backup_core import DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, route, text

_LISTS = {False: "filters", True: "whitelist_filters"}
_WRITES = {
    "dns_config": "dns_info",
    "access/set": "access/list",
    "blocked_services/update": "blocked_services/get",
    "querylog/config/update": "querylog/config",
    "stats/config/update": "stats/config",
    "safesearch/settings": "safesearch/status",
    "rewrite/settings/update": "rewrite/settings",
}


class AdGuardHome(StandIn):
    kind = "adguard_home"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = ("canary-list-4711",)
    essential = ("dns_info.json", "filtering/status.json", "clients.json", "rewrite/list.json")
    errors: ClassVar = {
        "blocked": DeviceBusyError,
        "page": "missing_access_list_json",
        "empty": "missing_access_list_json",
        "failing": "missing_access_list_json",
        "half": InvalidArtifactError,
    }

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.settings: dict[str, Any] = {name: {"enabled": True, "of": name} for name in _WRITES.values()}
        self.settings["dns_info"] = {"upstream_dns": ["https://dns.example"], "ratelimit": 20}
        self.on = {"parental": True, "safebrowsing": False}
        self.lists: dict[str, Any] = {"filters": [_list("a"), _list("b", enabled=False)], "whitelist_filters": None}
        self.rules = ["||ads.example^"]
        self.rewrites = [{"domain": "a.lan", "answer": "1.1.1.1"}]
        self.clients: list[dict[str, Any]] | None = [{"name": "Tablet", "ids": ["1.2.3.4"], "tags": []}]

    def change(self) -> None:
        super().change()
        self.settings["dns_info"]["ratelimit"] = self.number
        self.on = {"parental": False, "safebrowsing": True}
        self.lists = {"filters": [_list("b"), _list("c")], "whitelist_filters": [_list("w")]}
        self.rules = []
        self.rewrites = [{"domain": f"b{self.number}.lan", "answer": "A"}]
        self.clients = None

    def before(self, request: SimulatedRequest) -> Answer:
        is_known = any(f"agh_session={session}" in request.headers.get("cookie", "") for session in self.sessions)
        if request.method in {"POST", "PUT"} and request.body and request.content_type != "application/json":
            return text("only content-type application/json is allowed", 415)
        return None if is_known or request.path == "/control/login" else empty(401)

    @route("POST /control/login")
    def authenticate(self, request: SimulatedRequest) -> Answer:
        if self.fault == "blocked":
            return text("auth: blocked for 14m59s", 429)
        given = json_text.loads(request.body)
        session = self.log_in(is_right=given == {"name": "keeper", "password": PASSWORD}, form="{:032x}")
        if session is None:
            return text("invalid username or password", 403)
        return empty(200, Set_Cookie=f"agh_session={session}; Path=/; HttpOnly")

    @route("GET /control/logout")
    def log_out(self, request: SimulatedRequest) -> Answer:
        self.sessions.clear()
        return empty(302, Location="/login.html")

    @route("GET /control/{name*}")
    def read(self, request: SimulatedRequest, name: str) -> Answer:
        if name == "filtering/status":
            lists = {key: found and [dict(one, id=self.noise()) for one in found] for key, found in self.lists.items()}
            return json({**lists, "user_rules": self.rules, "enabled": True, "interval": 24})
        if name == "access/list" and self.fault:
            return {"page": text("<html></html>"), "empty": empty(), "failing": empty(500)}.get(self.fault)
        found: dict[str, Any] = {
            "status": {"version": "v0.107.60", "start_time": self.noise()},
            "clients": {"clients": self.clients, "auto_clients": [self.noise()], "supported_tags": ["a"]},
            "rewrite/list": self.rewrites,
            "dhcp/status": {"enabled": False, "leases": [self.noise()]},
            "profile": {"name": "keeper"},
            "tls/status": {"enabled": False, "not_after": self.noise(), "valid_cert": bool(self.noise() % 2)},
            **{f"{name}/status": {"enabled": is_on} for name, is_on in self.on.items()},
            **self.settings,
        }
        if name == "clients" and self.fault == "half":
            return text('{"clients": [', 200, "application/json")
        return json(found[name]) if name in found else empty(404)

    @route("PUT /control/{name*}")
    @route("POST /control/{name*}")
    def write(self, request: SimulatedRequest, name: str) -> Answer:
        area, _slash, action = name.partition("/")
        given = json_text.loads(request.body or b"{}")
        if area in self.on:
            self.on[area] = action == "enable"
        elif name in _WRITES:
            self.settings[_WRITES[name]] = given
        elif area == "filtering":
            return self._write_filters(action, given)
        elif name == "rewrite/add" and self.fault == "no_more_rewrites":
            return text("no space left on device", 500)
        elif area == "rewrite":
            (self.rewrites.append if action == "add" else self.rewrites.remove)(given)
        elif area == "clients":
            return self._write_clients(action, given)
        return empty()

    def _write_filters(self, action: str, given: dict[str, Any]) -> Answer:
        if action == "set_rules":
            self.rules = given["rules"]
        if "url" not in given:
            return empty()
        lists = self.lists[_LISTS[given["whitelist"]]] or []
        present = next((one for one in lists if one["url"] == given["url"]), None)
        match action:
            case "add_url" if present is not None:
                return text("url already exists", 400)
            case "add_url":
                lists.append({"name": given["name"], "url": given["url"], "enabled": True})
            case "remove_url":
                lists.remove(present)
            case "set_url" if present is not None:
                present |= given["data"]
        self.lists[_LISTS[given["whitelist"]]] = lists or None
        return text("OK")

    def _write_clients(self, action: str, given: dict[str, Any]) -> Answer:
        others = [client for client in self.clients or [] if client["name"] != given["name"]]
        if action == "add" and len(others) != len(self.clients or []):
            return text("client already exists", 400)
        added: list[dict[str, Any]] = {"add": [given], "update": [given.get("data", {})]}.get(action, [])
        self.clients = [*others, *added]
        return empty()


def _list(name: str, *, enabled: bool = True) -> dict[str, Any]:
    url = f"https://lists.example/{name}?key=canary-list-4711"
    return {"name": name, "url": url, "enabled": enabled, "rules_count": 7, "last_updated": "2026-01-01"}
