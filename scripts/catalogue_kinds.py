"""Writes which kinds the packages of the catalogue bring, by name and maker: `python -m scripts.catalogue_kinds`."""

import json
from pathlib import Path

from ha_device_backup_core import Message, Text
from ha_device_backup_core.host import RegisteredHandler
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_core.text import for_elsewhere

INTEGRATION = Path(__file__).parents[1] / "custom_components/ha_device_backups"
PATH = INTEGRATION / "catalogue_kinds.json"
COMMAND = "python -m scripts.catalogue_kinds"


def content() -> str:
    """Return what is in the file: packages, and a line for each of their kinds."""
    handlers = [handler for _, handler in sorted(load_handlers().handlers.items())]
    catalogue = json.loads((INTEGRATION / "catalogue.json").read_text(encoding="utf-8"))
    lines = []
    for package in sorted(entry["package"] for entry in catalogue):
        kinds = ",\n".join(f"    {_kind(handler)}" for handler in handlers if handler.distribution == package)
        lines.append(f'  "{package}": {{\n{kinds}\n  }}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _kind(handler: RegisteredHandler) -> str:
    said = {"name": _words(handler.spec.name), "maker": handler.spec.manufacturer}
    return f'"{handler.kind}": {json.dumps(said, ensure_ascii=False)}'


def _words(text: Text) -> dict[str, str]:
    others = for_elsewhere(text)
    return {"en": str(text), **(others.said if isinstance(others, Message) else {})}


if __name__ == "__main__":
    PATH.write_text(content(), encoding="utf-8")
