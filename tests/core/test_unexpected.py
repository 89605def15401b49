"""What nobody expected ends as an error that is told."""

import logging

import pytest

from ha_device_backup_core.errors import CannotConnectError, DeviceBackupError
from ha_device_backup_core.text import in_language
from ha_device_backup_core.unexpected import UNEXPECTED, expected_errors_only

LOGGER = logging.getLogger(__name__)


def test_it_is_told_without_its_inside_and_logged_with_it(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DeviceBackupError) as raised, expected_errors_only(LOGGER, "The work"):
        raise ZeroDivisionError("canary")
    assert raised.value.detail == UNEXPECTED
    assert "canary" not in str(raised.value)
    assert "The work failed unexpectedly" in caplog.text
    assert "canary" in caplog.text


@pytest.mark.parametrize("error", [CannotConnectError(), KeyError("known")])
def test_what_is_told_goes_out_as_it_is(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(type(error)) as raised, expected_errors_only(LOGGER, "The work", KeyError):
        raise error
    assert (raised.value, caplog.text) == (error, "")


def test_every_language_has_the_sentence() -> None:
    assert len({in_language(UNEXPECTED, language) for language in ("en", "de", "nl")}) == 3
