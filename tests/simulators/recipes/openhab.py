"""openHAB, as AuthFilter and its resources answer: static data comes without what things and rules are made of."""

from typing import Any, ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import Answer, StandIn, empty, json, page, route, text

_TOKEN = "oh.backup.canary4711canary4711"
_BRIDGE_PASSWORD = "canary-bridge-4711"


class OpenHab(StandIn):
    kind = "openhab"
    entered: ClassVar = {"token": _TOKEN}
    secrets = (_BRIDGE_PASSWORD,)
    essential = ("items.json", "things.json", "rules.json", "links.json")
    errors: ClassVar = {
        "user": PermissionDeniedError,
        "half": InvalidArtifactError,
        "page": InvalidArtifactError,
        "no_tags": "absent_tags_json",
        "no_yaml": "absent_yaml_items_yaml",
        "failing": "missing_services_org_openhab_mqtt_json",
    }

    def before(self, request: SimulatedRequest) -> Answer:
        given = request.headers.get("x-openhab-token")
        if given not in {None, _TOKEN}:
            self.refused += 1
            return _error(401, "Invalid credentials")
        if request.path in {"/rest/", "/rest/uuid"}:
            return None
        return _error(401, "Authentication required") if given is None else None

    @route("GET /rest/")
    def root(self, request: SimulatedRequest) -> Answer:
        return json({"version": "8", "runtimeInfo": {"version": "5.0.1", "buildString": "Release Build"}, "links": []})

    @route("GET /rest/uuid")
    def uuid(self, request: SimulatedRequest) -> Answer:
        return text(f"af1b{self.serial}")

    @route("GET /rest/items")
    def items(self, request: SimulatedRequest) -> Answer:
        item: dict[str, Any] = {"name": "Lamp", "type": "Switch", "groupNames": self._in_any_order("a", "b")}
        if request.query.get("staticDataOnly") != "true":
            item["state"] = self.noise()
        return json([{**item, "link": f"http://openhab:8080/rest/items/{self.noise()}"}])

    @route("GET /rest/things")
    def things(self, request: SimulatedRequest) -> Answer:
        thing: dict[str, Any] = {"UID": "mqtt:broker:a", "label": "Broker", "editable": True}
        if request.query.get("staticDataOnly") != "true":
            thing |= {"configuration": {"password": _BRIDGE_PASSWORD, "port": self.number}, "channels": []}
            thing |= {"statusInfo": {"status": self.noise()}, "properties": {"firmwareVersion": self.noise()}}
        return json([thing])

    @route("GET /rest/rules")
    def rules(self, request: SimulatedRequest) -> Answer:
        if self.fault == "page":
            return page("openHAB")
        rule: dict[str, Any] = {"uid": "r1", "name": "Night", "tags": self._in_any_order("x", "y")}
        if request.query.get("staticDataOnly") != "true":
            rule |= {"triggers": [], "actions": [], "status": {"status": self.noise()}}
        answer = json([rule, {"uid": "r2"}])
        return text(answer.body[:30], 200, "application/json") if self.fault == "half" else answer

    def _in_any_order(self, *tags: str) -> list[str]:
        return list(tags if self.noise() % 2 else reversed(tags))

    @route("GET /rest/services")
    def services(self, request: SimulatedRequest) -> Answer:
        return json([{"id": "org.openhab.i18n"}, {"id": "org.openhab.mqtt"}])

    @route("GET /rest/services/{id}/config")
    def service(self, request: SimulatedRequest, name: str) -> Answer:
        if self.fault == "failing" and name == "org.openhab.mqtt":
            return empty(500)
        return json({"language": "de"} if name.endswith("i18n") else {})

    @route("GET /rest/persistence")
    def stores(self, request: SimulatedRequest) -> Answer:
        return json([{"id": "rrd4j", "label": "RRD4j"}])

    @route("GET /rest/persistence/rrd4j")
    def store(self, request: SimulatedRequest) -> Answer:
        return json({"serviceId": "rrd4j", "configs": []})

    @route("GET /rest/ui/components/{namespace}")
    def components(self, request: SimulatedRequest, namespace: str) -> Answer:
        return json([{"uid": namespace, "component": "oh-layout-page", "tags": []}])

    @route("GET /rest/{list}")
    def what_else_is_listed(self, request: SimulatedRequest, name: str) -> Answer:
        if name == "links" and self.fault == "user":
            return _error(403, "Access denied")
        if name == "tags" and self.fault == "no_tags":
            return empty(404)
        return json([{"of": name}])

    @route("POST /rest/file-format/{list}")
    def as_file(self, request: SimulatedRequest, name: str) -> Answer:
        if self.fault == "no_yaml" and name == "items":
            return empty(404)
        if request.headers["accept"] != "application/yaml" or request.content_type != "application/json":
            return empty(415)
        return text(f"version: 1\n{name}:\n  a:\n    label: {self.number}\n", 200, "application/yaml")


def _error(status: int, message: str) -> Answer:
    return json({"error": {"message": message, "http-code": status}}, status)
