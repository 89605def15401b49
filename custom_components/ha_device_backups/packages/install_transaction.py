"""One installation as a whole: it is examined before it is let in, and undone if it is no good."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from .errors import PackageError
from .installed_list import PackageRecord
from .installer import Installed, Installer
from .requirement import PackageVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What has to be left as it is."""

    taken: Mapping[str, str]
    """Kinds that other packages have, with these packages."""
    movable: frozenset[str]
    """Names of packages that only handler packages of the person brought."""
    needed: frozenset[str]
    """Requirements of integrations of Home Assistant, whatever else needs them."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of an installation."""

    record: PackageRecord
    brought: frozenset[str]
    """Names of other packages that came with it."""


def add_package(installer: Installer, package: PackageVersion, around: Surroundings, *, is_listed: bool) -> Added:
    """Install a package, in place of another version of it only if it is on the list; blocking.

    Raises PackageError, and then everything is as it was before.
    """
    before = installer.installed()
    if not is_listed and package.name in before.versions:
        raise PackageError("protected", name=package.name, version=before.versions[package.name])
    installer.install(package, before, around.movable)
    brought = installer.installed().versions.keys() - before.versions.keys() - {package.name}
    try:
        kinds = _examine(installer, package, around.taken)
    except PackageError:
        _undo(installer, package, before, brought, around)
        raise
    return Added(PackageRecord(package=package, kinds=kinds), frozenset(brought))


def look_for_newer(installer: Installer, package: PackageVersion, around: Surroundings) -> str:
    """Return the newest version that could be installed in place of a package; blocking; raises PackageError."""
    return installer.newest(package, installer.installed(), around.movable)


def _examine(installer: Installer, package: PackageVersion, taken: Mapping[str, str]) -> tuple[str, ...]:
    found = installer.examine(package)
    for kind in found.kinds:
        if kind in taken:
            raise PackageError("duplicate_kind", package=str(package), kind=kind, other=taken[kind])
    if found.kinds:
        return found.kinds
    if found.problems:
        raise PackageError("unusable", problem=found.problems[0].message)
    raise PackageError("no_handler", package=str(package))


def _undo(
    installer: Installer, package: PackageVersion, before: Installed, brought: Iterable[str], around: Surroundings
) -> None:
    """Bring the version before back; where it cannot be had, none: the list brings it back at a later start."""
    leaving = {package.name}
    if (version := before.versions.get(package.name)) is not None:
        with suppress(PackageError):
            installer.install(PackageVersion(package.name, version), before, ())
            leaving = set()
    installer.uninstall(leaving, brought, around.needed)
