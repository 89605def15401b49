"""Ctrl-C while the command is being loaded, or after its end: nothing is under way, so it goes without a word."""

import os
import signal
import sys
import threading
from typing import NoReturn

INTERRUPTED = 130
"""The exit status of whom Ctrl-C ended."""
_SCRIPT = "ha-device-backup"
_MODULE = "ha_device_backup_core.cli"


def is_command() -> bool:
    """Return whether this process was started as the command, by its name or as a module."""
    begun = (getattr(sys, "argv", None) or [""])[0]
    return os.path.basename(begun) == _SCRIPT or (begun == "-m" and _MODULE in sys.orig_argv)  # noqa: PTH119 - in no time


def end_at_once() -> None:
    """Let Ctrl-C end the process without a traceback from now on."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler and _is_main_thread():
        signal.signal(signal.SIGINT, _end)


def raise_again() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again."""
    if signal.getsignal(signal.SIGINT) is _end and _is_main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt_when_terminated() -> None:
    """Let SIGTERM interrupt as Ctrl-C does, also where Ctrl-C is ignored: a script starts so what it puts behind it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Whoever waits for an interrupt, as asyncio does, is to find a handler; from outside none gets through.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_: object) -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.raise_signal(signal.SIGINT)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _end(*_: object) -> NoReturn:
    os._exit(INTERRUPTED)


if is_command():
    end_at_once()
