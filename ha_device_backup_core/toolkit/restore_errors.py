"""What the errors of a restore say: whether the device may have been changed by then."""

import contextlib
from collections.abc import Iterator

from ..errors import (
    ArtifactError,
    AuthenticationError,
    CertificateNotTrustedError,
    DeviceError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    WrongDeviceError,
)
from ..text import Text, _, joined

_UNSURE = _("It may hold all of the backup, a part of it or nothing: restore again.")
_LATE = _("It did not answer in time.")


class RestoreErrors:
    """The errors of one restore; whoever sends something sets `may_have_changed` before, not after."""

    def __init__(self) -> None:
        """Begin with a device that nobody has touched."""
        self.may_have_changed = False

    def refusal(self, detail: Text) -> RestoreRejectedError | RestoreNotVerifiedError:
        """Return the error for what is refused now."""
        return (RestoreNotVerifiedError if self.may_have_changed else RestoreRejectedError)(detail)

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Raise RestoreNotVerifiedError for what goes wrong in the block once the device may have been changed.

        A login, a certificate or another device that a person has to see to stays one.
        """
        try:
            yield
        except RestoreRejectedError as error:
            raise self.refusal(error.detail or error.summary) from error
        except (CertificateNotTrustedError, WrongDeviceError):
            raise
        except AuthenticationError as error:
            if not self.may_have_changed:
                raise
            told = _unsure(_reason(error))
            raise AuthenticationError(told, retry_after=error.retry_after, perhaps_busy=error.perhaps_busy) from error
        except (DeviceError, ArtifactError, TimeoutError) as error:
            if not self.may_have_changed:
                raise
            raise uncertain(_reason(error)) from error


def uncertain(reason: Text) -> RestoreNotVerifiedError:
    """Return the error for what ended in the middle: what the device holds by now, nobody knows."""
    return RestoreNotVerifiedError(_unsure(reason))


def _unsure(reason: Text) -> Text:
    return joined((_UNSURE, reason), " ")


def _reason(error: DeviceError | ArtifactError | TimeoutError) -> Text:
    return _LATE if isinstance(error, TimeoutError) else error.detail or error.happened
