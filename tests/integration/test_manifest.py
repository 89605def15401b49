"""The manifest agrees with the rest of the repository."""

import json
import tomllib
from pathlib import Path
from typing import Any

from custom_components import ha_device_backups
from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.agent.protocol import AGENT_SERVICE
from ha_device_backup_core.matchers import Ssdp, Zeroconf
from ha_device_backup_core.plugins.registry import load_handlers

INTEGRATION = Path(ha_device_backups.__file__).parent
REPOSITORY = INTEGRATION.parents[1]
MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
PROJECTS: dict[Path, dict[str, Any]] = {
    path: tomllib.loads(path.read_text())["project"]
    for path in (REPOSITORY / "pyproject.toml", *REPOSITORY.glob("handlers-*/pyproject.toml"))
}
CATALOGUE = {entry["package"] for entry in json.loads((INTEGRATION / "catalogue.json").read_text())}
"""What people install from the UI."""
REQUIRED = {project["name"] for project in PROJECTS.values()} - CATALOGUE
OWNER = "github.com/ha-device-backups"


def test_its_keys_are_in_the_order_that_home_assistant_wants() -> None:
    keys = list(MANIFEST)

    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert MANIFEST["domain"] == DOMAIN == INTEGRATION.name


def test_it_requires_the_distributions_of_this_repository_that_are_not_in_the_catalogue() -> None:
    assert MANIFEST["requirements"] == sorted(f"{name}=={MANIFEST['version']}" for name in REQUIRED)
    assert {project["version"] for project in PROJECTS.values()} == {MANIFEST["version"]}


def test_what_it_requires_brings_no_other_core() -> None:
    """Home Assistant upgrades what a requirement needs, so a range would put a newer core under this integration."""
    core = f"ha-device-backup-core=={MANIFEST['version']}"
    handlers = [project for path, project in PROJECTS.items() if path.parent != REPOSITORY]

    assert {project["name"] for project in handlers if core in project["dependencies"]} == REQUIRED - {
        "ha-device-backup-core"
    }


def test_it_finds_agents_and_what_the_handlers_look_for() -> None:
    matchers = [
        matcher
        for registered in load_handlers().handlers.values()
        if registered.distribution in REQUIRED
        for matcher in registered.spec.discovery
    ]

    assert MANIFEST["zeroconf"] == sorted(
        {AGENT_SERVICE, *(matcher.type for matcher in matchers if isinstance(matcher, Zeroconf))}
    )
    assert [target["st"] for target in MANIFEST["ssdp"]] == sorted(
        matcher.st for matcher in matchers if isinstance(matcher, Ssdp)
    )


def test_the_address_of_the_project_is_the_same_everywhere() -> None:
    address = MANIFEST["documentation"]
    places = [
        path
        for pattern in (
            "*.md",
            "*.toml",
            "*.json",
            "docs/*.md",
            "handlers-*/**/*.py",
            "handlers-*/*",
            "custom_components/**/*.json",
        )
        for path in REPOSITORY.glob(pattern)
        if path.is_file()
    ]
    addresses = {
        word.split(OWNER, 1)[1].split("/")[1].rstrip(").,]}>`:").split("#")[0]
        for path in places
        for word in path.read_text().replace('"', " ").replace("(", " ").split()
        if OWNER in word
    }

    assert address == f"https://{OWNER}/ha-device-backups"
    assert addresses == {"ha-device-backups"}
    assert MANIFEST["issue_tracker"] == f"{address}/issues"
    assert MANIFEST["codeowners"] == ["@ha-device-backups/maintainers"]
    for path, project in PROJECTS.items():
        assert all(url.startswith(address) for url in project["urls"].values()), path


def test_the_store_of_integrations_gets_the_oldest_supported_home_assistant() -> None:
    hacs = json.loads((REPOSITORY / "hacs.json").read_text())

    assert hacs["name"] == MANIFEST["name"]
    assert hacs["homeassistant"] == "2026.8.0"
