"""Finds and imports handler packages, one entry point at a time: whatever one does wrong becomes an `UnusableError`."""

import functools
import importlib
import inspect
import itertools
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import importlib_metadata
import pluggy

from ..contract import API_VERSION, ApiVersion, DeviceBackupHandler, HandlerSpec
from ..package_problems import ProblemKind
from ..text import Message, Text, _
from . import hookspecs
from .unusable import ASK_AUTHOR, UnusableError, mistakes_of, words_of

_LOGGER = logging.getLogger(__name__)
_HOOK = hookspecs.device_backup_handlers.__name__
_MAX_HANDLERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEntry:
    """An entry point of an installed distribution."""

    name: str
    value: str
    distribution: str
    version: str
    requires: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """Return the distribution with its version, as messages name it."""
        return f"{self.distribution} {self.version}"

    @property
    def likely_kind(self) -> str | None:
        """Return the name of the entry point, by convention the kind of its handler."""
        return self.name if re.fullmatch(r"[a-z][a-z0-9_]{1,31}", self.name) else None


def find_entries() -> list[PackageEntry]:
    """Return the entry points of all installed distributions, by name."""
    importlib.invalidate_caches()
    first: dict[tuple[str, str], PackageEntry] = {}
    for entry in _all_entries():
        first.setdefault((normal_name(entry.distribution), entry.name), entry)
    return [first[key] for key in sorted(first)]


@dataclass(frozen=True, slots=True)
class LoadedPackage:
    """What came of importing a package."""

    handlers: tuple[type[DeviceBackupHandler], ...] = ()
    faults: tuple[UnusableError, ...] = ()
    hooks: Any = None
    """What it may be asked of files that describe kinds; None where nothing of it can be used."""


def load_package(entry: PackageEntry) -> LoadedPackage:
    """Import a package, ask for its handlers and look at each; raises UnusableError if nothing of it can be used.

    Runs code of the package, which may do anything: in a thread of its own, even an interrupt or the end of the
    interpreter that it raises is only its own.
    """
    try:
        hooks = _hooks(entry)
        return _checked(entry, _call(entry, hooks.device_backup_handlers), hooks)
    except UnusableError:
        raise
    except BaseException as error:
        raise _not_a_handler(entry, words_of(error)) from error


