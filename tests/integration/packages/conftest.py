"""One Python of its own for all tests of this folder: making it takes longer than they do."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from custom_components.ha_device_backups.packages import package_manager
from tests.core.package_home import PackageHome, make_environment, only_index, package_home
from tests.simulators.package_index import PackageIndex

from .folder_installer import FolderInstaller, folder_installer


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter that packages are installed for."""
    return make_environment(tmp_path_factory.mktemp("python") / "environment")


@pytest.fixture
async def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> AsyncIterator[PackageIndex]:
    """Return an empty package index, the only one there is."""
    async with only_index(tmp_path / "index", monkeypatch) as index:
        yield index


@pytest.fixture
def packages(python: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch, _home: None) -> Iterator[PackageHome]:
    """Return a home whose packages can come and go; what a test installed goes with it."""
    with package_home(python, index) as home:
        monkeypatch.setattr(package_manager, "home_assistant_installer", lambda: home.installer)
        yield home


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FolderInstaller]:
    """Return an installer for tests of what comes before and after an installation."""
    with folder_installer(tmp_path / "site-packages") as installer:
        monkeypatch.setattr(package_manager, "home_assistant_installer", lambda: installer)
        yield installer
