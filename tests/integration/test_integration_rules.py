"""What Home Assistant's own checks ask of every integration, of those for authors and for measurements as well."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import voluptuous as vol
import yaml
from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant import components
from homeassistant.const import Platform
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import selector
from homeassistant.requirements import DISCOVERY_INTEGRATIONS
from packaging.requirements import Requirement

from .integrations import FOLDERS, content, of_each_integration

IOT_CLASSES = {"assumed_state", "calculated", "cloud_polling", "cloud_push", "local_polling", "local_push"}
TYPES = {"device", "entity", "hardware", "helper", "hub", "service", "system"}
REGISTERS = re.compile(
    r"hass\.services\.(?:async_)?register|async_register_entity_service|async_register_admin_service",
)
COMPONENTS = Path(str(components.__file__)).parent
ALWAYS_THERE = {
    *(platform.value for platform in Platform),
    *("device_automation", "frontend", "homeassistant", "panel_custom", "persistent_notification"),
    *("system_health", "websocket_api"),
}
"""What Home Assistant lets every integration use without a word in its manifest."""
EVERY_DEPENDENCY = ("dependencies", "after_dependencies")


def address(value: str) -> str:
    """Take an address of the web that is not one of Home Assistant's own pages."""
    if urlparse(value).scheme != "https" or urlparse(value).netloc == "www.home-assistant.io":
        raise vol.Invalid(f"no address of an integration of our own: {value}")
    return value


def version(value: str) -> str:
    """Take a version that Home Assistant can compare."""
    AwesomeVersion(
        value,
        ensure_strategy=[
            *(AwesomeVersionStrategy.CALVER, AwesomeVersionStrategy.SEMVER, AwesomeVersionStrategy.SIMPLEVER),
            *(AwesomeVersionStrategy.BUILDVER, AwesomeVersionStrategy.PEP440),
        ],
    )
    return value


def lower(value: str) -> str:
    """Take what is compared in small letters."""
    if value != value.lower():
        raise vol.Invalid(f"not in small letters: {value}")
    return value


LOWER = vol.All(str, lower)
ZEROCONF = {vol.Required("type"): str, vol.Optional("name"): LOWER, vol.Optional("properties"): {str: LOWER}}
MANIFEST = vol.Schema(
    {
        vol.Required("domain"): cv.slug,
        vol.Required("name"): str,
        vol.Required("codeowners"): vol.All([vol.Match(r"@\w[\w-]*(?:/[\w-]+)?$")], vol.Length(min=1)),
        vol.Required("documentation"): vol.All(vol.Url(), address),
        vol.Required("iot_class"): vol.In(IOT_CLASSES),
        vol.Required("version"): vol.All(str, version),
        vol.Optional("integration_type"): vol.In(TYPES),
        vol.Optional("issue_tracker"): vol.Url(),
        vol.Optional("config_flow"): True,
        vol.Optional("single_config_entry"): bool,
        **{vol.Optional(name): [str] for name in (*EVERY_DEPENDENCY, "loggers", "requirements")},
        vol.Optional("ssdp"): [vol.All({str: str}, vol.Length(min=1))],
        vol.Optional("zeroconf"): [vol.Any(str, ZEROCONF)],
    }
)
FIELD = vol.Schema(
    {
        vol.Optional("name"): str,
        vol.Optional("description"): str,
        vol.Optional("example"): object,
        vol.Optional("default"): object,
        vol.Optional("required"): bool,
        vol.Optional("selector"): selector.validate_selector,
    }
)
ACTIONS = vol.Schema(
    {
        cv.slug: vol.Any(
            None,
            {vol.Optional("name"): str, vol.Optional("description"): str, vol.Optional("fields"): {str: FIELD}},
        )
    }
)


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Return every module of an integration."""
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(folder), ast.parse(file.read_text())


def used_components(module: ast.Module) -> Iterator[str]:
    """Return the components of Home Assistant that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "homeassistant.components":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        yield from (name.split(".")[2] for name in names if name.startswith("homeassistant.components."))


def allowed_components(folder: Path) -> set[str]:
    """Return what the manifest says is there when the integration is."""
    manifest = content(folder / "manifest.json")
    named = {domain for key in EVERY_DEPENDENCY for domain in manifest.get(key, [])}
    found = {domain for domain, keys in DISCOVERY_INTEGRATIONS.items() if any(key in manifest for key in keys)}
    return ALWAYS_THERE | named | found


