"""A package of recipes is one line of Python: the template is one, and passes the suite when it is installed."""

import importlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_http.recipe import RecipeError, packages
from ha_device_backup_http.recipe.packages import recipe_handlers

TEMPLATE = Path(__file__).parents[3] / "docs/recipe-template"
PACKAGE = "ha_device_backup_pumps"
PROJECT = tomllib.loads((TEMPLATE / "pyproject.toml").read_text())["project"]
METADATA = f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n" + "".join(
    f"Requires-Dist: {requirement}\n" for requirement in PROJECT["dependencies"]
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the template, as pip would leave it for an author who works on it; its recipes are read each time."""
    monkeypatch.setattr(packages, "recipe_handlers", recipe_handlers.__wrapped__)
    info = tmp_path / "ha_device_backup_pumps-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text(f"[ha_device_backup]\npumps = {PACKAGE}\n")
    (tmp_path / PACKAGE).symlink_to(TEMPLATE / PACKAGE)
    yield tmp_path
    sys.modules.pop(PACKAGE, None)


def test_python_of_it_is_short() -> None:
    source = (TEMPLATE / PACKAGE / "__init__.py").read_text()
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith('"""')]

    assert lines == ["from ha_device_backup_http import recipes", "device_backup_handlers = recipes(__package__)"]


def test_it_is_published_as_any_handler_is() -> None:
    others = TEMPLATE.parent / "handler-template"

    for name in (".gitignore", ".github/workflows/ci.yml"):
        assert (TEMPLATE / name).read_text() == (others / name).read_text()


def test_it_is_found(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed))
    registry = load_handlers()

    assert registry.handlers["acme_pump"].distribution == "ha-device-backup-pumps"


def test_wrong_recipe_is_a_problem_of_its_own(tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (installed / PACKAGE).unlink()
    folder = installed / PACKAGE / "recipes"
    folder.mkdir(parents=True)
    right = (TEMPLATE / PACKAGE / "recipes/acme_pump.toml").read_text()
    (folder / "right.toml").write_text(right)
    (folder / "wrong.toml").write_text(right.replace("acme_pump", "other_pump").replace("json:/serial", "jsn:/serial"))
    (installed / PACKAGE / "__init__.py").write_bytes((TEMPLATE / PACKAGE / "__init__.py").read_bytes())
    monkeypatch.syspath_prepend(str(installed))
    importlib.invalidate_caches()
    registry = load_handlers()
    (problem,) = [problem for problem in registry.problems if problem.distribution == "ha-device-backup-pumps"]

    assert "acme_pump" in registry.handlers
    assert "wrong.toml:25: identify.capture.serial: “jsn:/serial” is no source of a value" in str(problem.message)
    assert isinstance(recipe_handlers(PACKAGE)[1], RecipeError)


@pytest.mark.once
def test_suite_of_it_passes(installed: Path) -> None:
    environment = {"PYTHONPATH": ":".join([str(installed), *filter(None, sys.path)]), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            TEMPLATE / "pyproject.toml",
            TEMPLATE / "tests",
        ],
        capture_output=True,
        text=True,
        env=environment,
        cwd=installed,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
