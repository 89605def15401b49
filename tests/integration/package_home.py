"""A Python of its own with Home Assistant in it, where packages can come and go, and an index to take them from."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from custom_components.ha_device_backups.packages.installer import Installer
from tests.core.distributions import handler_source
from tests.simulators.package_index import PackageIndex
from tests.simulators.wheels import write_wheel

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class PackageHome:
    """Where packages are installed, and where they come from."""

    index: PackageIndex
    installer: Installer

    def publish(self, name: str, number: str = "1.0", *, kind: str = "", requires: tuple[str, ...] = ()) -> None:
        """Put a good handler package into the index."""
        kind = kind or name.replace("-", "_")
        write_wheel(self.index.folder, name, number, source=handler_source(kind), requires=requires)

    def site_packages(self) -> Path:
        """Return where they are."""
        (folder,) = Path(self.installer.python).parents[1].glob("lib/python*/site-packages")
        return folder

    def versions(self) -> Mapping[str, str]:
        """Return what is installed."""
        return self.installer.installed().versions


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with the same Home Assistant and this core, and return its interpreter."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin/python"
    wanted = [f"homeassistant=={version('homeassistant')}", "--editable", str(ROOT)]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    return python


@contextmanager
def on_path(python: Path) -> Iterator[None]:
    """Let this process import what is installed there, behind all that it has itself."""
    before, modules = sys.path[:], set(sys.modules)
    sys.path.extend(str(folder) for folder in python.parents[1].glob("lib/python*/site-packages"))
    try:
        yield
    finally:
        sys.path[:] = before
        for name in set(sys.modules) - modules:
            if "device_backup" not in name and not name.startswith(("homeassistant", "tests")):
                sys.modules.pop(name)
