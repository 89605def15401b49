"""The one door through which errors leave a handler: typed, without secrets, everything unexpected named as a crash."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator

from ..errors import CannotConnectError, DeviceBackupError, DeviceError, HandlerCrashedError
from ..http_errors import NO_ANSWER
from ..plugins.registry import RegisteredHandler
from ..text import Message, Text
from .secret_mask import Mask

_PASSES = (asyncio.CancelledError, KeyboardInterrupt, GeneratorExit)

type JobLogger = logging.LoggerAdapter[logging.Logger]


@contextlib.contextmanager
def error_boundary(registered: RegisteredHandler, mask: Mask, logger: JobLogger, *, device: bool) -> Iterator[None]:
    """Let only the errors of the contract out; a TimeoutError means the device where one is asked, else a crash."""
    try:
        yield
    except _PASSES:
        raise
    except BaseException as error:
        raised = _unwrapped(error)
        if isinstance(raised, DeviceBackupError):
            logger.debug("%s failed", registered.distribution, exc_info=raised)
            raise _masked(raised, mask) from None
        if isinstance(raised, TimeoutError) and device:
            logger.debug("No answer in time", exc_info=raised)
            raise CannotConnectError(NO_ANSWER) from None
        package = f"{registered.distribution} {registered.version}"
        logger.exception("The handler package %s failed unexpectedly", package, exc_info=raised)
        raise crash(registered, mask.string(f"{type(raised).__name__}: {raised}".removesuffix(": "))) from None


def crash(registered: RegisteredHandler, detail: str) -> HandlerCrashedError:
    """Return the error that names the package to report to."""
    return HandlerCrashedError(registered.distribution, registered.version, detail)


def _unwrapped(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _masked(error: DeviceBackupError, mask: Mask) -> DeviceBackupError:
    detail = getattr(error, "detail", None)
    error.detail = None if detail is None else mask.text(_text(detail))
    if isinstance(error, DeviceError) and not isinstance(getattr(error, "retry_after", None), int | float):
        error.retry_after = None
    error.args = (error.detail,)
    error.__context__ = None
    return error


def _text(detail: object) -> Text:
    return detail if isinstance(detail, Message) else str(detail)
