import gzip
import io
import random
import tarfile
from dataclasses import replace

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_core.changes import (
    Change,
    Comparison,
    FileComparison,
    FileVersion,
    LineChange,
    MemberChange,
    SettingChange,
    compare,
)
from ha_device_backup_core.changes.compare import LARGEST_READ
from ha_device_backup_core.changes.records import LONGEST_TEXT, MOST_CHANGES, MOST_FILES
from ha_device_backup_core.hiding import HIDDEN

from .handlers import SECRET, ShowsJson, ShowsNothing, ShowsText, artifact, bundle


def only(found: Comparison) -> FileComparison:
    (file,) = found.files
    return file


def settings(before: object, after: object) -> tuple[SettingChange, ...]:
    return only(compare(ShowsJson, artifact(before), artifact(after))).settings


def changed(*path: str | int, before: str | int | None, after: str | int | None) -> SettingChange:
    return SettingChange(path=path, change=Change.CHANGED, before=before, after=after)


def test_nothing() -> None:
    one = artifact({"a": 1})
    assert compare(ShowsJson, one, one) == Comparison(unchanged=1)


def test_files() -> None:
    before = bundle(gone_json={"a": 1}, same_json={}, data_bin={"x": 1})
    after = bundle(new_json={"a": 1}, same_json={}, data_bin={"x": 2})
    version = FileVersion.of(b'{"a": 1}')
    assert compare(ShowsJson, before, after) == Comparison(
        files=(
            FileComparison(
                path="data.bin",
                change=Change.CHANGED,
                before=FileVersion.of(b'{"x": 1}'),
                after=FileVersion.of(b'{"x": 2}'),
            ),
            FileComparison(path="gone.json", change=Change.REMOVED, before=version, after=None),
            FileComparison(path="new.json", change=Change.ADDED, before=None, after=version),
        ),
        unchanged=1,
        counts=True,
    )


def test_settings_have_their_path() -> None:
    before = {"hw": {"led": {"total": 30, "pins": [1, 2, 4]}, "gone": {"a": 1}}, "on": True, "name": None}
    after = {"hw": {"led": {"total": 60, "pins": [1, 2, 3, 4]}, "new": [[5]]}, "on": 1, "name": "x" * 600}
    assert settings(before, after) == (
        changed("hw", "led", "total", before=30, after=60),
        SettingChange(path=("hw", "led", "pins", 2), change=Change.ADDED, after=3),
        SettingChange(path=("hw", "gone", "a"), change=Change.REMOVED, before=1),
        SettingChange(path=("hw", "new", 0, 0), change=Change.ADDED, after=5),
        changed("on", before=True, after=1),
        changed("name", before=None, after="x" * LONGEST_TEXT + "…"),
    )


def test_another_type_is_one_change() -> None:
    assert settings({"a": {"b": 1}, "c": []}, {"a": [2], "c": {}}) == (
        changed("a", before='{"b":1}', after="[2]"),
        changed("c", before="[]", after="{}"),
    )


def test_a_secret_shows_only_that_it_changed() -> None:
    found = settings({"ap": {"password": SECRET}, "x": 1}, {"ap": {"password": SECRET + "2"}, "x": 1})
    assert found == (
        SettingChange(path=("ap", "password"), change=Change.CHANGED, before="***", after="***", masked=True),
    )


def test_a_secret_that_came() -> None:
    found = settings({"ap": {}}, {"ap": {"password": SECRET}})
    assert found == (SettingChange(path=("ap", "password"), change=Change.ADDED, after="***", masked=True),)


def test_what_does_not_count_is_told_as_such() -> None:
    found = only(compare(ShowsJson, artifact({"uptime": 1, "a": 1}), artifact({"uptime": 2, "a": 2})))
    assert found.counts
    assert found.settings == (
        replace(changed("uptime", before=1, after=2), counts=False),
        changed("a", before=1, after=2),
    )


def test_a_backup_in_which_nothing_counts() -> None:
    found = compare(ShowsJson, bundle(c_json={"uptime": 1}, log_json={"n": 1}), bundle(c_json={"uptime": 2}))
    assert not found.counts
    assert [(file.path, file.counts) for file in found.files] == [("c.json", False), ("log.json", False)]
    assert found.files[0].settings == (replace(changed("uptime", before=1, after=2), counts=False),)


def test_only_written_in_another_way() -> None:
    found = only(compare(ShowsJson, artifact('{"a": 1}'), artifact('{"a":1}')))
    assert (found.change, found.settings, found.counts) == (Change.CHANGED, (), False)


