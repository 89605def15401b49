"""Installs and removes packages; blocking, so call it in a worker thread."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..plugins.isolated_import import EXAMINATION_SECONDS, Examination, examine_package
from .pins import constraints, no_longer_needed
from .requirement import PackageError, PackageVersion
from .uv_messages import explain
from .wheel import Owners, Wheel, paths_of, refuse_what_is_not_its_own

PROGRAM = Path(__file__).with_name("installer_process.py")
SECONDS = 600.0
"""Until an installation is given up: slow networks take their time."""

LOOK_SECONDS = 90.0
"""Until looking for a newer version is given up: it can wait for another day."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What is installed in a Python."""

    versions: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, found: Mapping[str, Mapping[str, Any]]) -> "Installed":
        """Return what the process in that Python found."""
        return cls(
            versions={name: str(about["version"]) for name, about in found.items()},
            needs={name: tuple(about["needs"]) for name, about in found.items()},
        )


@dataclass(frozen=True, slots=True)
class Installer:
    """The packages of one Python: what a host has to say of it, and all that is ever done to it."""

    python: str = sys.executable
    folder: str = ""
    """Where packages are put; empty for where this Python has its own."""
    limits: Path | None = None
    """Requirements that hold for whatever comes, one a line."""
    seconds: float = SECONDS
    examination_seconds: float = EXAMINATION_SECONDS

    def examine(self, package: PackageVersion) -> Examination:
        """Return what an installed package brings, without letting it in."""
        return examine_package(package.name, package.version, python=self.python, limit=self.examination_seconds)

    def installed(self) -> Installed:
        """Return everything that is installed now."""
        return Installed.of(json.loads(self._run("list").stdout))

    def install(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> Installed:
        """Install a package and what it needs; raises PackageError, and then nothing was changed.

        Whatever is present stays in its version, except the package itself and what is replaceable. What would come is
        looked at first: nothing of it may write, hide or come before what is another's. Returns what is installed then.
        """
        try:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                limits = self._limits(folder, package, present, replaceable)
                asked = {"options": [package.requirement], "constraints": limits}
                coming = self._run_for(package, present, "download", **asked, folder=name, into=self.folder)
                wheels = [Wheel.read(path) for path in sorted(folder.glob("*.whl"))]
                owners = Owners(**self._run_for(package, present, "owners", into=self.folder, **paths_of(wheels)))
                refuse_what_is_not_its_own(wheels, owners)
                found = self._run_for(package, present, "install", wanted=coming, folder=name, into=self.folder)
                return Installed.of(found)
        except OSError as error:
            raise PackageError("failed", package=str(package), detail=error.strerror or "") from error

    def newest(self, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> str:
        """Return the newest version of an installed package that could be installed; raises PackageError."""
        hurried = replace(self, seconds=min(self.seconds, LOOK_SECONDS))
        with tempfile.TemporaryDirectory() as name:
            coming = hurried.upgrades(Path(name), package, present, replaceable)
        found = {PackageVersion.parse(one).name: PackageVersion.parse(one).version for one in coming}
        return found.get(package.name, package.version)

    def upgrades(
        self, folder: Path, package: PackageVersion, present: Installed, replaceable: Iterable[str]
    ) -> list[str]:
        """Return what would come with a newer version, as `name==version`; raises PackageError."""
        limits = self._limits(folder, package, present, replaceable)
        asked = {"options": ["--upgrade-package", package.name, package.name], "constraints": limits}
        return [str(one) for one in self._run_for(package, present, "resolve", **asked, into=self.folder)]

    def uninstall(self, leaving: Iterable[str], dependencies: Iterable[str], needed: Iterable[str]) -> set[str]:
        """Remove packages, and of what they brought that which nothing else needs; raises PackageError.

        `needed` are requirements that hold whatever else is installed. Returns the names of what went.
        """
        present = self.installed()
        needs = {**present.needs, "": tuple(needed)}
        to_remove = no_longer_needed(leaving, dependencies, needs) & present.versions.keys()
        if to_remove and self._run("uninstall", names=sorted(to_remove), into=self.folder).returncode:
            raise PackageError("not_removed", package=", ".join(sorted(to_remove)))
        return to_remove

    def _limits(self, folder: Path, package: PackageVersion, present: Installed, replaceable: Iterable[str]) -> str:
        """Write what holds for whatever comes into a folder; return the path of the file."""
        file = folder / "constraints.txt"
        of_host = () if self.limits is None else self.limits.read_text(encoding="utf-8").splitlines()
        lines = constraints(of_host, present.versions, {package.name, *replaceable})
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(file)

    def _run_for(self, package: PackageVersion, present: Installed, command: str, **arguments: object) -> Any:  # noqa: ANN401 - the answer is JSON
        finished = self._run(command, **arguments)
        if finished.returncode:
            raise explain(package, finished.stderr.decode(errors="replace"), present.versions)
        return json.loads(finished.stdout)

    def _run(self, command: str, **arguments: object) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - of this very Python
                [self.python, "-P", str(PROGRAM), command],
                capture_output=True,
                check=False,
                input=json.dumps(arguments).encode(),
                timeout=self.seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise PackageError("too_slow") from error
