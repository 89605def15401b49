"""What a wheel would write, and whether it may; looked at before anything of it is unpacked."""

import configparser
import csv
import re
import stat
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from .requirement import PackageError

_MOST_FILES = 50_000
_MOST_BYTES = 1 << 30
_MOST_TEXT = 8 << 20
_LIBRARY_SCHEMES = {"purelib", "platlib"}
_RUN_AT_EVERY_START = re.compile(r"[^/]*\.(?:pth|egg-link)|(?:site|user)customize(?:\.[^/]*)?(?:/.*)?", re.IGNORECASE)
_COMPRESSIONS = {ZIP_STORED, ZIP_DEFLATED}
_COMPILED = "__pycache__"
"""At the top, what is in it runs in place of modules of others."""
_COMMANDS = ("console_scripts", "gui_scripts")
_DAMAGE = (
    BadZipFile,
    EOFError,
    InvalidWheelFilename,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
    configparser.Error,
    csv.Error,
    zlib.error,
)
_RESERVED = {"custom_components", "homeassistant"}
"""Where Home Assistant looks for integrations."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who has what is there already; names of packages, empty for what none brought."""

    files: Mapping[str, str]
    modules: dict[str, str]
    shared: dict[str, str]
    """Folders without code of their own that several packages may fill, with one that does."""
    scripts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """What one wheel would bring."""

    package: str
    """With its version, as people read it."""
    name: str
    files: tuple[str, ...]
    """Below the folder of packages."""
    scripts: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a wheel says of itself; raises PackageError for one that is damaged or reaches out."""
        try:
            name, version, _, _ = parse_wheel_filename(path.name)
            with ZipFile(path) as archive:
                return cls._of(archive, str(canonicalize_name(name)), str(version))
        except _DAMAGE as error:
            raise PackageError("damaged", package=path.name.partition("-py")[0][:80]) from error

    @classmethod
    def _of(cls, archive: ZipFile, name: str, version: str) -> Self:
        package = f"{name} {version}"
        members = [member for member in archive.infolist() if not member.is_dir()]
        names = [member.filename for member in members]
        if (
            len(names) > _MOST_FILES
            or len(set(names)) < len(names)
            or sum(member.file_size for member in members) > _MOST_BYTES
            or not {member.compress_type for member in members} <= _COMPRESSIONS
        ):
            raise PackageError("damaged", package=package)
        (record,) = [one for one in names if re.fullmatch(r"[^/]+\.dist-info/RECORD", one)]
        info = record.partition("/")[0]
        if canonicalize_name(info.removesuffix(".dist-info").rpartition("-")[0]) != name:
            raise PackageError("reaches_out", package=package, file=info)
        listed = [line[0] for line in csv.reader(_text(archive, record).splitlines()) if line]
        for one in (*names, *listed):
            _refuse_path(package, one)
        for member in members:
            if stat.S_ISLNK(member.external_attr >> 16):
                raise PackageError("reaches_out", package=package, file=member.filename)
        if unknown := sorted(set(listed) - set(names)):
            # What a record names is deleted with the package, whoever wrote it.
            raise PackageError("reaches_out", package=package, file=unknown[0])
        files = tuple(_target(package, info, one) for one in names)
        if len(set(files)) < len(files):
            raise PackageError("damaged", package=package)
        points = _text(archive, f"{info}/entry_points.txt") if f"{info}/entry_points.txt" in names else ""
        return cls(
            package=package,
            name=name,
            files=files,
            scripts=_commands(package, points),
        )

    @property
    def modules(self) -> frozenset[str]:
        """Return the first names by which its code is imported."""
        return frozenset(
            PurePosixPath(file).parts[0].partition(".")[0]
            for file in self.files
            if "/" in file or re.search(r"\.(?:py|pyc|so|pyd)$", file)
            if not PurePosixPath(file).parts[0].endswith(".dist-info")
        )

    def has_code_of_its_own(self, module: str) -> bool:
        """Return whether a name is a module or a regular package of it, not a folder that several share."""
        return any(
            file == f"{module}/__init__.py" or ("/" not in file and file.partition(".")[0] == module)
            for file in self.files
        )


def refuse_what_is_not_its_own(wheels: Sequence[Wheel], owners: Owners) -> None:
    """Raise PackageError if a wheel would write, hide or come before what is another's."""
    coming: dict[str, str] = {}
    for wheel in wheels:
        for file in wheel.files:
            owner = owners.files.get(file, coming.setdefault(file, wheel.name))
            if owner != wheel.name:
                raise PackageError("of_another", package=wheel.package, file=file, owner=owner)
        for module in sorted(wheel.modules):
            taken = owners.modules | (owners.shared if wheel.has_code_of_its_own(module) else {})
            if (owner := taken.get(module, wheel.name)) != wheel.name:
                raise PackageError("of_another", package=wheel.package, file=module, owner=owner or "Home Assistant")
        for script in wheel.scripts:
            if (owner := owners.scripts.get(script, wheel.name)) != wheel.name:
                raise PackageError("of_another", package=wheel.package, file=script, owner=owner or "Python")


def _target(package: str, info: str, path: str) -> str:
    """Return where a member goes below the folder of packages; raises PackageError if it goes elsewhere."""
    first, _, rest = path.partition("/")
    if first.endswith(".data"):
        scheme, _, path = rest.partition("/")
        if scheme not in _LIBRARY_SCHEMES or not path:
            raise PackageError("reaches_out", package=package, file=rest)
        first = path.partition("/")[0]
    if _RUN_AT_EVERY_START.fullmatch(path):
        raise PackageError("runs_at_start", package=package, file=path)
    foreign_info = first.endswith((".dist-info", ".egg-info")) and first != info
    if foreign_info or first == _COMPILED or first.partition(".")[0] in _RESERVED:
        raise PackageError("reaches_out", package=package, file=path)
    return path


def _refuse_path(package: str, path: str) -> None:
    parts = path.split("/")
    if not path.isprintable() or "\\" in path or ":" in parts[0] or {"", ".", ".."} & set(parts):
        raise PackageError("reaches_out", package=package, file=path[:80])


def _commands(package: str, points: str) -> tuple[str, ...]:
    parser = configparser.ConfigParser(delimiters="=", interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names stay as they are written
    parser.read_string(points)
    found = sorted({name for group in _COMMANDS if parser.has_section(group) for name in parser.options(group)})
    for name in found:
        _refuse_path(package, name)
        if "/" in name:
            raise PackageError("reaches_out", package=package, file=name)
    return tuple(found)


def _text(archive: ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > _MOST_TEXT:
        raise BadZipFile
    return archive.read(name).decode()


def paths_of(wheels: Iterable[Wheel]) -> dict[str, list[str]]:
    """Return what has to be known of whom about some wheels."""
    found = list(wheels)
    return {
        "files": sorted({file for wheel in found for file in wheel.files}),
        "modules": sorted({module for wheel in found for module in wheel.modules}),
        "scripts": sorted({script for wheel in found for script in wheel.scripts}),
    }
