"""Proxmox VE, as its API is known to answer: unknown paths with 501."""

from typing import ClassVar

from ha_device_backup_core import PermissionDeniedError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, route

_CLOUD_PASSWORD = "canary-cloud-4711"
_TOKEN = "keeper@pam!ha=canary-token-4711"


class Proxmox(StandIn):
    kind = "proxmox"
    entered: ClassVar = {"token": _TOKEN}
    secrets = (_CLOUD_PASSWORD,)
    essential = ("nodes/a/qemu/100.json",)
    errors: ClassVar = {
        "no_privilege": PermissionDeniedError,
        "no_users": "missing_access_users_json",
        "no_replication": "absent_cluster_replication_json",
        "no_nodes": UnexpectedResponseError,
    }

    def before(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("authorization") == f"PVEAPIToken={_TOKEN}":
            return None
        self.refused += "authorization" in request.headers
        return empty(401)

    @route("GET /api2/json/version")
    def version(self, request: SimulatedRequest) -> Answer:
        return json({"data": {"version": "8.4.1"}})

    @route("GET /api2/json/nodes")
    def nodes(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_privilege":
            return empty(403)
        if self.fault == "no_nodes":
            return json({"data": None})
        return json({"data": [{"node": name, "uptime": self.noise()} for name in ("a", "b")]})

    @route("GET /api2/json/nodes/{node}/{form}")
    def machines(self, request: SimulatedRequest, node: str, form: str) -> Answer:
        numbers = {("a", "qemu"): [100, 101], ("b", "lxc"): [200]}.get((node, form), [])
        return json({"data": [{"vmid": number, "cpu": self.noise()} for number in numbers]})

    @route("GET /api2/json/nodes/{node}/{form}/{number}/config")
    def config(self, request: SimulatedRequest, node: str, form: str, number: str) -> Answer:
        lock = {"lock": "backup"} if self.noise() % 2 else {}
        return json({"data": {"name": f"vm{number}", "memory": self.number, "cipassword": _CLOUD_PASSWORD, **lock}})

    @route("GET /api2/json/nodes/{node}/network")
    def network(self, request: SimulatedRequest, node: str) -> Answer:
        return json({"data": [{"iface": "vmbr0", "cidr": "10.0.0.2/24", "active": self.noise()}]})

    @route("GET /api2/json/nodes/{node}/hosts")
    def hosts(self, request: SimulatedRequest, node: str) -> Answer:
        return json({"data": {"data": "127.0.0.1 localhost", "digest": f"{self.noise()}"}})

    @route("GET /api2/json/nodes/{node}/dns")
    def dns(self, request: SimulatedRequest, node: str) -> Answer:
        return json({"data": {"dns1": "10.0.0.1"}})

    @route("GET /api2/json/{list*}")
    def what_else_is_listed(self, request: SimulatedRequest, name: str) -> Answer:
        if name == "access/users" and self.fault == "no_users":
            return empty(403)
        if name == "cluster/replication" and self.fault == "no_replication":
            return empty(501)
        if name == "cluster/options":
            return json({"data": {"keyboard": "de"}})
        return json({"data": [{"id": name, "next-run": self.noise()} if name == "cluster/backup" else {"id": name}]})
