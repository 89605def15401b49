"""The language of the person in front of a form."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import current_request

from custom_components.ha_device_backups.translation import async_person_language, async_phrases, named, plain


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
    assert (await async_phrases(hass, "fr"))("card", name="X") == "X: devices to back up"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("On the *sticker*", r"On the \*sticker\*"),
        ("[here](https://x)", r"\[here\](https://x)"),
        ("<b>bold</b> {braces}", r"\<b\>bold\</b\> {braces}"),
        ("- one\n1. two\n+ three", "\\- one\n1\\. two\n\\+ three"),
        ("a-b 1.5 (x)", "a-b 1.5 (x)"),
        ("FRITZ!Box ![x](y)", r"FRITZ!Box !\[x\](y)"),
    ],
)
def test_foreign_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_name_is_there_for_both_kinds_of_places() -> None:
    assert named("My *lamp*") == {"name": r"My \*lamp\*", "plain_name": "My *lamp*"}
