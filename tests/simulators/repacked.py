"""Gives on what is installed in this Python, as wheels for an index or to another environment, and asks no index."""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Container, Iterable, Iterator, Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def repack_needed(wheels: Iterable[Path], folder: Path) -> None:
    """Write the wheels of everything that these wheels need and that is not among them."""
    own = {str(canonicalize_name(wheel.name.partition("-")[0])) for wheel in wheels}
    needed = [name for wheel in wheels for name in _needs(_requirements_of(wheel))]
    for installed in _with_needs(needed, but=own):
        _repack(installed, folder)


def link_needed(names: Iterable[str], environment: Path) -> None:
    """Have these distributions and everything that they need in another environment of this Python, compiled or not."""
    place = Path(sysconfig.get_path("purelib"))
    other = environment / place.relative_to(sys.prefix)
    wanted = [(str(canonicalize_name(name)), "") for name in names]
    files = [line.partition(",")[0] for found in _with_needs(wanted) for line in _record(found)]
    _link(sorted({file.partition("/")[0] for file in files} - {".."}), place, other)
    programs = [file for file in files if file.startswith("../") and "/bin/" in file]
    _link([file for file in programs if not _names_an_interpreter(place / file)], place, environment / "bin")
    if sys.pycache_prefix is not None:
        compiled = Path(sys.pycache_prefix, *place.parts[1:])
        for source in compiled.rglob("*.pyc"):
            module = other / source.relative_to(compiled)
            if module.with_suffix("").with_suffix(".py").is_file():
                module.parent.joinpath("__pycache__").mkdir(exist_ok=True)
                shutil.copy(source, module.parent / "__pycache__" / module.name)


def _link(names: Sequence[str], place: Path, target: Path) -> None:
    """Have files and folders elsewhere, with their times, which what was compiled of them names."""
    if names:
        way = ["--link"] if place.stat().st_dev == target.stat().st_dev else []
        subprocess.run(["cp", "--archive", *way, f"--target-directory={target}", *names], cwd=place, check=True)


def _record(installed: Distribution) -> list[str]:
    return (installed.read_text("RECORD") or "").splitlines()


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


def _with_needs(wanted: Iterable[tuple[str, str]], *, but: Container[str] = ()) -> Iterator[Distribution]:
    """Yield what is installed here of these names, each with an extra or none, and all that it needs."""
    waiting, seen = list(wanted), set[tuple[str, str]]()
    while waiting:
        name, extra = found = waiting.pop()
        if found not in seen and name not in but:
            seen.add(found)
            installed = distribution(name)
            if not extra:
                yield installed
            waiting.extend(_needs(installed.requires or (), extra))


def _names_an_interpreter(program: Path) -> bool:
    with program.open("rb") as file:
        return file.read(2) == b"#!"


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


def _needs(requirements: Iterable[str], extra: str = "") -> Iterator[tuple[str, str]]:
    """Yield the names of those that apply here, without an extra and with each that is asked for."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            for asked in ("", *requirement.extras):
                yield str(canonicalize_name(requirement.name)), asked
