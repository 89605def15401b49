"""The command `ha-device-backup`: the library at work without Home Assistant, with no timers of its own."""

import io
import sys

from .own_output import claim_descriptor

_EXTRA = frozenset({"click", "rich", "shellingham", "typer"})


def main() -> None:
    """Run the command, or say what it lacks."""
    try:
        from .application import app  # noqa: PLC0415 - needs the extra [cli]
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.exit("The command line is an extra; install it with: pip install 'ha-device-backup-core[cli]'")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    claim_descriptor()
    app()
