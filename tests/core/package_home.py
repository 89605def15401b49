"""A Python of its own with this core in it, where packages can come and go, and an index to take them from."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_core.packages.installer import Installer
from ha_device_backup_core.packages.requirement import PackageVersion
from tests.core.distributions import handler_source
from tests.simulators.package_index import PackageIndex, running_index
from tests.simulators.wheels import write_wheel

ROOT = Path(__file__).parents[2]
OTHER_PYTHONS = ("VIRTUAL_ENV", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT")
"""By these the tests themselves are run; the installer would take them for its own."""
OTHER_INDEXES = ("UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX")
LIMITS = "numpy==2.3.2\n"
UV = (sys.executable, "-m", "uv")


@dataclass(frozen=True)
class PackageHome:
    """Where packages are installed, and where they come from."""

    index: PackageIndex
    installer: Installer

    def publish(self, name: str, number: str = "1.0", *, kind: str = "", requires: tuple[str, ...] = ()) -> None:
        """Put a good handler package into the index."""
        kind = kind or name.replace("-", "_")
        write_wheel(self.index.folder, name, number, source=handler_source(kind), requires=requires)

    async def have(self, package: PackageVersion, *, kind: str = "") -> None:
        """Begin with a package that was installed earlier."""
        self.publish(package.name, package.version, kind=kind)
        command = [*UV, "pip", "install", "--quiet", "--python", self.installer.python, package.requirement]
        await asyncio.to_thread(subprocess.run, command, check=True)

    def site_packages(self) -> Path:
        """Return where they are."""
        (folder,) = Path(self.installer.python).parents[1].glob("lib/python*/site-packages")
        return folder

    def versions(self) -> Mapping[str, str]:
        """Return what is installed, as the folder itself shows it."""
        found = (path.stem.partition("-") for path in self.site_packages().glob("*.dist-info"))
        return {name.replace("_", "-"): version for name, _, version in found}


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with this core, and return its interpreter."""
    subprocess.run([*UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin/python"
    # The installer runs uv in the Python that it is for.
    wanted = ["uv", "--editable", str(ROOT)]
    subprocess.run([*UV, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    # All that this keeps is what uv asks of a Python before each command.
    keeping = ["--cache-dir", str(_cache(python)), "--quiet"]
    subprocess.run([*UV, "pip", "list", "--python", python, *keeping], check=True, stdout=subprocess.DEVNULL)
    return python


def _cache(python: Path) -> Path:
    return python.parents[1].with_name("uv-cache")


@asynccontextmanager
async def only_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PackageIndex]:
    """Run an empty package index, the only one there is."""
    folder.mkdir()
    for name in (*OTHER_PYTHONS, *OTHER_INDEXES):
        monkeypatch.delenv(name, raising=False)
    async with running_index(folder, token="") as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.simple_url)
        monkeypatch.setenv("UV_CACHE_DIR", str(folder.with_name("uv-cache")))
        monkeypatch.setenv("UV_NO_CONFIG", "1")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        yield index


@contextmanager
def package_home(python: Path, index: PackageIndex) -> Iterator[PackageHome]:
    """Return a home whose packages can come and go; what a test installed goes with it."""
    limits = index.folder.with_name("limits.txt")
    limits.write_text(LIMITS)
    shutil.copytree(_cache(python), index.folder.with_name("uv-cache"))
    home = PackageHome(index, Installer(str(python), limits=limits, examination_seconds=20))
    before = home.versions()
    with on_path(python):
        yield home
    if left := home.versions().keys() - before.keys():
        subprocess.run([*UV, "pip", "uninstall", "--quiet", "--python", python, *left], check=True)


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
