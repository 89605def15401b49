"""Puts packages into a folder on the path of this process, as the real installer does into its Python, in no time."""

import shutil
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core.packages.installer import Installed
from ha_device_backup_core.packages.requirement import PackageError, PackageVersion
from ha_device_backup_core.plugins.isolated_import import Examination
from tests.core.distributions import SitePackages


@dataclass
class FolderInstaller:
    """A pip whose index is a dictionary."""

    site: SitePackages
    published: dict[PackageVersion, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Package to source and kinds."""
    go: threading.Event = field(default_factory=threading.Event)
    """Not set, an installation takes long."""
    waiting: bool = False
    """One is under way."""
    unreachable: bool = False
    """There is no connection."""
    stuck: bool = False
    """Nothing can be removed."""
    _versions: dict[str, str] = field(default_factory=lambda: {"aiohttp": "3.14.5"})

    def publish(self, package: PackageVersion, source: str, *kinds: str) -> None:
        self.published[package] = (source, kinds)

    def installed(self) -> Installed:
        return Installed(versions=dict(self._versions), needs={})

    def install(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> Installed:
        self.waiting = True
        self.go.wait(20)
        self.waiting = False
        if self.unreachable:
            raise PackageError("unreachable", package=str(package))
        if package not in self.published:
            raise PackageError("not_found", name=package.name)
        self._remove(package.name)
        self.site.install(package.name, self.published[package][0], version=package.version)
        self._versions[package.name] = package.version
        return self.installed()

    def newest(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> str:
        if self.unreachable:
            raise PackageError("unreachable", package=str(package))
        return max(one.version for one in (package, *self.published) if one.name == package.name)

    def examine(self, package: PackageVersion) -> Examination:
        return Examination(kinds=self.published[package][1])

    def uninstall(self, leaving: Iterable[str], dependencies: Iterable[str], needed: Iterable[str]) -> set[str]:
        if self.stuck:
            raise PackageError("not_removed", package=", ".join(leaving))
        for name in leaving:
            self._remove(name)
        return set(leaving)

    def lose(self, package: PackageVersion) -> None:
        """Take a package away, as an update of Home Assistant does."""
        self._remove(package.name)

    def _remove(self, name: str) -> None:
        if (version := self._versions.pop(name, None)) is not None:
            shutil.rmtree(self.site.folder / f"{name.replace('-', '_')}-{version}.dist-info")


@contextmanager
def folder_installer(folder: Path) -> Iterator[FolderInstaller]:
    """Put an empty folder on the path."""
    folder.mkdir()
    installer = FolderInstaller(SitePackages(folder))
    installer.go.set()
    sys.path.append(str(folder))
    try:
        yield installer
    finally:
        sys.path.remove(str(folder))
        installer.site.forget()
