"""Finds and imports handler packages, one entry point at a time: whatever one does wrong becomes an `UnusableError`."""

import asyncio
import functools
import importlib
import inspect
import itertools
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Never

import importlib_metadata
import pluggy

from . import hookspecs
from .contract import API_VERSION, ApiVersion, DeviceBackupHandler, HandlerSpec
from .errors import ProblemKind

_LOGGER = logging.getLogger(__name__)
_HOOK = hookspecs.device_backup_handlers.__name__
_MAX_HANDLERS = 1000
_ASK_AUTHOR = "Update it, or report this to its author."
_PASSES = (KeyboardInterrupt, GeneratorExit, asyncio.CancelledError)


class UnusableError(Exception):
    """Why a plugin or one of its handlers cannot be used."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        """Keep what `Problem` needs."""
        super().__init__(message)
        self.kind = kind
        self.message = message


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


def handler_candidates(entry: PackageEntry) -> list[object]:
    """Import a package and return what its hook returns, unchecked."""
    _refuse_missing_requirement(entry)
    plugin = _load(entry)
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, entry.name)
    except Exception as error:
        raise UnusableError(
            ProblemKind.WRONG_HOOK, f"{entry.package} implements {_HOOK} wrongly ({_words(error)}). {_ASK_AUTHOR}"
        ) from error
    unknown = sorted(caller.name for caller in manager.get_hookcallers(plugin) or () if not caller.has_spec())
    if unknown:
        raise UnusableError(
            ProblemKind.WRONG_HOOK,
            f"{entry.package} implements a hook that does not exist ({', '.join(unknown)}); the hook is {_HOOK}."
            f" {_ASK_AUTHOR}",
        )
    hook = manager.hook.device_backup_handlers
    if not hook.get_hookimpls():
        raise UnusableError(
            ProblemKind.WRONG_HOOK,
            f"{entry.package} registers nothing: “{entry.value}” has no function {_HOOK} marked with @hookimpl."
            f" {_ASK_AUTHOR}",
        )
    return _call(entry, hook)


def checked_handler(entry: PackageEntry, candidate: object) -> type[DeviceBackupHandler]:
    """Return the candidate as a handler class of a version that fits."""
    if not (isinstance(candidate, type) and issubclass(candidate, DeviceBackupHandler)):
        _refuse(entry, f"it returned {_describe(candidate)}, which is no class below DeviceBackupHandler")
    spec = getattr(candidate, "spec", None)
    if not isinstance(spec, HandlerSpec):
        _refuse(entry, f"{candidate.__name__} has no HandlerSpec as its spec")
    _check_api(entry, spec)
    if inspect.isabstract(candidate):
        missing = ", ".join(sorted(candidate.__abstractmethods__))
        _refuse(entry, f"{candidate.__name__} lacks {missing}")
    return candidate


def kind_of(candidate: object) -> str | None:
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


def normal_name(name: str) -> str:
    """Return the name of a distribution in the one form in which names can be compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


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
                f"{entry.package} needs “{requirement}”, which is not installed."
                f" Install {entry.distribution} again with its dependencies.",
            ) from error


def _load(entry: PackageEntry) -> object:
    point = importlib_metadata.EntryPoint(entry.name, entry.value, hookspecs.PROJECT)
    try:
        module_name, attributes = point.module, point.attr.split(".") if point.attr else []
    except (AttributeError, ValueError) as error:
        raise _nothing_there(entry) from error
    try:
        module = importlib.import_module(module_name)
    except _PASSES:
        raise
    except BaseException as error:
        _LOGGER.debug("%s cannot be imported", entry.package, exc_info=True)
        raise _import_problem(entry, error) from error
    try:
        return functools.reduce(getattr, attributes, module)
    except AttributeError as error:
        raise _nothing_there(entry) from error


def _nothing_there(entry: PackageEntry) -> UnusableError:
    return UnusableError(
        ProblemKind.IMPORT_FAILED,
        f"{entry.package} names “{entry.value}” as its entry point, which does not exist. {_ASK_AUTHOR}",
    )


def _import_problem(entry: PackageEntry, error: BaseException) -> UnusableError:
    if isinstance(error, ImportError) and f"{error.name}.".startswith("ha_device_backup_core."):
        missing = error.name_from or error.name
        return UnusableError(
            ProblemKind.IMPORT_FAILED,
            f"{entry.package} needs another version of ha-device-backup-core than this one ({missing} is not in it)."
            f" Update Device Backups and {entry.distribution}.",
        )
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return UnusableError(
            ProblemKind.IMPORT_FAILED, f"{entry.package} cannot be imported ({_words(error)}). {_ASK_AUTHOR}"
        )
    if f"{entry.value.partition(':')[0].strip()}.".startswith(f"{error.name}."):
        return UnusableError(
            ProblemKind.IMPORT_FAILED,
            f"{entry.package} is not installed completely: its module “{error.name}” is missing. Install it again.",
        )
    return UnusableError(
        ProblemKind.DEPENDENCY_MISSING,
        f"{entry.package} needs the Python module “{error.name}”, which is not installed."
        f" Install {entry.distribution} again with its dependencies.",
    )


def _call(entry: PackageEntry, hook: Callable[[], list[object]]) -> list[object]:
    try:
        results = hook()
        if not results:
            _refuse(entry, f"{_HOOK} returned nothing")
        candidates: list[object] = []
        for result in results:
            if isinstance(result, str) or not isinstance(result, Iterable):
                _refuse(entry, f"{_HOOK} returned {_describe(result)} instead of a list of classes")
            candidates.extend(itertools.islice(result, _MAX_HANDLERS))
    except (*_PASSES, UnusableError):
        raise
    except BaseException as error:
        _LOGGER.debug("%s failed in its hook", entry.package, exc_info=True)
        raise UnusableError(
            ProblemKind.HOOK_FAILED,
            f"{entry.package} failed when it was asked for its handlers ({_words(error)}). {_ASK_AUTHOR}",
        ) from error
    return candidates


def _check_api(entry: PackageEntry, spec: HandlerSpec) -> None:
    try:
        wanted = ApiVersion(*spec.api_version)
        too_new = wanted.major > API_VERSION.major or (
            wanted.major == API_VERSION.major and wanted.minor > API_VERSION.minor
        )
        too_old = wanted.major < API_VERSION.major
    except TypeError:
        _refuse(entry, f"the api_version of “{spec.kind}” is not ApiVersion(major, minor)")
    needs = f"{entry.package} was made for version {wanted.major}.{wanted.minor} of the handler contract"
    has = f"this is version {API_VERSION.major}.{API_VERSION.minor}"
    if too_new:
        raise UnusableError(ProblemKind.API_TOO_NEW, f"{needs}; {has}. Update Device Backups.")
    if too_old:
        raise UnusableError(ProblemKind.API_TOO_OLD, f"{needs}; {has}. Update {entry.distribution}.")


def _refuse(entry: PackageEntry, reason: str) -> Never:
    raise UnusableError(ProblemKind.NOT_A_HANDLER, f"{entry.package} has no usable handler: {reason}. {_ASK_AUTHOR}")


def _describe(value: object) -> str:
    return value.__name__ if isinstance(value, type) else f"an object of type {type(value).__name__}"


def _words(error: BaseException) -> str:
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
