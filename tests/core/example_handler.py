"""A small handler as an author would write it, for tests of the core; its device is `example_device`."""

import asyncio
import json
from collections.abc import Iterable, Mapping

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
    Note,
    Progress,
    Prompt,
    RestoreReport,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    base_url,
    client_errors,
    hookimpl,
)

DOUBT = Note(code="no_name", text="The configuration has no name.")


class ExampleHandler(DeviceBackupHandler):
    spec = HandlerSpec(
        kind="example",
        name="Example",
        api_version=ApiVersion(1, 0),
        fields=(
            ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
            ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
            ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
            ConfigField(key="certificate", kind=FieldKind.CERTIFICATE, label="Certificate"),
            ConfigField(key="secure", kind=FieldKind.BOOLEAN, label="TLS", default=False),
        ),
        fetch_timeout=20,
        max_artifact_bytes=64 * 1024,
        omits=("Wi-Fi password",),
    )

    async def test_connection(self) -> DeviceInfo:
        info = json.loads(await self._get("/info"))
        if "id" not in info:
            raise UnsupportedDeviceError
        notices = (Note(code="notice", text=info["notice"]),) if "notice" in info else ()
        return DeviceInfo(unique_id=info["id"], name=info["name"], version=info["version"], notices=notices)

    async def fetch_backup(self) -> Artifact:
        if self.context.person is not None:
            self.context.person.show(Prompt(text=f"Press the button, {self.config['password']}", seconds=60))
        self.context.progress(0.5, f"Reading with {self.config['password']}")
        return Artifact(filename="config.json", content=await self._get("/config"), media_type="application/json")

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        progress(None, "Sending")
        with client_errors():
            async with self.context.http.put(
                self._url("/config"), data=artifact.content, headers=self._login(), ssl=self.context.tls
            ) as response:
                response.raise_for_status()
        progress(1.0, f"Sent with {self.config['password']}")
        return RestoreReport(proven=("config.json",))

    async def close(self) -> None:
        if self.config["password"] == "stubborn":
            await asyncio.sleep(3600)
        await self._get("/logout")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        try:
            content = json.loads(artifact.content)
        except ValueError as error:
            raise InvalidArtifactError(f"{artifact.filename} is no JSON.") from error
        return () if "name" in content else (DOUBT,)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        content = json.loads(artifact.content)
        content.pop("uptime", None)
        return {artifact.filename: json.dumps(content, sort_keys=True).encode()}

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        return {artifact.filename: json.dumps(json.loads(artifact.content) | {"password": "***"})}

    def _url(self, path: str) -> str:
        scheme = "https" if self.config["secure"] else "http"
        return base_url(self.config["host"], self.config["port"], scheme) + path

    def _login(self) -> dict[str, str]:
        return {"X-Password": str(self.config["password"] or "")}

    async def _get(self, path: str) -> bytes:
        with client_errors():
            async with self.context.http.get(self._url(path), headers=self._login(), ssl=self.context.tls) as response:
                if response.status == 401:
                    raise AuthenticationError
                if response.status != 200:
                    raise UnexpectedResponseError(f"HTTP {response.status}")
                return await self.context.read(response)


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    return [ExampleHandler]
