"""Tell what a restore would change, in words; pure."""

from collections.abc import Iterator

from ha_device_backup_core import FileChange, Message, PlannedFile, RestorePlan
from ha_device_backup_core.toolkit import name_list, shown

from .decoded import Decoded
from .device_files import CONFIGURATION
from .dump import Dump
from .facts import Fact, facts_of
from .normalize import parts_of
from .plan import FilesToSend, RestoreContent
from .translation import _

_LONGEST = 60
_IN_FACTS = (
    range(0x017, 0x2D2),  # texts
    range(0x38C, 0x494),  # module and pins
    range(0x544, 0x554),
    range(0x670, 0x6B8),  # timers and position
    range(0x800, 0xE00),  # rules
    range(0xF88, 0xF98),
)
"""Bytes that are told setting by setting; of the others only their number is."""


def plan_of(content: RestoreContent, files: FilesToSend, left_out: tuple[Message, ...]) -> RestorePlan:
    """Return what a restore would do: settings first, then files, by their names on the device."""
    planned = (_planned_file(path, wanted, files) for path, wanted in files.files.items())
    risks = list(content.risks)
    if content.may_migrate:
        risks.append(
            _(
                "The settings are of Tasmota {backup}; {device} takes them over in its own way, and they cannot be "
                "compared afterwards.",
                backup=content.dump.version_text,
                device=content.held.version_text,
            )
        )
    return RestorePlan(
        files=(_planned_settings(content), *planned),
        refused=left_out,
        needs=content.needs,
        risks=tuple(risks),
        restarts=True,
    )


def _planned_settings(content: RestoreContent) -> PlannedFile:
    wanted, held = parts_of(content.dump), parts_of(content.held)
    drivers = [name for name in content.dump.drivers if wanted[CONFIGURATION + name] != held.get(CONFIGURATION + name)]
    if wanted[CONFIGURATION] == held[CONFIGURATION] and not drivers:
        return PlannedFile(name=CONFIGURATION, change=FileChange.UNCHANGED)
    details = list(_changed_facts(content.dump, content.held))
    if (others := _other_bytes(wanted[CONFIGURATION], held[CONFIGURATION])) and not content.may_migrate:
        details.append(_("Further settings: {count} bytes differ", count=others))
    if drivers:
        details.append(_("Settings of drivers: {drivers}", drivers=name_list(drivers)))
    return PlannedFile(name=CONFIGURATION, change=FileChange.CHANGED, details=tuple(details))


def _planned_file(path: str, wanted: bytes, files: FilesToSend) -> PlannedFile:
    present = files.current[path]
    if present is None:
        change = FileChange.UNKNOWN if path in files.on_device else FileChange.ADDED
        return PlannedFile(name=shown(path), change=change)
    if present == wanted:
        return PlannedFile(name=shown(path), change=FileChange.UNCHANGED)
    return PlannedFile(
        name=shown(path),
        change=FileChange.CHANGED,
        details=(_("{before} → {after} bytes", before=len(present), after=len(wanted)),),
    )


def _changed_facts(wanted: Dump, held: Dump) -> Iterator[Message]:
    now = {fact.key: fact for fact in facts_of(Decoded(held))}
    for fact in facts_of(Decoded(wanted)):
        before = now[fact.key]
        # By the values: different texts can look the same.
        if fact.value != before.value:
            yield _change(before, fact)


def _change(before: Fact, after: Fact) -> Message:
    if not after.is_set:
        return _("{setting}: none any more", setting=after.label)
    then, now = _said(before), _said(after)
    if then is None or now is None or _look(then) == _look(now):
        return _("{setting}: another than now", setting=after.label)
    return _("{setting}: {before} → {after}", setting=after.label, before=then or "–", after=now or "–")


def _look(text: str) -> str:
    """Return what a person sees of a text."""
    return "".join(filter(str.isprintable, text))


def _said(fact: Fact) -> str | None:
    """Return the value in a few words, None where that cannot be."""
    if not fact.is_set:
        return ""
    words = ", ".join(map(str, fact.said)) if isinstance(fact.said, list) else fact.said
    return None if words is None or len(str(words)) > _LONGEST else str(words)


def _other_bytes(wanted: bytes, held: bytes) -> int:
    places = (place for place, pair in enumerate(zip(wanted, held, strict=False)) if pair[0] != pair[1])
    return sum(not any(place in area for area in _IN_FACTS) for place in places)
