"""A third-party handler package with every kind of field, installed as pip would leave it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MODULES = ("acme_device_backup", "broken_device_backup")
_GERMAN = {
    "ACME heating": "ACME-Heizung",
    "Plant number": "Anlagennummer",
    "On the *sticker*, see [here](https://evil.example)": "Auf dem Aufkleber",
    "Service code": "Servicecode",
    "Model one": "Modell eins",
    "Press the *button*.": "Taste drücken.",
}


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Put the distribution on the path."""
    install(folder)
    with _on_path(folder):
        yield


@contextmanager
def broken_installed(folder: Path) -> Iterator[None]:
    """Put a distribution on the path whose module cannot be imported."""
    _write(folder, "broken", "0.9", "raise RuntimeError('*no* good')\n")
    with _on_path(folder):
        yield


def install(folder: Path) -> None:
    """Write the distribution into a folder, which is or will be on somebody's path."""
    _write(folder, "acme", "2.3", Path(__file__).with_name("acme_device_backup.py").read_text())
    translations = folder / "acme_device_backup" / "translations"
    translations.mkdir(exist_ok=True)
    (translations / "de.json").write_text(json.dumps(_GERMAN))


def _write(folder: Path, name: str, version: str, source: str) -> None:
    info = folder / f"{name}_device_backup-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-device-backup\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[ha_device_backup]\n{name} = {name}_device_backup\n")
    package = folder / f"{name}_device_backup"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text(source)


@contextmanager
def _on_path(folder: Path) -> Iterator[None]:
    before = sys.path[:]
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = before
        for module in _MODULES:
            sys.modules.pop(module, None)
