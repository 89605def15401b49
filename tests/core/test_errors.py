from collections.abc import Iterator

import pytest

from ha_device_backup_core import errors
from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerCrashedError,
    HandlerUnavailableError,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
)
from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.text import _

PROBLEM = Problem(
    kind=ProblemKind.NOT_INSTALLED, distribution="", version="", message="Install it.", handler_kind="wled"
)


def tree(root: type[DeviceBackupError]) -> Iterator[type[DeviceBackupError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


ALL = tuple(tree(DeviceBackupError))


def example(kind: type[DeviceBackupError]) -> DeviceBackupError:
    if kind is HandlerUnavailableError:
        return HandlerUnavailableError(PROBLEM)
    if kind is HandlerCrashedError:
        return HandlerCrashedError("some-package", "1.0", "Details.")
    if issubclass(kind, CertificateNotTrustedError):
        return kind("ab" * 32, "Details.")
    if kind is KeyPairOfferedError:
        return KeyPairOfferedError("private_key", "Details.", private="canary-private", public="ssh-ed25519 AAAA")
    if kind is ConfigError:
        return ConfigError("host", "Details.")
    return kind("Details.")


def test_every_exception_of_the_module_is_in_the_tree() -> None:
    own = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, BaseException) and value.__module__ == errors.__name__
    }
    assert own == set(ALL)


def test_codes_are_unique_and_of_the_name() -> None:
    codes = [kind.code for kind in ALL]
    assert len(set(codes)) == len(codes)
    assert (CannotConnectError.code, DeviceBackupError.code) == ("cannot_connect", "device_backup")
    assert CertificateNotTrustedError.code == "certificate_not_trusted"


def test_errors_of_a_handler_have_the_code_that_is_translated() -> None:
    class SessionExpiredError(AuthenticationError):
        pass

    assert SessionExpiredError.code == "authentication"


def test_what_is_tried_again() -> None:
    assert {kind.code for kind in ALL if kind.retryable} == {
        "agent_away",
        "cannot_connect",
        "device_busy",
        "unexpected_response",
        "invalid_artifact",
    }


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_what_happened(kind: type[DeviceBackupError]) -> None:
    assert "summary" in vars(kind)
    message = str(example(kind))
    assert message.endswith(("Details.", "Install it."))
    assert "{" not in message
    assert "detail" in example(kind).placeholders("de")


def test_details_in_the_language_of_the_person() -> None:
    error = AuthenticationError(_("It is empty."))
    assert str(error).endswith("The device refused the login. It is empty.")
    assert error.detail_in("de") == "Darin ist nichts."
    assert error.placeholders("de") == {"detail": "Darin ist nichts."}
    assert AuthenticationError().detail_in() == ""


def test_a_host_key_is_told_as_programs_for_ssh_show_it() -> None:
    error = HostKeyNotTrustedError("ab" * 32)
    assert error.detail_in() == "Its fingerprint is SHA256:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s."
    assert error.values == {"sha256": "ab" * 32}


def test_the_private_half_of_an_offered_pair_is_in_no_text() -> None:
    error = KeyPairOfferedError("private_key", private="canary-private", public="ssh-ed25519 AAAA")
    assert "canary" not in f"{error} {error!r} {error.placeholders()}"


def test_placeholders() -> None:
    assert ConfigError("host").placeholders() == {"detail": "", "field": "host"}
    assert HandlerCrashedError("some-package", "1.0").placeholders() == {
        "detail": "",
        "distribution": "some-package",
        "version": "1.0",
    }
    assert CertificateNotTrustedError("ab").placeholders() == {"detail": "", "sha256": "ab"}
    assert HandlerUnavailableError(PROBLEM).placeholders() == {"detail": "Install it."}


def test_what_a_device_asked_for() -> None:
    assert DeviceBusyError(retry_after=30).retry_after == 30
    assert DeviceBusyError().retry_after is None
