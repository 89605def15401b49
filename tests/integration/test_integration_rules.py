"""What Home Assistant's own checks ask of every integration, of those for authors and for measurements as well."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MANIFESTS = sorted(
    file
    for pattern in ("custom_components/*/manifest.json", "docs/**/manifest.json", "benchmarks/*/manifest.json")
    for file in ROOT.glob(pattern)
)
REQUIRED = {"domain", "name", "codeowners", "documentation", "iot_class", "version"}
KNOWN = REQUIRED | {
    *("after_dependencies", "config_flow", "dependencies", "integration_type", "issue_tracker", "loggers"),
    *("requirements", "single_config_entry", "ssdp", "zeroconf"),
}
IOT_CLASSES = {"assumed_state", "calculated", "cloud_polling", "cloud_push", "local_polling", "local_push"}
TYPES = {"device", "entity", "hardware", "helper", "hub", "service", "system"}
REGISTERS = ("hass.services.async_register(", "async_register_admin_service(")

of_each_integration = pytest.mark.parametrize("folder", [file.parent for file in MANIFESTS], ids=lambda path: path.name)


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return content


def texts(folder: Path) -> dict[str, Any]:
    file = folder / "translations" / "en.json"
    content: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    return content


def test_all_are_found() -> None:
    assert {file.parent.name for file in MANIFESTS} == {
        *("ha_device_backups", "acme_device_backup", "empty_integration", "loop_probe"),
    }


@of_each_integration
def test_manifest_says_what_it_has_to(folder: Path) -> None:
    said = manifest(folder)

    assert REQUIRED <= set(said) <= KNOWN
    assert list(said) == ["domain", "name", *sorted(set(said) - {"domain", "name"})]
    assert said["domain"] == folder.name
    assert said["iot_class"] in IOT_CLASSES
    assert said.get("integration_type", "hub") in TYPES
    assert said["documentation"].startswith("https://")
    assert all(owner.startswith("@") for owner in said["codeowners"])
    assert "config_flow" not in said or (folder / "config_flow.py").is_file()


@of_each_integration
def test_what_is_set_up_by_yaml_says_what_it_takes(folder: Path) -> None:
    body = ast.parse((folder / "__init__.py").read_text()).body
    sets_up = any(isinstance(node, ast.AsyncFunctionDef) and node.name == "async_setup" for node in body)
    assigned = {
        name.id for node in body if isinstance(node, ast.Assign) for name in node.targets if isinstance(name, ast.Name)
    }
    assert not sets_up or "CONFIG_SCHEMA" in assigned


@of_each_integration
def test_actions_are_described(folder: Path) -> None:
    sources = [file.read_text() for file in folder.rglob("*.py")]
    registers = any(call in source for call in REGISTERS for source in sources)
    assert registers == (folder / "services.yaml").is_file()
    if not registers:
        return
    services: dict[str, Any] = yaml.safe_load((folder / "services.yaml").read_text())
    icons = json.loads((folder / "icons.json").read_text())["services"]
    assert set(services) == set(icons)
    for name, service in services.items():
        said = {**(service or {}), **texts(folder).get("services", {}).get(name, {})}
        assert said["name"], name
        assert said["description"], name
        for field in (service or {}).get("fields", {}):
            assert said["fields"][field]["name"], (name, field)
            assert said["fields"][field]["description"], (name, field)


@of_each_integration
def test_no_form_of_an_action_draws_what_is_not_sent(folder: Path) -> None:
    """A field that may be left out and has a default is drawn with it, and is not sent: a ticked box does nothing."""
    if not (folder / "services.yaml").is_file():
        return
    services: dict[str, Any] = yaml.safe_load((folder / "services.yaml").read_text())
    fields = {
        (name, key): field
        for name, service in services.items()
        for key, field in (service or {}).get("fields", {}).items()
    }
    assert [place for place, field in fields.items() if "default" in field and not field.get("required")] == []
    switches = [field for field in fields.values() if "boolean" in field.get("selector", {})]
    assert [field for field in switches if field.get("required") or "default" in field] == []