def normal_name(name: str) -> str:
    """Return the name of a distribution in the one form in which names can be compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _hooks(entry: PackageEntry) -> Any:  # noqa: ANN401 - as pluggy types them
    """Import a package and return its hooks."""
    _refuse_missing_requirement(entry)
    plugin = _import(entry)
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, entry.name)
    except BaseException as error:
        raise _wrong_hook(entry, _("implements {hook} wrongly ({error})", hook=_HOOK, error=words_of(error))) from error
    unknown = sorted(caller.name for caller in manager.get_hookcallers(plugin) or () if not caller.has_spec())
    if unknown:
        raise _wrong_hook(
            entry,
            _(
                "implements a hook that does not exist ({unknown}); the hook is {hook}",
                unknown=", ".join(unknown),
                hook=_HOOK,
            ),
        )
    if not manager.hook.device_backup_handlers.get_hookimpls():
        raise _wrong_hook(
            entry,
            _(
                "registers nothing: “{value}” has no function {hook} marked with @hookimpl",
                value=entry.value,
                hook=_HOOK,
            ),
        )
    return manager.hook


def _checked(entry: PackageEntry, candidates: Iterable[object], hooks: Any) -> LoadedPackage:  # noqa: ANN401
    handlers: list[type[DeviceBackupHandler]] = []
    faults: list[UnusableError] = []
    for candidate in candidates:
        try:
            handlers.append(checked_handler(entry, candidate))
        except UnusableError as fault:
            faults.append(fault.about(_kind_of(candidate)))
    return LoadedPackage(tuple(handlers), tuple(faults), hooks)


def checked_handler(entry: PackageEntry, candidate: object) -> type[DeviceBackupHandler]:
    """Return the candidate as a handler class of a version that fits; an error in its place says why there is none."""
    if isinstance(candidate, Exception):
        raise UnusableError(
            ProblemKind.NOT_A_HANDLER,
            _(
                "{package} has a handler that cannot be used: {error}. {ask}",
                package=entry.package,
                error=_first_mistake(candidate),
                ask=ASK_AUTHOR,
            ),
        )
    if not (isinstance(candidate, type) and issubclass(candidate, DeviceBackupHandler)):
        raise _not_a_handler(
            entry, _("it returned {found}, which is no class below DeviceBackupHandler", found=_describe(candidate))
        )
    spec = getattr(candidate, "spec", None)
    if not isinstance(spec, HandlerSpec):
        raise _not_a_handler(entry, _("{name} has no HandlerSpec as its spec", name=candidate.__name__))
    _check_api(entry, spec)
    if inspect.isabstract(candidate):
        raise _not_a_handler(
            entry,
            _(
                "{name} lacks {missing}",
                name=candidate.__name__,
                missing=", ".join(sorted(candidate.__abstractmethods__)),
            ),
        )
    return candidate


def _first_mistake(error: Exception) -> Text:
    """Return what an error says first in the languages of its package, or all of it in English."""
    first = mistakes_of(error)[0]
    return first if isinstance(first, Message) else words_of(error)


def _kind_of(candidate: object) -> str | None:
    """Return the kind that a candidate claims."""
    spec = getattr(candidate, "spec", None)
    return spec.kind if isinstance(spec, HandlerSpec) else None


def _all_entries() -> Iterator[PackageEntry]:
    for distribution in importlib_metadata.distributions():
        try:
            # Most distributions stop here: reading their whole metadata would make a scan slow.
            if hookspecs.PROJECT not in (distribution.read_text("entry_points.txt") or ""):
                continue
            metadata = distribution.metadata  # each access parses it
            name, version = str(metadata["Name"]), str(metadata["Version"])
            requires = tuple(map(str, metadata.get_all("Requires-Dist") or ()))
            points = tuple(distribution.entry_points.select(group=hookspecs.PROJECT))
        except Exception:
            _LOGGER.warning("The metadata of an installed package is damaged; install it again", exc_info=True)
            continue
        for point in points:
            yield PackageEntry(
                name=point.name, value=point.value, distribution=name, version=version, requires=requires
            )


def _refuse_missing_requirement(entry: PackageEntry) -> None:
    for requirement in entry.requires:
        # A requirement with a marker may not apply here; if it does, the import tells.
        name = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
        if name is None or ";" in requirement:
            continue
        try:
            importlib_metadata.distribution(name[0])
        except importlib_metadata.PackageNotFoundError as error:
            raise UnusableError(
                ProblemKind.DEPENDENCY_MISSING,
                _(
                    "{package} needs “{missing}”, which is not installed. Install {distribution} again with its"
                    " dependencies.",
                    package=entry.package,
                    missing=requirement,
                    distribution=entry.distribution,
                ),
            ) from error


def _import(entry: PackageEntry) -> object:
    point = importlib_metadata.EntryPoint(entry.name, entry.value, hookspecs.PROJECT)
    try:
        module_name, attributes = point.module, point.attr.split(".") if point.attr else []
    except (AttributeError, ValueError) as error:
        raise _nothing_there(entry) from error
    try:
        module = importlib.import_module(module_name)
    except BaseException as error:
        _LOGGER.debug("%s cannot be imported", entry.package, exc_info=True)
        raise _import_fault(entry, error) from error
    try:
        return functools.reduce(getattr, attributes, module)
    except AttributeError as error:
        raise _nothing_there(entry) from error


def _import_fault(entry: PackageEntry, error: BaseException) -> UnusableError:
    if isinstance(error, ImportError) and f"{error.name}.".startswith("ha_device_backup_core."):
        return UnusableError(
            ProblemKind.IMPORT_FAILED,
            _(
                "{package} needs another version of ha-device-backup-core than this one ({missing} is not in"
                " it). Update Device Backups and {distribution}.",
                package=entry.package,
                missing=str(error.name_from or error.name),
                distribution=entry.distribution,
            ),
        )
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return UnusableError(
            ProblemKind.IMPORT_FAILED,
            _(
                "{package} cannot be imported ({error}). {ask}",
                package=entry.package,
                error=words_of(error),
                ask=ASK_AUTHOR,
            ),
        )
    if f"{entry.value.partition(':')[0].strip()}.".startswith(f"{error.name}."):
        return UnusableError(
            ProblemKind.IMPORT_FAILED,
            _(
                "{package} is not installed completely: its module “{module}” is missing. Install it again.",
                package=entry.package,
                module=error.name,
            ),
        )
    return UnusableError(
        ProblemKind.DEPENDENCY_MISSING,
        _(
            "{package} needs the Python module “{module}”, which is not installed. Install {distribution}"
            " again with its dependencies.",
            package=entry.package,
            module=error.name,
            distribution=entry.distribution,
        ),
    )


def _call(entry: PackageEntry, hook: Callable[[], list[object]]) -> list[object]:
    try:
        return list(_collected(entry, hook()))
    except UnusableError:
        raise
    except BaseException as error:
        _LOGGER.debug("%s failed in its hook", entry.package, exc_info=True)
        raise UnusableError(
            ProblemKind.HOOK_FAILED,
            _(
                "{package} failed when it was asked for its handlers ({error}). {ask}",
                package=entry.package,
                error=words_of(error),
                ask=ASK_AUTHOR,
            ),
        ) from error


def _collected(entry: PackageEntry, results: list[object]) -> Iterator[object]:
    if not results:
        raise _not_a_handler(entry, _("{hook} returned nothing", hook=_HOOK))
    for result in results:
        if isinstance(result, str) or not isinstance(result, Iterable):
            raise _not_a_handler(
                entry, _("{hook} returned {found} instead of a list of classes", hook=_HOOK, found=_describe(result))
            )
        yield from itertools.islice(result, _MAX_HANDLERS)


def _check_api(entry: PackageEntry, spec: HandlerSpec) -> None:
    try:
        wanted = ApiVersion(*spec.api_version)
        too_new = wanted.major > API_VERSION.major or (
            wanted.major == API_VERSION.major and wanted.minor > API_VERSION.minor
        )
        too_old = wanted.major < API_VERSION.major
    except TypeError as error:
        raise _not_a_handler(
            entry, _("the api_version of “{kind}” is not ApiVersion(major, minor)", kind=spec.kind)
        ) from error
    if too_new or too_old:
        raise UnusableError(
            ProblemKind.API_TOO_NEW if too_new else ProblemKind.API_TOO_OLD,
            _(
                "{package} was made for version {wanted} of the handler contract; this is version {has}. Update {old}.",
                package=entry.package,
                wanted=f"{wanted.major}.{wanted.minor}",
                has=f"{API_VERSION.major}.{API_VERSION.minor}",
                old="Device Backups" if too_new else entry.distribution,
            ),
        )


def _nothing_there(entry: PackageEntry) -> UnusableError:
    return UnusableError(
        ProblemKind.IMPORT_FAILED,
        _(
            "{package} names “{value}” as its entry point, which does not exist. {ask}",
            package=entry.package,
            value=entry.value,
            ask=ASK_AUTHOR,
        ),
    )


def _wrong_hook(entry: PackageEntry, what: Text) -> UnusableError:
    message = _("{package} {what}. {ask}", package=entry.package, what=what, ask=ASK_AUTHOR)
    return UnusableError(ProblemKind.WRONG_HOOK, message)


def _not_a_handler(entry: PackageEntry, reason: Text) -> UnusableError:
    message = _(
        "{package} has no usable handler: {reason}. {ask}",
        package=entry.package,
        reason=reason,
        ask=ASK_AUTHOR,
    )
    return UnusableError(ProblemKind.NOT_A_HANDLER, message)


def _describe(value: object) -> str | Message:
    if isinstance(value, type):
        return value.__name__
    name = type(value).__name__
    return _("an object of type {name}", name=name)
