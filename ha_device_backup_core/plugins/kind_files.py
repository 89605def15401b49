"""Files of a person that describe kinds of devices: packages that read such files make handlers of them."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any

from ..contract import MEBIBYTE, DeviceBackupHandler
from ..text import Text, _
from .entry_points import LoadedPackage, PackageEntry, checked_handler
from .ownership import FILE
from .unusable import UnusableError, mistakes_of, words_of

MOST_BYTES_OF_KIND_FILE = MEBIBYTE
_MOST_FILES = 500
_MOST_FACTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFile:
    """A file, by its name without folders; `fault` is why it could not be read."""

    name: str
    content: bytes = field(default=b"", repr=False)
    fault: Text | None = None

    @property
    def owner(self) -> str:
        """Return what owns the kind that it describes."""
        return FILE + self.name

    @property
    def likely_kind(self) -> str | None:
        """Return the kind that it is named after."""
        stem = PurePosixPath(self.name).stem
        return stem if re.fullmatch(r"[a-z][a-z0-9_]{1,31}", stem) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadKindFile:
    """What a package made of a file: a handler, or all that is wrong with the file."""

    file: KindFile
    package: PackageEntry | None = None
    """Which read it."""
    handler: type[DeviceBackupHandler] | None = None
    facts: tuple[Text, ...] = ()
    """What the package tells of it to who decides whether to take it, where it was asked."""
    mistakes: tuple[Text, ...] = ()

    @property
    def kind(self) -> str | None:
        """Return the kind that it describes, or is named after."""
        return self.file.likely_kind if self.handler is None else self.handler.spec.kind


def kind_files_in(folder: Path) -> list[KindFile]:
    """Return the files in a folder by name, hidden ones and folders left out; blocking."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return [KindFile(name=folder.name, fault=words_of(error))]
    return [file for path in paths[:_MOST_FILES] if (file := _read(path)) is not None]


def read_kind_file(
    file: KindFile, entry: PackageEntry, package: LoadedPackage, *, with_facts: bool
) -> ReadKindFile | None:
    """Return what a package makes of a file, None if it does not read such files; runs code of the package."""
    if package.hooks is None:
        return None
    try:
        return _made(file, entry, package.hooks, with_facts=with_facts)
    except UnusableError as error:
        mistake = error.message
    except BaseException as error:  # noqa: BLE001 - foreign code
        mistake = words_of(error)
    return ReadKindFile(file=file, package=entry, mistakes=(mistake,))


def _made(file: KindFile, entry: PackageEntry, hooks: Any, *, with_facts: bool) -> ReadKindFile | None:  # noqa: ANN401
    answers = hooks.device_backup_handlers_of_file(name=file.name, content=file.content)
    found = [one for answer in answers for one in itertools.islice(answer, 2)]
    if not found:
        return None
    if len(found) > 1:
        return ReadKindFile(file=file, package=entry, mistakes=(_("It describes more than one kind."),))
    if isinstance(found[0], Exception):
        return ReadKindFile(file=file, package=entry, mistakes=mistakes_of(found[0]))
    handler = checked_handler(entry, found[0])
    return ReadKindFile(file=file, package=entry, handler=handler, facts=_facts(file, hooks) if with_facts else ())


def _facts(file: KindFile, hooks: Any) -> tuple[Text, ...]:  # noqa: ANN401
    answers: list[Iterable[Text]] = hooks.device_backup_facts_of_file(name=file.name, content=file.content)
    return tuple(itertools.islice(itertools.chain.from_iterable(answers), _MOST_FACTS))


def _read(path: Path) -> KindFile | None:
    try:
        if not S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            content = file.read(MOST_BYTES_OF_KIND_FILE + 1)
    except OSError as error:
        return KindFile(name=path.name, fault=words_of(error))
    if len(content) > MOST_BYTES_OF_KIND_FILE:
        return KindFile(name=path.name, fault=too_large())
    return KindFile(name=path.name, content=content)


def too_large() -> Text:
    """Return what is said of a file that no recipe can be."""
    return _("It has more than {limit} bytes.", limit=MOST_BYTES_OF_KIND_FILE)