def test_a_kind_that_shows_nothing_has_paths_without_values() -> None:
    before = artifact({"wifi": {"key": SECRET, "on": True}, f"{SECRET}0123456789abcdef": 1})
    after = artifact({"wifi": {"key": SECRET + "2", "on": True}, f"{SECRET}0123456789abcdef": 2})
    found = only(compare(ShowsNothing, before, after))
    assert found.settings == (
        SettingChange(path=("wifi", "key"), change=Change.CHANGED, before=HIDDEN, after=HIDDEN, masked=True),
        SettingChange(path=(HIDDEN,), change=Change.CHANGED, before=HIDDEN, after=HIDDEN, masked=True),
    )
    assert SECRET not in repr(found)


def test_a_kind_that_shows_something_decides_itself() -> None:
    found = compare(ShowsJson, bundle(a_json={}, b_bin={"k": SECRET}), bundle(a_json={}, b_bin={"k": "new"}))
    assert only(found).settings == ()


def test_a_text_of_keys_and_values() -> None:
    before = f"first\n[wifi]\n# note\nname = Home\nsecret {SECRET} = x\nserver=a\nserver=b\n"
    after = before.replace("Home", "House").replace("server=b", "server=c")
    found = only(compare(ShowsText, artifact(before, "1.cfg"), artifact(after, "2.cfg")))
    assert (found.path, found.settings) == (
        "2.cfg",
        (changed("wifi", "name", before="Home", after="House"), changed("wifi", "server", 1, before="b", after="c")),
    )


def test_a_text_of_lines() -> None:
    before = f"first\nalpha {{\n  one\n  secret {SECRET}\n  secret same\n}}"
    after = f"first\nbeta\nalpha {{\n  secret {SECRET}2\n  secret same\n}}"
    found = only(compare(ShowsText, artifact(before), artifact(after)))
    assert found.lines == (
        LineChange(change=Change.ADDED, number=1, text="beta"),
        LineChange(change=Change.REMOVED, number=2, text="  one"),
        LineChange(change=Change.REMOVED, number=3, text=f"  secret {HIDDEN}", masked=True),
        LineChange(change=Change.ADDED, number=3, text=f"  secret {HIDDEN}", masked=True),
    )
    assert SECRET not in repr(found)


def test_a_text_in_which_no_setting_changed_has_its_lines() -> None:
    found = only(compare(ShowsText, artifact("first\n[a]\n# one\nb=1\n"), artifact("first\n[a]\n# two\nb=1\n")))
    assert found.lines == (
        LineChange(change=Change.REMOVED, number=2, text="# one"),
        LineChange(change=Change.ADDED, number=2, text="# two"),
    )


def test_keys_that_stand_below_others_by_their_indent_are_no_paths() -> None:
    found = only(
        compare(ShowsText, artifact("first\na:\n  b: 1\nc:\n  b: 1"), artifact("first\na:\n  b: 1\nc:\n  b: 2"))
    )
    assert (found.settings, [(line.number, line.text) for line in found.lines]) == ((), [(4, "  b: 1"), (4, "  b: 2")])


def test_a_mark_of_the_byte_order_is_no_part_of_the_settings() -> None:
    found = only(compare(ShowsText, artifact('first\n{"a": 1}'), artifact('first\n\ufeff{"a": 2}')))
    assert found.settings == (changed("a", before=1, after=2),)


def test_what_changed_is_not_shown() -> None:
    found = only(compare(ShowsText, artifact("one\nrest {"), artifact("two\nrest {")))
    assert (found.counts, found.lines, found.settings) == (True, (), ())


def packed(**files: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./etc/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(written.getvalue(), mtime=random.randrange(1000))


def test_members_of_archives_in_archives() -> None:
    before = packed(same=b"1", gone=b"2", inner=packed(deep=b"old"))
    after = packed(same=b"1", new=b"33", inner=packed(deep=b"newer"))
    found = only(compare(ShowsNothing, bundle(b_tgz=before), bundle(b_tgz=after)))
    assert found.members == (
        MemberChange(path="etc/gone", change=Change.REMOVED, before=FileVersion.of(b"2")),
        MemberChange(
            path="etc/inner/etc/deep",
            change=Change.CHANGED,
            before=FileVersion.of(b"old"),
            after=FileVersion.of(b"newer"),
        ),
        MemberChange(path="etc/new", change=Change.ADDED, after=FileVersion.of(b"33")),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(bytes(200 * 1024 * 1024), 1), id="unpacks to much"),
        pytest.param(packed(a=b"1")[:-9], id="cut off"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="no zip"),
    ],
)
def test_an_archive_that_cannot_be_read_has_its_digest(content: bytes) -> None:
    found = only(compare(ShowsNothing, bundle(b_tgz=packed(a=b"1")), bundle(b_tgz=content)))
    assert found.after == FileVersion.of(content)
    assert found.members == ()
    assert only(compare(ShowsNothing, bundle(b_tgz=content), bundle(b_tgz=packed(a=b"1")))).members == ()


