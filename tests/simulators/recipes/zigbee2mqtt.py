"""Zigbee2MQTT, as lib/extension/frontend.ts and bridge.ts answer: all over a websocket, much of it unasked."""

import base64
import io
import json as json_text
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, StandIn, route
from .websocket import CloseError

_MQTT = "canary-mqtt-4711"


class Zigbee2Mqtt(StandIn):
    kind = "zigbee2mqtt"
    entered: ClassVar = {"token": PASSWORD}
    secrets = (_MQTT,)
    essential = ("zigbee2mqtt.zip",)
    errors: ClassVar = {
        "refused": UnexpectedResponseError,
        "half": InvalidArtifactError,
        "no_database": InvalidArtifactError,
    }

    can_be_saved: ClassVar = True
    """Whether the radio tells what is in it."""
    relaxed: ClassVar = {"answer_without_end": "an answer to HTTP; messages of a websocket have their own limit"}

    @route("WS /api")
    def talk(self, request: SimulatedRequest, message: object) -> Iterator[object]:
        if request.query.get("token") != PASSWORD:
            self.refused += 1
            raise CloseError(4401)
        if message is None:
            yield from self._retained()
        elif isinstance(message, dict) and message["topic"] == "bridge/request/backup":
            yield {"topic": "lamp", "payload": {"linkquality": self.noise()}}
            if self.fault == "refused":
                error = {"data": {}, "status": "error", "error": "Failed to backup"}
                yield {"topic": "bridge/response/backup", "payload": error}
                return
            content = self._zip()
            content = content[: len(content) // 2] if self.fault == "half" else content
            data = {"zip": base64.b64encode(content).decode()}
            yield {"topic": "bridge/response/backup", "payload": {"data": data, "status": "ok"}}

    def _retained(self) -> Iterator[object]:
        yield {"topic": "bridge/state", "payload": {"state": "online"}}
        coordinator = {"ieee_address": f"0x00124b00{self.serial}", "type": "zStack3x0", "meta": {"revision": 20230507}}
        yield {"topic": "bridge/info", "payload": {"version": "2.12.1", "coordinator": coordinator}}
        lamp = {"ieee_address": "0x01", "friendly_name": "lamp", "software_build_id": f"{self.noise()}"}
        yield {"topic": "bridge/devices", "payload": [lamp]}
        yield {"topic": "bridge/groups", "payload": [{"id": self.number, "friendly_name": "garden", "members": []}]}
        yield {"topic": "lamp", "payload": {"state": "ON", "last_seen": self.noise()}}

    def _zip(self) -> bytes:
        found = io.BytesIO()
        counted = {"metadata": {"internal": {"date": self.noise()}}, "network_key": {"key": "00", "frame_counter": 1}}
        with zipfile.ZipFile(found, "w") as archive:
            archive.writestr("configuration.yaml", f"mqtt:\n  password: {_MQTT}\nversion: 5\n")
            if self.fault != "no_database":
                archive.writestr("database.db", f'{{"id":1,"type":"Coordinator","lastSeen":{self.noise()}}}\n')
            archive.writestr("state.json", json_text.dumps({"0x01": {"linkquality": self.noise()}}))
            if self.can_be_saved:
                archive.writestr("coordinator_backup.json", json_text.dumps(counted))
        return found.getvalue()


class Zigbee2MqttOfEverybody(Zigbee2Mqtt):
    variant = "open"
    entered: ClassVar = {}
    errors: ClassVar = {}

    @route("WS /api")
    def talk(self, request: SimulatedRequest, message: object) -> Iterator[object]:
        yield from super().talk(replace(request, query={**request.query, "token": PASSWORD}), message)


class Zigbee2MqttWithoutNetwork(Zigbee2Mqtt):
    variant = "zboss"
    can_be_saved: ClassVar = False
    errors: ClassVar = {"half": InvalidArtifactError}
