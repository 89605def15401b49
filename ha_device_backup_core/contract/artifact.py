"""What comes from a device: who it is, its files, and what is to be known about them."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..text import Text, check_text
from ..zip_files import pack, unpack

MEBIBYTE = 1024 * 1024
MAX_ARTIFACT_BYTES = 64 * MEBIBYTE
_KEPT_UNPACKED = 16 * MEBIBYTE
"""Bytes of files that stay in memory with their bundle, because each step looks at them; more is unpacked each time."""

KEPT = "kept"
"""An attribute of an artifact that only stands for data kept elsewhere: by which name that is known there.

A later fetch gets the names that stored backups still have as `HandlerContext.kept`.
"""
KEPT_EXTENT = "kept_extent"
"""An attribute beside `KEPT` that tells how much that is: JSON with the numbers of `files` and `bytes`.

Where that is far less than in the backup before, the device may have lost it.
"""
ASKED = "asked"
"""An attribute of an artifact by which a handler tells what a person asked for: JSON with a word for each file by name.

One name alone stands for the artifact as a whole. Where a word is another than in the backup before, the person asked
for something else, so that another form or size of that file is no loss.
"""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something a person should know about an artifact; equal when the codes are equal."""

    code: str
    text: Text = field(compare=False)
    needs_person: bool = field(default=False, compare=False)
    """In `missing`: it is missing only because no person was there to confirm something at the device."""
    is_remark: bool = field(default=False, compare=False)
    """From `validate`: a lasting fact that nobody can mend; stored and shown, and the backup is whole with it."""

    def __post_init__(self) -> None:
        """Refuse a text without English."""
        check_text(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """Who answered."""

    unique_id: str | None
    """The device's own (MAC, serial number), never an address; None where the kind has none.

    1 to 255 printable characters.
    """
    name: str
    manufacturer: str | None = None
    model: str | None = None
    version: str | None = None
    """Of the firmware, as people know it."""
    connections: tuple[tuple[str, str], ...] = ()
    """Pairs as ("mac", "aa:bb:cc:dd:ee:ff"), by which Home Assistant links devices."""
    configuration_url: str | None = None
    notices: tuple[Note, ...] = field(default=(), compare=False)
    """What a person should know before relying on backups of this very device; shown when it is added, not stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """What a handler fetched: one file, byte for byte as the device sent it, or several as a bundle."""

    filename: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    attributes: Mapping[str, str] = _NOTHING
    """Facts to find again in validate, normalize and a restore; stored in the clear, so no secrets.

    A file that a person handed in has none. `ASKED`, `KEPT` and `KEPT_EXTENT` are read by the product itself.
    """
    missing: tuple[Note, ...] = ()
    """What the fetch should have held and could not get."""
    _unpacked: Mapping[str, bytes] | None = field(default=None, init=False, repr=False, compare=False)
    _keeps_all: bool = field(default=False, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a name that is more than a name."""
        if not self.filename or "/" in self.filename or "\\" in self.filename or self.filename in {".", ".."}:
            raise ValueError(f"the file name of an artifact has no folder, got {self.filename!r}")

    @classmethod
    def bundle(
        cls,
        files: Mapping[str, bytes],
        *,
        filename: str = "backup.zip",
        attributes: Mapping[str, str] = _NOTHING,
        missing: tuple[Note, ...] = (),
    ) -> "Artifact":
        """Make one artifact of several files (relative path to content); the same files make the same bytes."""
        return cls(
            filename=filename,
            content=pack(files),
            media_type="application/zip",
            attributes=attributes,
            missing=missing,
        )

    def files(self) -> Mapping[str, bytes]:
        """Return the files by name, one for a plain artifact: by its own name, which a person may have chosen.

        Raises InvalidArtifactError for a bundle that is no zip, is damaged, unpacks to too much or names paths outside.
        """
        if self.media_type != "application/zip":
            return {self.filename: self.content}
        if self._unpacked is not None:
            return dict(self._unpacked)
        files = unpack(self.filename, self.content)
        if self._keeps_all or sum(map(len, files.values())) <= _KEPT_UNPACKED:
            object.__setattr__(self, "_unpacked", dict(files))
        return files


@contextlib.contextmanager
def unpacked_once(artifact: Artifact) -> Iterator[None]:
    """Unpack a bundle once for all steps of the block, however large it is."""
    object.__setattr__(artifact, "_keeps_all", True)
    try:
        yield
    finally:
        object.__setattr__(artifact, "_keeps_all", False)
        object.__setattr__(artifact, "_unpacked", None)
