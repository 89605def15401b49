"""What all checks share: the handler, its devices, and the checks that its author relaxed."""

import inspect
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler
from ha_device_backup_core.records import Fetched

from .harness import Bench, open_bench, run
from .recording import find_recordings
from .source import DeviceSource, RecordingSource, Simulated, SimulatorSource

_PREFIX = "test_"


class Suite:
    """A class of checks; `HandlerConformance` is made of several."""

    handler: ClassVar[type[DeviceBackupHandler]]
    """The handler class."""
    recordings: ClassVar[Path | None] = None
    """A folder of recordings, one folder each."""
    essential: ClassVar[tuple[str, ...]] = ()
    """Names of files without which a bundle is no backup: each is checked alone."""
    importable: ClassVar[tuple[Artifact, ...]] = ()
    """Other forms of a backup that a person may hand in (a file of the bundle alone): checked like what is fetched."""
    patience: ClassVar[float] = 3.0
    """Seconds after which a job with a device that hangs is given up; more than a probe of a healthy one takes."""
    relaxed: ClassVar[Mapping[str, str]] = {}
    """Checks that do not apply (name without test_) and why not."""
    _fetched: ClassVar[dict[str, tuple[Fetched, Bench]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep the backups of its own devices alone."""
        super().__init_subclass__()
        cls._fetched = {}

    def simulator(self) -> AbstractAsyncContextManager[Simulated]:
        """Override this to start a simulated device; a fresh one each time."""
        raise NotImplementedError

    @classmethod
    def sources(cls) -> list[DeviceSource]:
        """Return the devices to check with."""
        found: list[DeviceSource] = []
        if cls.simulator is not Suite.simulator:
            found.append(SimulatorSource(cls().simulator))
        if cls.recordings is not None:
            found.extend(RecordingSource(folder) for folder in find_recordings(cls.recordings))
        return found

    def bench(self, source: DeviceSource) -> AbstractAsyncContextManager[Bench]:
        """Put the handler before a device."""
        return open_bench(self.handler, source, patience=self.patience)

    def fetched(self, source: DeviceSource) -> tuple[Fetched, Bench]:
        """Return a backup and where it was made; once for all the checks that only look at what came of that."""

        async def fetch() -> tuple[Fetched, Bench]:
            async with self.bench(source) as bench:
                return await bench.backup(), bench

        if source.name not in self._fetched:
            self._fetched[source.name] = run(fetch())
        return self._fetched[source.name]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run each check that asks a device once for each of them."""
        if "source" in metafunc.fixturenames:
            metafunc.parametrize("source", self.sources(), ids=lambda source: str(source.name))

    @pytest.fixture(autouse=True)
    def skip_relaxed_check(self, request: pytest.FixtureRequest) -> None:
        """Skip a check that the author relaxed; the reason is in the report."""
        name = request.node.originalname.removeprefix(_PREFIX)
        if name in self.relaxed:
            pytest.skip(f"relaxed: {self.relaxed[name]}")

    @classmethod
    def checks(cls) -> set[str]:
        """Return the names of all checks."""
        functions = inspect.getmembers(cls, inspect.isfunction)
        return {name.removeprefix(_PREFIX) for name, _ in functions if name.startswith(_PREFIX)}
