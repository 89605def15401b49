"""Makes packages as their authors would publish them, without building anything."""

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType


def metadata(name: str, version: str, requires: Sequence[str] = (), requires_python: str = ">=3.13") -> str:
    """Return the METADATA of a distribution."""
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: {requires_python}\n{needs}"


def write_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    source: str = "",
    requires: Sequence[str] = (),
    requires_python: str = ">=3.13",
    tag: str = "py3-none-any",
    entry_points: str | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
    also_listed: Sequence[str] = (),
) -> Path:
    """Write a wheel of one module, by default with the entry point of a handler package.

    `more` are further files, `also_listed` what its record names beside what it holds.
    """
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    if entry_points is None:
        entry_points = f"[ha_device_backup]\n{module} = {module}\n"
    files = {
        f"{module}.py": source,
        f"{info}/METADATA": metadata(name, version, requires, requires_python),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/entry_points.txt": entry_points,
        **more,
    }
    lines = [f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in files.items()]
    files[f"{info}/RECORD"] = "".join([*lines, *(f"{path},,\n" for path in also_listed), f"{info}/RECORD,,\n"])
    wheel = folder / f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def write_source_distribution(folder: Path, name: str, version: str = "1.0") -> Path:
    """Write a package that would have to be built."""
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}.tar.gz"
    files = {
        "PKG-INFO": metadata(name, version),
        "setup.py": "raise SystemExit('this must never run')\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n',
    }
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            member = tarfile.TarInfo(f"{stem}/{file}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
