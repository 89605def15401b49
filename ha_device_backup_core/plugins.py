"""Finds and imports handler packages, one entry point at a time: whatever one does wrong becomes an `UnusableError`."""

import functools
import importlib
import inspect
import itertools
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import importlib_metadata
import pluggy

from . import hookspecs
from .contract import API_VERSION, ApiVersion, DeviceBackupHandler, HandlerSpec
from .errors import ProblemKind
from .text import Text
from .unusable import ASK_AUTHOR, UnusableError, words_of

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


def load_package(entry: PackageEntry) -> LoadedPackage:
    """Import a package, ask for its handlers and look at each; raises UnusableError if nothing of it can be used.

    Runs code of the package, which may do anything: in a thread of its own, even an interrupt or the end of the
    interpreter that it raises is only its own.
    """
    try:
        return _checked(entry, _candidates(entry))
    except UnusableError:
        raise
    except BaseException as error:
        raise _not_a_handler(entry, en="{error}", de="{error}", error=words_of(error)) from error


def normal_name(name: str) -> str:
    """Return the name of a distribution in the one form in which names can be compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _candidates(entry: PackageEntry) -> list[object]:
    """Import a package and return what its hook returns, unchecked."""
    _refuse_missing_requirement(entry)
    plugin = _import(entry)
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, entry.name)
    except BaseException as error:
        raise _wrong_hook(
            entry,
            en="implements {hook} wrongly ({error})",
            de="hat {hook} falsch umgesetzt ({error})",
            error=words_of(error),
        ) from error
    unknown = sorted(caller.name for caller in manager.get_hookcallers(plugin) or () if not caller.has_spec())
    if unknown:
        raise _wrong_hook(
            entry,
            en="implements a hook that does not exist ({unknown}); the hook is {hook}",
            de="setzt einen Hook um, den es nicht gibt ({unknown}); der Hook heißt {hook}",
            unknown=", ".join(unknown),
        )
    hook = manager.hook.device_backup_handlers
    if not hook.get_hookimpls():
        raise _wrong_hook(
            entry,
            en="registers nothing: “{value}” has no function {hook} marked with @hookimpl",
            de="meldet nichts an: „{value}“ hat keine mit @hookimpl markierte Funktion {hook}",
            value=entry.value,
        )
    return _call(entry, hook)


def _checked(entry: PackageEntry, candidates: Iterable[object]) -> LoadedPackage:
    handlers: list[type[DeviceBackupHandler]] = []
    faults: list[UnusableError] = []
    for candidate in candidates:
        try:
            handlers.append(_checked_handler(entry, candidate))
        except UnusableError as fault:
            faults.append(fault.about(_kind_of(candidate)))
    return LoadedPackage(tuple(handlers), tuple(faults))


def _checked_handler(entry: PackageEntry, candidate: object) -> type[DeviceBackupHandler]:
    """Return the candidate as a handler class of a version that fits."""
    if not (isinstance(candidate, type) and issubclass(candidate, DeviceBackupHandler)):
        raise _not_a_handler(
            entry,
            en="it returned {found}, which is no class below DeviceBackupHandler",
            de="es lieferte {found}, keine Klasse unter DeviceBackupHandler",
            found=_describe(candidate),
        )
    spec = getattr(candidate, "spec", None)
    if not isinstance(spec, HandlerSpec):
        raise _not_a_handler(
            entry,
            en="{name} has no HandlerSpec as its spec",
            de="{name} hat als spec keine HandlerSpec",
            name=candidate.__name__,
        )
    _check_api(entry, spec)
    if inspect.isabstract(candidate):
        raise _not_a_handler(
            entry,
            en="{name} lacks {missing}",
            de="{name} fehlt {missing}",
            name=candidate.__name__,
            missing=", ".join(sorted(candidate.__abstractmethods__)),
        )
    return candidate


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
            raise _fault(
                entry,
                ProblemKind.DEPENDENCY_MISSING,
                en="{package} needs “{missing}”, which is not installed."
                " Install {distribution} again with its dependencies.",
                de="{package} braucht „{missing}“, das nicht installiert ist."
                " Installiere {distribution} noch einmal, mit allem, was es braucht.",
                missing=requirement,
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
        return _fault(
            entry,
            ProblemKind.IMPORT_FAILED,
            en="{package} needs another version of ha-device-backup-core than this one ({missing} is not in it)."
            " Update Device Backups and {distribution}.",
            de="{package} braucht eine andere Version von ha-device-backup-core als diese ({missing} fehlt darin)."
            " Aktualisiere Device Backups und {distribution}.",
            missing=str(error.name_from or error.name),
        )
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return _fault(
            entry,
            ProblemKind.IMPORT_FAILED,
            en="{package} cannot be imported ({error}). {ask}",
            de="{package} lässt sich nicht importieren ({error}). {ask}",
            error=words_of(error),
            ask=ASK_AUTHOR,
        )
    if f"{entry.value.partition(':')[0].strip()}.".startswith(f"{error.name}."):
        return _fault(
            entry,
            ProblemKind.IMPORT_FAILED,
            en="{package} is not installed completely: its module “{module}” is missing. Install it again.",
            de="{package} ist unvollständig installiert: Sein Modul „{module}“ fehlt. Installiere es noch einmal.",
            module=error.name,
        )
    return _fault(
        entry,
        ProblemKind.DEPENDENCY_MISSING,
        en="{package} needs the Python module “{module}”, which is not installed."
        " Install {distribution} again with its dependencies.",
        de="{package} braucht das Python-Modul „{module}“, das nicht installiert ist."
        " Installiere {distribution} noch einmal, mit allem, was es braucht.",
        module=error.name,
    )


def _call(entry: PackageEntry, hook: Callable[[], list[object]]) -> list[object]:
    try:
        return list(_collected(entry, hook()))
    except UnusableError:
        raise
    except BaseException as error:
        _LOGGER.debug("%s failed in its hook", entry.package, exc_info=True)
        raise _fault(
            entry,
            ProblemKind.HOOK_FAILED,
            en="{package} failed when it was asked for its handlers ({error}). {ask}",
            de="{package} scheiterte, als es nach seinen Handlern gefragt wurde ({error}). {ask}",
            error=words_of(error),
            ask=ASK_AUTHOR,
        ) from error


def _collected(entry: PackageEntry, results: list[object]) -> Iterator[object]:
    if not results:
        raise _not_a_handler(entry, en="{hook} returned nothing", de="{hook} lieferte nichts")
    for result in results:
        if isinstance(result, str) or not isinstance(result, Iterable):
            raise _not_a_handler(
                entry,
                en="{hook} returned {found} instead of a list of classes",
                de="{hook} lieferte {found} statt einer Liste von Klassen",
                found=_describe(result),
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
            entry,
            en="the api_version of “{kind}” is not ApiVersion(major, minor)",
            de="die api_version von „{kind}“ ist keine ApiVersion(major, minor)",
            kind=spec.kind,
        ) from error
    if too_new or too_old:
        raise _fault(
            entry,
            ProblemKind.API_TOO_NEW if too_new else ProblemKind.API_TOO_OLD,
            en="{package} was made for version {wanted} of the handler contract; this is version {has}. Update {old}.",
            de="{package} ist für Version {wanted} der Handler-Schnittstelle gemacht; hier ist es Version {has}."
            " Aktualisiere {old}.",
            wanted=f"{wanted.major}.{wanted.minor}",
            has=f"{API_VERSION.major}.{API_VERSION.minor}",
            old="Device Backups" if too_new else entry.distribution,
        )


def _fault(entry: PackageEntry, kind: ProblemKind, /, *, en: str, de: str, **values: Text) -> UnusableError:
    """Return the error in both languages; `package`, `distribution` and `hook` are filled in as well."""
    return UnusableError.worded(
        kind, en, de, package=entry.package, distribution=entry.distribution, hook=_HOOK, **values
    )


def _nothing_there(entry: PackageEntry) -> UnusableError:
    return _fault(
        entry,
        ProblemKind.IMPORT_FAILED,
        en="{package} names “{value}” as its entry point, which does not exist. {ask}",
        de="{package} nennt „{value}“ als Einstiegspunkt, den es nicht gibt. {ask}",
        value=entry.value,
        ask=ASK_AUTHOR,
    )


def _wrong_hook(entry: PackageEntry, /, *, en: str, de: str, **values: Text) -> UnusableError:
    return _fault(
        entry,
        ProblemKind.WRONG_HOOK,
        en=f"{{package}} {en}. {{ask}}",
        de=f"{{package}} {de}. {{ask}}",
        ask=ASK_AUTHOR,
        **values,
    )


def _not_a_handler(entry: PackageEntry, /, *, en: str, de: str, **values: Text) -> UnusableError:
    return _fault(
        entry,
        ProblemKind.NOT_A_HANDLER,
        en=f"{{package}} has no usable handler: {en}. {{ask}}",
        de=f"{{package}} hat keinen brauchbaren Handler: {de}. {{ask}}",
        ask=ASK_AUTHOR,
        **values,
    )


def _describe(value: object) -> Text:
    if isinstance(value, type):
        return value.__name__
    name = type(value).__name__
    return {"en": f"an object of type {name}", "de": f"ein Objekt vom Typ {name}"}
