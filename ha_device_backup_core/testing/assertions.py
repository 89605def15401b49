"""How a check fails: with a sentence that says what the author has to change."""

from collections.abc import Collection
from typing import Never

import pytest

from ha_device_backup_core.errors import DeviceBackupError


def fail(message: str) -> Never:
    """End the check with a message, without a traceback through this suite."""
    raise pytest.fail.Exception(message, pytrace=False) from None


def demand(condition: object, message: str) -> None:
    """Fail with the message unless the condition holds."""
    if not condition:
        fail(message)


def names(errors: Collection[type[DeviceBackupError]]) -> str:
    """Return the names of errors for a sentence."""
    return " or ".join(error.__name__ for error in errors)


def describe(result: object) -> str:
    """Return what came out instead, for a sentence."""
    if isinstance(result, DeviceBackupError):
        return f"{type(result).__name__} ({result})"
    return f"{type(result).__name__}"
