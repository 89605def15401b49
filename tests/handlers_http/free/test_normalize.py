"""What changes by itself does not count."""

import gzip
import io
import json
import tarfile
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ha_device_backup_core import Artifact
from ha_device_backup_http import HttpHandler, expressions, laid_out
from ha_device_backup_http.free import rules
from ha_device_backup_http.free.rules import Rules

from ..test_tar_files import tar


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
        ("# Küche 1\nk=1".encode("latin-1"), "# Küche 2\nk=1".encode("latin-1"), ("^# Küche",), True),
        ("# Küche 1\nk=1".encode("latin-1"), "# Küche 2\nk=2".encode("latin-1"), ("^# Küche",), False),
        ("t=1\nk=ü".encode("utf-16"), "t=2\nk=ü".encode("utf-16"), ("^t=",), True),
        ('{"t":1,"k":"ü"}'.encode("latin-1"), '{"k":"ü","t":2}'.encode("latin-1"), ("/t",), True),
        ("<a><t>1</t>ü</a>".encode("latin-1"), "<a><t>2</t>ü</a>".encode("latin-1"), ("<t>",), True),
        (rb'{"ret":"# 12:00\r\n/set a=1\r\n"}', rb'{"ret":"# 12:01\r\n/set a=1\r\n"}', ("^# ",), True),
        (rb'{"ret":"# 12:00\r\n/set a=1\r\n"}', rb'{"ret":"# 12:01\r\n/set a=2\r\n"}', ("^# ",), False),
        (rb'{"x":["a=\"1\"\nb=1\n",3]}', rb'{"x":["a=\"2\"\nb=1\n",3]}', ('^a="[0-9]"$',), True),
        (rb'{"x":["a=\"1\"\nb=1\n",3]}', rb'{"x":["a=\"2\"\nb=1\n",4]}', ('^a="[0-9]"$',), False),
        (rb'{"x":"\\n 1"}', rb'{"x":"\\n 2"}', ("^ 1", "^ 2"), False),
        (b"<a><c># 1\nk=1</c></a>", b"<a><c># 2\nk=1</c></a>", ("# .$",), True),
        (b'<a c="# 1&#13;&#10;k=1"/>', b'<a c="# 2&#xD;&#xA;k=1"/>', ("# .$",), True),
        (b'<a c="# 1&#10;k=1"/>', b'<a c="# 2&#10;k=2"/>', ("# .$",), False),
        (b"<a>\n <t>\n 1\n </t><b>2</b></a>", b"<a>\n <t>\n 3\n </t><b>2</b></a>", ("<t>",), True),
        (b"<a><t><![CDATA[1]]></t><b>2</b></a>", b"<a><t><![CDATA[3]]></t><b>2</b></a>", ("<t>",), True),
        (b"<a><t><![CDATA[1]]></t><b>2</b></a>", b"<a><t><![CDATA[3]]></t><b>4</b></a>", ("<t>",), False),
        (b"[a]\rt=1\rk=2\r", b"[a]\rt=3\rk=2\r", ("^t=",), True),
        (b"[a]\rt=1\rk=2\r", b"[a]\rt=3\rk=4\r", ("^t=",), False),
        ("Preis €=1\nk=2".encode("cp1252"), "Preis €=3\nk=2".encode("cp1252"), ("^Preis €=",), True),
        ("„Zeit“=1\nk=2".encode("cp1252"), "„Zeit“=3\nk=4".encode("cp1252"), ("^„Zeit“=",), False),
        (b'{"a":1,"t":1}\n{"b":1,"t":2}\n', b'{"t":3,"a":1}\r\n{"b":1,"t":4}', ("/t",), True),
        (b'{"a":1,"t":1}\n{"b":1,"t":2}\n', b'{"a":1,"t":3}\n{"b":2,"t":4}\n', ("/t",), False),
        (b'{"a":1}\n{"t":1\n', b'{"a":1}\n{"t":2\n', ("/t",), False),
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
    assert one == other == compared(one["file"]) == compared(b'{"b":1,"a":2}')
    assert one != compared(gzip.compress(b'{"b":1,"a":3}', mtime=1))
    cut = gzip.compress(b"x")[:-1]
    assert compared(cut) == {"file": cut}


def archives(time: int, setting: str = "a=1") -> list[bytes]:
    """Return the same files in archives of that time, one in the other."""
    info = tarfile.TarInfo("etc/config")
    info.mtime = time
    plain = tar((info, f"# {time}\n{setting}\n".encode()))
    packed = gzip.compress(plain, mtime=time)
    outer = tarfile.TarInfo("inner.tar.gz")
    outer.mtime = time
    within = tar((outer, packed), kind=tarfile.GNU_FORMAT)
    year = 2000 + time
    return [plain, packed, within, gzip.compress(within, mtime=time), zipped({"a.tgz": packed}, year)]


@pytest.mark.parametrize("number", range(5))
def test_times_in_archives_do_not_count(number: int) -> None:
    ignore = "^# "
    one, other, changed = archives(1)[number], archives(2)[number], archives(2, "a=2")[number]
    assert one != other
    assert same(one, other, ignore)
    assert not same(one, other)
    assert not same(one, changed, ignore)
    assert compared(compared(one, ignore)["file"], ignore) == compared(one, ignore)


def test_archives_in_archives_end_somewhere() -> None:
    content = b"x=1"
    for _ in range(8):
        content = gzip.compress(content, mtime=1)
    assert gzip.decompress(compared(content)["file"]).startswith(b"\x1f\x8b")


def test_what_would_cost_too_much_is_compared_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    dear = gzip.compress(b"") * 11_000
    assert compared(dear) == {"file": dear}
    bundle = zipped({"a": dear, "b": b'{"a": 1}'})
    assert compared(bundle, media_type="application/zip") == {"a": dear, "b": b'{\n "a": 1\n}'}
    for module in (laid_out, rules):
        monkeypatch.setattr(module, "LARGEST_UNPACKED", 10)
    assert compared(bundle, media_type="application/zip") == {"file": bundle}
    monkeypatch.setattr(laid_out, "_MOST_VALUES", 1)
    assert compared(b'{"a": 1}') == {"file": b'{"a": 1}'}


def test_an_expression_that_takes_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_MOST_WORK", 30)
    content = b"time=1\n" + "".join(map(chr, range(97, 123))).encode() + b"\n"
    assert compared(content, "(time|x+y+z+)") == {"file": content}
    assert compared(b"time=1\nk=1", "^time") == {"file": b"k=1"}


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
@example(b"[null, [], [], []]", ["/0", "[a-z]+"])
def test_nothing_is_left_to_do_the_second_time(content: bytes, ignore: list[str]) -> None:
    """Were there as many rounds as it takes: each of them may take one more entry of a list."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laid_out, "_MOST_LAYOUTS", 20)
        once = compared(content, *ignore)
        assert compared(once["file"], *ignore) == once


def test_surrogates_and_great_numbers_are_kept() -> None:
    content = rb'{"a": "\ud800", "b": 1e999, "c": ' + b"9" * 4000 + b"}"
    once = compared(content)
    assert compared(once["file"]) == once
