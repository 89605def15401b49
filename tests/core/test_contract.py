import io
import random
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from ha_device_backup_core import zip_files
from ha_device_backup_core.contract import (
    MAX_FIELDS,
    ApiVersion,
    Artifact,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
    HandlerSpec,
    Note,
)
from ha_device_backup_core.contract.artifact import unpacked_once
from ha_device_backup_core.errors import InvalidArtifactError, RestoreUnsupportedError
from ha_device_backup_core.zip_files import MAX_FILES, MAX_UNPACKED_BYTES, unpack

FILES = {"cfg.json": b"{}", "fonts/small.fnt": b"\x00\x01" * 500}


def text_field(key: str, **more: Any) -> ConfigField:  # noqa: ANN401 - whatever the field takes
    return ConfigField(**{"key": key, "kind": FieldKind.TEXT, "label": "Label"} | more)


def spec_of(**more: Any) -> HandlerSpec:  # noqa: ANN401 - whatever the spec takes
    return HandlerSpec(**{"kind": "example", "name": "Example", "api_version": ApiVersion(1, 0), "fields": ()} | more)


def zipped(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> Artifact:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return Artifact(filename="backup.zip", content=buffer.getvalue(), media_type="application/zip")


# Artifacts


def test_bundle_gives_its_files_back() -> None:
    missing = (Note(code="ir", text="ir.json"),)
    artifact = Artifact.bundle(FILES, filename="wled.zip", attributes={"version": "16"}, missing=missing)

    assert artifact.files() == FILES
    assert artifact == Artifact(
        filename="wled.zip",
        content=artifact.content,
        media_type="application/zip",
        attributes={"version": "16"},
        missing=missing,
    )


def test_same_files_make_the_same_bytes() -> None:
    reverse = dict(reversed(FILES.items()))
    assert Artifact.bundle(FILES).content == Artifact.bundle(reverse).content


def test_bundle_opens_with_any_zip_program() -> None:
    with zipfile.ZipFile(io.BytesIO(Artifact.bundle(FILES).content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["cfg.json", "fonts/small.fnt"]


def test_a_bundle_does_not_deflate_what_is_packed_already() -> None:
    noise = random.Random(4711).randbytes(100_000)
    files = {"photo.jpg": noise, "text.cfg": b"setting = 4711\n" * 10_000, "mixed": b"text " * 10_000 + noise}
    bundle = Artifact.bundle(files)

    assert bundle.files() == files
    assert len(bundle.content) < 205_000
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        assert {member.filename: member.compress_type for member in archive.infolist()} == {
            "photo.jpg": zipfile.ZIP_STORED,
            "text.cfg": zipfile.ZIP_DEFLATED,
            "mixed": zipfile.ZIP_DEFLATED,
        }


def test_plain_artifact_is_one_file() -> None:
    assert Artifact(filename="cfg.json", content=b"{}").files() == {"cfg.json": b"{}"}


@pytest.mark.parametrize(("kept", "times"), [(None, 1), (10, 3)])
def test_a_bundle_is_unpacked_once_unless_that_takes_much_memory(
    kept: int | None, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[str] = []

    def unpack(filename: str, content: bytes) -> dict[str, bytes]:
        unpacked.append(filename)
        return zip_files.unpack(filename, content)

    monkeypatch.setattr("ha_device_backup_core.contract.artifact.unpack", unpack)
    if kept is not None:
        monkeypatch.setattr("ha_device_backup_core.contract.artifact._KEPT_UNPACKED", kept)
    bundle = Artifact.bundle(FILES)
    for _ in range(3):
        files = bundle.files()
        assert files == FILES
        files.clear()  # type: ignore[attr-defined] # what a caller does with it is its own
    assert len(unpacked) == times
    assert bundle == Artifact.bundle(FILES)
    assert "fonts" not in repr(bundle)
    assert replace(bundle, content=Artifact.bundle({"a": b"1"}).content).files() == {"a": b"1"}


def test_a_large_bundle_is_unpacked_once_for_several_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacking = Mock(wraps=zip_files.unpack)
    monkeypatch.setattr("ha_device_backup_core.contract.artifact.unpack", unpacking)
    monkeypatch.setattr("ha_device_backup_core.contract.artifact._KEPT_UNPACKED", 10)
    bundle = Artifact.bundle(FILES)
    with unpacked_once(bundle):
        assert [bundle.files() for _ in range(3)] == [FILES] * 3
    assert unpacking.call_count == 1

    assert bundle.files() == FILES
    assert unpacking.call_count == 2, "the files stayed in memory"


def test_content_is_in_no_repr() -> None:
    assert "hunter2" not in repr(Artifact(filename="cfg.json", content=b"hunter2"))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "/etc/passwd"])
def test_name_of_an_artifact_is_only_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="has no folder"):
        Artifact(filename=name, content=b"")


@pytest.mark.parametrize("name", ["", "/cfg.json", "../cfg.json", "a/../b", "a//b", "./a", "a\\b", "a/"])
def test_bundle_refuses_paths_outside_itself(name: str) -> None:
    with pytest.raises(ValueError, match="plain relative path"):
        Artifact.bundle({name: b""})


@pytest.mark.parametrize("name", ["/cfg.json", "../cfg.json", "a/../../b", "a\\..\\b", "a/" * 30_000 + "b", "a" * 1025])
def test_foreign_zip_with_paths_outside_itself(name: str) -> None:
    with pytest.raises(InvalidArtifactError, match="outside itself"):
        zipped({name: b""}).files()


def test_zip_that_names_a_file_twice() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    with pytest.raises(InvalidArtifactError, match="one file twice"):
        Artifact(filename="a.zip", content=buffer.getvalue(), media_type="application/zip").files()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"<html>", Artifact.bundle(FILES).content[:-30], Artifact.bundle(FILES).content[30:]],
)
def test_damaged_zip(content: bytes) -> None:
    with pytest.raises(InvalidArtifactError, match=r"backup\.zip is not a readable zip file|outside itself"):
        Artifact(filename="backup.zip", content=content, media_type="application/zip").files()


