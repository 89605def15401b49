"""Node-RED 5, as @node-red/editor-api answers: a token from a login, or none where there is no adminAuth."""

import json as json_text
from typing import Any, ClassVar

from ha_device_backup_core import AuthenticationError, DeviceBusyError, InvalidArtifactError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, json, page, route

_TOKEN = "canary-mqtt-4711"


class NodeRed(StandIn):
    kind = "node_red"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_TOKEN,)
    essential = ("flows.json",)
    errors: ClassVar = {
        "locked": DeviceBusyError,
        "no_right": AuthenticationError,
        "page": InvalidArtifactError,
        "no_nodes": "missing_nodes_json",
    }
    has_login: ClassVar = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.flows: list[dict[str, Any]] = []
        self.change()

    def change(self) -> None:
        super().change()
        self.flows = [{"id": "f1", "type": "tab", "label": f"Garden {self.number}", "token": _TOKEN}]

    def before(self, request: SimulatedRequest) -> Answer:
        if not self.has_login or request.path.startswith("/auth/"):
            return None
        is_known = request.headers.get("authorization", "").removeprefix("Bearer ") in self.sessions
        return None if is_known else empty(401)

    @route("POST /auth/token")
    def token(self, request: SimulatedRequest) -> Answer:
        if not self.has_login:
            return empty(404)
        if self.fault == "locked":
            text = "Too many login attempts. Wait 10 minutes and try again"
            return json({"error": "server_error", "error_description": text}, 500)
        sent = json_text.loads(request.body)
        is_right = (sent["username"], sent["password"], sent["grant_type"]) == ("keeper", PASSWORD, "password")
        token = self.log_in(is_right=is_right)
        if token is None:
            wrong = {"error": "invalid_grant", "error_description": "Invalid resource owner credentials"}
            return json(wrong, 403)
        return json({"access_token": token, "expires_in": 604800, "token_type": "Bearer"})

    @route("POST /auth/revoke")
    def revoke(self, request: SimulatedRequest) -> Answer:
        self.sessions.discard(json_text.loads(request.body)["token"])
        return empty()

    @route("GET /settings")
    def settings(self, request: SimulatedRequest) -> Answer:
        return json({"httpNodeRoot": "/", "version": "5.0.7"})

    @route("GET /flows")
    def get_flows(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_right":
            return empty(401)
        return page("Node-RED") if self.fault == "page" else json(self.flows)

    @route("POST /flows")
    def deploy(self, request: SimulatedRequest) -> Answer:
        if request.headers.get("content-type") != "application/json":
            return empty(400)
        self.flows = json_text.loads(request.body)
        return empty(204)

    @route("GET /nodes")
    def nodes(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_nodes":
            return page("script type=text/html")
        return json([{"id": "node-red/inject", "name": "inject", "types": ["inject"], "version": "5.0.7"}])


class NodeRedOfEverybody(NodeRed):
    variant = "open"
    has_login: ClassVar = False
    entered: ClassVar = {}
    errors: ClassVar = {"page": InvalidArtifactError}
