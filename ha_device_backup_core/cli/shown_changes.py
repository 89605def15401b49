"""What differs between two backups, for people and for programs."""

import json
from collections.abc import Iterator

from ha_device_backup_core.host import Change, Comparison, FileComparison, FileVersion, SettingChange

from .output import say

_SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_DOES_NOT_COUNT = " (changes by itself)"


def say_comparison(found: Comparison) -> None:
    """Print it for people."""
    for file in found.files:
        say(_heading(file))
        for line in _details(file):
            say(f"  {line}")
        if file.more:
            say(f"  … and {file.more} more")
    if found.more:
        say(f"… and {found.more} more files")
    if not found.files:
        say("Nothing differs.")
    elif not found.counts:
        say("Nothing differs that does not change by itself.")


def _heading(file: FileComparison) -> str:
    return f"{file.path}: {file.change}{_sizes(file.before, file.after)}{'' if file.counts else _DOES_NOT_COUNT}"


def _sizes(before: FileVersion | None, after: FileVersion | None) -> str:
    sizes = [version.size for version in (before, after) if version is not None]
    if not sizes:
        return ""
    return f", {sizes[0]} bytes" if len(set(sizes)) == 1 else f", {sizes[0]} to {sizes[1]} bytes"


def _details(file: FileComparison) -> Iterator[str]:
    yield from (_setting(setting, marked=file.counts) for setting in file.settings)
    for line in file.lines:
        yield f"{_SIGNS[line.change]} {line.text}{' (masked)' if line.masked else ''}"
    for member in file.members:
        yield f"{_SIGNS[member.change]} {member.path or 'what is in it'}{_sizes(member.before, member.after)}"
    if file.change is Change.CHANGED and not (file.settings or file.lines or file.members):
        yield "Nothing of what changed is shown."


def _setting(setting: SettingChange, *, marked: bool) -> str:
    path = " > ".join(map(str, setting.path))
    note = _DOES_NOT_COUNT if marked and not setting.counts else ""
    if setting.masked and setting.before == setting.after:
        return f"{path}: changed (masked){note}"
    match setting.change:
        case Change.ADDED:
            return f"{path}: added, {_value(setting.after)}{note}"
        case Change.REMOVED:
            return f"{path}: removed, was {_value(setting.before)}{note}"
    return f"{path}: {_value(setting.before)} to {_value(setting.after)}{note}"


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
