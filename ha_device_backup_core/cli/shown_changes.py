"""What differs between two backups, for people and for programs."""

import json
from collections.abc import Iterator, Mapping

from ha_device_backup_core import Message, Text
from ha_device_backup_core.host import Change, Comparison, FileComparison, FileVersion, SettingChange, joined

from .output import say
from .translation import _

_SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_CHANGES: Mapping[Change, Text] = {
    Change.ADDED: _("added"),
    Change.REMOVED: _("removed"),
    Change.CHANGED: _("changed"),
}
_DOES_NOT_COUNT = _("(changes by itself)")
_MASKED = _("(masked)")


def say_comparison(found: Comparison) -> None:
    """Print it for people."""
    for file in found.files:
        say(_heading(file))
        for line in _details(file):
            say(joined(["  ", line], ""))
        if file.more:
            say(joined(["  ", _("… and {count} more", count=file.more)], ""))
    if found.more:
        say(_("… and {count} more files", count=found.more))
    if not found.files:
        say(_("Nothing differs."))
    elif not found.counts:
        say(_("Only what changes by itself differs."))


def _heading(file: FileComparison) -> Text:
    what = joined([_CHANGES[file.change], *_sizes(file.before, file.after)], ", ")
    return _noted(joined([file.path, what], ": "), [] if file.counts else [_DOES_NOT_COUNT])


def _sizes(before: FileVersion | None, after: FileVersion | None) -> list[Text]:
    sizes = [version.size for version in (before, after) if version is not None]
    if not sizes:
        return []
    if len(set(sizes)) == 1:
        return [_("{size} bytes", size=sizes[0])]
    return [_("{before} to {after} bytes", before=sizes[0], after=sizes[1])]


def _details(file: FileComparison) -> Iterator[Text]:
    yield from (_setting(setting, marked=file.counts) for setting in file.settings)
    for line in file.lines:
        yield _noted(f"{_SIGNS[line.change]} {line.text}", [_MASKED] if line.masked else [])
    for member in file.members:
        name = joined([_SIGNS[member.change], member.path or _("what is in it")], " ")
        yield joined([name, *_sizes(member.before, member.after)], ", ")
    if file.change is Change.CHANGED and not (file.settings or file.lines or file.members):
        yield _("Nothing of what changed is shown.")


def _setting(setting: SettingChange, *, marked: bool) -> Text:
    path = " > ".join(map(str, setting.path))
    notes = [_DOES_NOT_COUNT] if marked and not setting.counts else []
    before, after = _value(setting.before), _value(setting.after)
    if setting.masked and setting.before == setting.after:
        return _noted(joined([path, _("changed")], ": "), [_MASKED, *notes])
    match setting.change:
        case Change.ADDED:
            return _noted(_("{setting}: added, {value}", setting=path, value=after), notes)
        case Change.REMOVED:
            return _noted(_("{setting}: removed, was {value}", setting=path, value=before), notes)
    return _noted(_("{setting}: {before} to {after}", setting=path, before=before, after=after), notes)


def _noted(text: Text, notes: list[Message]) -> Text:
    return joined([text, *notes], " ")


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
