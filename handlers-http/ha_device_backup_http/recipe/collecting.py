"""What the steps that fetch come to while they are taken: files within a limit, and what is missing."""

from ha_device_backup_core import ArtifactTooLargeError, Note, UnexpectedResponseError

from ..content_encoding import too_much
from ..translation import _
from .collected import Came, Collected
from .missing import NotThereError, missing_note
from .naming import free_name


class Collecting:
    """Keeps what comes, and notes what does not."""

    def __init__(self, most: int) -> None:
        """Take how many bytes all files together may have."""
        self._most = self._left = most
        self._files: dict[str, bytes] = {}
        self._came: dict[str, Came] = {}
        self._missing: dict[str, Note] = {}
        self._absent: list[str] = []

    def keep(self, name: str, content: bytes, came: Came) -> None:
        """Keep a file; raise ArtifactTooLargeError where it is one too many."""
        self._left -= len(content)
        if self._left < 0:
            raise ArtifactTooLargeError(too_much(self._most))
        self._files[name] = content
        self._came[name] = came

    def note(self, name: str, error: Exception | None, *, may_be_absent: bool) -> None:
        """Note what did not come, and why; without an error, because nothing led to it."""
        if may_be_absent and (error is None or isinstance(error, NotThereError)):
            self._absent.append(name)
            return
        note = missing_note(name, error)
        self._missing[note.code] = note

    def free_name(self, name: str) -> str:
        """Return a name that no file has."""
        return free_name(name, self._files)

    def collected(self) -> Collected:
        """Return what came; raise UnexpectedResponseError where that is nothing."""
        if not self._files:
            raise UnexpectedResponseError(_("It gave nothing that could be kept."))
        return Collected(
            files=self._files, came=self._came, missing=tuple(self._missing.values()), absent=tuple(self._absent)
        )
