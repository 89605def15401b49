"""The Home Assistants of all tests that do not need one of their own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.live.controllers import Controller, simulated_controllers
from scripts.live.folder import INTEGRATION
from tests.simulators.package_index import running_index

from .authors import REPOSITORY, copy_repository
from .browser import SHARED_BROWSER
from .forked import starter
from .fresh_python import FreshPython, fill_index
from .home import Home, fresh_home
from .pages import Words

# It would be installed when Home Assistant starts, from an index that we do not have.
WITHOUT_SECOND_FACTOR = "homeassistant:\n  auth_mfa_modules: []\n"


def pytest_configure(config: pytest.Config) -> None:
    """Have one starter of Home Assistants for the tests of all workers."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        stack = contextlib.ExitStack()
        stack.enter_context(starter())
        config.add_cleanup(stack.close)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of one Home Assistant together: each worker starts those of its own tests."""
    if isinstance(item, pytest.Function):
        item.add_marker(pytest.mark.xdist_group(_home_of(item)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the browser whether there is something to look at."""
    report = yield
    SHARED_BROWSER.test_has_failed = report.failed
    return report


def _home_of(item: pytest.Function) -> str:
    if "empty_home" in item.fixturenames and not hasattr(item.module, "empty_home"):
        return f"empty home {item.callspec.params['words']}"
    if {"bare_home", "fresh_python"} & set(item.fixturenames):
        return "bare home"
    if "home" in item.fixturenames and not hasattr(item.module, "home"):
        return "home"
    return str(item.module.__name__)


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of everything that is written; it stays for a look after a failure."""
    return tmp_path_factory.mktemp("e2e")


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def browser_of_all_tests() -> AsyncIterator[None]:
    """End the browser after the last test."""
    yield
    await SHARED_BROWSER.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def controllers() -> AsyncIterator[list[Controller]]:
    """Start the simulated controllers."""
    async with simulated_controllers() as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(work: Path, controllers: list[Controller]) -> AsyncIterator[Home]:
    """Start a Home Assistant that has backed up the first two controllers."""
    async with fresh_home(work / "home", controllers[:2]) as started:
        yield started


@pytest.fixture(params=["en", "de"], scope="session")
def words(request: pytest.FixtureRequest) -> Words:
    """Return the texts of one language, then of the other."""
    return Words(request.param)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty_home(work: Path, words: Words) -> AsyncIterator[Home]:
    """Start a Home Assistant for each language, which is lent to one test after the other."""
    async with fresh_home(work / f"empty-home-{words.language}", []) as started:
        await started.client.command("config/core/update", language=words.language)
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fresh_python(work: Path) -> AsyncIterator[FreshPython]:
    """Make a Python with Home Assistant alone, next to an index with our packages."""
    folder = work / "index"
    folder.mkdir()
    async with running_index(folder, token="") as index:
        python = FreshPython(work / "python", index)
        await asyncio.gather(asyncio.to_thread(fill_index, index), asyncio.to_thread(python.create))
        yield python


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bare_home(work: Path, controllers: list[Controller], fresh_python: FreshPython) -> AsyncIterator[Home]:
    """Start Home Assistant there, with our integration and two of authors in its folder, and add one controller."""
    async with fresh_home(
        work / "bare-home",
        controllers[2:3],
        integrations=[INTEGRATION, REPOSITORY, copy_repository(work)],
        extra=WITHOUT_SECOND_FACTOR,
        runtime=fresh_python.runtime,
    ) as started:
        yield started
