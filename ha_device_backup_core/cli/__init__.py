"""The command `ha-device-backup`: the library at work without Home Assistant, with no timers of its own."""

import io
import sys

from ha_device_backup_core.interrupts import INTERRUPTED, end_at_once, interrupt_when_terminated, raise_again

_EXTRA = frozenset({"click", "rich", "shellingham", "typer"})


def main() -> None:
    """Run the command, or say what it lacks."""
    raise_again()
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        end_at_once()


def _run() -> None:
    try:
        from .application import app  # noqa: PLC0415 - needs the extra [cli]
        from .own_output import claim_descriptor, ending_unwritten, open_what_is_closed  # noqa: PLC0415 - needs it, too
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.exit(_how_to_install())
    open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    claim_descriptor()
    # Whoever ends the command from outside leaves nothing behind either.
    interrupt_when_terminated()
    with ending_unwritten():
        app()


def _how_to_install() -> str:
    from ha_device_backup_core.host import in_persons_language  # noqa: PLC0415 - takes its time to open

    from .translation import _  # noqa: PLC0415 - as above

    command = "pip install 'ha-device-backup-core[cli]'"
    return in_persons_language(_("The command line is an extra; install it with: {command}", command=command))
