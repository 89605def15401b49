"""The language of the person in front of a form."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError, ServiceValidationError
from homeassistant.helpers.http import current_request
from homeassistant.util import dt as dt_util

from custom_components.ha_device_backups.translation import (
    async_person_language,
    async_phrases,
    day,
    escape_markdown,
    home_assistant_error,
    moment,
    named,
    raise_not_ready,
)
from ha_device_backup_core import errors
from ha_device_backup_core.errors import (
    BackupNotFoundError,
    CannotConnectError,
    DeviceBackupError,
    StoreLockedError,
)
from ha_device_backup_core.http_errors import NO_ANSWER

from .languages import LANGUAGES, texts_in


@pytest.fixture
def person(hass: HomeAssistant) -> Iterator[SimpleNamespace]:
    hass.config.components.add("frontend")
    hass.config.language = "de"
    user = SimpleNamespace(id="somebody")
    token = current_request.set({"hass_user": user})  # type: ignore[arg-type]  # a request is a mapping, too
    yield user
    current_request.reset(token)


@pytest.mark.parametrize(
    ("stored", "language"),
    [
        (None, "de"),
        ("odd", "de"),
        ({"language": ""}, "de"),
        ({"number_format": "language"}, "de"),
        ({"language": "fr"}, "fr"),
    ],
)
async def test_the_language_of_the_profile_comes_before_that_of_the_home(
    hass: HomeAssistant, person: SimpleNamespace, stored: object, language: str
) -> None:
    store = await async_user_store(hass, person.id)
    store.data["language"] = stored

    assert await async_person_language(hass) == language


async def test_without_a_request_it_is_that_of_the_home(hass: HomeAssistant) -> None:
    hass.config.language = "de"

    assert await async_person_language(hass) == "de"


async def test_without_the_frontend_it_is_that_of_the_home(hass: HomeAssistant, person: SimpleNamespace) -> None:
    hass.config.components.remove("frontend")

    assert await async_person_language(hass) == "de"


async def test_phrases_are_in_the_language_or_in_english(hass: HomeAssistant) -> None:
    assert (await async_phrases(hass, "de"))("card", name="{x}") == "{x}: Geräte zum Sichern"
    assert (await async_phrases(hass, "la"))("card", name="X") == "X: devices to back up"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("On the *sticker*", r"On the \*sticker\*"),
        ("[here](https://x)", r"\[here\]\(https\://x)"),
        ("<b>bold</b> {braces}", r"\<b\>bold\</b\> {braces}"),
        ("- one\n1. two\n+ three", "\\- one\n1\\. two\n\\+ three"),
        ("a-b 1.5 (x)", "a-b 1.5 (x)"),
        ("FRITZ!Box ![x](y)", r"FRITZ!Box \!\[x\]\(y)"),
        ("Lamp\n===\n---", "Lamp\n\\===\n\\---"),
        ("a = b == c: -d", "a = b == c: -d"),
        ("one\n:-", "one\n\\:-"),
        ("    code\n\n\tmore ", "code\n\nmore"),
        ("one\r- two\r\n= three", "one\n\\- two\n\\= three"),
        ("http://a_b WWW.c me@d", r"http\://a\_b WWW\.c me\@d"),
    ],
)
def test_foreign_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown


def test_a_name_is_there_for_both_kinds_of_places() -> None:
    assert named("My *lamp*") == {"name": r"My \*lamp\*", "plain_name": "My *lamp*"}


AT = datetime(2026, 1, 5, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "on", "at"),
    [
        ("en", "2026-01-06", "2026-01-06 00:07"),
        ("de", "06.01.2026", "06.01.2026 um 00:07 Uhr"),
        ("nl", "06-01-2026", "06-01-2026 om 00:07"),
        ("la", "2026-01-06", "2026-01-06 00:07"),
    ],
)
async def test_in_the_form_of_the_language_and_the_time_at_home(
    hass: HomeAssistant, language: str, on: str, at: str
) -> None:
    phrases = await async_phrases(hass, language)
    before = dt_util.get_default_time_zone()
    dt_util.set_default_time_zone(ZoneInfo("Europe/Berlin"))
    try:
        assert (day(AT, phrases), moment(AT, phrases)) == (on, at)
        beside = AT.replace(second=5)
        assert moment(AT, phrases, AT, beside) == at.replace("00:07", "00:07:00")
        assert moment(beside, phrases, AT, beside) == at.replace("00:07", "00:07:05")
    finally:
        dt_util.set_default_time_zone(before)


DETAIL = NO_ANSWER


def described(error: HomeAssistantError) -> tuple[type, str | None, str | None, dict[str, str] | None]:
    return type(error), error.translation_domain, error.translation_key, error.translation_placeholders


def test_mistakes_of_the_caller_and_failures_are_told_apart() -> None:
    domain = "ha_device_backups"

    assert described(home_assistant_error(BackupNotFoundError(DETAIL), "de")) == (
        ServiceValidationError,
        domain,
        "backup_not_found",
        {"detail": "Es hat nicht rechtzeitig geantwortet."},
    )
    assert described(home_assistant_error(CannotConnectError(DETAIL))) == (
        HomeAssistantError,
        domain,
        "cannot_connect",
        {"detail": "It did not answer in time."},
    )


def test_the_set_up_waits() -> None:
    with pytest.raises(ConfigEntryNotReady) as raised:
        raise_not_ready(StoreLockedError(DETAIL), "de")
    assert described(raised.value) == (
        ConfigEntryNotReady,
        "ha_device_backups",
        "store_locked",
        {"detail": "Es hat nicht rechtzeitig geantwortet."},
    )


def test_every_error_has_its_words_in_every_language() -> None:
    codes = {
        error.code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, DeviceBackupError)
    }
    for language in LANGUAGES:
        texts = texts_in(language)
        assert codes <= set(texts["exceptions"])
        for code in codes & set(texts["config"]["error"]):
            assert texts["config"]["error"][code] == texts["exceptions"][code]["message"]
