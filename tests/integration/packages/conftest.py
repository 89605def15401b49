"""One Python of its own for all tests of this folder: making it takes longer than they do."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from custom_components.ha_device_backups.packages import package_manager as keeper
from custom_components.ha_device_backups.packages.installer import Installer
from tests.integration.package_home import PackageHome, make_environment, on_path
from tests.simulators.package_index import PackageIndex, running_index

from .folder_installer import FolderInstaller, folder_installer

OTHER_PYTHONS = ("VIRTUAL_ENV", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT")
"""By these the tests themselves are run; the installer would take them for its own."""
OTHER_INDEXES = ("UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX")


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter that packages are installed for."""
    return make_environment(tmp_path_factory.mktemp("python") / "environment")


@pytest.fixture
async def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> AsyncIterator[PackageIndex]:
    """Return an empty package index, the only one there is."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in (*OTHER_PYTHONS, *OTHER_INDEXES):
        monkeypatch.delenv(name, raising=False)
    async with running_index(folder, token="") as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.simple_url)
        monkeypatch.setenv("UV_NO_CACHE", "1")
        monkeypatch.setenv("UV_NO_CONFIG", "1")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        yield index


@pytest.fixture
def packages(python: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch, _home: None) -> Iterator[PackageHome]:
    """Return a home whose packages can come and go; what a test installed goes with it."""
    home = PackageHome(index, Installer(str(python), examination_seconds=20))
    monkeypatch.setattr(keeper, "Installer", lambda: home.installer)
    before = home.versions()
    with on_path(python):
        yield home
    if left := home.versions().keys() - before.keys():
        home.installer.uninstall(left, (), ())


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FolderInstaller]:
    """Return an installer for tests of what comes before and after an installation."""
    with folder_installer(tmp_path / "site-packages") as installer:
        monkeypatch.setattr(keeper, "Installer", lambda: installer)
        yield installer
