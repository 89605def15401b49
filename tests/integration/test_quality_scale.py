"""The quality scale names every rule, and its claims that can be checked are true."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import voluptuous as vol
import yaml
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN

INTEGRATION = Path(__file__).parents[2] / "custom_components" / "ha_device_backups"

RULES = {
    *["action-setup", "appropriate-polling", "brands", "common-modules", "config-flow", "config-flow-test-coverage"],
    *["dependency-transparency", "docs-actions", "docs-conditions", "docs-high-level-description"],
    *["docs-installation-instructions", "docs-removal-instructions", "docs-triggers", "entity-event-setup"],
    *["entity-unique-id", "has-entity-name", "runtime-data", "test-before-configure", "test-before-setup"],
    *["unique-config-entry", "action-exceptions", "config-entry-unloading", "docs-configuration-parameters"],
    *["docs-installation-parameters", "entity-unavailable", "integration-owner", "log-when-unavailable"],
    *["parallel-updates", "reauthentication-flow", "test-coverage", "devices", "diagnostics", "discovery"],
    *["discovery-update-info", "docs-data-update", "docs-examples", "docs-known-limitations", "docs-supported-devices"],
    *["docs-supported-functions", "docs-troubleshooting", "docs-use-cases", "dynamic-devices", "entity-category"],
    *["entity-device-class", "entity-disabled-by-default", "entity-translations", "exception-translations"],
    *["icon-translations", "reconfiguration-flow", "repair-issues", "stale-devices", "async-dependency"],
    *["inject-websession", "strict-typing"],
}
PLATFORMS = ("binary_sensor", "button", "event", "sensor", "switch", "update")
ENTRY_FUNCTIONS = (
    "async_setup_entry",
    "async_unload_entry",
    "async_remove_entry",
    "async_get_config_entry_diagnostics",
)
ROOT = INTEGRATION.parents[1]
SCALE = vol.Schema(
    {
        vol.Required("rules"): {
            str: {
                vol.Required("status"): vol.In(["done", "exempt"]),
                vol.Required("comment"): vol.All(str, vol.Length(1)),
            }
        }
    }
)
"""As Home Assistant takes it, but every rule has its evidence, and none is left to do."""
TYPED = "DeviceBackupsConfigEntry"
ANY_ENTRY = {
    ("discovery/found_devices.py", "_known_device"),
    ("discovery/found_devices.py", "_known_value"),
    ("discovery/known_devices.py", "_entry_changed"),
    ("discovery/listener.py", "_entry_removed"),
}
"""What takes entries of other integrations, too."""


def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = SCALE(yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text()))["rules"]
    return loaded


def test_every_rule_is_named() -> None:
    assert set(rules()) == RULES
    assert len(RULES) == 54


def test_every_claim_has_its_evidence() -> None:
    for name, value in rules().items():
        for word in re.findall(
            r"[\w./-]+\.(?:py|md|json|yml)\b|(?:tests|docs)/\w[\w/-]*|\.github/\w+", value["comment"]
        ):
            assert (ROOT / word).exists() or (INTEGRATION / word).exists(), (name, word)


def functions(module: str) -> dict[str, ast.AsyncFunctionDef]:
    tree = ast.parse((INTEGRATION / f"{module}.py").read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)}


def test_the_set_up_keeps_its_data_in_the_entry() -> None:
    stored = [
        node
        for node in ast.walk(functions("__init__")["async_setup_entry"])
        if isinstance(node, ast.Attribute) and node.attr == "runtime_data" and isinstance(node.ctx, ast.Store)
    ]
    assert stored


def test_entries_are_typed_wherever_home_assistant_hands_them_over() -> None:
    for module in ("__init__", "diagnostics", *PLATFORMS):
        for name, function in functions(module).items():
            if name in ENTRY_FUNCTIONS:
                annotation = function.args.args[1].annotation
                assert isinstance(annotation, ast.Name), (module, name)
                assert annotation.id == TYPED, (module, name)


def untyped(file: Path) -> Iterator[tuple[str, str]]:
    """Return the functions of a module that take or return an entry of whatever integration."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = (*(argument.annotation for argument in node.args.args + node.args.kwonlyargs), node.returns)
            names = {one.id for part in said if part for one in ast.walk(part) if isinstance(one, ast.Name)}
            if "ConfigEntry" in names:
                yield str(file.relative_to(INTEGRATION)), node.name


