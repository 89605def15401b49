"""The language of the person in front of a form, and texts, dates and errors in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import NoReturn

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError, ServiceValidationError
from homeassistant.helpers.http import current_request
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations
from homeassistant.util import dt as dt_util

from ha_device_backup_core import ConfigError, DeviceBackupError, RestoreUnsupportedError, Text, in_language
from ha_device_backup_core.host import Attempt, BackupNeededError, BackupNotFoundError, BackupProtectedError

from .const import DOMAIN

LISTED = 20
"""Lines of a list."""
_MARKDOWN = re.compile(
    r"^()([-+=]|:(?=-))|^(\d+)([.)])|()([\\`*_\[\]<>#|~&@]|!(?=\[)|(?<=\])\(|:(?=//)|(?<=[wW]{3})\.)"
)
"""What makes lists, headings and tables of a line, and marks, pictures and links anywhere."""
_LINE_END = re.compile(r"\r\n?|\n")


async def async_person_language(hass: HomeAssistant) -> str:
    """Return the language of the person whose request is handled, or Home Assistant's."""
    request = current_request.get()
    user = None if request is None else request.get("hass_user")
    if user is None or "frontend" not in hass.config.components:
        return hass.config.language
    store = await async_user_store(hass, user.id)
    chosen = store.data.get("language")
    language = chosen.get("language") if isinstance(chosen, dict) else None
    return language if isinstance(language, str) and language else hass.config.language


class Phrases:
    """Sentences of the translations' section `common`, for texts that depend on what there is to say."""

    def __init__(self, texts: dict[str, str], language: str) -> None:
        """Keep the texts by their full keys, and their language."""
        self._texts = texts
        self.language = language

    def __call__(self, key: str, **values: Text) -> str:
        """Return the sentence with the values filled in."""
        return self._texts[f"component.{DOMAIN}.common.{key}"].format(
            **{name: in_language(value, self.language) for name, value in values.items()}
        )


def loaded_texts(hass: HomeAssistant, category: str, language: str | None = None) -> dict[str, str]:
    """Return the texts of a category in the home's language, which are loaded with the integration, or in English.

    Those of another language are there from when something of it was loaded for a person.
    """
    in_english = async_get_cached_translations(hass, "en", category, DOMAIN)
    return in_english | async_get_cached_translations(hass, language or hass.config.language, category, DOMAIN)


def loaded_phrases(hass: HomeAssistant, language: str | None = None) -> Phrases:
    """Return the phrases in the home's language, or in another one that is loaded."""
    return Phrases(loaded_texts(hass, "common", language), language or hass.config.language)


async def async_load_language(hass: HomeAssistant, language: str) -> None:
    """Load all texts of a person's language, for what is told later and at once."""
    await async_get_translations(hass, language, "common", {DOMAIN})


def error_text(exceptions: Mapping[str, str], error: DeviceBackupError, language: str) -> str:
    """Return what an error says, by the texts of `exceptions` in that language."""
    return _error_text(exceptions, error.code, error.placeholders(language))


def attempt_text(exceptions: Mapping[str, str], attempt: Attempt, language: str) -> str:
    """Return why an attempt failed, by the texts of `exceptions` in that language."""
    detail = "" if attempt.detail is None else in_language(attempt.detail, language)
    return _error_text(exceptions, attempt.error or "", {**attempt.values, "detail": detail})


def _error_text(exceptions: Mapping[str, str], code: str, values: Mapping[str, str]) -> str:
    """Return the text of an error; one that a newer version recorded has only the general one."""
    key = f"component.{DOMAIN}.exceptions.{{}}.message"
    message = exceptions.get(key.format(code)) or exceptions[key.format(DeviceBackupError.code)]
    return message.format_map(_Gaps(values)).strip()


class _Gaps(dict[str, str]):
    """Leaves a gap empty for which there is nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def raised_text(hass: HomeAssistant, error: HomeAssistantError) -> str:
    """Return what an error that an action raises says in the home's language; those of others speak for themselves."""
    if error.translation_domain != DOMAIN:
        return str(error)
    values = error.translation_placeholders or {}
    return _error_text(loaded_texts(hass, "exceptions"), error.translation_key or "", values)


async def async_error_text(hass: HomeAssistant, error: DeviceBackupError, language: str) -> str:
    """Return what an error says to somebody who speaks that language."""
    return error_text(await async_get_translations(hass, language, "exceptions", {DOMAIN}), error, language)


async def async_error_renderer(hass: HomeAssistant, language: str) -> Callable[[DeviceBackupError], str]:
    """Return what says errors in that language."""
    texts = await async_get_translations(hass, language, "exceptions", {DOMAIN})
    return partial(error_text, texts, language=language)


async def async_phrases(hass: HomeAssistant, language: str) -> Phrases:
    """Return the phrases in that language, in English where it has none."""
    return Phrases(await async_get_translations(hass, language, "common", {DOMAIN}), language)


def escape_markdown(text: str) -> str:
    """Return a text of somebody else so that Markdown shows it as it is."""
    lines = (line.strip() for line in _LINE_END.split(text.strip()))
    return "\n".join(_MARKDOWN.sub(_escaped, line) for line in lines)


def bullets(lines: Iterable[str]) -> str:
    """Return a Markdown list, cut where it gets long."""
    texts = [f"- {line}" for line in lines]
    return "\n".join([*texts[:LISTED], *(["- …"] if len(texts) > LISTED else [])])


def named(title: str) -> dict[str, str]:
    """Return the name of a device for both kinds of places: `name` in Markdown, `plain_name` in titles and labels."""
    return {"name": escape_markdown(title), "plain_name": title}


def escaped(placeholders: Mapping[str, str]) -> dict[str, str]:
    """Return what a text of Markdown fills in, so that it is shown as it is."""
    return {name: escape_markdown(value) for name, value in placeholders.items()}


def _escaped(found: re.Match[str]) -> str:
    before, marker = (group for group in found.groups() if group is not None)
    return f"{before}\\{marker}"


def day(at: datetime, phrases: Phrases) -> str:
    """Return on which day that was at home."""
    return phrases("day", **_parts(at))


def moment(at: datetime, phrases: Phrases, *others: datetime) -> str:
    """Return when that was, as a clock at home shows it; with seconds where another one was in the same minute."""
    is_alone = all(other == at or _minute(other) != _minute(at) for other in others)
    time = dt_util.as_local(at).strftime("%H:%M" if is_alone else "%H:%M:%S")
    return phrases("moment", **_parts(at), time=time)


def _minute(at: datetime) -> datetime:
    return dt_util.as_local(at).replace(second=0, microsecond=0, tzinfo=None)


def _parts(at: datetime) -> dict[str, str]:
    year, month, day_of_month = dt_util.as_local(at).strftime("%Y-%m-%d").split("-")
    return {"year": year, "month": month, "day": day_of_month}


_MISTAKES_OF_THE_CALLER = (
    BackupNeededError,
    BackupNotFoundError,
    BackupProtectedError,
    ConfigError,
    RestoreUnsupportedError,
)


def home_assistant_error(error: DeviceBackupError, language: str = "en") -> HomeAssistantError:
    """Return the error to raise from an action or a button."""
    kind = ServiceValidationError if isinstance(error, _MISTAKES_OF_THE_CALLER) else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.code,
        translation_placeholders=error.placeholders(language),
    )


def raise_not_ready(error: DeviceBackupError, language: str) -> NoReturn:
    """Make Home Assistant try the set-up of an entry again."""
    raise ConfigEntryNotReady(
        translation_domain=DOMAIN, translation_key=error.code, translation_placeholders=error.placeholders(language)
    ) from error