def test_zip_with_a_flipped_byte() -> None:
    artifact = zipped({"a": b"content of the file"})
    damaged = artifact.content.replace(b"content of", b"c0ntent of")
    with pytest.raises(InvalidArtifactError):
        replace(artifact, content=damaged).files()


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressed_zip_that_is_damaged(compression: int) -> None:
    artifact = zipped({"a": bytes(range(256)) * 8}, compression=compression)
    damaged = bytearray(artifact.content)
    damaged[36:60] = b"\xff" * 24
    with pytest.raises(InvalidArtifactError, match="not a readable zip"):
        replace(artifact, content=bytes(damaged)).files()


def test_folders_of_a_foreign_zip_are_no_files() -> None:
    assert zipped({"fonts/": b"", "fonts/small.fnt": b"1"}).files() == {"fonts/small.fnt": b"1"}
    with pytest.raises(InvalidArtifactError, match="outside itself"):
        zipped({"../": b""}).files()


@pytest.mark.parametrize(
    "members",
    [
        {"fonts\\small.fnt": b"1"},
        {"fonts\\": b"", "fonts\\small.fnt": b"1"},
        {"fonts/": b"", "fonts\\small.fnt": b"1"},
    ],
)
def test_folders_as_some_programs_for_windows_write_them(members: dict[str, bytes]) -> None:
    assert zipped(members).files() == {"fonts/small.fnt": b"1"}


@pytest.mark.parametrize(
    "members",
    [{"..\\a": b""}, {"\\a": b""}, {"\\\\host\\a": b""}, {"a\\.\\b": b""}, {"a\\b": b"1", "a/b": b"2"}],
)
def test_no_path_of_windows_leads_outside_either(members: dict[str, bytes]) -> None:
    with pytest.raises(InvalidArtifactError, match="outside itself"):
        zipped(members).files()