@pytest.mark.parametrize(("empty", "read"), [(20, True), (20_001, False)])
def test_members_that_hold_nothing_are_not_read_without_end(empty: int, read: bool) -> None:
    content = gzip.compress(b"") * empty + packed(a=b"2")
    found = only(compare(ShowsNothing, bundle(b_tgz=packed(a=b"1")), bundle(b_tgz=content)))
    assert (found.after, bool(found.members)) == (FileVersion.of(content), read)


def test_large_ones_are_compared_by_their_bytes() -> None:
    before = artifact({"text": "x" * LARGEST_READ, "a": 1})
    after = artifact({"text": "x" * LARGEST_READ, "a": 2})
    found = only(compare(ShowsJson, before, after))
    assert (found.counts, found.settings) == (True, ())
    again = artifact({"text": "x" * LARGEST_READ, "a": 1, "uptime": 3})
    assert not compare(ShowsJson, before, again).counts


def test_many_changes_are_counted() -> None:
    many = 3 * MOST_CHANGES
    found = only(compare(ShowsJson, artifact(dict.fromkeys(map(str, range(many)), 1)), artifact({})))
    assert (len(found.settings), found.more) == (MOST_CHANGES, many - MOST_CHANGES)
    files: dict[str, object] = {f"{number}_bin": {} for number in range(MOST_FILES + 7)}
    some = compare(ShowsJson, bundle(**files), bundle(a_bin={}))
    assert (len(some.files), some.more) == (MOST_FILES, 8)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('{"a":' * 500 + "1" + "}" * 500, '{"a":' * 500 + "2" + "}" * 500, id="deep"),
        pytest.param("[" * 100_000, "[" * 100_001, id="deeper than can be read"),
        pytest.param("[" + "[]," * 190_000 + "1]", "[" + "[]," * 190_000 + "2]", id="many values"),
        pytest.param('{"n": ' + "9" * 5000 + "}", '{"n": 1}', id="a long number"),
        pytest.param('{"n": 1e999}', '{"n": -1e999}', id="a number without end"),
        pytest.param('{"n": NaN}', '{"n": NaN }', id="no number"),
        pytest.param('{"n": "\\ud800"}', '{"n": "\\udfff"}', id="half a sign"),
        pytest.param("a=1\n" * 50_000, "a=2\n" * 50_000, id="one key"),
        pytest.param("x\n" * 200_000, "y\n" * 200_000, id="lines"),
        pytest.param("x\ny\n" * 100_000, "y\nx\n" * 100_001, id="shifted lines"),
        pytest.param("[a]\n[a]\na=1", "[a]\n[b]\na={", id="sections"),
    ],
)
def test_odd_texts_are_compared(before: str, after: str) -> None:
    for handler in (ShowsNothing, ShowsText):
        first = "" if handler is ShowsNothing else "first\n"
        found = only(compare(handler, artifact(first + before), artifact(first + after)))
        assert found.change is Change.CHANGED
        repr(found).encode("ascii", "backslashreplace")


def test_a_file_that_was_imported_beside_a_bundle() -> None:
    fetched = Artifact.bundle({"settings.cfg": b"first\na = 1", "more.txt": b"first\nb"})
    found = compare(ShowsJsonOfBundles, artifact("first\na = 2", "copy (1).cfg"), fetched)
    assert [(file.path, file.change) for file in found.files] == [
        ("more.txt", Change.ADDED),
        ("settings.cfg", Change.CHANGED),
    ]


class ShowsJsonOfBundles(ShowsText):
    @classmethod
    def normalize(cls, artifact: Artifact) -> dict[str, bytes]:
        return {name if name == "more.txt" else "settings": text for name, text in artifact.files().items()}

    @classmethod
    def redact(cls, artifact: Artifact) -> dict[str, str]:
        return {name: text.decode() for name, text in cls.normalize(artifact).items()}
