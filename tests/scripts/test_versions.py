"""One command raises the version of everything that is published together, and finds what was forgotten."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from ha_device_backup_core.testing.checks.package import bounds_of_core
from scripts import versions

pytestmark = pytest.mark.once
INTEGRATION = "custom_components/ha_device_backups"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a copy of all files that say a version."""
    for pattern in (*versions.PLACES, versions.CHANGELOG):
        for file in versions.ROOT.glob(pattern):
            copy = tmp_path / file.relative_to(versions.ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    return tmp_path


def project(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(file.read_text())["project"]
    return found


def test_every_place_says_the_same() -> None:
    assert list(versions.faults(versions.ROOT)) == []


@pytest.mark.parametrize("version", ["0.7.3", "1.4.0", "12.0.1", "0.8.0rc1"])
def test_all_are_raised_together(repository: Path, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert versions.main(["raise", version], repository) == 0

    manifest = json.loads((repository / INTEGRATION / "manifest.json").read_text())
    catalogue = json.loads((repository / INTEGRATION / "catalogue.json").read_text())
    projects = [project(file) for pattern in versions.PROJECTS for file in repository.glob(pattern)]
    assert {one["version"] for one in (manifest, *catalogue, *projects)} == {version}
    assert {line.partition("==")[2] for line in manifest["requirements"]} == {version}
    assert yaml.safe_load((repository / "agent/app/config.yaml").read_text())["version"] == version
    in_image = (repository / "agent/app/requirements.txt").read_text().splitlines()
    assert {line.partition("==")[2] for line in in_image} == {version}
    core = "ha-device-backup-core"
    template = project(repository / "docs/handler-template/pyproject.toml")
    assert (template["version"], template["dependencies"]) == ("0.1.0", [f"{core}{versions.bounds(version)}"])
    recipes = project(repository / "docs/recipe-template/pyproject.toml")
    assert recipes["dependencies"][1] == f"ha-device-backup-http{versions.bounds(version)}"
    for language in ("en", "de", "nl"):
        texts = (repository / INTEGRATION / f"translations/{language}.json").read_text()
        assert f"ha-device-backup-tasmota=={version}" in texts
    assert f"\n## {version} (unreleased)\n" in (repository / "CHANGELOG.md").read_text()
    assert capsys.readouterr().out.endswith(f"Everything is of version {version}.\n")
    assert versions.raise_to(repository, version) == []


def test_what_was_released_stays_in_the_changelog(repository: Path) -> None:
    changelog = repository / "CHANGELOG.md"
    version = versions.current(repository)
    changelog.write_text(changelog.read_text().replace("(unreleased)", "(2026-12-01)"))

    versions.raise_to(repository, "9.0.0")

    titles = [line for line in changelog.read_text().splitlines() if line.startswith("## ")]
    assert titles[:2] == ["## 9.0.0 (unreleased)", f"## {version} (2026-12-01)"]


def test_what_was_forgotten_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = repository / INTEGRATION / "manifest.json"
    version = versions.current(repository)
    manifest.write_text(manifest.read_text().replace(f"core=={version}", "core==0.0.9"))
    assert versions.main([], repository) == 1
    assert f"{INTEGRATION}/manifest.json says 0.0.9, not {version}.\n" in capsys.readouterr().out

    assert versions.main(["raise", version], repository) == 0


def test_only_what_the_changelog_dates_may_be_tagged(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    versions.raise_to(repository, "3.1.0")
    assert versions.main(["--tag", "v3.2.0"], repository) == 1
    said = capsys.readouterr().out
    assert "The tag is v3.2.0, the version 3.1.0." in said
    assert "CHANGELOG.md calls 3.1.0 unreleased" in said

    changelog = repository / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("(unreleased)", "(2027-01-04)"))
    assert versions.main(["--tag", "v3.1.0"], repository) == 0


@pytest.mark.parametrize("version", ["", "2", "1.0", "v1.0.0", "1.0.0; x", "../1.0.0"])
def test_only_a_version_is_written(repository: Path, version: str) -> None:
    before = (repository / "pyproject.toml").read_bytes()
    with pytest.raises(SystemExit):
        versions.main(["raise", version], repository)
    assert (repository / "pyproject.toml").read_bytes() == before


@pytest.mark.parametrize("version", ["0.1.0", "0.12.3", "1.0.0", "3.4.5", "0.2.0rc1", "2.0.0b3"])
def test_authors_are_told_what_the_suite_checks(version: str) -> None:
    assert versions.bounds(version) == bounds_of_core(Version(version))


@pytest.mark.parametrize("version", ["0.2.0rc1", "0.2.0", "1.4.2"])
def test_what_is_published_together_fits_together(version: str) -> None:
    bounds = SpecifierSet(versions.bounds(version))
    assert version in bounds
    assert versions.breaks_at(version) not in bounds


def test_after_a_trial_the_version_itself_is_raised_to(repository: Path) -> None:
    versions.raise_to(repository, "0.9.0rc1")
    versions.raise_to(repository, "0.9.0")
    assert list(versions.faults(repository)) == []
    assert project(repository / "handlers-http/pyproject.toml")["dependencies"][1] == "ha-device-backup-core>=0.9,<0.10"
