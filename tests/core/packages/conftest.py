"""One Python of its own for all tests of this folder: making it takes longer than they do."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.core.package_home import PackageHome, make_environment, only_index, package_home
from tests.simulators.package_index import PackageIndex


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter that packages are installed for."""
    return make_environment(tmp_path_factory.mktemp("python") / "environment")


@pytest.fixture
async def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PackageIndex]:
    """Return an empty package index, the only one there is."""
    async with only_index(tmp_path / "index", monkeypatch) as index:
        yield index


@pytest.fixture
def packages(python: Path, index: PackageIndex) -> Iterator[PackageHome]:
    """Return a home whose packages can come and go."""
    with package_home(python, index) as home:
        yield home
