"""What differs between two fetches: by form, in archives, and what cannot be told."""

import gzip
import io
import json
import zipfile

import pytest

from ha_device_backup_http.recipe.new.changes import Changing, changing


def packed(**members: bytes) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return found.getvalue()


@pytest.mark.parametrize(
    ("first", "second", "places", "unordered"),
    [
        ({"uptime": 1, "a": 1}, {"uptime": 2, "a": 1}, ("/uptime",), ()),
        ({"a": {"b/c": 1}}, {"a": {"b/c": 2}}, ("/a/b~1c",), ()),
        ({"a": [{"at": 1}, {"at": 1}]}, {"a": [{"at": 1}, {"at": 2}]}, ("/a/*/at",), ()),
        ({"a": [1]}, {"a": [1, 2]}, ("/a",), ()),
        ({"a": 1}, {"a": 1, "b": 1}, ("/b",), ()),
        ({"a": [1, 2]}, {"a": [2, 1]}, (), ("/a",)),
        ([1, 2], [2, 1], (), ("",)),
        ({"aa:bb:cc:dd:ee:ff": {"seen": 1}}, {"aa:bb:cc:dd:ee:ff": {"seen": 2}}, ("/*/seen",), ()),
    ],
)
def test_json(first: object, second: object, places: tuple[str, ...], unordered: tuple[str, ...]) -> None:
    found = changing("a.json", json.dumps(first).encode(), json.dumps(second).encode())

    assert found == (Changing(file="a.json", json=places, unordered=unordered),)


@pytest.mark.parametrize(
    ("first", "second", "places"),
    [
        ("<a><b>1</b><c>x</c></a>", "<a><b>2</b><c>x</c></a>", ("b",)),
        ("<a><b><c at='1'/></b></a>", "<a><b><c at='2'/></b></a>", ("b/c@at",)),
        ("<a at='1'><b/></a>", "<a at='2'><b/></a>", ("@at",)),
        ("<a><b><c/></b></a>", "<a><b><c/><c/></b></a>", ("b",)),
    ],
)
def test_xml(first: str, second: str, places: tuple[str, ...]) -> None:
    assert changing("a.xml", first.encode(), second.encode()) == (Changing(file="a.xml", xml=places),)


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("a=1\nuptime = 1\n", "a=1\nuptime = 2\n", "^uptime ="),
        ("# Saved on 2024-01-02\na=1", "# Saved on 2024-01-03\na=1", "^# Saved on "),
        ("; made (by x) 1\na", "; made (by x) 2\na", r"^; made \(by x\) "),
        ("a=1\n", "a=1\nlast seen: 1\n", "^last seen:"),
    ],
)
def test_lines(first: str, second: str, line: str) -> None:
    assert changing("a.txt", first.encode(), second.encode()) == (Changing(file="a.txt", lines=(line,)),)


def test_archive() -> None:
    first = packed(a__json=b'{"at": 1}', b__bin=b"\0\1\xff\xfe", log1__txt=b"x", same=b"x")
    second = packed(a__json=b'{"at": 2}', b__bin=b"\0\2\xff\xfe", log2__txt=b"x", same=b"x")

    assert changing("a.zip", first, second) == (
        Changing(file="a.zip!a.json", json=("/at",)),
        Changing(file="a.zip!b.bin", skip=True),
        Changing(file="a.zip!log*.txt", skip=True),
    )


def test_packed_file() -> None:
    first, second = gzip.compress(b'{"at": 1}'), gzip.compress(b'{"at": 2}')

    assert changing("a.gz", first, second) == (Changing(file="a.gz", json=("/at",)),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"\0\xff1", b"\0\xff2"),
        (b'{"a": 1}', b"[1]"),
        (b"<a>1</a>", b"<a>2</a>"),
        (b"1\nabc", b"2\nabc"),
        (b"user bob\nuser 1", b"user bob\nuser 2"),
    ],
)
def test_what_cannot_be_told(first: bytes, second: bytes) -> None:
    assert changing("a", first, second) is None


def test_equal_files_do_not_differ() -> None:
    assert changing("a", b"same", b"same") == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [(b"1\nabc=1", b"2\nabc=2"), (b'{"a": 1}', b"[1]"), (b"<a>1<b c='1'/></a>", b"<a>2<b c='2'/></a>")],
)
def test_member_that_cannot_be_told_is_left_out(first: bytes, second: bytes) -> None:
    assert changing("a.zip", packed(b=first), packed(b=second)) == (Changing(file="a.zip!b", skip=True),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"": 1}, {"": 2}),
        ({f"a{number}": 1 for number in range(500)}, {f"a{number}": 2 for number in range(500)}),
    ],
)
def test_places_that_cannot_be_written(first: object, second: object) -> None:
    assert changing("a.json", json.dumps(first).encode(), json.dumps(second).encode()) is None