def test_zip_bomb_is_not_unpacked() -> None:
    bomb = zipped({"a": bytes(MAX_UNPACKED_BYTES + 1)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb.content) < 1_000_000
    with pytest.raises(InvalidArtifactError, match="unpack to too much"):
        bomb.files()


def test_zip_of_too_many_files() -> None:
    with pytest.raises(InvalidArtifactError, match="unpack to too much"):
        zipped({str(number): b"" for number in range(MAX_FILES + 1)}).files()
    assert len(zipped({str(number): b"" for number in range(MAX_FILES)}).files()) == MAX_FILES


def test_zip_that_hides_how_many_files_it_has() -> None:
    content = zipped({"a": b"PK\x01\x02" * MAX_FILES}).content
    with pytest.raises(InvalidArtifactError, match="unpack to too much"):
        Artifact(filename="a.zip", content=content, media_type="application/zip").files()


def test_zip_whose_files_lie_upon_each_other() -> None:
    """Each of them would be read anew."""
    content = bytearray(zipped({"a": b"x" * 1000, "b": b"y" * 1000}).content)
    for _ in range(2):
        at = content.index(b"PK\x01\x02")
        content[at : at + 4] = b"PK\x01\x03"
        content[at + 20 : at + 24] = (2_000).to_bytes(4, "little")
    restored = bytes(content).replace(b"PK\x01\x03", b"PK\x01\x02")
    with pytest.raises(InvalidArtifactError, match="not a readable zip"):
        Artifact(filename="a.zip", content=restored, media_type="application/zip").files()


def test_zip_within_a_limit_of_ones_own() -> None:
    content = zipped({"a": b"x" * 1000}).content
    assert unpack("a.zip", content, 1000) == {"a": b"x" * 1000}
    with pytest.raises(InvalidArtifactError, match="unpack to too much"):
        unpack("a.zip", content, 999)


def test_zip_that_declares_more_than_it_holds() -> None:
    artifact = zipped({"a": b"x" * 1000}, compression=zipfile.ZIP_DEFLATED)
    declared = (1000).to_bytes(4, "little")
    assert artifact.content.count(declared) == 2
    lying = artifact.content.replace(declared, (2000).to_bytes(4, "little"))
    with pytest.raises(InvalidArtifactError, match=r"more or less than it declares|not a readable zip"):
        replace(artifact, content=lying).files()


def test_encrypted_zip() -> None:
    artifact = zipped({"a": b"x"})
    position = artifact.content.index(b"PK\x01\x02") + 8
    encrypted = bytearray(artifact.content)
    encrypted[position] |= 1
    encrypted[6] |= 1
    with pytest.raises(InvalidArtifactError, match="not a readable zip"):
        replace(artifact, content=bytes(encrypted)).files()


# Notes, fields, specs


def test_notes_are_compared_by_code() -> None:
    assert Note(code="a", text="one") == Note(code="a", text="two")
    assert Note(code="a", text="one") != Note(code="b", text="one")
    with pytest.raises(ValueError, match="a text is English"):
        Note(code="a", text={"en": "one"})  # type: ignore[arg-type] # a mistake of authors


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"key": "Host"}, "lower case"),
        ({"key": "a" * 33}, "lower case"),
        ({"kind": FieldKind.CHOICE}, "choices go with kind CHOICE"),
        ({"choices": {"a": "A"}}, "choices go with kind CHOICE"),
        ({"kind": FieldKind.SECRET, "default": "admin"}, "a secret has no default"),
        ({"required": True, "advanced": True}, "not folded away"),
        ({"label": {"en": "Address"}}, "a text is English"),
        ({"help": {"en": "Address"}}, "a text is English"),
        ({"kind": FieldKind.CHOICE, "choices": {"a": {"en": "A"}}}, "a text is English"),
    ],
)
def test_field_that_no_form_could_show(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        text_field(**{"key": "value"} | more)
    text_field("value")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"kind": "W"}, "a kind is lower case"),
        ({"kind": "wled-lamp"}, "a kind is lower case"),
        ({"fields": (text_field("a"), text_field("a"))}, "two fields have the same key"),
        ({"fields": tuple(text_field(f"f{n}") for n in range(MAX_FIELDS + 1))}, "at most 16 fields"),
        ({"fields": (text_field("a", shown_when={"b": ("x",)}),)}, "field a: what decides how it is asked"),
        ({"fields": (text_field("a", advanced={"b": ("x",)}), text_field("b"))}, "choice or a yes or no"),
        ({"max_artifact_bytes": 0}, "max_artifact_bytes"),
        ({"max_artifact_bytes": 2**40}, "max_artifact_bytes"),
        ({"fetch_timeout": 0}, "fetch_timeout"),
        ({"fetch_timeout": float("nan")}, "fetch_timeout"),
        ({"name": {"en": "Example"}}, "a text is English"),
        ({"omits": ({"en": "Password"},)}, "a text is English"),
    ],
)
def test_spec_that_the_product_could_not_work_with(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spec_of(**more)
    spec_of()


def test_well_known_fields_do_not_count() -> None:
    fields = tuple(text_field(f"f{n}") for n in range(MAX_FIELDS))
    spec = spec_of(fields=(*fields, text_field("host")))
    assert spec.field("host") == text_field("host")
    assert spec.field("nothing") is None


# What a handler has without doing anything


class Plain(DeviceBackupHandler):
    spec = spec_of()

    async def test_connection(self) -> DeviceInfo:
        return DeviceInfo(unique_id=None, name="plain")

    async def fetch_backup(self) -> Artifact:
        return Artifact.bundle(FILES)

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return ()


async def test_defaults() -> None:
    artifact = Artifact.bundle(FILES)
    handler = Plain(context=None, config={"host": "wled.local"})  # type: ignore[arg-type] # no job

    assert handler.config == {"host": "wled.local"}
    assert Plain.normalize(artifact) == FILES
    assert Plain.redact(artifact) == {}
    await handler.close()
    with pytest.raises(RestoreUnsupportedError):
        await handler.restore_backup(artifact, lambda share, text: None)


def test_a_guide_for_restoring_is_made_of_texts() -> None:
    with pytest.raises(ValueError, match="English"):
        spec_of(restore_guide=({"en": "Restart it."},))


def test_notices_do_not_make_another_device() -> None:
    notice = Note(code="attended", text="Somebody has to press a button.")
    assert DeviceInfo(unique_id="1", name="box", notices=(notice,)) == DeviceInfo(unique_id="1", name="box")
