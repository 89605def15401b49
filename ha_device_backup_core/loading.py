"""Imports handler packages within a time limit, and knows what of them is running."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import ProblemKind
from .plugins import PackageEntry, UnusableError, handler_candidates

IMPORT_SECONDS = 30.0
"""How long a package may take to be imported and to name its handlers; most take a few milliseconds."""


class PackageLoader:
    """Owns which packages are imported, in which version, and which of them hang."""

    def __init__(self, limit: float = IMPORT_SECONDS) -> None:
        """Take the seconds that one package may take."""
        self._limit = limit
        self._running: dict[tuple[str, str], str] = {}
        self._hanging: dict[PackageEntry, _Call] = {}

    def is_running(self, entry: PackageEntry) -> bool:
        """Return whether the package was imported before."""
        return (entry.distribution, entry.value) in self._running

    def running_version(self, entry: PackageEntry) -> str:
        """Return the version whose code runs: what was imported once stays until the process ends."""
        return self._running.get((entry.distribution, entry.value), entry.version)

    def candidates(self, entry: PackageEntry) -> list[object]:
        """Return what the hook of a package returns, unchecked; raises UnusableError, also when it takes too long."""
        call = self._hanging.pop(entry, None) or _Call(lambda: handler_candidates(entry))
        if not call.ends_within(self._limit):
            self._hanging[entry] = call
            raise UnusableError(
                ProblemKind.IMPORT_HANGS,
                f"{entry.package} did not finish its import within {self._limit:g} seconds, so it is not used."
                " Restart to try again; if that does not help, uninstall it and report this to its author.",
            )
        found = call.result()
        self._running.setdefault((entry.distribution, entry.value), entry.version)
        return found


@dataclass
class _Call:
    """A call in a thread of its own, which may never end and keeps nobody from ending the process."""

    work: Callable[[], list[object]]
    _thread: threading.Thread = field(init=False)
    _found: list[object] = field(init=False, default_factory=list)
    _error: BaseException | None = field(init=False, default=None)
    _waited: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="import of a handler package", daemon=True)
        self._thread.start()

    def ends_within(self, seconds: float) -> bool:
        """Wait once; whoever asks again learns at once whether it has ended meanwhile."""
        self._thread.join(0 if self._waited else seconds)
        self._waited = True
        return not self._thread.is_alive()

    def result(self) -> list[object]:
        if self._error is not None:
            raise self._error
        return self._found

    def _run(self) -> None:
        try:
            self._found = self.work()
        except BaseException as error:  # noqa: BLE001 - raised again for who waits
            self._error = error
