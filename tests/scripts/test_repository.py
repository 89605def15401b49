"""What people meet who come to the repository."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.bootstrap.environments import HOME_ASSISTANT_VERSION, OLDEST_HOME_ASSISTANT_VERSION

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
FORMS = sorted(path for path in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml") if path.name != "config.yml")


def form(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    return content


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_a_form_can_be_shown(file: Path) -> None:
    content = form(file)
    assert {"name", "description", "labels", "body"} == set(content)
    asked = [field for field in content["body"] if field["type"] != "markdown"]
    assert asked
    for names in ([field["id"] for field in asked], [field["attributes"]["label"] for field in asked]):
        assert len(set(names)) == len(names)
    assert [field["id"] for field in asked if not re.fullmatch(r"[A-Za-z0-9_-]+", field["id"])] == []
    published = (ROOT / "docs/publishing.md").read_text()
    assert [label for label in content["labels"] if f"`{label}`" not in published] == []
    for field in content["body"]:
        assert field["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        assert field["attributes"].get("value") if field["type"] == "markdown" else field["attributes"]["label"]
        if field["type"] == "dropdown":
            assert len(set(field["attributes"]["options"])) == len(field["attributes"]["options"])


def test_who_has_no_problem_is_led_elsewhere() -> None:
    links = form(ROOT / ".github/ISSUE_TEMPLATE/config.yml")
    assert links["blank_issues_enabled"] is False
    assert [set(link) for link in links["contact_links"]] == [{"name", "url", "about"}] * len(links["contact_links"])


def test_hacs_finds_what_it_asks_for() -> None:
    offered = json.loads((ROOT / "hacs.json").read_text())
    assert set(offered) <= {
        *("content_in_root", "country", "filename", "hacs", "hide_default_branch", "homeassistant"),
        *("name", "persistent_directory", "render_readme", "zip_release"),
    }
    assert (offered["zip_release"], offered["hide_default_branch"]) == (True, True)
    assert offered["filename"].endswith(".zip")
    (integration,) = (path for path in (ROOT / "custom_components").iterdir() if (path / "manifest.json").is_file())
    manifest = json.loads((integration / "manifest.json").read_text())
    assert {"codeowners", "documentation", "domain", "issue_tracker", "name", "version"} <= set(manifest)
    assert [
        name for name in ("README.md", "LICENSE", integration / "brand/icon.png") if not (ROOT / name).is_file()
    ] == []


def test_whoever_reports_a_problem_is_asked_for_diagnostics() -> None:
    (problem,) = (form(file) for file in FORMS if file.stem == "problem")
    needed = {field["id"] for field in problem["body"] if field.get("validations", {}).get("required")}
    assert {"what", "device", "diagnostics", "versions"} <= needed


def test_the_rest_is_there() -> None:
    names = ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", ".github/pull_request_template.md")
    assert [name for name in names if not (ROOT / name).is_file()] == []
    owners = (ROOT / ".github/CODEOWNERS").read_text().split()
    manifest = json.loads((ROOT / "custom_components/ha_device_backups/manifest.json").read_text())
    assert owners[1:] == manifest["codeowners"]


def test_the_dev_container_prepares_what_the_checks_need() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    program = container["postCreateCommand"].split()[0]
    assert (ROOT / program).is_file()
    interpreter = container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter == f".tools/homeassistant-{HOME_ASSISTANT_VERSION}/bin/python"


def test_versions_that_people_read_are_those_of_the_checks() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert set(re.findall(r"homeassistant-([\d.]+)/", contributing)) == {HOME_ASSISTANT_VERSION}
    newest = re.findall(r'^NEWEST_PYTHON = "([\d.]+)"', (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    pages = contributing + (ROOT / "docs/translating.md").read_text()
    assert re.findall(r"uv sync(?: --python ([\d.]+))?", pages) == newest * 2
    oldest = ".".join(OLDEST_HOME_ASSISTANT_VERSION.split(".")[:2])
    offered = json.loads((ROOT / "hacs.json").read_text())["homeassistant"]
    assert offered == f"{oldest}.0"
    for page in ("README.md", "docs/install.md"):
        assert f"Home Assistant {oldest} or newer" in (ROOT / page).read_text(), page
