"""Writes docs/kinds.md and a page for each kind, of what the handlers say: `python -m scripts.kinds_reference`.

What is in a backup is said by a recipe, by a platform, or in the README of a package with a handler of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ha_device_backup_core import ConfigField, KnownDevices, Ssdp, Text, Zeroconf, in_language
from ha_device_backup_core.host import WELL_KNOWN_FIELDS, RegisteredHandler
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_http.recipe import load_recipe
from ha_device_backup_http.recipe.packages import recipe_files
from ha_device_backup_http.recipe.recipe import Recipe
from ha_device_backup_ssh import SshHandler
from ha_device_backup_ssh.platform import SshPlatform

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "docs/kinds.md"
FOLDER = ROOT / "docs/kinds"
FORM_TEXTS = ROOT / "custom_components/ha_device_backups/translations/en.json"
MANIFEST = ROOT / "custom_components/ha_device_backups/manifest.json"
REPOSITORY = "https://github.com/ha-device-backups/ha-device-backups/blob/main/"
COMMAND = "python -m scripts.kinds_reference"
DISTRIBUTION = "ha-device-backup-"

HEAD = """# Every kind of device

What is backed up out of the box, or by a [package](handler-packages.md) that you install as you
[add the device](adding.md). Each page says how, what is in a backup of the kind and what is not, what you enter, and
how a backup is put back. *You* means that you put it back in the device's own page, by steps that you are shown.

