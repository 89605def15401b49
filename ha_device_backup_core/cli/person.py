"""The person at the terminal."""

import sys

from ha_device_backup_core import Person, Prompt

from .output import warn


class TerminalPerson:
    """Shows instructions beside the output."""

    def show(self, prompt: Prompt | None) -> None:
        """Show the instruction."""
        if prompt is not None:
            warn(prompt.text)


def person_at_terminal() -> Person | None:
    """Return whoever sits at the terminal, None where the command runs by itself."""
    return TerminalPerson() if sys.stdin.isatty() and sys.stderr.isatty() else None
