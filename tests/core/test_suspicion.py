"""What looks as if a device had lost its configuration."""

import json
from dataclasses import replace

import pytest

from ha_device_backup_core.contract import ASKED, KEPT_EXTENT, Artifact
from ha_device_backup_core.file_forms import FileForm
from ha_device_backup_core.suspicion import Extent, FileExtent, Suspicion, files_meant, suspicion_of
from ha_device_backup_core.text import in_language


def extent(*, configured: bool | None = None, files: int = 4, size: int = 100) -> Extent:
    """Return an extent of files that are alike."""
    sizes = [size // files + (number < size % files) for number in range(files)]
    alike = {str(number): FileExtent(size=each, form=FileForm.JSON) for number, each in enumerate(sizes)}
    return Extent(configured=configured, by_name=alike)


@pytest.mark.parametrize(
    ("new", "before", "suspicion"),
    [
        (extent(), None, None),
        (extent(configured=False), None, None),
        (extent(configured=False), extent(configured=False), None),
        (extent(configured=False), extent(configured=None), Suspicion.FACTORY_STATE),
        (extent(configured=False), extent(configured=True), Suspicion.FACTORY_STATE),
        (extent(configured=True), extent(configured=True), None),
        (extent(configured=None), extent(configured=True), Suspicion.WORK_GONE),
        (extent(configured=None), extent(configured=False), None),
        (extent(configured=None, files=1), extent(configured=True), Suspicion.FEWER_FILES),
        (extent(files=2), extent(), None),
        (extent(files=1), extent(), Suspicion.FEWER_FILES),
        (extent(size=50), extent(), None),
        (extent(size=49), extent(), Suspicion.FEWER_BYTES),
        (extent(configured=True, size=49), extent(configured=True), Suspicion.FEWER_BYTES),
    ],
)
def test_less_than_half_or_factory_state_is_suspect(
    new: Extent, before: Extent | None, suspicion: Suspicion | None
) -> None:
    assert suspicion_of(new, before, comparable=True) is suspicion


def test_what_a_person_chose_may_be_less_but_a_reset_stays_one() -> None:
    assert suspicion_of(extent(files=1, size=1), extent(), comparable=False) is None
    assert suspicion_of(extent(configured=False), extent(), comparable=False) is Suspicion.FACTORY_STATE
    assert suspicion_of(extent(configured=None), extent(configured=True), comparable=False) is None


def test_the_extent_of_a_bundle_is_that_of_its_files() -> None:
    bundle = Artifact.bundle({"a": b"x" * 1000, "b": b"{}"})
    assert Extent.of(bundle, configured=True) == Extent(
        configured=True,
        by_name={"a": FileExtent(size=1000, form=FileForm.TEXT), "b": FileExtent(size=2, form=FileForm.JSON)},
    )
    damaged = Artifact(filename="a.zip", content=b"no zip", media_type="application/zip")
    only = {"": FileExtent(size=6, form=FileForm.TEXT)}
    assert Extent.of(damaged, configured=None) == Extent(configured=None, by_name=only)


def test_the_extent_of_a_zip_file_that_came_alone() -> None:
    sent = replace(Artifact.bundle({"a": b"x" * 1000, "b": b"{}"}), attributes={ASKED: '{"c.zip": "0f"}'})
    only = {"c.zip": FileExtent(size=1002, form=FileForm.ZIP, files=2, asked="0f")}
    assert Extent.of(sent, configured=None) == Extent(configured=None, by_name=only, asked={"c.zip": "0f"})


@pytest.mark.parametrize("odd", ["", "[]", "7", "{", "[" * 100_000, '{"a": 1}'])
def test_what_was_asked_for_in_an_odd_way_is_no_error(odd: str) -> None:
    artifact = Artifact(filename="a", content=b"x", attributes={ASKED: odd})
    assert suspicion_of(Extent.of(artifact, configured=None), extent(), comparable=True) is not None


def kept(told: str) -> Extent:
    """Return the extent of a file that stands for data kept elsewhere."""
    attributes = {ASKED: '{"tree.json": "/data"}', KEPT_EXTENT: told}
    return Extent.of(Artifact(filename="tree.json", content=b"x" * 600, attributes=attributes), configured=None)


@pytest.mark.parametrize(
    ("files", "size", "suspicion"),
    [
        (1, 20, Suspicion.FEWER_FILES),
        (49_999, 10**12, Suspicion.FEWER_FILES),
        (50_000, 10**12 // 2 - 1, Suspicion.FEWER_BYTES),
        (50_000, 10**12 // 2, None),
        (200_000, 10**13, None),
    ],
)
def test_what_is_kept_elsewhere_is_measured_by_what_that_is(files: int, size: int, suspicion: Suspicion | None) -> None:
    before = kept('{"files": 100000, "bytes": 1000000000000}')
    assert suspicion_of(kept(json.dumps({"files": files, "bytes": size})), before, comparable=True) is suspicion


@pytest.mark.parametrize("odd", ["", "{}", "[]", "7", "[" * 100_000, '{"files": "1", "bytes": 2}', '{"files": 1}'])
def test_what_does_not_tell_what_it_stands_for_is_measured_itself(odd: str) -> None:
    only = {"tree.json": FileExtent(size=600, form=FileForm.TEXT, asked="/data")}
    assert kept(odd) == Extent(configured=None, by_name=only, asked={"tree.json": "/data"})


JSON, TEXT, PAGE = b'{"a": 1, "b": "' + b"x" * 300 + b'"}', b"a = 1\n" * 50, b"<!DOCTYPE html><p>" + b"x" * 300


def of(files: dict[str, bytes], asked: str | None = "{}") -> Extent:
    """Return the extent of files that came in answer to what a person asked for."""
    attributes = {} if asked is None else {ASKED: asked}
    if len(files) > 1:
        return Extent.of(Artifact.bundle(files, attributes=attributes), configured=None)
    ((name, content),) = files.items()
    return Extent.of(Artifact(filename=name, content=content, attributes=attributes), configured=None)


ONE, BOTH = '{"a": "0f"}', '{"a": "0f", "b": "1e"}'


@pytest.mark.parametrize("other", [TEXT, PAGE, Artifact.bundle({"x": JSON}).content, b"\x1f\x8b\x08" + b"\1" * 400])
def test_a_file_with_another_form_is_suspect(other: bytes) -> None:
    forms = Suspicion.OTHER_FORM
    assert suspicion_of(of({"a": other}, ONE), of({"a": JSON}, ONE), comparable=True) is forms
    assert suspicion_of(of({"2.json": other}, None), of({"1.json": JSON}, None), comparable=True) is forms
    assert suspicion_of(of({"a": JSON, "b": other}, BOTH), of({"a": JSON, "b": JSON}, BOTH), comparable=True) is forms
    assert suspicion_of(of({"a": JSON, "b": other}), of({"a": JSON, "b": JSON}), comparable=True) is forms
    assert suspicion_of(of({"a": JSON}, ONE), of({"a": other}, ONE), comparable=True) is forms
    assert suspicion_of(of({"a": other}, ONE), of({"a": JSON}, ONE), comparable=False) is None


def test_what_a_person_asked_for_in_another_way_may_be_another() -> None:
    before = of({"a": JSON, "b": JSON * 9}, BOTH)
    assert suspicion_of(of({"a": TEXT}, '{"a": "00"}'), of({"a": JSON}, ONE), comparable=True) is None
    assert suspicion_of(of({"a": JSON}, ONE), before, comparable=True) is None
    assert suspicion_of(of({"a": JSON, "b": b"x"}, '{"a": "0f", "b": "22"}'), before, comparable=True) is None
    suspicion = suspicion_of(of({"a": TEXT, "b": b"x"}, '{"a": "0f", "b": "22"}'), before, comparable=True)
    assert suspicion is Suspicion.OTHER_FORM


@pytest.mark.parametrize(("size", "suspicion"), [(50, Suspicion.FILE_SHRUNK), (51, None), (0, Suspicion.FILE_SHRUNK)])
def test_one_file_of_many_that_shrank_to_a_tenth(size: int, suspicion: Suspicion | None) -> None:
    rest = b"y" * 5000
    new, before = of({"a": b"x" * size, "b": rest}), of({"a": b"x" * 500, "b": rest})
    assert suspicion_of(new, before, comparable=True) is suspicion
    small = of({"a": b"x" * 199, "b": rest})
    assert suspicion_of(new, small, comparable=True) is None


GUARD, PAIRS = b"// switches the boiler off\n" * 20, b"y" * 1000


@pytest.mark.parametrize(
    ("came", "suspicion"),
    [
        ({"rest": PAIRS}, Suspicion.FILE_SHRUNK),
        ({"rest": PAIRS, "list": b"[]"}, Suspicion.FILE_SHRUNK),
        ({"rest": PAIRS, "page.html": PAGE}, Suspicion.FILE_SHRUNK),
        ({"rest": PAIRS, "guardian.js": GUARD[:60]}, None),
        ({"rest": PAIRS, "guardian.js": GUARD}, None),
        ({"rest": PAIRS, "guard.js": GUARD}, None),
    ],
)
def test_a_file_that_is_gone_is_one_that_shrank_to_nothing(came: dict[str, bytes], suspicion: Suspicion | None) -> None:
    before = of({"guard.js": GUARD, "rest": PAIRS, "few": b"x" * 199}, None)
    assert suspicion_of(of(came | {"few": b"x"}, None), before, comparable=True) is suspicion
    assert suspicion_of(of(came, None), before, comparable=True) in {suspicion, Suspicion.FEWER_FILES}
    assert suspicion_of(of(came, None), before, comparable=False) is None


def test_each_file_that_came_stands_for_one_that_is_gone() -> None:
    before = of({"1.js": GUARD, "2.js": GUARD + GUARD, "rest": PAIRS}, None)
    assert (
        suspicion_of(of({"3.js": GUARD + GUARD, "4.js": GUARD, "rest": PAIRS}, None), before, comparable=True) is None
    )
    fewer = of({"3.js": GUARD + GUARD, "rest": PAIRS}, None)
    assert suspicion_of(fewer, before, comparable=True) is Suspicion.FILE_SHRUNK
    assert str(files_meant(Suspicion.FILE_SHRUNK, fewer, before)) == "The file 1.js of 540 bytes is gone."


def test_what_a_person_asks_for_no_more_is_not_gone() -> None:
    before = of({"a": GUARD, "b": PAIRS}, BOTH)
    assert suspicion_of(of({"b": PAIRS}, '{"b": "1e"}'), before, comparable=True) is None
    assert suspicion_of(of({"b": PAIRS, "c": GUARD}, '{"b": "1e", "c": "0f"}'), before, comparable=True) is None
    did_not_come = of({"b": PAIRS}, BOTH)
    assert suspicion_of(did_not_come, before, comparable=True) is Suspicion.FILE_SHRUNK


def test_a_file_that_came_alone_and_has_no_name_is_not_gone() -> None:
    alone, among_others = (
        of({"all.zip": Artifact.bundle({"a": GUARD}).content}, None),
        of({"a": GUARD, "b": PAIRS}, None),
    )
    assert suspicion_of(among_others, alone, comparable=True) is None


def test_the_files_that_shrank_or_have_another_form_are_named() -> None:
    rest = {"rest": b"y" * 50_000}
    before = of(dict.fromkeys("abcde", b"x" * 500) | rest)
    shrunk = files_meant(
        Suspicion.FILE_SHRUNK, of(dict.fromkeys("ace", b"x" * 500) | {"b": b"x" * 30, "d": b"xx"} | rest), before
    )
    assert str(shrunk) == ("The file b shrank from 500 to 30 bytes. The file d shrank from 500 to 2 bytes.")
    many = files_meant(Suspicion.FILE_SHRUNK, of(dict.fromkeys("abcde", b"x") | rest), before)
    assert str(many).endswith("The file c shrank from 500 to 1 bytes. So it is with more files: 2.")
    other = files_meant(Suspicion.OTHER_FORM, of({"a": TEXT} | rest), of({"a": JSON} | rest))
    assert str(other) == "a has another form than in the backup before, such as text in place of JSON."
    assert files_meant(Suspicion.OTHER_FORM, of({"2.json": TEXT}, None), of({"1.json": JSON}, None)) is None
    assert files_meant(Suspicion.FEWER_BYTES, of({"a": b"x"} | rest), before) is None


def test_few_bytes_look_like_text_by_chance() -> None:
    few, many = b"\x01\x02", b"\x01" * 90
    assert suspicion_of(of({"a": b"AB"}, None), of({"a": few}, None), comparable=True) is None
    assert suspicion_of(of({"a": b"A" * 90}, None), of({"a": many}, None), comparable=True) is Suspicion.OTHER_FORM


@pytest.mark.parametrize("suspicion", Suspicion)
def test_every_suspicion_has_words(suspicion: Suspicion) -> None:
    assert in_language(suspicion.text, "de") != in_language(suspicion.text, "en") != ""


def memory(filled: int, filler: bytes = b"\0") -> Extent:
    """Return the extent of a memory of 4 kB with settings in the first bytes."""
    settings = bytes(range(1, 251)) * (filled // 250)
    return Extent.of(Artifact(filename="config.dat", content=settings.ljust(4096, filler)), configured=None)


@pytest.mark.parametrize("filler", [b"\0", b"\xff"])
def test_a_memory_that_was_emptied_is_suspect_though_it_is_as_long(filler: bytes) -> None:
    before = memory(2000, filler)
    assert suspicion_of(memory(1000, filler), before, comparable=True) is None
    assert suspicion_of(memory(750, filler), before, comparable=True) is Suspicion.FEWER_BYTES
    assert suspicion_of(memory(0, filler), before, comparable=True) is Suspicion.FEWER_BYTES
    assert suspicion_of(before, memory(0, filler), comparable=True) is None


@pytest.mark.parametrize(
    ("suspicion", "form"), [(Suspicion.FILE_SHRUNK, FileForm.TEXT), (Suspicion.OTHER_FORM, FileForm.JSON)]
)
def test_names_of_files_are_shown_as_they_fit_into_a_sentence(suspicion: Suspicion, form: FileForm) -> None:
    odd = "a\n\x1b[31m\u202e\udce4" + "b" * 3000
    before = Extent(configured=None, by_name={odd: FileExtent(size=500, form=FileForm.TEXT)})
    new = Extent(configured=None, by_name={odd: FileExtent(size=1, form=form)})
    told = str(files_meant(suspicion, new, before))
    assert "a \ufffd[31m\ufffd\ufffdbbb" in told
    assert "…" in told
    assert len(told.encode()) < 500
