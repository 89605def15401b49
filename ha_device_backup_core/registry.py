"""The registry of usable handlers: immutable, replaced as a whole by the next scan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .contract import DeviceBackupHandler, HandlerSpec
from .errors import HandlerUnavailableError, Problem, ProblemKind
from .loading import IMPORT_SECONDS, PackageLoader
from .plugins import PackageEntry, UnusableError, checked_handler, find_entries, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredHandler:
    """A usable handler and the distribution it came in."""

    handler: type[DeviceBackupHandler]
    distribution: str
    version: str

    @property
    def spec(self) -> HandlerSpec:
        """Return the static facts of the handler."""
        return self.handler.spec

    @property
    def kind(self) -> str:
        """Return the kind of device it knows."""
        return self.handler.spec.kind

    @property
    def can_restore(self) -> bool:
        """Return whether the handler puts backups back."""
        return self.handler.restore_backup is not DeviceBackupHandler.restore_backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """An entry point of a handler package and the kinds that came of it."""

    name: str
    distribution: str
    version: str
    """Of the code that runs."""
    kinds: tuple[str, ...]
    installed_version: str
    """Another one than `version` after an update: it runs from the next start on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerRegistry:
    """All handlers of one scan."""

    handlers: Mapping[str, RegisteredHandler] = field(default_factory=dict)
    plugins: tuple[Plugin, ...] = ()
    problems: tuple[Problem, ...] = ()

    def get(self, kind: str) -> RegisteredHandler:
        """Return the handler of that kind, or raise HandlerUnavailableError with the problem that explains it."""
        if kind in self.handlers:
            return self.handlers[kind]
        explained = (problem for problem in self.problems if problem.handler_kind == kind)
        raise HandlerUnavailableError(next(explained, None) or _not_installed(kind))


def load_handlers() -> HandlerRegistry:
    """Import every installed handler package; blocking, so run it in a worker thread."""
    return HandlerScanner().scan()


class HandlerScanner:
    """Looks for handler packages, again and again in the same process."""

    def __init__(self, *, import_limit: float = IMPORT_SECONDS) -> None:
        """Take the seconds that the import of one package may take."""
        self._loader = PackageLoader(import_limit)

    def scan(self) -> HandlerRegistry:
        """Import what is new and return all that is usable; blocking, so run it in a worker thread.

        Of two packages with the same kind, the one that had it before keeps it, else the first by name.
        """
        return self.load(find_entries())

    def load(self, entries: Iterable[PackageEntry]) -> HandlerRegistry:
        """Import these packages only."""
        handlers: dict[str, RegisteredHandler] = {}
        plugins: list[Plugin] = []
        problems: list[Problem] = []
        for entry in sorted(entries, key=lambda entry: not self._loader.is_running(entry)):
            kinds, found = self._load_entry(entry, handlers)
            problems.extend(found)
            plugins.append(
                Plugin(
                    name=entry.name,
                    distribution=entry.distribution,
                    version=self._loader.running_version(entry),
                    kinds=tuple(kinds),
                    installed_version=entry.version,
                )
            )
        return HandlerRegistry(
            handlers=MappingProxyType(dict(sorted(handlers.items()))),
            plugins=tuple(sorted(plugins, key=lambda plugin: (plugin.distribution, plugin.name))),
            problems=tuple(problems),
        )

    def _load_entry(
        self, entry: PackageEntry, handlers: dict[str, RegisteredHandler]
    ) -> tuple[list[str], list[Problem]]:
        kinds: list[str] = []
        problems: list[Problem] = []
        try:
            candidates = self._loader.candidates(entry)
        except UnusableError as unusable:
            return kinds, [_problem(entry, unusable, entry.likely_kind)]
        for candidate in candidates:
            try:
                handler = checked_handler(entry, candidate)
                _refuse_duplicate(entry, handler.spec.kind, handlers)
            except UnusableError as unusable:
                problems.append(_problem(entry, unusable, kind_of(candidate) or entry.likely_kind))
            else:
                kinds.append(handler.spec.kind)
                handlers[handler.spec.kind] = RegisteredHandler(
                    handler=handler, distribution=entry.distribution, version=self._loader.running_version(entry)
                )
        return kinds, problems


def _refuse_duplicate(entry: PackageEntry, kind: str, handlers: Mapping[str, RegisteredHandler]) -> None:
    first = handlers.get(kind)
    if first is None:
        return
    raise UnusableError(
        ProblemKind.DUPLICATE_KIND,
        f"{entry.package} brings a handler for “{kind}”, which {first.distribution} {first.version} already has;"
        f" that one is used. Uninstall the one you do not want.",
    )


def _problem(entry: PackageEntry, unusable: UnusableError, handler_kind: str | None) -> Problem:
    return Problem(
        kind=unusable.kind,
        distribution=entry.distribution,
        version=entry.version,
        message=unusable.message,
        handler_kind=handler_kind,
    )


def _not_installed(kind: str) -> Problem:
    return Problem(
        kind=ProblemKind.NOT_INSTALLED,
        distribution="",
        version="",
        message=f"No handler for devices of the kind “{kind}” is installed. Install the package that brings it.",
        handler_kind=kind,
    )
