"""The registry of usable handlers: immutable, replaced as a whole by the next scan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ..catalogs import read_catalogs
from ..contract import DeviceBackupHandler, HandlerSpec
from ..errors import HandlerUnavailableError
from ..package_problems import Problem, ProblemKind
from ..text import Text, _
from .entry_points import LoadedPackage, PackageEntry, find_entries, normal_name
from .kind_files import KindFile, ReadKindFile, kind_files_in
from .loader import IMPORT_SECONDS, PackageLoader
from .ownership import Ownership
from .unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredHandler:
    """A usable handler and the distribution it came in."""

    handler: type[DeviceBackupHandler]
    distribution: str
    version: str
    file: str | None = None
    """The name of the file of a person that the distribution made it of."""
    agent: str | None = None
    """The id of the agent at which it works; None for one that works here."""

    @property
    def owner(self) -> str:
        """Return what owns its kind."""
        return normal_name(self.distribution) if self.file is None else KindFile(name=self.file).owner

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

    @property
    def can_restore_part(self) -> bool:
        """Return whether the handler puts some files of a backup back without the others."""
        bases = [base for base in self.handler.__mro__ if base is not DeviceBackupHandler]
        return self.can_restore and any("part" in vars(base) for base in bases)

    @property
    def can_plan(self) -> bool:
        """Return whether the handler tells what a restore would change."""
        return self.handler.plan_restore is not DeviceBackupHandler.plan_restore


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHandlers:
    """The handlers of the kinds that one agent asks."""

    name: str
    """Of the agent."""
    handlers: Mapping[str, RegisteredHandler]


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
    files: tuple[ReadKindFile, ...] = ()
    """Files of a person that describe kinds, the wrong ones too."""
    agents: Mapping[str, AgentHandlers] = field(default_factory=dict)
    """By the id of the agent, also while it is away."""

    def get(self, kind: str, agent: str | None = None) -> RegisteredHandler:
        """Return the handler of that kind, here or at an agent.

        Raises HandlerUnavailableError with the problem that explains it.
        """
        if agent is not None:
            return self._at_agent(kind, agent)
        if kind in self.handlers:
            return self.handlers[kind]
        explained = [problem for problem in self.problems if problem.handler_kind == kind]
        # That another one may not have the kind explains less than why the one that had it does not work.
        explained.sort(key=lambda problem: problem.kind is ProblemKind.DUPLICATE_KIND)
        raise HandlerUnavailableError(explained[0] if explained else _not_installed(kind))

    def reading(self, kind: str) -> RegisteredHandler:
        """Return the handler that reads files of that kind: the one that is here, else that of any agent.

        Raises HandlerUnavailableError.
        """
        elsewhere = (agent.handlers[kind] for agent in self.agents.values() if kind in agent.handlers)
        found = None if kind in self.handlers else next(elsewhere, None)
        return self.get(kind) if found is None else found

    def _at_agent(self, kind: str, agent: str) -> RegisteredHandler:
        if agent not in self.agents:
            raise HandlerUnavailableError(_no_agent(kind))
        known = self.agents[agent]
        if kind not in known.handlers:
            raise HandlerUnavailableError(not_at_agent(kind, known.name))
        return known.handlers[kind]


def load_handlers(ownership: Ownership | None = None) -> HandlerRegistry:
    """Import every installed handler package; blocking, so run it in a worker thread."""
    return HandlerScanner(ownership).scan()


class HandlerScanner:
    """Looks for handler packages, again and again in the same process."""

    def __init__(
        self,
        ownership: Ownership | None = None,
        *,
        import_limit: float = IMPORT_SECONDS,
        folders: Sequence[Path] = (),
        trial: Callable[[Sequence[PackageEntry]], Mapping[PackageEntry, UnusableError]] = lambda _: {},
    ) -> None:
        """Take whose the kinds are, the seconds that the import of one package may take, folders, and a trial.

        In the folders are files that describe kinds; of two with one name that in the first folder counts.

        The trial gets what was never imported here and returns what must not be.
        """
        self.ownership = ownership or Ownership()
        """Follows each scan; whoever wants it kept for the next start reads it afterwards."""
        self._loader = PackageLoader(import_limit)
        self._folders = folders
        self._trial = trial
        self._loaded: Mapping[PackageEntry, LoadedPackage] = {}

    def scan(self) -> HandlerRegistry:
        """Import what is new and return all that is usable; blocking, so run it in a worker thread."""
        return self.load(find_entries())

    def load(self, entries: Iterable[PackageEntry]) -> HandlerRegistry:
        """Import these packages only."""
        found = list(entries)
        harmful = self._trial([entry for entry in found if not self._loader.is_running(entry)])
        loaded = {entry: self._load(entry, harmful.get(entry)) for entry in found}
        self._loaded = loaded
        read_catalogs()
        files = [self.read(file, with_facts=False) for file in self._files()]
        registered = _registered(loaded, files, self._loader, self.ownership)
        owners = {kind: handler.owner for kind, handler in registered.items()}
        self.ownership = replace(self.ownership, owners={**self.ownership.owners, **owners})
        plugins = [
            Plugin(
                name=entry.name,
                distribution=entry.distribution,
                version=self._loader.running_version(entry),
                kinds=tuple(handler.spec.kind for handler in package.handlers if _is_used(handler, entry, registered)),
                installed_version=entry.version,
            )
            for entry, package in loaded.items()
        ]
        return HandlerRegistry(
            handlers=MappingProxyType(dict(sorted(registered.items()))),
            plugins=tuple(sorted(plugins, key=lambda plugin: (plugin.distribution, plugin.name))),
            problems=(
                *_problems(loaded, registered, self.ownership),
                *_problems_of_files(files, registered, self.ownership),
            ),
            files=tuple(files),
        )

    def read(self, file: KindFile, *, with_facts: bool = True) -> ReadKindFile:
        """Return what the packages of the last scan make of a file; blocking."""
        if file.fault is not None:
            return ReadKindFile(file=file, mistakes=(file.fault,))
        for entry, package in self._loaded.items():
            if (found := self._loader.read(entry, package, file, with_facts=with_facts)) is not None:
                return found
        return ReadKindFile(file=file, mistakes=(_("No package that is installed reads such files."),))

    def _files(self) -> list[KindFile]:
        named: dict[str, KindFile] = {}
        for folder in self._folders:
            for file in kind_files_in(folder):
                named.setdefault(file.name, file)
        return list(named.values())

    def _load(self, entry: PackageEntry, harmful: UnusableError | None) -> LoadedPackage:
        try:
            if harmful is not None:
                raise harmful
            return self._loader.load(entry)
        except UnusableError as unusable:
            return LoadedPackage(faults=(unusable,))


def _registered(
    loaded: Mapping[PackageEntry, LoadedPackage],
    files: Iterable[ReadKindFile],
    loader: PackageLoader,
    ownership: Ownership,
) -> dict[str, RegisteredHandler]:
    """Return the handler of each kind that one may have."""
    claims: dict[str, dict[str, RegisteredHandler]] = {}
    for entry, package in loaded.items():
        for handler in package.handlers:
            of_kind = claims.setdefault(handler.spec.kind, {})
            version = loader.running_version(entry)
            of_kind.setdefault(
                normal_name(entry.distribution),
                RegisteredHandler(handler=handler, distribution=entry.distribution, version=version),
            )
    for read in files:
        if read.handler is not None and read.package is not None:
            registered = RegisteredHandler(
                handler=read.handler,
                distribution=read.package.distribution,
                version=loader.running_version(read.package),
                file=read.file.name,
            )
            claims.setdefault(registered.kind, {})[registered.owner] = registered
    silent = {normal_name(entry.distribution) for entry, package in loaded.items() if package.faults}
    silent |= {read.file.owner for read in files if read.mistakes}
    owners = {kind: ownership.owner(kind, of_kind, silent) for kind, of_kind in claims.items()}
    return {kind: of_kind[owners[kind]] for kind, of_kind in claims.items() if owners[kind] in of_kind}


def _is_used(
    handler: type[DeviceBackupHandler], entry: PackageEntry, registered: Mapping[str, RegisteredHandler]
) -> bool:
    used = registered.get(handler.spec.kind)
    return used is not None and (used.handler, used.distribution, used.file) == (handler, entry.distribution, None)


def _problems(
    loaded: Mapping[PackageEntry, LoadedPackage], registered: Mapping[str, RegisteredHandler], ownership: Ownership
) -> Iterator[Problem]:
    """Return what is wrong with packages, and then which handlers are not used because another one is."""
    for entry, package in loaded.items():
        for fault in package.faults:
            yield _problem(entry, fault)
    for entry, package in loaded.items():
        for handler in package.handlers:
            if not _is_used(handler, entry, registered):
                yield _problem(entry, _not_used(entry, handler.spec.kind, registered, ownership))


def _not_used(
    entry: PackageEntry, kind: str, registered: Mapping[str, RegisteredHandler], ownership: Ownership
) -> UnusableError:
    if (used := registered.get(kind)) is not None:
        return UnusableError(
            ProblemKind.DUPLICATE_KIND,
            _(
                "{package} brings a handler for “{kind}”, which {owner} already has; that one is used."
                " Uninstall the one you do not want.",
                package=entry.package,
                kind=kind,
                owner=_named(used),
            ),
        ).about(kind)
    return UnusableError(
        ProblemKind.DUPLICATE_KIND,
        _(
            "{package} brings a handler for “{kind}”, which {owner} had; that one cannot be used at"
            " present. Mend it, or uninstall it if you want the other one.",
            package=entry.package,
            kind=kind,
            owner=ownership.owners.get(kind, normal_name(f"ha-device-backup-{kind}")),
        ),
    ).about(kind)


def _problems_of_files(
    files: Iterable[ReadKindFile], registered: Mapping[str, RegisteredHandler], ownership: Ownership
) -> Iterator[Problem]:
    for read in files:
        if read.mistakes:
            yield _problem_of_file(
                read,
                ProblemKind.NOT_A_HANDLER,
                _(
                    "{file} cannot be used: {mistake} Hand in one that is right, or remove it.",
                    file=read.file.name,
                    mistake=read.mistakes[0],
                ),
            )
        elif (used := registered.get(read.kind or "")) is None or used.file != read.file.name:
            owner = _named(used) if used is not None else ownership.owners.get(read.kind or "", "")
            message = _(
                "{file} describes “{kind}”, which {owner} already has; that one is used. Remove the one you do not"
                " want.",
                file=read.file.name,
                kind=read.kind or "",
                owner=owner,
            )
            yield _problem_of_file(read, ProblemKind.DUPLICATE_KIND, message)


def _problem_of_file(read: ReadKindFile, kind: ProblemKind, message: Text) -> Problem:
    return Problem(kind=kind, distribution=read.file.name, version="", message=message, handler_kind=read.kind)


def _named(used: RegisteredHandler) -> str:
    return used.file or f"{used.distribution} {used.version}"


def _problem(entry: PackageEntry, unusable: UnusableError) -> Problem:
    return Problem(
        kind=unusable.kind,
        distribution=entry.distribution,
        version=entry.version,
        message=unusable.message,
        handler_kind=unusable.handler_kind or entry.likely_kind,
    )


def _not_installed(kind: str) -> Problem:
    return Problem(
        kind=ProblemKind.NOT_INSTALLED,
        distribution="",
        version="",
        message=_("Install the package that brings “{kind}”.", kind=kind),
        handler_kind=kind,
    )


def not_at_agent(kind: str, agent: str) -> Problem:
    """Return why a kind that was there is not."""
    return Problem(
        kind=ProblemKind.NOT_INSTALLED,
        distribution="",
        version="",
        message=_("Install the package that brings “{kind}” at the agent “{agent}”.", kind=kind, agent=agent),
        handler_kind=kind,
    )


def _no_agent(kind: str) -> Problem:
    return Problem(
        kind=ProblemKind.NOT_INSTALLED,
        distribution="",
        version="",
        message=_("Its agent is not set up. Add the agent again, or reconfigure the device."),
        handler_kind=kind,
    )
