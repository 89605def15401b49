"""The virtual environments below `.tools/`; each is made again only when something it was made from has changed."""

import hashlib
import json
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .commands import output
from .paths import ROOT, TOOLS
from .steps import SetupError, step

HOME_ASSISTANT_VERSION = "2026.11.0"
OLDEST_HOME_ASSISTANT_VERSION = "2026.8.3"
REQUIREMENTS_PROGRAM = ROOT / "scripts/home_assistant_requirements.py"
# No wheels for these: where no compiler is at hand, Home Assistant starts without its voice assistant.
NEEDS_COMPILER = ("pymicro-vad", "pyspeex-noise")
# Without these names the frontend of 2026.8 waits for ever: what lists all actions imports the voice assistant.
STAND_INS = {"pymicro_vad": "class MicroVad: ...\n", "pyspeex_noise": "class AudioProcessor: ...\n"}


def _project(editable: str) -> str:
    """Return the parts of a project's description that an installation is made from."""
    content = tomllib.loads((ROOT / editable.partition("[")[0] / "pyproject.toml").read_text())
    return json.dumps([content[table] for table in ("build-system", "project")])


@dataclass(frozen=True)
class Environment:
    """A virtual environment and all that it is made from."""

    name: str
    requirements: tuple[str, ...]
    editables: tuple[str, ...] = ()
    home_assistant: bool = False

    @property
    def folder(self) -> Path:
        """Return where it is."""
        return TOOLS / self.name

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        return self.folder / "bin/python"

    def fingerprint(self, interpreter: Path) -> str:
        """Return a digest of everything it is made from."""
        parts = [
            output([interpreter, "-I", "-c", "import sys; print(sys.executable, sys.version)"]),
            json.dumps([self.requirements, self.editables]),
            *(_project(editable) for editable in self.editables),
            REQUIREMENTS_PROGRAM.read_text() if self.home_assistant else "",
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


WORKSPACE = (".[cli]", "agent", *sorted(path.name for path in ROOT.glob("handlers-*")))
NOX = Environment("nox", ("nox>=2026.2",))
HOME_ASSISTANT = Environment(
    f"homeassistant-{HOME_ASSISTANT_VERSION}",
    (
        f"homeassistant=={HOME_ASSISTANT_VERSION}",
        "axe-playwright-python",
        "playwright",
        "pytest<9.2",  # from then on pytest-xdist 3.8 keeps no groups together
        "pytest-asyncio",
        "pytest-timeout",
        "pytest-xdist",
    ),
    WORKSPACE,
    home_assistant=True,
)
OLDEST_HOME_ASSISTANT = Environment(
    f"homeassistant-{OLDEST_HOME_ASSISTANT_VERSION}",
    (f"homeassistant=={OLDEST_HOME_ASSISTANT_VERSION}",),
    WORKSPACE,
    home_assistant=True,
)
"""What the page is tried in; the tests themselves run in the newest one."""


def _install(uv: Path, environment: Environment, requirements: Sequence[str]) -> None:
    output([uv, "pip", "install", "--quiet", "--python", environment.python, *requirements])


def _add_home_assistant_components(uv: Path, environment: Environment) -> str:
    """Install what Home Assistant would otherwise install while it starts; return what to tell about it."""
    wanted = output([environment.python, REQUIREMENTS_PROGRAM]).split()
    (constraints,) = environment.folder.glob("lib/python*/site-packages/homeassistant/package_constraints.txt")
    compiled = [requirement for requirement in wanted if requirement.startswith(NEEDS_COMPILER)]
    others = [requirement for requirement in wanted if requirement not in compiled]
    _install(uv, environment, ["--constraints", str(constraints), *others])
    try:
        _install(uv, environment, compiled)
    except SetupError:
        for module, content in STAND_INS.items():
            (constraints.parents[1] / f"{module}.py").write_text(content)
        return "ready, without Home Assistant's voice assistant: no C++ compiler here"
    return "ready"


def prepare(uv: Path, interpreter: Path, environment: Environment) -> Environment:
    """Make an environment, or leave it as it is when it is already made from the same."""
    mark = environment.folder / ".fingerprint"
    fingerprint = environment.fingerprint(interpreter)
    if mark.is_file() and mark.read_text() == fingerprint:
        return environment
    with step(f"Environment {environment.name}") as current:
        shutil.rmtree(environment.folder, ignore_errors=True)
        output([uv, "venv", "--quiet", "--python", interpreter, environment.folder])
        editables = [part for editable in environment.editables for part in ("--editable", editable)]
        _install(uv, environment, [*environment.requirements, *editables])
        if environment.home_assistant:
            current.result = _add_home_assistant_components(uv, environment)
        mark.write_text(fingerprint)
    return environment
