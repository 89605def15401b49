"""What people meet who come to the repository."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
FORMS = sorted(path for path in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml") if path.name != "config.yml")


def form(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    return content


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_a_form_can_be_shown(file: Path) -> None:
    content = form(file)
    assert {"name", "description", "body"} <= set(content)
    ids = [field["id"] for field in content["body"] if field["type"] != "markdown"]
    assert len(set(ids)) == len(ids)
    for field in content["body"]:
        assert field["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        assert field["attributes"].get("value") if field["type"] == "markdown" else field["attributes"]["label"]


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
