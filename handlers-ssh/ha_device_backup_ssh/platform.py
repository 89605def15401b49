"""What is known of a platform: how it says who it is, what is kept of it, and how that is put back."""

import re
from dataclasses import dataclass, field

from ha_device_backup_core import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A command, or files, by which a device says who it is."""

    command: str
    files: tuple[str, ...] = ()
    """What the command prints, where the login reads files only."""
    captures: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Names of facts, and what finds each in the answer: its first group."""
    expect: re.Pattern[str] | None = None
    """What the answer of each device of this platform holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that is what a command prints, or what it leaves on the device."""

    name: str
    command: str
    otherwise: str = ""
    """The command of other versions, where the first does not give what it should."""
    left_as: str = ""
    """Path of a file that the command leaves; it is fetched by SFTP and removed."""
    begins: bytes = b""
    contains: tuple[re.Pattern[str], ...] = ()
    ends: re.Pattern[str] | None = None
    members: str = ""
    """A member that a compressed tar file holds; such a file is compared by its members."""
    ignore: tuple[re.Pattern[str], ...] = ()
    """What changes by itself, as places in the text."""
    secret: tuple[re.Pattern[str], ...] = ()
    """What is not shown: the first group."""
    is_compared: bool = True
    is_required: bool = True
    with_sudo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTree:
    """Files and folders by a list that a person can change."""

    paths: tuple[str, ...]
    excludes: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()
    """Patterns of paths whose content changes by itself."""
    careful: tuple[str, ...] = ()
    """Patterns of files that can keep a device from starting, or a person from logging in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """From which facts the device is described; of several the first that there is."""

    unique_id: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    is_private: bool = False
    """Whether the id is told in another form than the device's own, which nobody else should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Putting:
    """How a single file is put back: by a command that reads it, and one that has it used."""

    command: str
    apply: str = ""
    restarts: bool = False
    generated: tuple[str, ...] = ()
    """Members that each backup makes anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshPlatform:
    """One kind of device that is reached by SSH."""

    kind: str
    name: Text
    manufacturer: str = ""
    username: str = "root"
    page: str = ""
    has_shell: bool = True
    """Whether commands go to a POSIX shell; else they are the device's own."""
    questions: tuple[Question, ...] = ()
    device: Device = field(default_factory=Device)
    outputs: tuple[Output, ...] = ()
    tree: FileTree | None = None
    putting: Putting | None = None
    omits: tuple[Text, ...] = ()
    guide: tuple[Text, ...] = ()
    is_untested: bool = False
    seconds: float = 300.0

    @property
    def can_restore(self) -> bool:
        """Whether a backup is put back by itself."""
        return self.tree is not None or self.putting is not None

    @property
    def asks_sudo(self) -> bool:
        """Whether something of it may need the rights of root."""
        return self.tree is not None or any(output.with_sudo for output in self.outputs)
