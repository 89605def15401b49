"""Commands for a shell, and what comes back: between marks, so that greetings of the shell do not count; pure."""

import re
import secrets
import shlex
from dataclasses import dataclass, field

NOT_FOUND = 127
_NO_COMMAND = re.compile(rb"not found|inaccessible|No such file|Unknown command|bad command", re.IGNORECASE)
_STATUS = re.compile(rb"[0-9]{1,3}")
_ASKS_PASSWORD = re.compile(rb"a password is required|no tty present|a terminal is required|interactive authentication")
_REFUSES = re.compile(
    rb"not (?:in the sudoers|allowed to)|may not run sudo|Sorry, try again|incorrect password", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What a command printed, and how it ended."""

    status: int | None
    """None where it did not come to its end."""
    out: bytes = field(repr=False)
    err: bytes = field(repr=False)

    @property
    def is_missing(self) -> bool:
        """Whether there is no such command."""
        return self.status == NOT_FOUND or (self.status != 0 and not self.out and bool(_NO_COMMAND.search(self.err)))

    @property
    def asks_password(self) -> bool:
        """Whether sudo wants a password."""
        return self.status != 0 and bool(_ASKS_PASSWORD.search(self.err))

    @property
    def is_refused(self) -> bool:
        """Whether sudo took the password, or none, and says no."""
        return self.status != 0 and bool(_REFUSES.search(self.err))


@dataclass(frozen=True, slots=True)
class Script:
    """A command wrapped for any shell of a person, and how to find its answer."""

    mark: str
    command: str

    @classmethod
    def of(cls, command: str) -> "Script":
        """Wrap a command of one line."""
        mark = secrets.token_hex(12)
        script = f"LC_ALL=C; export LC_ALL; echo {mark}; {{ {command} ; }}; status=$?; echo; echo {mark} $status"
        return cls(mark, f"/bin/sh -c {quoted(script)}")

    def answer(self, out: bytes | bytearray, err: bytes) -> CommandAnswer | None:
        """Return what the command printed; None where no shell ran it."""
        mark = self.mark.encode()
        begin = out.find(mark + b"\n")
        if begin < 0:
            return None
        start = begin + len(mark) + 1
        end = out.rfind(b"\n" + mark + b" ", start - 1)
        if end < 0:
            return CommandAnswer(None, bytes(memoryview(out)[start:]), err)
        number = out[end + len(mark) + 2 :].strip()
        return CommandAnswer(int(number) if _STATUS.fullmatch(number) else None, bytes(memoryview(out)[start:end]), err)


def quoted(text: str) -> str:
    """Return a text as one word of a shell, whatever shell it is."""
    return "'" + text.replace("'", "'\\''") + "'"


def with_sudo(command: str, *, password: bool) -> str:
    """Return a command that runs as root; a password comes from what is given to it, never from the command line."""
    return f"sudo -k -S -p '' -- {command}" if password else f"sudo -n -- {command}"


def words(*parts: str) -> str:
    """Return words of a command, quoted where they have to be."""
    return " ".join(map(shlex.quote, parts))
