"""Putting files on a device and reading them back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ..contract import Progress
from ..errors import RestoreNotVerifiedError
from ..text import Text, _
from .text_data import name_list

_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of each file, by name."""

    equal: tuple[str, ...]
    """The device held them already, byte for byte or in a form of its own."""
    sent: tuple[str, ...]
    """Sent, and read back as they were sent."""
    unreadable: tuple[str, ...]
    """Sent; the device does not give them back."""

    @property
    def proven(self) -> int:
        """How many files are on the device for certain."""
        return len(self.equal) + len(self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesOnDevice:
    """How the files of a device are read and written."""

    holds: Callable[[str, bytes], Awaitable[bool]]
    """Whether the device holds a file already."""
    write: Callable[[str, bytes], Awaitable[bool]]
    """Puts a file there; False where the device did not take it, which may be tried again."""
    read: Callable[[str, int], Awaitable[bytes | None]]
    """Returns a file of about that size, None where the device does not give it."""
    can_read: Callable[[str], bool] = lambda _name: True
    """Whether the device gives a file of that name at all."""


async def write_what_differs(
    files: Mapping[str, bytes],
    device: FilesOnDevice,
    *,
    not_written: Callable[[str], Text],
    progress: Progress,
    share: tuple[float, float] = (0.0, 1.0),
) -> Written:
    """Send each file that the device does not hold, and read it back; a second time if it is not as it was sent.

    Progress goes through that share of the whole. Raises RestoreNotVerifiedError, with the text of `not_written`.
    """
    equal, sent, unreadable = [], [], []
    begin, end = share
    for number, (name, content) in enumerate(files.items()):
        progress(begin + (end - begin) * number / len(files), _("Sending {name}", name=name_list([name])))
        if await device.holds(name, content):
            equal.append(name)
        elif await _write(name, content, device, not_written):
            sent.append(name)
        else:
            unreadable.append(name)
    return Written(equal=tuple(equal), sent=tuple(sent), unreadable=tuple(unreadable))


async def _write(name: str, content: bytes, device: FilesOnDevice, not_written: Callable[[str], Text]) -> bool:
    """Return whether the file was read back."""
    for _try in range(_TRIES):
        if not await device.write(name, content):
            continue
        if not device.can_read(name):
            return False
        if await device.read(name, len(content)) == content:
            return True
    raise RestoreNotVerifiedError(not_written(name))
