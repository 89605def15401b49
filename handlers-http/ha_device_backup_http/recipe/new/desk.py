"""What the command needs of the terminal that it runs at."""

from collections.abc import Mapping
from typing import Protocol

from ha_device_backup_core import Artifact, DeviceBackupHandler, Text


class Desk(Protocol):
    """Asks the person, and fetches."""

    @property
    def language(self) -> str:
        """The language of the person."""

    def ask(self, question: Text, *, is_secret: bool = False) -> str | None:
        """Return what the person answers, None where nobody does any more."""

    def warn(self, text: Text) -> None:
        """Say something beside the output."""

    def fetch(self, handler: type[DeviceBackupHandler], config: Mapping[str, object]) -> Artifact:
        """Return what a device holds now; raises DeviceBackupError."""
