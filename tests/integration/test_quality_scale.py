"""The quality scale names every rule, and its claims that can be checked are true."""

import ast
from pathlib import Path
from typing import Any

import yaml

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
PLATFORMS = ("binary_sensor", "button", "event", "sensor", "switch")


def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text())["rules"]
    return loaded


def test_every_rule_is_named() -> None:
    assert set(rules()) == RULES
    assert len(RULES) == 54


def test_whoever_is_not_done_says_why() -> None:
    for name, value in rules().items():
        if value != "done":
            assert value["status"] in ("done", "exempt", "todo"), name
            assert value["comment"], name


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
