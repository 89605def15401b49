"""Files, folders and links of a device, with their owners and rights; pure."""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ha_device_backup_core import UnexpectedResponseError

from .paths import absolute, is_left_out, path_of, quoted_path
from .tar_contents import TarContents
from .translation import _

MOST_ENTRIES = 9_000
"""A bundle holds no more files than 10,000."""


class PathKind(StrEnum):
    """What lies at a path."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEntry:
    """One of them; names of the owner are empty where only numbers are known."""

    path: str
    kind: PathKind
    mode: int
    uid: int
    gid: int
    user: str = ""
    group: str = ""
    target: str = ""
    content: bytes = field(default=b"", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the content, as it stands in the index."""
        said = self.without_content()
        if self.kind is PathKind.FILE:
            said["sha256"] = hashlib.sha256(self.content).hexdigest()
        return said

    def without_content(self) -> dict[str, Any]:
        """Return what is known of it beside its content."""
        said: dict[str, Any] = {
            "path": quoted_path(self.path),
            "kind": self.kind.value,
            "mode": f"{self.mode:04o}",
            "owner": [self.uid, self.gid, quoted_path(self.user), quoted_path(self.group)],
        }
        if self.kind is PathKind.LINK:
            said["target"] = quoted_path(self.target)
        return said

    @classmethod
    def of_dict(cls, said: Mapping[str, Any], content: bytes) -> "PathEntry":
        """Return the entry of an index; raises KeyError, TypeError or ValueError for what is none."""
        uid, gid, user, group = said["owner"]
        path = path_of(said["path"])
        if not path.startswith("/") or absolute(path) != path:
            raise ValueError(path)
        return cls(
            path=path,
            kind=PathKind(said["kind"]),
            mode=int(said["mode"], 8) & 0o7777,
            uid=int(uid),
            gid=int(gid),
            user=path_of(user),
            group=path_of(group),
            target=path_of(said.get("target", "")),
            content=content,
        )


def entries_of_tar(content: bytes, excludes: Iterable[str]) -> list[PathEntry]:
    """Return what a tar file holds, in the order of the paths; devices and sockets are nothing to keep."""
    patterns = tuple(excludes)
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:", errors="surrogateescape") as archive:
            found = {entry.path: entry for entry in _entries(archive, patterns)}
    except (tarfile.TarError, ValueError, KeyError, OverflowError, EOFError, RecursionError) as error:
        raise UnexpectedResponseError(_("What its tar program sent is no tar file.")) from error
    return [found[path] for path in sorted(found)]


def _entries(archive: tarfile.TarFile, patterns: tuple[str, ...]) -> Iterator[PathEntry]:
    contents = TarContents(archive)
    for count, member in enumerate(archive):
        if count > MOST_ENTRIES:
            too_many()
        path = absolute(member.name)
        content = contents.of(member) if member.isreg() or member.islnk() else None
        if path is None or path == "/" or is_left_out(path, patterns):
            continue
        if member.isdir():
            yield _entry(path, PathKind.FOLDER, member)
        elif member.issym():
            yield _entry(path, PathKind.LINK, member, target=member.linkname)
        elif content is not None:
            yield _entry(path, PathKind.FILE, member, content=content)


def _entry(path: str, kind: PathKind, member: tarfile.TarInfo, *, target: str = "", content: bytes = b"") -> PathEntry:
    return PathEntry(
        path=path,
        kind=kind,
        mode=member.mode & 0o7777,
        uid=member.uid,
        gid=member.gid,
        user=member.uname,
        group=member.gname,
        target=target,
        content=content,
    )


def too_many() -> None:
    """Refuse more files than a backup takes."""
    raise UnexpectedResponseError(
        _("There are more than {count} files. Name fewer folders, or exclude some.", count=MOST_ENTRIES)
    )