def test_entries_are_typed_throughout() -> None:
    """With strict typing an entry of our own is one with our data, wherever it goes."""
    assert {place for file in INTEGRATION.rglob("*.py") for place in untyped(file)} == ANY_ENTRY


def test_the_flow_has_the_steps_where_they_are_looked_for() -> None:
    assert {"async_step_reauth", "async_step_reconfigure"} <= set(functions("config_flow"))


def test_the_flow_tells_known_from_new_where_it_is_looked_for() -> None:
    called = {
        node.func.attr
        for node in ast.walk(ast.parse((INTEGRATION / "config_flow.py").read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {"async_set_unique_id", "_abort_if_unique_id_configured"} <= called


def test_the_options_get_a_typed_entry() -> None:
    (annotation,) = (
        node.args.args[0].annotation
        for node in ast.walk(ast.parse((INTEGRATION / "config_flow.py").read_text()))
        if isinstance(node, ast.FunctionDef) and node.name == "async_get_options_flow"
    )
    assert isinstance(annotation, ast.Name)
    assert annotation.id == TYPED


def test_an_entry_can_be_taken_out_of_work() -> None:
    assert "async_unload_entry" in functions("__init__")


def test_devices_are_discovered_by_what_the_manifest_names() -> None:
    manifest = json.loads((INTEGRATION / "manifest.json").read_text())
    assert {"ssdp", "zeroconf"} <= set(manifest)
    assert manifest["config_flow"] is True


def test_the_coordinators_and_the_base_entity_are_where_they_are_looked_for() -> None:
    kept = {
        (str(file.relative_to(INTEGRATION)), node.name)
        for file in INTEGRATION.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Coordinator")
    }
    assert kept == {("agents/coordinator.py", "AgentCoordinator"), ("coordinator.py", "Coordinator")}
    assert (INTEGRATION / "entity.py").is_file()


def test_the_diagnostics_are_where_they_are_looked_for() -> None:
    assert "async_get_config_entry_diagnostics" in functions("diagnostics")


def test_a_set_up_that_cannot_work_says_so() -> None:
    raised = {
        node.exc.func.id
        for file in INTEGRATION.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    assert "ConfigEntryNotReady" in raised


def test_actions_are_there_before_any_entry() -> None:
    calls = ast.unparse(functions("__init__")["async_setup"])
    assert "async_register_services(hass)" in calls
    for module in ("__init__", *PLATFORMS):
        assert "async_register" not in ast.unparse(functions(module)["async_setup_entry"]), module


async def test_every_entity_is_diagnostic_or_for_configuration(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    entities = [one for one in er.async_get(hass).entities.values() if one.platform == DOMAIN]
    assert entities
    assert [one.entity_id for one in entities if one.entity_category is None or not one.has_entity_name] == []


async def test_texts_and_lists_of_attributes_are_not_recorded(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    """Only what is short and says the same in each language is kept at every change."""
    entities = [one for platform in async_get_platforms(hass, DOMAIN) for one in platform.entities.values()]
    assert entities
    recorded = {
        (one.entity_id, name)
        for one in entities
        for name, value in (one.extra_state_attributes or {}).items()
        if name not in one._unrecorded_attributes and (isinstance(value, list) or name == "message")
    }
    assert recorded == set()


def test_every_platform_limits_its_updates() -> None:
    for platform in PLATFORMS:
        tree = ast.parse((INTEGRATION / f"{platform}.py").read_text())
        names = [
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        assert "PARALLEL_UPDATES" in names, platform


def test_the_brand_is_there_for_light_and_dark() -> None:
    names = {
        f"{prefix}{name}{scale}.png" for prefix in ("", "dark_") for name in ("icon", "logo") for scale in ("", "@2x")
    }
    assert {path.name for path in (INTEGRATION / "brand").iterdir()} == names
