"""Equal fingerprints mean that nothing changed."""

import hypothesis.strategies as st
from hypothesis import given

from ha_device_backup_core.contract import Note
from ha_device_backup_core.jobs.fingerprint import fingerprint
from ha_device_backup_core.text import Message

FILES = st.dictionaries(st.text(max_size=5), st.binary(max_size=5), max_size=4)
CODES = st.lists(st.text(max_size=5), max_size=4)


def notes(codes: list[str]) -> list[Note]:
    return [Note(code=code, text=f"about {code}") for code in codes]


def test_is_stable_over_releases() -> None:
    assert (
        fingerprint({"cfg.json": b"{}", "presets.json": b"[]"}, notes(["presets", "torn"]))
        == "7dcb50affadb15e800e7295c8e5beef01a6d1230582a964cac2f66a24a2f50ac"
    )


def test_no_files_and_no_notes() -> None:
    assert len(fingerprint({}, ())) == 64


@given(FILES, CODES)
def test_order_does_not_count(files: dict[str, bytes], codes: list[str]) -> None:
    backwards = dict(reversed(files.items()))
    assert fingerprint(files, notes(codes)) == fingerprint(backwards, notes(codes[::-1]))


@given(FILES, CODES, FILES, CODES)
def test_equal_only_when_all_is_equal(
    files: dict[str, bytes], codes: list[str], other_files: dict[str, bytes], other_codes: list[str]
) -> None:
    equal = (files, set(codes)) == (other_files, set(other_codes))
    assert (fingerprint(files, notes(codes)) == fingerprint(other_files, notes(other_codes))) is equal


def test_a_name_never_runs_into_a_content() -> None:
    assert fingerprint({"ab": b"c"}, ()) != fingerprint({"a": b"bc"}, ())


def test_a_file_never_counts_as_a_note() -> None:
    assert fingerprint({"a": b""}, ()) != fingerprint({}, notes(["a"]))


def test_the_words_of_a_note_do_not_count() -> None:
    assert fingerprint({}, [Note(code="a", text="one")]) == fingerprint({}, [Note(code="a", text=Message("two"))])
