import asyncio
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import importlib_metadata
import pytest
from typer.testing import CliRunner

from ha_device_backup_core.cli import own_output
from ha_device_backup_core.cli.application import app
from ha_device_backup_core.errors import CannotConnectError
from ha_device_backup_core.plugins.hookspecs import PROJECT
from ha_device_backup_core.restore_records import RestoreReport
from tests.prepared import Starter

from ..distributions import SitePackages
from ..example_device import ExampleDevice, running

NO_KINDS = """
from ha_device_backup_core import hookimpl


@hookimpl
def device_backup_handlers():
    return []
"""
MODULE = "ha_device_backup_core.cli"
COMMAND = (sys.executable, "-m", MODULE)
STARTER = Starter(f"{MODULE}.application", f"{MODULE}.own_output")
"""Where nothing is on trial that happens before a command begins."""
PASSWORD = "c4nary secret"
KITCHEN = b'{"name": "kitchen", "uptime": 1}'
"""What the device holds."""


@dataclass(frozen=True)
class Answer:
    status: int
    output: str
    errors: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        return json.loads(self.output)


class Command:
    """The command line, run in this process; no secret may be in what it prints."""

    def __call__(self, *arguments: object, typed: str | None = None) -> Answer:
        with pytest.MonkeyPatch.context() as alone:
            alone.setattr(own_output, "_claimed", None)
            result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert PASSWORD not in result.output
        return Answer(status=result.exit_code, output=result.stdout, errors=result.stderr)


@pytest.fixture(autouse=True, scope="session")
def starter() -> Iterator[None]:
    """End the one that starts commands with the tests."""
    yield
    STARTER.end()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose no language, whatever the machine speaks that runs the tests."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def command() -> Command:
    return Command()


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SitePackages]:
    folder = tmp_path / "site"
    folder.mkdir()
    packages = SitePackages(folder)
    packages.install(
        "example-plugin",
        None,
        version="2.1",
        entry_points="[ha_device_backup]\nexample = tests.core.example_handler\n",
    )
    monkeypatch.syspath_prepend(folder)
    yield packages
    packages.forget()


class Household:
    """Devices that run while a command, which has an event loop of its own, talks to them."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._end: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, device: ExampleDevice) -> ExampleDevice:
        asyncio.run_coroutine_threadsafe(self._start(device), self._loop).result(30)
        return device

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self, device: ExampleDevice) -> None:
        started, end = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with running(device):
                started.set()
                await end.wait()

        self._end.append(end)
        self._tasks.append(asyncio.create_task(live()))
        await started.wait()

    async def _stop(self) -> None:
        for end in self._end:
            end.set()
        await asyncio.gather(*self._tasks)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture
def household() -> Iterator[Household]:
    opened = Household()
    yield opened
    opened.close()


@pytest.fixture
def device(household: Household) -> ExampleDevice:
    return household.add(ExampleDevice(password=PASSWORD))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def login(device: ExampleDevice, secret: Path) -> list[str]:
    """Return the arguments that name the device."""
    return ["--set", "host=127.0.0.1", "--set", f"port={device.port}", "--set", f"password=@{secret}"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="session")
def without_kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where each package that is installed here seems to be another one, of no kinds: to load all takes time."""
    packages = SitePackages(tmp_path_factory.mktemp("without-kinds"))
    packages.install("no-kinds", NO_KINDS, entry_points="")
    for point in importlib_metadata.entry_points(group=PROJECT):
        points = f"[{PROJECT}]\n{point.name} = no_kinds\n"
        packages.install(point.dist.name, None, version=point.dist.version, entry_points=points)
    return packages.folder


@pytest.fixture
def environment(tmp_path: Path, without_kinds: Path) -> dict[str, str]:
    """Return the environment of a process that finds the example handler, and no other."""
    path = os.pathsep.join([str(tmp_path / "site"), str(without_kinds), str(Path(__file__).parents[3])])
    return os.environ | {"PYTHONPATH": path, "TERM": "dumb"}


@pytest.fixture
def backup(command: Command, device: ExampleDevice, login: list[str], store: Path) -> Path:
    """Return the file of a backup; the device has been reset since."""
    answer = command("back-up", "example", *login, "--store", store, "--json")
    device.config = b'{"name": "factory"}'
    device.requests.clear()
    return Path(answer.json["backup"]["path"])


def backup_id(backup: Path) -> str:
    """Return the id of the backup in a file."""
    return str(json.loads(backup.with_name(f"{backup.name}.meta.json").read_text())["id"])


async def break_off(*_: object) -> RestoreReport:
    """Stand in for the restore of a handler that loses its device in the middle."""
    raise CannotConnectError
