"""Writes docs/settings.md from what Home Assistant's forms say: `python -m scripts.settings_reference`."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATH = ROOT / "docs" / "settings.md"
TEXTS = ROOT / "custom_components" / "ha_device_backups" / "translations" / "en.json"
HEAD = """# Settings

Every setting, as the forms name and explain it. What they are good for:
[using Device Backups](using.md#settings-of-a-device-the-gear).

Under **Settings → Devices & services → Device Backups**, behind the gear of the entry *Device Backups*, is what holds
for all devices; behind that of a device, what is different there.
"""
DEFAULTS, DEVICE = "defaults", "device_options"
OTHERS = ("schedule", "reminder")
"""Forms that follow where they are needed."""
SAME_AS_ALL = re.compile(r" ?Empty: as for all devices \(\{\w+\}\)\.")


def text() -> str:
    """Return what is in the file."""
    said = json.loads(TEXTS.read_text(encoding="utf-8"))
    return HEAD + "".join(f"\n{line}\n" for line in _lines(said["options"]["step"], said["selector"]))


def _lines(steps: Mapping[str, Any], selectors: Mapping[str, Any]) -> Iterator[str]:
    everywhere, device = steps[DEFAULTS], steps[DEVICE]
    yield f"## {everywhere['title']}"
    yield from _form(everywhere)
    schedule = everywhere["data"]["schedule"]
    yield f"{schedule}: {', '.join(f'*{choice}*' for choice in selectors['schedule']['options'].values())}."
    for section in everywhere["sections"].values():
        yield f"### {section['name']}"
        yield from _form(section)
    for name in OTHERS:
        yield f"## {steps[name]['title']}"
        yield from _form(steps[name])
    yield f"## {device['title']}"
    last = list(device["sections"].values())[-1]["name"]
    yield f"The settings of one device: those above from *{schedule}* to *{last}*."
    yield from _form(device)


def _form(form: Mapping[str, Any]) -> Iterator[str]:
    if "description" in form:
        yield form["description"]
    yield _table(form)


def _table(form: Mapping[str, Any]) -> str:
    rows = (f"| **{name}** | {_help(form, key)} |" for key, name in form["data"].items())
    return "\n".join(("| setting | |", "|---|---|", *rows))


def _help(form: Mapping[str, Any], key: str) -> str:
    return SAME_AS_ALL.sub("", form.get("data_description", {}).get(key, ""))


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
