"""What nobody expected ends as an error that is told: no work ends without a word."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from .errors import DeviceBackupError
from .text import Text, _

UNEXPECTED: Final[Text] = _("Something unexpected happened; the log tells more.")


@contextmanager
def expected_errors_only(logger: logging.Logger, work: str, *also: type[Exception]) -> Iterator[None]:
    """Let out errors that are told, and `also` these; any other becomes one, and the log has it with the work."""
    expected: tuple[type[Exception], ...] = (DeviceBackupError, *also)
    try:
        yield
    except expected:
        raise
    except Exception as error:
        logger.exception("%s failed unexpectedly", work)
        raise DeviceBackupError(UNEXPECTED) from error
