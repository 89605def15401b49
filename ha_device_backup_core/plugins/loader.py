"""Imports handler packages within a time limit, and knows what of them is running."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..package_problems import ProblemKind
from ..text import _
from .entry_points import LoadedPackage, PackageEntry, load_package
from .kind_files import KindFile, ReadKindFile, read_kind_file
from .unusable import UnusableError

IMPORT_SECONDS = 30.0
"""How long a package may take to be imported and to name its handlers; most take a few milliseconds."""


class PackageLoader:
    """Owns which packages are imported, in which version, and which of them hang."""

    def __init__(self, limit: float = IMPORT_SECONDS) -> None:
        """Take the seconds that one package may take."""
        self._limit = limit
        self._running: dict[tuple[str, str], str] = {}
        self._hanging: dict[PackageEntry, _Call[LoadedPackage]] = {}
        self._hanging_files: dict[tuple[PackageEntry, KindFile], _Call[ReadKindFile | None]] = {}

    def is_running(self, entry: PackageEntry) -> bool:
        """Return whether the package was imported before."""
        return (entry.distribution, entry.value) in self._running

    def running_version(self, entry: PackageEntry) -> str:
        """Return the version whose code runs: what was imported once stays until the process ends."""
        return self._running.get((entry.distribution, entry.value), entry.version)

    def load(self, entry: PackageEntry) -> LoadedPackage:
        """Return what a package brings; raises UnusableError, also when it takes too long."""
        call = self._hanging.pop(entry, None) or _Call(lambda: load_package(entry))
        if not call.join(self._limit):
            self._hanging[entry] = call
            raise UnusableError(
                ProblemKind.IMPORT_HANGS,
                _(
                    "{package} did not finish its import within {limit} seconds, so it is not used. Restart to try"
                    " again; if that does not help, uninstall it and report this to its author.",
                    package=entry.package,
                    limit=f"{self._limit:g}",
                ),
            )
        loaded = call.result()
        self._running.setdefault((entry.distribution, entry.value), entry.version)
        return loaded

    def read(
        self, entry: PackageEntry, package: LoadedPackage, file: KindFile, *, with_facts: bool
    ) -> ReadKindFile | None:
        """Return what a package makes of a file, None if it does not read such files."""
        call = self._hanging_files.pop((entry, file), None) or _Call(
            lambda: read_kind_file(file, entry, package, with_facts=with_facts)
        )
        if call.join(self._limit):
            return call.result()
        self._hanging_files[entry, file] = call
        hangs = _("{package} did not read it within {limit} seconds.", package=entry.package, limit=f"{self._limit:g}")
        return ReadKindFile(file=file, package=entry, mistakes=(hangs,))


@dataclass
class _Call[T]:
    """A call in a thread of its own, which may never end and keeps nobody from ending the process."""

    work: Callable[[], T]
    _thread: threading.Thread = field(init=False)
    _found: T = field(init=False)
    _error: BaseException | None = field(init=False, default=None)
    _waited: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="import of a handler package", daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait once; whoever asks again learns at once whether it has ended meanwhile."""
        self._thread.join(0 if self._waited else seconds)
        self._waited = True
        return not self._thread.is_alive()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._found

    def _run(self) -> None:
        try:
            with _kept_logging():
                self._found = self.work()
        except BaseException as error:  # noqa: BLE001 - raised again for who waits
            self._error = error


@contextmanager
def _kept_logging() -> Iterator[None]:
    """Undo what a package does to the logging of everybody: its level, where it goes, whether there is any."""
    root = logging.getLogger()
    level, handlers, disabled = root.level, root.handlers[:], root.manager.disable
    try:
        yield
    finally:
        if (root.level, root.manager.disable) != (level, disabled):
            root.setLevel(level)
            logging.disable(disabled)
        if root.handlers != handlers:
            root.handlers[:] = handlers
