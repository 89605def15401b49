"""From core's errors to Home Assistant's."""

import json

from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError, ServiceValidationError

from custom_components.ha_device_backups.errors import home_assistant_error, not_ready
from ha_device_backup_core import errors
from ha_device_backup_core.errors import (
    BackupNotFoundError,
    CannotConnectError,
    DeviceBackupError,
    StoreLockedError,
)

from .languages import LANGUAGES, TRANSLATIONS

DETAIL = {"en": "Lamp off.", "de": "Lampe aus."}


def described(error: HomeAssistantError) -> tuple[type, str | None, str | None, dict[str, str] | None]:
    return type(error), error.translation_domain, error.translation_key, error.translation_placeholders


def test_mistakes_of_the_caller_and_failures_are_told_apart() -> None:
    domain = "ha_device_backups"

    assert described(home_assistant_error(BackupNotFoundError(DETAIL), "de")) == (
        ServiceValidationError,
        domain,
        "backup_not_found",
        {"detail": "Lampe aus."},
    )
    assert described(home_assistant_error(CannotConnectError(DETAIL))) == (
        HomeAssistantError,
        domain,
        "cannot_connect",
        {"detail": "Lamp off."},
    )


def test_the_set_up_waits() -> None:
    assert described(not_ready(StoreLockedError(DETAIL), "de")) == (
        ConfigEntryNotReady,
        "ha_device_backups",
        "store_locked",
        {"detail": "Lampe aus."},
    )


def test_every_error_has_its_words_in_every_language() -> None:
    codes = {
        error.code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, DeviceBackupError)
    }
    for language in LANGUAGES:
        texts = json.loads((TRANSLATIONS / f"{language}.json").read_text())
        assert codes <= set(texts["exceptions"])
        for code in codes & set(texts["config"]["error"]):
            assert texts["config"]["error"][code] == texts["exceptions"][code]["message"]
