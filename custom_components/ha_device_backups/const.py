"""Names that several parts of the integration use."""

from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "ha_device_backups"

SERVICE_UNIQUE_ID: Final = "service"
"""Unique id of the one entry that holds the defaults."""
SERVICE_TITLE: Final = "Device Backups"
PAGE: Final = "device-backups"
"""The place of the page in the sidebar."""

CONF_KIND: Final = "kind"
CONF_DEVICE_UNIQUE_ID: Final = "unique_id"
CONF_DEVICE_CONFIG: Final = "config"
CONF_AGENT: Final = "agent"
"""In the data of a device: the id of the agent that asks it; nothing where Home Assistant does."""
CONF_AGENT_ID: Final = "agent_id"
CONF_CERTIFICATE: Final = "certificate_sha256"
CONF_REPOSITORY: Final = "repository"
"""In the data of an agent: where it keeps large data, and the passwords of that."""
CONF_PASSWORDS: Final = "passwords"
CONF_PROBLEM: Final = "problem"
"""In the data of a reauth: the error that a backup ended with."""

OPTION_SCHEDULE: Final = "schedule"
OPTION_SCHEDULE_ENABLED: Final = "schedule_enabled"
OPTION_RETRY: Final = "retry"
OPTION_RETENTION: Final = "retention"
OPTION_OVERDUE: Final = "overdue"
OPTION_REMIND: Final = "remind_days"
OPTION_CONCURRENCY: Final = "concurrency"
OPTION_SECOND_COPY: Final = "second_copy"
OPTION_ADD_KNOWN: Final = "add_known"
OPTION_ADD_KNOWN_SECRETS: Final = "add_known_secrets"
OVERDUE_NEVER: Final = "never"

STORE_FOLDER: Final = (".storage", DOMAIN)
"""Below the configuration folder."""

DEVICE_PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
)
AGENT_PLATFORMS: Final = (Platform.BINARY_SENSOR,)
SERVICE_PLATFORMS: Final = (Platform.BUTTON, Platform.SENSOR, Platform.UPDATE)
