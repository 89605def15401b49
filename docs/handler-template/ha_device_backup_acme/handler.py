"""The handler of Acme devices."""

import json
from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    Config,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
    HandlerContext,
    HandlerSpec,
    InvalidArtifactError,
    Note,
    Progress,
    RestoreNotVerifiedError,
    RestoreReport,
    UnsupportedDeviceError,
    hidden,
)
from ha_device_backup_core.toolkit import Body, DeviceClient, JsonError, JsonObject, basic_login, json_object

SETTINGS = "settings.json"
USER = "admin"
CHANGES_BY_ITSELF = {"uptime"}
SECRETS = {"wifi_name"}


class AcmeHandler(DeviceBackupHandler):
    """Backs up and restores the settings."""

    spec: ClassVar[HandlerSpec] = HandlerSpec(
        kind="acme",
        name="Acme",
        api_version=ApiVersion(1, 0),
        fields=(
            ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
            ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
            ConfigField(key="password", kind=FieldKind.SECRET, label="Password", required=True),
        ),
        omits=("The Wi-Fi password",),
        unique_id_form=r"[0-9A-Z-]+",
    )

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O."""
        super().__init__(context, config)
        self._client = DeviceClient.of(self, headers=basic_login(USER, str(config["password"])))

    async def test_connection(self) -> DeviceInfo:
        """Return who is there."""
        try:
            info = json_object(await self._client.read("/api/info"))
            return DeviceInfo(
                unique_id=info["serial"],
                name=info["name"],
                manufacturer="Acme",
                model=info["model"],
                version=info["version"],
                configuration_url=self._client.url,
            )
        except (JsonError, KeyError) as error:
            raise UnsupportedDeviceError("No Acme device answers at this address.") from error

    async def fetch_backup(self) -> Artifact:
        """Return the settings, as sent."""
        content = await self._client.read("/api/settings")
        return Artifact(filename=SETTINGS, content=content, media_type="application/json")

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Send the settings and read them back."""
        progress(0.0, "Sending the settings")
        (await self._client.put("/api/settings", Body(artifact.content, "application/json"))).checked()
        progress(0.5, "Reading the settings back")
        if self.normalize(await self.fetch_backup()) != self.normalize(artifact):
            raise RestoreNotVerifiedError("Its settings differ from the backup.")
        return RestoreReport(proven=("The settings were read back and are equal.",))

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is no settings."""
        _settings(artifact)
        return ()

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the settings in one form, without what changes by itself."""
        counted = {key: value for key, value in _settings(artifact).items() if key not in CHANGES_BY_ITSELF}
        return {SETTINGS: json.dumps(counted, sort_keys=True).encode()}

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return the settings without secrets."""
        shown = {key: hidden(value) if key in SECRETS else value for key, value in _settings(artifact).items()}
        return {SETTINGS: json.dumps(shown, indent=2, sort_keys=True)}


def _settings(artifact: Artifact) -> JsonObject:
    try:
        settings = json_object(artifact.content)
    except JsonError as error:
        raise InvalidArtifactError(f"{artifact.filename} is no JSON.") from error
    if "schedule" not in settings:
        raise InvalidArtifactError(f"{artifact.filename} has no schedule, so these are no settings.")
    return settings
