"""One installation as a whole: it is examined before it is let in, and undone if it is no good."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from ..plugins.isolated_import import Examination
from .installer import Installed
from .requirement import PackageError, PackageRecord, PackageVersion


class PackageInstaller(Protocol):
    """The one way in which anything is done to the packages of a Python; all of it blocks, and raises PackageError."""

    def installed(self) -> Installed:
        """Return everything that is installed now."""

    def install(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> Installed:
        """Install a package and what it needs, and return everything that is installed then.

        Whatever else is present stays, unless it is replaceable.
        """

    def newest(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> str:
        """Return the newest version of an installed package that could be installed."""

    def examine(self, package: PackageVersion) -> Examination:
        """Return what an installed package brings, without letting it in."""

    def uninstall(self, leaving: Iterable[str], dependencies: Iterable[str], needed: Iterable[str]) -> set[str]:
        """Remove packages and what they brought that nothing else needs; return the names of what went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallEnvironment:
    """What has to be left as it is."""

    taken: Mapping[str, str]
    """Kinds that other packages have, with these packages."""
    replaceable: frozenset[str]
    """Names of packages that only handler packages of the person brought."""
    needed: frozenset[str]
    """Requirements of integrations of Home Assistant, whatever else needs them."""


@dataclass(frozen=True, slots=True)
class InstallResult:
    """What came of an installation."""

    record: PackageRecord
    dependencies: frozenset[str]
    """Names of other packages that came with it."""


def add_package(
    installer: PackageInstaller, package: PackageVersion, environment: InstallEnvironment, *, is_listed: bool
) -> InstallResult:
    """Install a package, in place of another version of it only if it is on the list; blocking.

    Raises PackageError, and then everything is as it was before.
    """
    before = installer.installed()
    if not is_listed and package.name in before.versions:
        raise PackageError("protected", name=package.name, version=before.versions[package.name])
    after = installer.install(package, before, environment.replaceable)
    dependencies = after.versions.keys() - before.versions.keys() - {package.name}
    try:
        kinds = _examine(installer, package, environment.taken)
    except PackageError:
        _undo(installer, package, before, dependencies, environment)
        raise
    return InstallResult(PackageRecord(package=package, kinds=kinds), frozenset(dependencies))


def look_for_newer(installer: PackageInstaller, package: PackageVersion, environment: InstallEnvironment) -> str:
    """Return the newest version that could be installed in place of a package; blocking; raises PackageError."""
    return installer.newest(package, installer.installed(), environment.replaceable)


def _examine(installer: PackageInstaller, package: PackageVersion, taken: Mapping[str, str]) -> tuple[str, ...]:
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
    installer: PackageInstaller,
    package: PackageVersion,
    before: Installed,
    dependencies: Iterable[str],
    environment: InstallEnvironment,
) -> None:
    """Bring the version before back; where it cannot be had, none: the list brings it back at a later start."""
    leaving = {package.name}
    if (version := before.versions.get(package.name)) is not None:
        with suppress(PackageError):
            installer.install(PackageVersion(package.name, version), before, ())
            leaving = set()
    installer.uninstall(leaving, dependencies, environment.needed)
