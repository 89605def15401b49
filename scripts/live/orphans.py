"""Lets a program end with the one that started it, however that came to its end."""

import ctypes
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Have a new process ended when its parent ends; it asks for that itself, and only Linux knows how."""
    if _LIBC is not None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM))
