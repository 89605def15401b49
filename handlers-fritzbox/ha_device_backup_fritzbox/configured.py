"""Whether an export holds the work of a person, or is that of a box that was reset; pure.

A box says in its settings whether its assistant was gone through. Who never did may still have set it up by hand: only
without any sign of that it counts as reset.
"""

import re
from collections.abc import Iterable, Iterator

from ha_device_backup_core import Artifact, ArtifactError

from .export_file import MAX_PARSED_EXPORT, Export, parse_export
from .files import export_of
from .home_network import holds_decisions
from .settings import Setting, read_settings, value_of

_ASSISTANT = (("webui",), "wizard_completed")
_USER = (("boxusers", "users"), "id")
_PHONE_NUMBER = re.compile(r"ua\d+", re.ASCII)
_SWITCHED_ON = frozenset({("ddns", "accounts"), ("emailnotify",), ("webdavclient",)})
"""What is off until somebody switches it on."""
_FILLED_IN = frozenset({(("jasonii",), "user_email"), (("jasonii",), "box_id"), (("webui",), "username")})
"""What is empty until somebody enters something."""
_NAME_OF_FACTORY = re.compile(r"FRITZ!|AVM", re.IGNORECASE)


def configured(artifact: Artifact) -> bool | None:
    """Return True with a sign of a person's work, False for factory settings, None where the export does not tell."""
    try:
        found = export_of(artifact)
        if found is None or len(found) > MAX_PARSED_EXPORT:
            return None
        export = parse_export(found)
    except ArtifactError:
        return None
    marks = _Marks()
    if holds_decisions(marks.noted(_settings(export))) or marks.is_work:
        return True
    return False if marks.assistant == {"no"} else None


class _Marks:
    """What the settings tell of a person, noted while they go by once."""

    def __init__(self) -> None:
        self.assistant: set[str] = set()
        """Whether the assistant was gone through."""
        self._users = 0
        self._has_sign = False

    @property
    def is_work(self) -> bool:
        """Return whether there was the work of a person among them."""
        return self.assistant == {"yes"} or self._users > 1 or self._has_sign

    def noted(self, settings: Iterable[Setting]) -> Iterator[Setting]:
        """Return the settings, and note what they tell."""
        for setting in settings:
            place = (setting.path, setting.key)
            if place == _ASSISTANT:
                self.assistant.add(value_of(setting))
            self._users += place == _USER
            self._has_sign = self._has_sign or _is_sign(setting)
            yield setting


def _settings(export: Export) -> Iterator[Setting]:
    for section in export.sections:
        if section.is_text:
            yield from read_settings(section.lines)


def _is_sign(setting: Setting) -> bool:
    path, key = setting.path, setting.key
    if not path:
        return False
    if path[0] == "vpncfg":
        return path[1:2] == ("connections",)
    value = value_of(setting)
    if path[0] == "voipcfg" and _PHONE_NUMBER.fullmatch(path[-1]):
        return (key, value) == ("enabled", "yes") or (key in {"username", "registrar"} and _is_filled(value))
    if path == ("wlancfg",) and key == "ssid":
        return _is_filled(value) and not _NAME_OF_FACTORY.search(value)
    return (path in _SWITCHED_ON and (key, value) == ("enabled", "yes")) or (
        (path, key) in _FILLED_IN and _is_filled(value)
    )


def _is_filled(value: str) -> bool:
    return value not in {"", '""'}
