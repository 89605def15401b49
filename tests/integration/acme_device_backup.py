"""The handler of the third-party package; its device is `tests.core.example_device`."""

import asyncio
import json
from collections.abc import Iterable

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    AuthenticationError,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
    HandlerSpec,
    InvalidArtifactError,
    KnownDevices,
    Note,
    Prompt,
    Ssdp,
    UnexpectedResponseError,
    Zeroconf,
    base_url,
    client_errors,
    hookimpl,
    translator,
)

_ = translator(__package__)


class AcmeHandler(DeviceBackupHandler):
    spec = HandlerSpec(
        kind="acme",
        name=_("ACME heating"),
        api_version=ApiVersion(1, 0),
        fields=(
            ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
            ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
            ConfigField(key="password", kind=FieldKind.SECRET, label="Password", required=True),
            ConfigField(
                key="plant",
                kind=FieldKind.TEXT,
                label=_("Plant number"),
                help=_("On the *sticker*, see [here](https://evil.example)"),
                required=True,
            ),
            ConfigField(key="service_code", kind=FieldKind.SECRET, label=_("Service code")),
            ConfigField(key="circuits", kind=FieldKind.INTEGER, label="Circuits", minimum=1, maximum=4, required=True),
            ConfigField(key="zones", kind=FieldKind.INTEGER, label="Zones"),
            ConfigField(key="secure", kind=FieldKind.BOOLEAN, label="TLS", default=False),
            ConfigField(
                key="model",
                kind=FieldKind.CHOICE,
                label="Model",
                choices={"one": _("Model one"), "two": "Model two"},
                default="one",
            ),
            ConfigField(
                key="fuel",
                kind=FieldKind.CHOICE,
                label="Fuel",
                choices={name: name.title() for name in ("gas", "oil", "wood", "coal", "peat", "sun", "air")},
            ),
            ConfigField(key="portal", kind=FieldKind.URL, label="Portal"),
            ConfigField(key="rooms", kind=FieldKind.LINES, label="Rooms", default=("Hall",)),
            ConfigField(key="certificate", kind=FieldKind.CERTIFICATE, label="Certificate"),
        ),
        discovery=(
            Zeroconf(type="_acme._tcp.local.", name="acme-*", properties={"line": "home*"}),
            KnownDevices(
                integration="acme_cloud",
                fields={
                    "host": "device.configuration_url.host",
                    "plant": "device.serial_number",
                    "circuits": "entry.data.circuits",
                    "port": "entry.data.port",
                },
                secrets={"password": "entry.data.password"},
                unique_id="entry.unique_id",
            ),
        ),
        fetch_timeout=20,
    )

    async def test_connection(self) -> DeviceInfo:
        if self.config["plant"] == "ask" and self.context.person is not None:
            self.context.person.show(Prompt(text=_("Press the *button*."), seconds=30))
            await asyncio.sleep(0.3)
            self.context.person.show(None)
        info = json.loads(await self._get("/info"))
        notices = (Note(code="notice", text=info["notice"]),) if "notice" in info else ()
        return DeviceInfo(unique_id=info.get("id"), name=info["name"], version=info["version"], notices=notices)

    async def fetch_backup(self) -> Artifact:
        return Artifact(filename="config.json", content=await self._get("/config"), media_type="application/json")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        try:
            json.loads(artifact.content)
        except ValueError as error:
            raise InvalidArtifactError(f"{artifact.filename} is no JSON.") from error
        return ()

    async def _get(self, path: str) -> bytes:
        scheme = "https" if self.config["secure"] else "http"
        url = base_url(self.config["host"], self.config["port"], scheme) + path
        with client_errors():
            async with self.context.http.get(
                url, headers={"X-Password": str(self.config["password"] or "")}, ssl=self.context.tls
            ) as response:
                if response.status == 401:
                    raise AuthenticationError
                if response.status != 200:
                    raise UnexpectedResponseError(f"HTTP {response.status}")
                return await self.context.read(response)


class AcmeLampHandler(AcmeHandler):
    """Needs no login, but only the device itself tells who it is."""

    spec = HandlerSpec(
        kind="acme_lamp",
        name="ACME lamp",
        api_version=ApiVersion(1, 0),
        fields=(
            ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
            ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
            ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
            ConfigField(key="plant", kind=FieldKind.TEXT, label="Plant"),
            ConfigField(key="secure", kind=FieldKind.BOOLEAN, label="TLS", default=False),
        ),
        discovery=(
            Zeroconf(type="_acmelamp._tcp.local.", fields={"host": "host", "port": "port"}, unique_id="properties.id"),
            Ssdp(
                st="urn:acme-example:device:Lamp:1",
                properties={"manufacturer": "ACME"},
                fields={"host": "host", "port": "upnp.webPort"},
                unique_id="upnp.serialNumber",
            ),
            KnownDevices(
                integration="acme_lamps",
                fields={"host": "entry.data.host", "port": "entry.data.port"},
                secrets={"password": "entry.data.password"},
            ),
        ),
        fetch_timeout=20,
    )


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    return [AcmeHandler, AcmeLampHandler]
