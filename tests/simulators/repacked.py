"""Makes wheels again of what is installed in this Python, so that an index can hold them without asking another one."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def repack_needed(wheels: Iterable[Path], folder: Path) -> None:
    """Write the wheels of everything that these wheels need and that is not among them."""
    own = {str(canonicalize_name(wheel.name.partition("-")[0])) for wheel in wheels}
    waiting = [name for wheel in wheels for name in _needs(_requirements_of(wheel))]
    seen = set(own)
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            installed = distribution(name)
            _repack(installed, folder)
            waiting.extend(_needs(installed.requires or ()))


def with_version(wheel: Path, version: str) -> Path:
    """Write the same distribution in another version beside a wheel."""
    name, old, tag = wheel.stem.split("-", 2)
    target = wheel.with_name(f"{name}-{version}-{tag}.whl")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w") as made:
        for member in source.namelist():
            content = source.read(member)
            if member.endswith((".dist-info/METADATA", ".dist-info/RECORD")):
                content = content.replace(f"\nVersion: {old}\n".encode(), f"\nVersion: {version}\n".encode())
                content = content.replace(f"{name}-{old}.".encode(), f"{name}-{version}.".encode())
            made.writestr(member.replace(f"{name}-{old}.dist-info", f"{name}-{version}.dist-info"), content)
    return target


def _repack(installed: Distribution, folder: Path) -> None:
    name = re.sub(r"[-_.]+", "_", installed.name)
    files = [file for file in installed.files or () if ".." not in file.parts and file.suffix != ".pyc"]
    with zipfile.ZipFile(folder / f"{name}-{installed.version}-{_tag(installed)}.whl", "w") as wheel:
        for file in files:
            wheel.write(file.locate(), str(file))


def _tag(installed: Distribution) -> str:
    """Return the tags as a file name holds them: each part once, in the order of the file."""
    lines = re.findall(r"^Tag: (\S+)$", installed.read_text("WHEEL") or "", re.MULTILINE)
    parts = zip(*(line.split("-") for line in lines), strict=True)
    return "-".join(".".join(dict.fromkeys(part)) for part in parts)


def _requirements_of(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        (path,) = (member for member in opened.namelist() if member.endswith(".dist-info/METADATA"))
        return re.findall(r"^Requires-Dist: (.+)$", opened.read(path).decode(), re.MULTILINE)


def _needs(requirements: Iterable[str]) -> Iterator[str]:
    """Return the names of those that apply here without extras."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield str(canonicalize_name(requirement.name))
