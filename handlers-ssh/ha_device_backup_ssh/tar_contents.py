"""The contents of the files in a tar file, what has several names held once; pure."""

import tarfile

from ha_device_backup_core import ArtifactTooLargeError

from .translation import _

MOST_BYTES = 128 * 1024 * 1024
"""Of all files together, each name counted: a link of a few bytes, or a file with gaps, may stand for any number."""


class TarContents:
    """Reads the members in their order; looks for nothing twice."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        """Begin before the first of them."""
        self._archive = archive
        self._known: dict[str, bytes] = {}
        self._left = MOST_BYTES

    def of(self, member: tarfile.TarInfo) -> bytes:
        """Return what a file holds; raises KeyError for a link to nothing, ArtifactTooLargeError for too much."""
        known = self._known[member.linkname] if member.islnk() else None
        self._left -= member.size if known is None else len(known)
        if self._left < 0:
            raise ArtifactTooLargeError(_("It sends more than {megabytes} MB.", megabytes=MOST_BYTES // 1024 // 1024))
        if known is None:
            file = self._archive.extractfile(member)
            known = b"" if file is None else file.read()
        self._known[member.name] = known
        return known
