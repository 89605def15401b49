"""The errors of a restore say whether the device may have been changed."""

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    UnexpectedResponseError,
    WrongDeviceError,
)
from ha_device_backup_core.text import in_language
from ha_device_backup_core.toolkit import RestoreErrors

UNSURE = "It may hold all of the backup, a part of it or nothing: restore again."
NOT_TOLD_BETTER = [WrongDeviceError(), RestoreNotVerifiedError("Half."), KeyError()]


def failed(error: Exception, *, may_have_changed: bool) -> Exception:
    """Return what leaves the block where that goes wrong in it."""
    errors = RestoreErrors()
    errors.may_have_changed = may_have_changed
    with pytest.raises((DeviceBackupError, KeyError, TimeoutError)) as caught, errors.told():
        raise error
    return caught.value


@pytest.mark.parametrize(
    "error", [CannotConnectError(), TimeoutError(), RestoreRejectedError(), *NOT_TOLD_BETTER], ids=repr
)
def test_before_anything_was_sent_an_error_stays_what_it_is(error: Exception) -> None:
    told = failed(error, may_have_changed=False)
    assert type(told) is type(error)


@pytest.mark.parametrize("error", NOT_TOLD_BETTER, ids=repr)
def test_what_a_person_has_to_see_to_stays_what_it_is(error: Exception) -> None:
    assert failed(error, may_have_changed=True) is error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotConnectError("It is gone."), "It is gone."),
        (UnexpectedResponseError(), "The device answered in an unexpected way."),
        (AuthenticationError("The password is wrong."), "The password is wrong."),
        (ArtifactTooLargeError("It sends too much."), "It sends too much."),
        (TimeoutError(), "It did not answer in time."),
    ],
    ids=repr,
)
def test_nobody_knows_what_an_error_in_the_middle_left(error: Exception, reason: str) -> None:
    told = failed(error, may_have_changed=True)
    assert isinstance(told, AuthenticationError if isinstance(error, AuthenticationError) else RestoreNotVerifiedError)
    assert told.detail_in() == f"{UNSURE} {reason}"


@pytest.mark.parametrize("may_have_changed", [False, True])
def test_a_refusal_claims_that_nothing_was_put_back_only_while_that_is_certain(*, may_have_changed: bool) -> None:
    errors = RestoreErrors()
    errors.may_have_changed = may_have_changed
    kind = RestoreNotVerifiedError if may_have_changed else RestoreRejectedError
    told: list[Exception] = [
        errors.refusal("No."),
        failed(RestoreRejectedError("No."), may_have_changed=may_have_changed),
    ]
    assert [type(error) for error in told] == [kind, kind]
    assert [in_language(error.detail or "") for error in told if isinstance(error, DeviceBackupError)] == ["No.", "No."]