def test_all_are_found() -> None:
    assert {folder.name for folder in FOLDERS} == {
        *("ha_device_backups", "acme_device_backup", "empty_integration", "loop_probe"),
    }


@of_each_integration
def test_manifest_says_what_it_has_to(folder: Path) -> None:
    said = content(folder / "manifest.json")

    MANIFEST(said)
    assert list(said) == ["domain", "name", *sorted(set(said) - {"domain", "name"})]
    assert said["domain"] == folder.name
    assert not (COMPONENTS / folder.name).exists()
    assert ("config_flow" in said) == (folder / "config_flow.py").is_file()


@of_each_integration
def test_every_file_of_data_can_be_read(folder: Path) -> None:
    for file in folder.rglob("*.json"):
        json.loads(file.read_text())


@of_each_integration
def test_requirements_are_pinned(folder: Path) -> None:
    requirements = [Requirement(one) for one in content(folder / "manifest.json").get("requirements", [])]

    assert [str(one) for one in requirements if [specifier.operator for specifier in one.specifier] != ["=="]] == []
    assert len({one.name for one in requirements}) == len(requirements)


@of_each_integration
def test_what_is_used_of_home_assistant_is_in_the_manifest(folder: Path) -> None:
    allowed = allowed_components(folder)
    missing = {
        (str(file), used)
        for file, module in modules(folder)
        for used in used_components(module)
        # A platform of another component, such as diagnostics.py or the folder repairs, is called by that one alone.
        if used not in allowed and not (folder / f"{used}.py").is_file() and not (folder / used).is_dir()
    }
    assert missing == set()


@of_each_integration
def test_dependencies_exist_and_are_named_once(folder: Path) -> None:
    needed, afterwards = (content(folder / "manifest.json").get(key, []) for key in EVERY_DEPENDENCY)
    ours = {folder.name for folder in FOLDERS}

    assert len({*needed, *afterwards}) == len(needed) + len(afterwards)
    assert [one for one in (*needed, *afterwards) if one not in ours and not (COMPONENTS / one).is_dir()] == []


@of_each_integration
def test_what_is_set_up_by_yaml_says_what_it_takes(folder: Path) -> None:
    body = ast.parse((folder / "__init__.py").read_text()).body
    sets_up = any(isinstance(node, ast.AsyncFunctionDef) and node.name == "async_setup" for node in body)
    assigned = {
        name.id for node in body if isinstance(node, ast.Assign) for name in node.targets if isinstance(name, ast.Name)
    }
    assert not sets_up or "CONFIG_SCHEMA" in assigned


@of_each_integration
def test_what_is_discovered_gets_an_id_in_the_flow(folder: Path) -> None:
    flow = (folder / "config_flow.py").read_text() if (folder / "config_flow.py").is_file() else ""
    found = re.search(r"async_step_(?:bluetooth|dhcp|discovery|hassio|homekit|mqtt|ssdp|usb|zeroconf)\b", flow)
    assert not found or "self.async_set_unique_id" in flow


@of_each_integration
def test_actions_are_described(folder: Path) -> None:
    registers = any(REGISTERS.search(file.read_text()) for file in folder.rglob("*.py"))
    assert registers == (folder / "services.yaml").is_file()
    if not registers:
        return
    services: dict[str, Any] = ACTIONS(yaml.safe_load((folder / "services.yaml").read_text()))
    texts = content(folder / "translations" / "en.json").get("services", {})
    assert set(services) == set(content(folder / "icons.json")["services"])
    for name, service in services.items():
        said = {**(service or {}), **texts.get(name, {})}
        fields = (service or {}).get("fields", {})
        assert said["name"], name
        assert said["description"], name
        assert set(texts.get(name, {}).get("fields", {})) <= set(fields), name
        for field in fields:
            assert said["fields"][field]["name"], (name, field)
            assert said["fields"][field]["description"], (name, field)
            select = fields[field].get("selector", {}).get("select") or {}
            if choices := select.get("translation_key"):
                assert choices in content(folder / "translations" / "en.json")["selector"], (name, field)


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
