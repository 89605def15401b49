"""The flat file system of a WLED controller."""

from dataclasses import dataclass, field

BLOCK = 4096


def blocks(size: int) -> int:
    """Return the bytes that a file of this size takes."""
    return -(-size // BLOCK) * BLOCK or BLOCK


@dataclass(slots=True)
class FileSystem:
    """Names begin with a slash; writing never fails, but what has no room is lost."""

    total: int
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """The bytes taken, in whole blocks."""
        return sum(blocks(len(content)) for content in self.files.values())

    def exists(self, path: str) -> bool:
        """Return whether there is such a file."""
        return path in self.files

    def read(self, path: str) -> bytes | None:
        """Return the content."""
        return self.files.get(path)

    def write(self, path: str, content: bytes) -> None:
        """Replace the file; the old one is gone first, and what does not fit is cut off."""
        self.files.pop(path, None)
        room = max(self.total - self.used, 0) // BLOCK * BLOCK
        self.files[path] = content[:room]

    def remove(self, path: str) -> None:
        """Delete the file if it is there."""
        self.files.pop(path, None)
