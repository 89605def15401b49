"""From the errors of core to those of Home Assistant, in the words of the translations."""

from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError, ServiceValidationError

from ha_device_backup_core import ConfigError, DeviceBackupError, RestoreUnsupportedError
from ha_device_backup_core.host import BackupNeededError, BackupNotFoundError, BackupProtectedError

from .const import DOMAIN

_MISTAKES_OF_THE_CALLER = (
    BackupNeededError,
    BackupNotFoundError,
    BackupProtectedError,
    ConfigError,
    RestoreUnsupportedError,
)


def home_assistant_error(error: DeviceBackupError, language: str = "en") -> HomeAssistantError:
    """Return the error to raise from an action or a button."""
    kind = ServiceValidationError if isinstance(error, _MISTAKES_OF_THE_CALLER) else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.code,
        translation_placeholders=error.placeholders(language),
    )


def not_ready(error: DeviceBackupError, language: str) -> ConfigEntryNotReady:
    """Return the error that makes Home Assistant try the set-up of an entry again."""
    return ConfigEntryNotReady(
        translation_domain=DOMAIN, translation_key=error.code, translation_placeholders=error.placeholders(language)
    )
