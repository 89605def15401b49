"""A Python in which Home Assistant was installed and nothing of ours, and a package index that has all of ours."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from scripts.bootstrap.commands import output
from scripts.live.process import Runtime
from tests.simulators.package_index import PackageIndex
from tests.simulators.repacked import link_needed, repack_needed

from .authors import TEMPLATE
from .forked import said

UV = (sys.executable, "-m", "uv")


def fill_index(index: PackageIndex) -> None:
    """Publish every package of the repository and that of the template, and what they need."""
    build = (*UV, "build", "--quiet", "--wheel", f"--out-dir={index.folder}")
    output([*build, "--all-packages"])
    output([*build, TEMPLATE])
    repack_needed(sorted(index.folder.glob("*.whl")), index.folder)


@dataclass(frozen=True)
class FreshPython:
    """A virtual environment of its own."""

    folder: Path
    index: PackageIndex
    original: dict[str, str] = field(default_factory=dict)
    """What was installed with Home Assistant."""

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def runtime(self) -> Runtime:
        """Return how Home Assistant runs in it, with nothing but our index to install from."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_", "PYTHON"))}
        only = {"UV_DEFAULT_INDEX": self.index.simple_url, "UV_NO_CONFIG": "1", "UV_NO_CACHE": "1"}
        return Runtime(python=self.python, skip_pip=False, environment={**kept, **only, "UV_HTTP_RETRIES": "0"})

    def create(self) -> None:
        """Have Home Assistant in it and what its components need, as they are installed in this Python."""
        installed = {canonicalize_name(found.name) for found in distributions()}
        components = (line.partition("==")[0] for line in said("scripts.home_assistant_requirements").splitlines())
        output([*UV, "venv", "--quiet", "--python", sys.executable, self.folder])
        link_needed(["homeassistant", *installed.intersection(map(canonicalize_name, components))], self.folder)
        self.original.update(self.versions())

    def versions(self) -> Mapping[str, str]:
        """Return what is installed."""
        return dict(line.split("==") for line in self._uv("freeze").splitlines())

    def uninstall(self, *names: str) -> None:
        """Remove packages, as an update of Home Assistant does that makes its container anew."""
        self._uv("uninstall", *names)

    def _uv(self, command: str, *arguments: str | Path) -> str:
        return output([*UV, "pip", command, "--quiet", "--python", self.python, *arguments])
