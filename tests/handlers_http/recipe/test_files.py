"""What makes a file valid, what counts in it, and what of it is shown: by the recipe, never by what came."""

import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Mapping
from contextlib import closing

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_http import RecipeHandler

from .conftest import handler

PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"


def recipe(save: str, *lines: str, rules: str = "") -> type[RecipeHandler]:
    step = "\n".join(('[[fetch]]\nrequest = "GET /x"', f'save = "{save}"', *lines))
    return handler(f"{step}\n{rules}\n")


def zipped(files: Mapping[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return found.getvalue()


def tarred(files: Mapping[str, bytes], mtime: int = 0) -> bytes:
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), mtime
            archive.addfile(member, io.BytesIO(content))
    return found.getvalue()


def database(rows: int = 200) -> bytes:
    with closing(sqlite3.connect(":memory:")) as found:
        found.execute("create table t (a text)")
        found.executemany("insert into t values (?)", ((f"row {n}" * 20,) for n in range(rows)))
        found.commit()
        return found.serialize()


def check(kind: type[RecipeHandler], name: str, content: bytes) -> None:
    kind.validate(Artifact(filename=name, content=content))


SBK = tarred(
    {"usr_local.tar.gz": gzip.compress(tarred({"etc/config": b"a=1"})), "signature": b"x", "firmware_version": b"3"}
)


@pytest.mark.parametrize(
    ("save", "lines", "good", "bad"),
    [
        ("a.json", (), b'{"a": 1}', (b'{"a": 1', b"[", PAGE, b"", b"5", b'{"error": "no"}', b'{"success": false}')),
        ("a.json", ('required = ["/a/0", "json:/b/c"]',), b'{"a": [1], "b": {"c": null}}', (b"{}", b'{"a": []}')),
        (
            "a.xml",
            ('root = "opnsense"', 'required = "xml:system/name"'),
            b"<opnsense><system><name/></system></opnsense>",
            (b"<pfsense/>", b"<opnsense></opnsense>", b"<opnsense><system><name/></system>", PAGE),
        ),
        (
            "a.zip",
            ('members = ["etc/a", "*.db"]',),
            zipped({"etc/a": b"1", "x.db": b"2"}),
            (zipped({"etc/a": b"1"}), b"PK\3\4"),
        ),
        (
            "a.tar.gz",
            ('members = "etc/a"',),
            gzip.compress(tarred({"./etc/a": b"1"})),
            (
                gzip.compress(b"text"),
                gzip.compress(tarred({"etc/a": b"1"}))[:-9],
                gzip.compress(tarred({"etc/b": b"1"})),
                b"",
            ),
        ),
        (
            "a.sbk",
            ('form = "tar"', 'members = ["usr_local.tar.gz!etc/config", "signature"]'),
            SBK,
            (
                SBK[:700],
                tarred({"usr_local.tar.gz": gzip.compress(tarred({"etc/config": b"a"}))[:-9], "signature": b"x"}),
                tarred({"usr_local.tar.gz": gzip.compress(tarred({"etc/other": b"a"})), "signature": b"x"}),
            ),
        ),
        ("a.gz", (), gzip.compress(b"text"), (gzip.compress(b"text" * 99)[:-9], b"text")),
        (
            "a.db",
            (),
            database(),
            (database()[:-4096], database()[:-1], database()[:5000], b"SQLite format 3\0", b"text", PAGE),
        ),
        ("a.cfg", ('contains = "^# end$"',), b"a=1\n# end\n", (b"a=1\n# en", b"\0\1", PAGE, b"")),
        ("a.unf", ("at_least = 32", "multiple_of = 16"), b"\x81" * 48, (b"\x81" * 16, b"\x81" * 47, PAGE)),
    ],
)
def test_file_is_whole_or_none(save: str, lines: tuple[str, ...], good: bytes, bad: tuple[bytes, ...]) -> None:
    kind = recipe(save, *lines)
    check(kind, "as the person called it", good)
    for content in bad:
        with pytest.raises(InvalidArtifactError):
            check(kind, save, content)


def test_database_that_is_written_ahead_is_whole() -> None:
    content = bytearray(database())
    content[18:20] = b"\2\2"
    check(recipe("a.db"), "a.db", bytes(content))


def test_what_came_decides_nothing() -> None:
    with pytest.raises(InvalidArtifactError):
        check(recipe("a.zip"), "a.zip", b'{"a": 1}')


def test_page_that_is_a_file_of_the_device_is_kept() -> None:
    kind = handler(
        '[[fetch]]\nrequest = "GET /l"\ncapture.n = "json:/*"\n'
        '[[fetch]]\neach = { f = "n" }\nrequest = "GET /{f}"\nsave = "{f}"\n'
    )
    kind.validate(Artifact.bundle({"index.html": PAGE, "empty.bat": b""}))
    with pytest.raises(InvalidArtifactError):
        kind.validate(Artifact.bundle({"autoexec.bat": PAGE}))


def normal(kind: type[RecipeHandler], content: bytes) -> Mapping[str, bytes]:
    once = kind.normalize(Artifact(filename="x", content=content))
    again = kind.normalize(Artifact(filename="x", content=next(iter(once.values()))))
    assert once == again
    return once


def test_members_of_nested_archives_are_compared_one_by_one() -> None:
    rules = """
[[compare]]
file = "a.sbk!usr_local.tar.gz!*.log"
skip = true
[[compare]]
file = "a.sbk!usr_local.tar.gz!etc/config"
lines = ["^time="]
[[compare]]
file = "a.sbk!signature"
skip = true
"""
    kind = recipe("a.sbk", 'form = "tar"', rules=rules)

    def sbk(config: bytes, log: bytes, signature: bytes, mtime: int) -> bytes:
        inner = gzip.compress(tarred({"etc/config": config, "x.log": log}, mtime), mtime=mtime)
        return tarred({"usr_local.tar.gz": inner, "signature": signature}, mtime)

    first = normal(kind, sbk(b"a=1\ntime=1\n", b"1", b"1", 1))
    assert first == normal(kind, sbk(b"a=1\ntime=2\n", b"2", b"2", 2))
    assert first != normal(kind, sbk(b"a=2\ntime=1\n", b"1", b"1", 1))


def test_places_do_not_count() -> None:
    kind = recipe("a.json", rules='[[compare]]\nfile = "a.json"\njson = ["/up", "/l/*/seen"]\nunordered = "/l"\n')
    first = normal(kind, b'{"up": 1, "l": [{"n": 1, "seen": 5}, {"n": 2, "seen": 6}]}')

    assert first == normal(kind, b'{"l": [{"seen": 7, "n": 2}, {"n": 1, "seen": 8}], "up": 2}')
    assert first != normal(kind, b'{"l": [{"n": 2}, {"n": 3}]}')


def test_elements_do_not_count() -> None:
    kind = recipe("a.xml", rules='[[compare]]\nfile = "a.xml"\nxml = ["/r/revision", "//item@id"]\n')
    first = normal(kind, b"<r>\n <revision><t>1</t></revision>\n <item id='1'>x</item>\n</r>")

    assert first == normal(kind, b"<r><item id='2'>x</item><revision><t>2</t></revision></r>")
    assert first != normal(kind, b"<r><item id='2'>y</item></r>")


def test_lines_do_not_count() -> None:
    kind = recipe("a.rsc", rules='[[compare]]\nfile = "a.rsc"\nlines = ["^# .* by RouterOS"]\n')
    first = normal(kind, b"# 2026-01-01 by RouterOS 7\r\n/ip\r\n")

    assert first == normal(kind, b"# 2026-01-02 by RouterOS 7\r\n/ip\r\n")
    assert first != normal(kind, b"# 2026-01-01 by RouterOS 7\r\n/ipv6\r\n")


def test_secrets_are_hidden_and_files_without_a_word_are_not_shown() -> None:
    rules = """
[[fetch]]
request = "GET /y"
save = "b.xml"
[[fetch]]
request = "GET /z"
save = "c.cfg"
[[fetch]]
request = "GET /q"
save = "d.zip"
[[fetch]]
request = "GET /w"
save = "e.json"
[[fetch]]
request = "GET /v"
save = "f.json"
[[secret]]
file = "a.json"
json = ["/wifi/*/key"]
[[secret]]
file = "b.xml"
xml = ["//password", "//user@pin"]
[[secret]]
file = "c.cfg"
lines = ['^\\s*psk']
[[secret]]
file = "d.zip!*.toml"
lines = ["^pw"]
[[secret]]
file = "e.json"
nothing = true
"""
    kind = recipe("a.json", rules=rules)
    files = {
        "a.json": b'{"wifi": [{"key": "canary", "ssid": "home"}]}',
        "b.xml": b"<r><user pin='canary'><password><x>canary</x></password></user></r>",
        "c.cfg": b"ssid=home\n  psk = canary\n",
        "d.zip": zipped({"x.toml": b"a = 1\npw = 'canary'\n", "y.txt": b"canary"}),
        "e.json": b'{"a":1}',
        "f.json": b'{"a": "canary"}',
    }
    shown = kind.redact(Artifact.bundle(files))

    assert shown.keys() == {"a.json", "b.xml", "c.cfg", "d.zip!x.toml", "e.json"}
    assert not any("canary" in text for text in shown.values())
    assert json.loads(shown["a.json"])["wifi"][0]["ssid"] == "home"
    assert shown["c.cfg"].startswith("ssid=home\n  psk = **")
    assert shown["e.json"] == '{"a":1}'


def test_one_opaque_file_alone_is_no_recipe() -> None:
    with pytest.raises(ValueError, match="nothing would be compared"):
        recipe("a.bin", "compared = false")


def test_hostile_archive_costs_little() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 60_000_000))
    kind = recipe("a.gz", 'members = "x"')
    with pytest.raises(InvalidArtifactError):
        check(kind, "a.gz", bomb)
    assert recipe("a.gz").normalize(Artifact(filename="a.gz", content=bomb))
