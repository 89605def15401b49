"""Writes docs/actions.md from what Home Assistant shows of the actions: `python -m scripts.actions_reference`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PATH = ROOT / "docs" / "actions.md"
INTEGRATION = ROOT / "custom_components" / "ha_device_backups"
HEAD = """# Actions

Every action with every parameter. Administrators only; all answer with data (`response_variable`).
What they are good for: [actions and automations](automations.md).
"""
EXAMPLES = {"device": "1f2d7c0a9b8e4c6d", "boolean": "true", "text": "…", "entity": "update.stairs_firmware"}


def text() -> str:
    """Return what is in the file."""
    services: dict[str, Any] = yaml.safe_load((INTEGRATION / "services.yaml").read_text(encoding="utf-8"))
    said = json.loads((INTEGRATION / "translations" / "en.json").read_text(encoding="utf-8"))["services"]
    return HEAD + "".join("\n" + "\n".join(_action(name, services[name] or {}, said[name])) + "\n" for name in services)


def _action(name: str, service: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    fields = service.get("fields", {})
    yield f"## {said['name']}\n\n{said['description']}\n"
    if fields:
        yield "| parameter | | what it is |\n|---|---|---|"
    for field, about in fields.items():
        kind = _kind(about)
        need = "needed" if about.get("required") else "optional"
        words = said["fields"][field]
        yield f"| `{field}` | {kind}, {need} | **{words['name']}**: {words['description']} |"
    yield f"\n```yaml\naction: ha_device_backups.{name}"
    needed = [field for field, about in fields.items() if about.get("required")] or list(fields)[:1]
    if needed:
        yield "data:"
    for field in needed:
        yield f"  {field}: {fields[field].get('example', EXAMPLES[_selector(fields[field])])}"
    yield "response_variable: answer\n```"


def _selector(about: Mapping[str, Any]) -> str:
    return str(next(iter(about["selector"])))


def _kind(about: Mapping[str, Any]) -> str:
    selector = _selector(about)
    several = bool((about["selector"][selector] or {}).get("multiple"))
    return f"{selector}s" if several else selector


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
