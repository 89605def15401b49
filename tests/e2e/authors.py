"""What authors of handlers make of the template: packages, and devices to try them with."""

import importlib.util
import shutil
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from scripts.bootstrap.commands import output
from scripts.live.folder import ROOT
from tests.simulators.repacked import with_version

UPDATE = "0.2.0"
TEMPLATE = ROOT / "docs" / "handler-template"
REPOSITORY = ROOT / "docs" / "handler-repository" / "custom_components" / "acme_device_backup"

SECOND_DOMAIN = "bolt_device_backup"


class Simulator:
    """The simulated device of the template."""

    def __init__(self) -> None:
        specification = importlib.util.spec_from_file_location("template_simulator", TEMPLATE / "tests/simulator.py")
        assert specification is not None
        assert specification.loader is not None
        self._module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(self._module)

    @property
    def password(self) -> str:
        return str(self._module.PASSWORD)

    def running(self) -> AbstractAsyncContextManager[Any]:
        device: AbstractAsyncContextManager[Any] = self._module.SimulatedAcme()
        return device


def publish_package(work: Path, kind: str, name: str, index: Path) -> str:
    """Make a handler package as the page for authors says, publish two versions of it and return what it is called."""
    distribution = f"ha-device-backup-{kind.replace('_', '-')}"
    begin = (sys.executable, "-m", "ha_device_backup_core.testing.new_handler")
    output([*begin, kind, distribution, "--name", name], folder=work)
    output([sys.executable, "-m", "uv", "build", "--quiet", "--wheel", f"--out-dir={index}", work / distribution])
    (wheel,) = index.glob(f"{distribution.replace('-', '_')}-*.whl")
    with_version(wheel, UPDATE)
    return distribution


def copy_repository(folder: Path) -> Path:
    """Make another author's integration of the example, which requires a package of its own."""
    copy = folder / SECOND_DOMAIN
    shutil.copytree(REPOSITORY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manifest.json", "config_flow.py"):
        text = (copy / name).read_text(encoding="utf-8")
        (copy / name).write_text(text.replace("acme", "bolt").replace("Acme", "Bolt"), encoding="utf-8")
    return copy
