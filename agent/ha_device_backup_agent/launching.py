"""How programs are launched so that they end with the agent: Linux sends them SIGTERM when it is gone."""

import shutil
import subprocess
import sys
from functools import cache

_BY_SHELL = 'test "$PPID" = "$0" || exit 143; exec "$@"'
_BY_INTERPRETER = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() != int(sys.argv[1]):
    sys.exit(143)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Both look whether the agent still runs, and become the program."""

type Launcher = tuple[str, ...]
"""Followed by the number of the process that is outlived by nothing, the program and its arguments."""

WITH_INTERPRETER: Launcher = (sys.executable, "-IS", "-c", _BY_INTERPRETER)


@cache
def launcher() -> Launcher:
    """Return the quicker one that works here: a backup of a large folder starts about twenty programs; blocking."""
    return with_setpriv() or WITH_INTERPRETER


def with_setpriv() -> Launcher | None:
    """Return the launcher of util-linux, None where it does not run: that of BusyBox does less; blocking."""
    program = shutil.which("setpriv")
    if program is None:
        return None
    begins = (program, "--pdeathsig", "TERM", "/bin/sh", "-c")
    try:
        subprocess.run((*begins, ":"), check=True, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603 - by its path
    except (OSError, subprocess.CalledProcessError):  # there, but a container may forbid to run it
        return None
    return (*begins, _BY_SHELL)
