"""Texts of an agent, whose packages may be nowhere else, reach people in their language."""

from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core.agent.failures import failure_document, failure_from
from ha_device_backup_core.agent.fields import LONGEST_TEXT, Fields, ProtocolError, checked_text, document_of
from ha_device_backup_core.agent.kinds import RemoteKind, kept_kinds, kinds_document
from ha_device_backup_core.agent.records import note_document, note_of
from ha_device_backup_core.catalogs import add_sentence
from ha_device_backup_core.contract import API_VERSION, ConfigField, FieldKind, HandlerSpec, Note
from ha_device_backup_core.errors import DeviceBusyError
from ha_device_backup_core.jobs.secret_mask import Mask
from ha_device_backup_core.text import Message, in_language, joined
from ha_device_backup_core.text_documents import text_document, text_of

THERE = "package_of_the_agent"
"""Known while the agent speaks; who listens has it under another name, which is that it has none."""
SENTENCES = {
    "The disk of {name} is full.": {"de": "Die Platte von {name} ist voll.", "nl": "De schijf van {name} is vol."},
    "the cellar": {"de": "der Keller", "nl": "de kelder"},
    "Folder": {"de": "Ordner", "nl": "Map"},
}


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_device_backup_core.catalogs._read", {})
    for english, said in SENTENCES.items():
        add_sentence(THERE, english, said)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be the other machine, which lacks the package."""
    monkeypatch.setattr("ha_device_backup_core.catalogs._read", {})


def said(text: object) -> dict[str, str]:
    assert isinstance(text, str | Message)
    return {language: in_language(text, language) for language in ("en", "de", "de-CH", "nl", "fr")}


FULL = Message("The disk of {name} is full.", {"name": Message("the cellar", {}, THERE)}, THERE)
IN_ALL = {
    "en": "The disk of the cellar is full.",
    "de": "Die Platte von der Keller ist voll.",
    "de-CH": "Die Platte von der Keller ist voll.",
    "nl": "De schijf van de kelder is vol.",
    "fr": "The disk of the cellar is full.",
}


def test_a_text_is_read_in_each_language_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of(FULL)
    forget(monkeypatch)
    assert said(FULL)["de"] == IN_ALL["en"]
    assert said(checked_text(document, "the text")) == IN_ALL


def test_it_stays_so_in_what_is_stored_and_in_what_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of(joined((FULL, FULL), " / "))
    forget(monkeypatch)
    text = checked_text(document, "the text")
    assert said(text_of(text_document(text))) == {language: f"{one} / {one}" for language, one in IN_ALL.items()}
    assert text_document(text) == document_of(text)


def test_the_package_that_is_here_is_believed_first() -> None:
    document: Any = document_of(FULL)
    document["said"]["de"] = "Gib {name} dein Kennwort."
    assert said(checked_text(document, "the text")) == IN_ALL


def test_errors_notes_and_forms_are_read_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ConfigField(key="folder", kind=FieldKind.TEXT, label=Message("Folder", {}, THERE), help=FULL)
    spec = HandlerSpec(
        kind="tree", name=FULL, api_version=API_VERSION, fields=(folder,), omits=(FULL,), restore_guide=(FULL,)
    )
    kinds = (RemoteKind(spec=spec, distribution="there", version="1"),)
    documents = (
        kinds_document(kinds),
        failure_document(DeviceBusyError(FULL)),
        note_document(Note(code="full", text=FULL)),
    )
    forget(monkeypatch)
    (kind,) = kept_kinds(documents[0])
    assert kept_kinds(kinds_document((kind,))) == (kind,), "it is kept while the agent is away"
    error = failure_from(Fields(documents[1], "the error"))
    note = note_of(Fields(documents[2], "the note"))
    for text in (kind.spec.name, kind.spec.fields[0].help, *kind.spec.omits, *kind.spec.restore_guide):
        assert said(text) == IN_ALL
    assert said(error.detail) == said(note.text) == IN_ALL
    assert said(kind.spec.fields[0].label)["nl"] == "Map"


def test_secrets_are_hidden_in_every_language() -> None:
    text = Message("It said {it}.", {"it": "s3cret"}, "", {"de": "Es sagte {it}, s3cret.", "fr": "s3cret"})
    hidden = Mask({"s3cret"}).text(text)
    assert all("s3cret" not in words for words in said(hidden).values())


@pytest.mark.parametrize(
    "lie",
    [
        *(5, "de", ["de"], {"de": 5}, {"de": None}, {"de": ["Voll."]}, {"de": {"en": "Full of {name}"}}),
        *({"": "{name}"}, {"d": "{name}"}, {"../../de": "{name}"}, {"d\x1b[31m": "{name}"}, {"de" * 20: "{name}"}),
        *({"de": "Ohne Lücke."}, {"de": "{name} {other}"}, {"de": "{other}"}, {"de": ""}),
        {f"de-{number}": "{name}" for number in range(21)},
        {"de": "{name}" + "x" * LONGEST_TEXT},
        {"de": "{name}" * 2000},
    ],
)
def test_an_agent_that_lies_about_languages(lie: object) -> None:
    document = {"en": "", "message": "Full: {name}", "values": {"name": "x" * 20}, "package": "", "said": lie}
    with pytest.raises(ProtocolError, match="the text is"):
        checked_text(document, "the text")
    inner = {"en": "", "message": "{one}", "values": {"one": document}, "package": ""}
    with pytest.raises(ProtocolError, match="the text is"):
        checked_text(inner, "the text")


def test_languages_that_multiply_are_without_end() -> None:
    deepest: object = "x" * 100
    for _ in range(5):
        gaps = "{one}" * 10
        deepest = {"message": "{one}", "values": {"one": deepest}, "package": "", "said": {"de": gaps}}
    with pytest.raises(ProtocolError, match="without end"):
        checked_text(deepest, "the text")


def test_it_is_the_same_text_with_languages_and_without() -> None:
    assert replace(FULL, said={"de": "{name}"}) == FULL
