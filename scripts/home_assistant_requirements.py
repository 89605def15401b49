"""Print what pip must install so that Home Assistant starts with `--skip-pip`; runs in the environment that has it."""

import json
from collections.abc import Iterable
from pathlib import Path

import homeassistant
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS
from homeassistant.const import BASE_PLATFORMS

# What the product and its tests use beyond what Home Assistant starts by itself.
USED = frozenset(
    {"api", "backup", "config", "file_upload", "frontend", "hassio", "recorder", "ssdp", "wled", "zeroconf"}
)
COMPONENTS = Path(homeassistant.__file__).parent / "components"


def requirements(domains: Iterable[str]) -> frozenset[str]:
    """Return the requirements of integrations and of all that they depend on."""
    waiting, seen, found = list(domains), set[str](), set[str]()
    while waiting:
        domain = waiting.pop()
        manifest = COMPONENTS / domain / "manifest.json"
        if domain in seen or not manifest.is_file():
            continue
        seen.add(domain)
        content = json.loads(manifest.read_text())
        found.update(content.get("requirements", ()))
        waiting.extend(content.get("dependencies", ()))
    return frozenset(found)


if __name__ == "__main__":
    print("\n".join(sorted(requirements(USED | DEFAULT_INTEGRATIONS | BASE_PLATFORMS))))
