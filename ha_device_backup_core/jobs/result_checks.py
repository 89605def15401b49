"""What a handler returns, checked before anything relies on it: what the store could not give back is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Never
from urllib.parse import urlsplit

from ..contract import Artifact, DeviceInfo, Note
from ..errors import ArtifactTooLargeError, InvalidArtifactError
from ..file_facts import POSSIBLE_YEARS, FileFacts
from ..identity import is_identity
from ..plugins.registry import RegisteredHandler
from ..restore_records import RestorePlan, RestoreReport
from ..text import Message, _
from .error_boundary import crash
from .secret_mask import Mask

LONGEST_NAME = 255
"""Characters of what a device says about itself."""


class ResultChecks:
    """Checks the results of one handler; what is of a wrong type is a HandlerCrashedError."""

    def __init__(self, registered: RegisteredHandler, mask: Mask, *, most_bytes: int | None = None) -> None:
        """Take whom to name, what hides the secrets of the configuration in texts, and a limit below the kind's."""
        self._registered = registered
        self._mask = mask
        self._most_bytes = min(registered.spec.max_artifact_bytes, most_bytes or registered.spec.max_artifact_bytes)

    def device(self, value: object) -> DeviceInfo:
        """Return what test_connection returned, with texts that can be shown."""
        method = "test_connection"
        if not isinstance(value, DeviceInfo):
            self._refuse(method, "no DeviceInfo")
        unique_id = value.unique_id
        if unique_id is not None and not is_identity(unique_id):
            self._refuse(method, f"a unique id that is not a text of 1 to {LONGEST_NAME} printable characters")
        if not _are_all_texts(value.name, *filter(_is_set, (value.manufacturer, value.model, value.version))):
            self._refuse(method, "a name, manufacturer, model or version that is no text")
        if not _are_connections(value.connections):
            self._refuse(method, "connections that are not pairs of texts")
        return replace(
            value,
            name=self._shown(value.name),
            manufacturer=value.manufacturer and self._shown(value.manufacturer),
            model=value.model and self._shown(value.model),
            version=value.version and self._shown(value.version),
            configuration_url=self._web_address(value.configuration_url),
            notices=self.notes(method, value.notices),
        )

    def artifact(self, value: object) -> Artifact:
        """Return what fetch_backup returned, with its notes masked."""
        method = "fetch_backup"
        if not isinstance(value, Artifact):
            self._refuse(method, "no Artifact")
        if not isinstance(value.content, bytes):
            self._refuse(method, "an artifact whose content is not bytes")
        if not _are_all_texts(value.filename, value.media_type):
            self._refuse(method, "an artifact whose file name or media type is no text")
        if not _are_attributes(value.attributes):
            self._refuse(method, "an artifact whose attributes are not texts")
        self._check_size(len(value.content))
        return replace(value, missing=self.notes(method, value.missing))

    def notes(self, method: str, value: object) -> tuple[Note, ...]:
        """Return notes that the method returned, masked."""
        notes = tuple(value) if isinstance(value, Iterable) else None
        if notes is None or not all(_is_note(note) for note in notes):
            self._refuse(method, "something else than notes")
        return self._mask.notes(notes)

    def owner(self, value: object) -> str | None:
        """Return what owner returned."""
        if value is not None and not is_identity(value):
            self._refuse("owner", "something else than a unique id or None")
        return None if value is None else str(value)

    def facts(self, value: object) -> FileFacts | None:
        """Return what describe returned, with texts that can be shown; a time that no device can have is none."""
        if value is None:
            return None
        if not isinstance(value, FileFacts) or not _are_all_texts(*filter(_is_set, (value.model, value.version))):
            self._refuse("describe", "something else than FileFacts of texts, or None")
        made_at = value.made_at
        if made_at is not None and not isinstance(made_at, datetime):
            self._refuse("describe", "a time that is no datetime")
        return replace(
            value,
            model=value.model and self._shown(value.model),
            version=value.version and self._shown(value.version),
            made_at=made_at if made_at is not None and made_at.year in POSSIBLE_YEARS else None,
        )

    def recognizes(self, value: object) -> bool:
        """Return what recognizes returned."""
        if not isinstance(value, bool):
            self._refuse("recognizes", "something else than True or False")
        return value

    def configured(self, value: object) -> bool | None:
        """Return what configured returned."""
        if value is not None and not isinstance(value, bool):
            self._refuse("configured", "something else than True, False or None")
        return value

    def plan(self, value: object) -> RestorePlan:
        """Return what plan_restore returned, masked."""
        if not isinstance(value, RestorePlan):
            self._refuse("plan_restore", "no RestorePlan")
        return self._mask.plan(value)

    def report(self, value: object) -> RestoreReport:
        """Return what restore_backup returned, masked."""
        if not isinstance(value, RestoreReport):
            self._refuse("restore_backup", "no RestoreReport")
        return self._mask.report(value)

    def _shown(self, text: str) -> str:
        return self._mask.string(text)[:LONGEST_NAME]

    def _web_address(self, value: object) -> str | None:
        """Return an address that a browser may open, None for any other, and for one with a login or a secret in it."""
        try:
            parts = urlsplit(value) if isinstance(value, str) else None
        except ValueError:
            return None
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return None
        beyond = parts.path + parts.query + parts.fragment
        return parts.geturl() if self._mask.string(beyond) == beyond else None

    def _check_size(self, size: int) -> None:
        limit = self._most_bytes
        if size > limit:
            raise ArtifactTooLargeError(_("{size} bytes, allowed are {limit}.", size=size, limit=limit))
        if not size:
            raise InvalidArtifactError(_("It is empty."))

    def _refuse(self, method: str, what: str) -> Never:
        raise crash(self._registered, f"{method} returned {what}")


def _is_set(value: object) -> bool:
    return value is not None


def _are_all_texts(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def _are_connections(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(pair, tuple) and len(pair) == len(("kind", "value")) and _are_all_texts(*pair) for pair in value
    )


def _are_attributes(value: object) -> bool:
    return isinstance(value, Mapping) and _are_all_texts(*value.keys(), *value.values())


def _is_text(value: object) -> bool:
    if isinstance(value, Message):
        return _are_all_texts(value.english, value.package) and isinstance(value.values, Mapping)
    return isinstance(value, str)


def _is_note(value: object) -> bool:
    if not isinstance(value, Note):
        return False
    return _are_all_texts(value.code) and _is_text(value.text)
