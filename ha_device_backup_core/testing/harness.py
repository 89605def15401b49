"""Runs the jobs of one handler with one device, the way the product runs them, and notes what happens meanwhile."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, Never

from ha_device_backup_core.contract import Artifact, ConfigValue, DeviceBackupHandler, DeviceInfo, Person
from ha_device_backup_core.errors import DeviceBackupError, WrongDeviceError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched
from ha_device_backup_core.restore_records import RestorePlan, RestoreReport
from ha_device_backup_core.text import Text

from .assertions import describe, fail
from .network import NetworkProbe, Phase
from .source import DeviceSource, OpenDevice

SMALL_ARTIFACT = 64 * 1024
_SECONDS_TO_END = 5.0

in_job: ContextVar[bool] = ContextVar("in_job", default=False)
"""Set in everything that a job starts, tasks that outlive it included."""


@dataclass(kw_only=True)
class Bench:
    """A device that answers, a handler, and the network between them."""

    handler: type[DeviceBackupHandler]
    device: OpenDevice
    network: NetworkProbe
    patience: float
    """Seconds after which a job with a device that hangs is given up."""
    closed: int = 0
    """How many jobs were closed."""
    logs: list[str] = field(default_factory=list)

    async def probe(self) -> DeviceInfo:
        """Ask who is there."""
        with self._job():
            return await runner.probe(
                self._registered(), self.device.config, sessions=self.network.session, person=self._person
            )

    async def fetch(
        self, *, hurry: bool = False, small: bool = False, config: Mapping[str, ConfigValue] = MappingProxyType({})
    ) -> Fetched:
        """Make a backup; in a hurry after `patience` seconds at most, small with few bytes allowed."""
        registered = self._registered(hurry=hurry, small=small)
        entered = {**self.device.config, **config}
        with self._job():
            return await runner.fetch(
                registered, entered, expected_unique_id=None, sessions=self.network.session, person=self._person
            )

    async def backup(self) -> Fetched:
        """Make a backup of a device that is well; anything else fails the check."""
        try:
            return await self.fetch()
        except WrongDeviceError:
            fail(
                "One and the same device was taken for two: test_connection and owner have to tell"
                " the same id each time; owner returns None where the artifact does not tell."
            )
        except DeviceBackupError as error:
            self._fail("there is no backup of it", error)

    async def identity(self) -> DeviceInfo:
        """Ask a device that is well who is there; anything else fails the check."""
        try:
            return await self.probe()
        except DeviceBackupError as error:
            self._fail("it is not recognised", error)

    def unknown_requests(self) -> list[str]:
        """Return what the handler asked that was not recorded."""
        return self.device.replay.unknown if self.device.replay else []

    def _fail(self, words: str, error: DeviceBackupError) -> Never:
        unknown = ", ".join(self.unknown_requests())
        advice = f" Not in the recording: {unknown}. Record the device again." if unknown else ""
        fail(f"The device is well, but {words}: {describe(error)}.{advice}")

    async def plan(self, artifact: Artifact) -> RestorePlan:
        """Ask what a restore would do."""
        with self._job():
            _, plan = await runner.plan(
                self._registered(),
                self.device.config,
                artifact,
                expected_unique_id=None,
                sessions=self.network.session,
                person=self._person,
            )
            return plan

    async def restore(self, artifact: Artifact) -> RestoreReport:
        """Put a backup back."""
        with self._job():
            return await runner.restore(
                self._registered(),
                self.device.config,
                artifact,
                _no_progress,
                expected_unique_id=None,
                sessions=self.network.session,
                person=self._person,
            )

    @property
    def can_restore(self) -> bool:
        """Whether the handler puts backups back."""
        return self._registered().can_restore

    @property
    def _person(self) -> Person | None:
        return self.device.person

    @contextlib.contextmanager
    def _job(self) -> Iterator[None]:
        self.device.begin_job()
        self.network.phase = Phase.CONNECTION
        token = in_job.set(True)
        try:
            yield
        finally:
            in_job.reset(token)

    def _registered(self, *, hurry: bool = False, small: bool = False) -> RegisteredHandler:
        spec = self.handler.spec
        if hurry:
            spec = replace(spec, fetch_timeout=self.patience)
        if small:
            spec = replace(spec, max_artifact_bytes=min(SMALL_ARTIFACT, spec.max_artifact_bytes))
        traced = _traced(self, spec=spec)
        return RegisteredHandler(handler=traced, distribution=self.handler.__module__, version="under test")


def _traced(bench: Bench, **attributes: object) -> type[DeviceBackupHandler]:
    """Return the handler as a class that tells what of it is running."""
    handler = bench.handler

    def traced(phase: Phase) -> Any:  # noqa: ANN401 - whatever the method is
        method = getattr(handler, phase.value)

        @wraps(method)
        async def call(self: DeviceBackupHandler, *arguments: object) -> object:
            bench.network.phase = phase
            bench.closed += phase is Phase.CLOSE
            return await method(self, *arguments)

        return call

    overridden = [phase for phase in Phase if getattr(handler, phase) is not getattr(DeviceBackupHandler, phase)]
    wrapped = {phase.value: traced(phase) for phase in {*overridden, Phase.CLOSE}}
    return type(handler.__name__, (handler,), {"__module__": handler.__module__, **wrapped, **attributes})


@contextlib.asynccontextmanager
async def open_bench(
    handler: type[DeviceBackupHandler], source: DeviceSource, *, patience: float
) -> AsyncIterator[Bench]:
    """Open a device of the source and put the handler before it."""
    # A Unix socket has a short path, so it cannot lie below the folders of pytest.
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        async with source.open(folder) as device:
            bench = Bench(
                handler=handler, device=device, network=NetworkProbe(folder, device=device.socket), patience=patience
            )
            with _logged_to(bench.logs):
                yield bench


def _no_progress(_share: float | None, _text: Text) -> None:
    """Leave the progress of a restore to those who look at it."""


def run[T](main: Coroutine[Any, Any, T]) -> T:
    """Run a check in an event loop of its own, and end whatever it leaves."""
    # asyncio.run would wait for ever for a task that does not let itself be cancelled.
    loop = asyncio.SelectorEventLoop()
    try:
        return loop.run_until_complete(_and_end_the_rest(main))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor(_SECONDS_TO_END))
        loop.close()


async def _and_end_the_rest[T](main: Coroutine[Any, Any, T]) -> T:
    try:
        return await main
    finally:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_SECONDS_TO_END)


class _List(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._texts = texts
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(self.format(record))


@contextlib.contextmanager
def _logged_to(texts: list[str]) -> Iterator[None]:
    root, collector = logging.getLogger(), _List(texts)
    before = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(collector)