Not here? [Anything with a URL](kinds/http.md), [Linux and anything like it](kinds/linux_ssh.md), or
[write a recipe](writing-a-recipe.md).
"""


def files() -> Mapping[Path, str]:
    """Return each page, and what is on it."""
    handlers = sorted(load_handlers().handlers.values(), key=lambda handler: _name(handler).casefold())
    recipes = {recipe.spec.kind: recipe for recipe in _recipes()}
    ours = [handler for handler in handlers if handler.distribution.startswith(DISTRIBUTION)]
    pages = {FOLDER / f"{handler.kind}.md": "\n".join(_page(handler, recipes.get(handler.kind))) for handler in ours}
    return {INDEX: _index(ours), **pages}


def _index(handlers: list[RegisteredHandler]) -> str:
    rows = [
        f"| [{_name(handler)}](kinds/{handler.kind}.md) | {_cell(handler.spec.manufacturer)} | {_who(handler)} |"
        for handler in handlers
    ]
    return "\n".join([HEAD, "| kind | made by | put back by |", "|---|---|---|", *rows]) + "\n"


def _page(handler: RegisteredHandler, recipe: Recipe | None) -> Iterator[str]:
    yield f"# {_name(handler)}\n"
    yield f"One of [the kinds of devices](../kinds.md) that are backed up. {_made_for(handler)}\n"
    if recipe is not None and recipe.tested:
        yield f"Read for: {recipe.tested}.\n"
    yield "## What is in a backup\n"
    if recipe is not None:
        yield from _of_recipe(recipe)
    elif issubclass(handler.handler, SshHandler):
        yield from _of_platform(handler.handler.platform)
    else:
        yield _of_readme(handler, "What is in a backup")
    yield "## What is not\n"
    yield from (f"- {_sentence(omitted)}" for omitted in handler.spec.omits)
    yield "\n## What you enter\n\n| field | | what for |\n|---|---|---|"
    yield from (_field(declared) for declared in handler.spec.fields)
    yield "\n## Putting it back\n"
    yield from _way_back(handler, recipe)
    yield f"\n{_more(handler)}"


def _made_for(handler: RegisteredHandler) -> str:
    found = sorted({_way(matcher) for matcher in handler.spec.discovery})
    return _package(handler) + (f" It is found {', and '.join(found)}." if found else "")


def _package(handler: RegisteredHandler) -> str:
    required = json.loads(MANIFEST.read_text(encoding="utf-8"))["requirements"]
    comes = any(requirement.startswith(f"{handler.distribution}==") for requirement in required)
    how = "comes with the integration" if comes else "is installed when you [choose the kind](../adding.md)"
    return f"Its package `{handler.distribution}` {how}."


def _way(matcher: Zeroconf | Ssdp | KnownDevices) -> str:
    if isinstance(matcher, KnownDevices):
        return f"where Home Assistant has it already (`{matcher.integration}`)"
    return "by what it announces in the network"


def _of_recipe(recipe: Recipe) -> Iterator[str]:
    seen = {file.pattern: file for file in recipe.files if file.is_compared}
    single = recipe.single
    yield "\n".join(
        f"- `{name}`{' (where the device has it)' if file.is_optional else ''}" for name, file in sorted(seen.items())
    )
    kept = "The file is kept byte for byte." if single else "Each file is kept byte for byte, all in one zip file."
    yield f"\n{kept}\n"


def _of_platform(platform: SshPlatform) -> Iterator[str]:
    yield from (
        f"- `{output.name}`: what `{output.command}` gives" for output in platform.outputs if output.is_compared
    )
    if platform.tree is not None:
        yield from (f"- `{path}`" for path in platform.tree.paths)
        yield "\nThis list is yours to change. Owners, rights and links are kept."
    yield ""


def _of_readme(handler: RegisteredHandler, heading: str) -> str:
    """Return a section of the README of the package, where the handler is not made of data."""
    text = _readme(handler).read_text(encoding="utf-8")
    return re.split(r"(?m)^## ", text.partition(f"\n## {heading}\n")[2])[0].strip() + "\n"


def _readme(handler: RegisteredHandler) -> Path:
    return ROOT / f"handlers-{handler.distribution.removeprefix(DISTRIBUTION)}" / "README.md"


def _field(declared: ConfigField) -> str:
    need = "needed" if declared.required else "optional"
    asked = f"{need}, folded away" if declared.advanced else need
    label, about = declared.label, declared.help
    if declared.key in WELL_KNOWN_FIELDS:
        label, said = _in_every_form(declared.key)
        about = about or said
    return f"| **{_cell(label)}** | {asked} | {_cell(about or '')} |"


def _in_every_form(key: str) -> tuple[str, str]:
    """Return how the form calls a field of many kinds, whatever a kind calls it itself, and what it says of it."""
    texts = json.loads(FORM_TEXTS.read_text(encoding="utf-8"))
    return texts["config"]["step"]["fields"]["data"][key], texts["common"][f"help_{key}"]


def _way_back(handler: RegisteredHandler, recipe: Recipe | None) -> Iterator[str]:
    guide = [f"{number}. {_sentence(step)}" for number, step in enumerate(handler.spec.restore_guide, 1)]
    if handler.can_restore:
        covers = ", ".join(f"`{name}`" for name in recipe.restore.covers) if recipe is not None else ""
        yield f"Device Backups does it, and reads back what it put there{f': {covers}' if covers else ''}."
        yield "First you see a [plan](../restoring.md)."
        if guide:
            yield "\nWhat is left to you:\n"
    elif guide:
        yield "You do it, by these steps; the file for them is handed to you:\n"
    yield from guide


def _more(handler: RegisteredHandler) -> str:
    readme = _readme(handler).relative_to(ROOT)
    links = [f"[the whole description of its package](../../{readme})"]
    documentation = handler.spec.documentation
    if documentation.startswith(REPOSITORY) and not documentation.endswith("/README.md"):
        links.insert(0, f"[how to prepare it](../../{documentation.removeprefix(REPOSITORY)})")
    elif documentation and not documentation.startswith(REPOSITORY):
        links.insert(0, f"[what its makers say]({documentation})")
    return f"More: {', '.join(links)}.\n"


def _who(handler: RegisteredHandler) -> str:
    if not handler.can_restore:
        return "you"
    return "Device Backups, some of it by you" if handler.spec.restore_guide else "Device Backups"


def _name(handler: RegisteredHandler) -> str:
    return in_language(handler.spec.name)


def _cell(text: Text) -> str:
    return " ".join(in_language(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _sentence(text: Text) -> str:
    said = _cell(text)
    return said if said.endswith((".", "!", "?", ":")) else f"{said}."


def _recipes() -> Iterator[Recipe]:
    for name, content in recipe_files("ha_device_backup_http").items():
        yield load_recipe(name, content)


if __name__ == "__main__":
    made = files()
    for gone in set(FOLDER.glob("*.md")) - made.keys():
        gone.unlink()
    FOLDER.mkdir(exist_ok=True)
    for place, content in made.items():
        place.write_text(content, encoding="utf-8")
