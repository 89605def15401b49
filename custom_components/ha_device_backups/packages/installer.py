"""Installs and removes packages; blocking, so call it in a worker thread."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core.examination import EXAMINATION_SECONDS, Examination, examine_package

from .constraints import constraints, no_longer_needed
from .errors import PackageError
from .explain import explain
from .requirement import PackageVersion

PROGRAM = Path(__file__).with_name("installer_process.py")
SECONDS = 600.0
"""Until an installation is given up: slow networks take their time."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What is installed in the Python that Home Assistant runs in."""

    versions: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Installer:
    """The packages of one Python."""

    python: str = sys.executable
    seconds: float = SECONDS
    examination_seconds: float = EXAMINATION_SECONDS

    def examine(self, package: PackageVersion) -> Examination:
        """Return what an installed package brings, without letting it in."""
        return examine_package(package.name, package.version, python=self.python, limit=self.examination_seconds)

    def installed(self) -> Installed:
        """Return everything that is installed now."""
        found = json.loads(self._run("list").stdout)
        return Installed(
            versions={name: str(about["version"]) for name, about in found.items()},
            needs={name: tuple(about["needs"]) for name, about in found.items()},
        )

    def install(self, package: PackageVersion, present: Installed, movable: Iterable[str]) -> None:
        """Install a package and what it needs; raises PackageError, and then nothing was changed.

        Whatever is present stays in its version, except the package itself and what is movable.
        """
        lines = constraints(self._of_home_assistant(), present.versions, {package.name, *movable})
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "constraints.txt"
                file.write_text("\n".join(lines) + "\n", encoding="utf-8")
                finished = self._run("install", package.requirement, str(file))
        except OSError as error:
            raise PackageError("failed", package=str(package), detail=error.strerror or "") from error
        if finished.returncode:
            raise explain(package, finished.stderr.decode(errors="replace"), present.versions)

    def uninstall(self, leaving: Iterable[str], brought: Iterable[str], needed: Iterable[str]) -> set[str]:
        """Remove packages, and of what they brought that which nothing else needs; raises PackageError.

        Returns the names of what went.
        """
        present = self.installed()
        needs = {**present.needs, "": tuple(needed)}
        going = no_longer_needed(leaving, brought, needs) & present.versions.keys()
        if going and self._run("uninstall", *sorted(going)).returncode:
            raise PackageError("not_removed", package=", ".join(sorted(going)))
        return going

    def _of_home_assistant(self) -> list[str]:
        import homeassistant  # noqa: PLC0415 - only to find the file

        file = Path(homeassistant.__file__).with_name("package_constraints.txt")
        return file.read_text(encoding="utf-8").splitlines()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - of this very Python
                [self.python, "-P", str(PROGRAM), *arguments],
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=self.seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise PackageError("too_slow", package=arguments[1] if len(arguments) > 1 else "") from error
