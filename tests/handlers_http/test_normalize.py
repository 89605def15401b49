"""What changes by itself does not count."""

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_device_backup_core import Artifact
from ha_device_backup_http import HttpHandler
from ha_device_backup_http.rules import Rules


def zipped(files: dict[str, bytes], year: int = 2020) -> bytes:
    """Return a zip file whose files are of that year."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def compared(content: bytes, *ignore: str, name: str = "file", media_type: str = "text/plain") -> dict[str, bytes]:
    """Return what is compared of one file."""
    attributes = Rules(main=name, ignore=ignore).attributes()
    artifact = Artifact(filename=name, content=content, media_type=media_type, attributes=attributes)
    return dict(HttpHandler.normalize(artifact))


def same(one: bytes, other: bytes, *ignore: str) -> bool:
    return compared(one, *ignore) == compared(other, *ignore)


@pytest.mark.parametrize(
    ("one", "other", "ignore", "equal"),
    [
        (b'{"a":1,"b":2}', b'{ "b" : 2, "a" : 1 }', (), True),
        (b'{"a":1}', b'{"a":2}', (), False),
        (b'{"a":1,"up":5}', b'{"a":1,"up":6}', ("/up",), True),
        (b'{"a":1,"up":5}', b'{"a":1}', ("/up",), True),
        (b'{"a":1,"up":5}', b'{"a":2,"up":6}', ("/up",), False),
        (b'{"a":1,"up":5}', b'{"a":1,"up":6}', ('"up": \\d+',), True),
        (b'[{"t":1},{"t":2}]', b'[{"t":3},{"t":4}]', ("/*/t",), True),
        (b"[1,2,3]", b"[9,2,3]", ("/0",), True),
        (b"[1,2,3]", b"[1,9,3]", ("/0",), False),
        (b"# made 12:00\nk=1\n", b"# made 12:01\nk=1\n", ("^# made",), True),
        (b"# made 12:00\nk=1\n", b"# made 12:01\nk=2\n", ("^# made",), False),
        (b"# made 12:00$\r\nk=1\r\n", b"# made 12:01$\r\nk=1\r\n", (r"\$$",), True),
        (b"<a><t>1</t><b>2</b></a>", b"<a><t>3</t><b>2</b></a>", ("<t>",), True),
        (b"<a><t>1</t><b>2</b></a>", b"<a><t>3</t><b>4</b></a>", ("<t>",), False),
        (b"\xff\x00a", b"\xff\x00b", ("a", "b"), False),
    ],
)
def test_what_is_equal(one: bytes, other: bytes, ignore: tuple[str, ...], equal: bool) -> None:
    assert same(one, other, *ignore) == equal


def test_the_name_of_a_single_file_does_not_count() -> None:
    assert compared(b"x", name="backup-2025.txt") == compared(b"x", name="backup-2026.txt") == {"file": b"x"}


def test_files_in_a_zip_file_are_compared_one_by_one() -> None:
    inner = {"a.json": b'{"b":1,"a":2}', "b.bin": b"\xff"}
    for media_type, names in (("application/zip", {"a.json", "b.bin"}), ("application/octet-stream", {"file"})):
        one = compared(zipped(inner, 2020), media_type=media_type)
        assert one.keys() == names
        assert one == compared(zipped(inner | {"a.json": b'{"a":2,"b":1}'}, 2021), media_type=media_type)
        assert one != compared(zipped(inner | {"b.bin": b"\xfe"}, 2020), media_type=media_type)


def test_what_is_in_a_gzip_file_is_compared() -> None:
    one, other = (compared(gzip.compress(b'{"b":1,"a":2}', mtime=time)) for time in (1, 2))
    assert one == other == compared(one["file"])
    assert one != compared(gzip.compress(b'{"b":1,"a":3}', mtime=1))
    cut = gzip.compress(b"x")[:-1]
    assert compared(cut) == {"file": cut}


def test_an_unreadable_zip_file_is_compared_as_it_is() -> None:
    content = zipped({"a": b"1", "../b": b"2"})
    assert compared(content) == {"file": content}


def test_files_of_a_bundle_keep_their_names() -> None:
    rules = Rules(main="a", bundled=True, ignore=("/up",))
    bundle = Artifact.bundle({"a": b'{"up":1}', "b": b"x"}, attributes=rules.attributes())
    assert HttpHandler.normalize(bundle) == {"a": b"{}", "b": b"x"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
LINES = st.sampled_from(["/0", "/*/*", "/a", "1", "^ ", '"', "}", "[a-z]+", "x{2}", ","])
CONTENTS = st.one_of(
    JSON.map(lambda value: json.dumps(value).encode()),
    st.text(alphabet='{}[]",:<>/ax1\n', max_size=30).map(str.encode),
    st.binary(max_size=20),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENTS, st.lists(LINES, max_size=3))
def test_nothing_is_left_to_do_the_second_time(content: bytes, ignore: list[str]) -> None:
    once = compared(content, *ignore)
    assert compared(once["file"], *ignore) == once


def test_surrogates_and_great_numbers_are_kept() -> None:
    content = rb'{"a": "\ud800", "b": 1e999, "c": ' + b"9" * 4000 + b"}"
    once = compared(content)
    assert compared(once["file"]) == once
