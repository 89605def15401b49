"""What makes a configuration valid: its form, its name, and what was there both times."""

import gzip
import io
import sqlite3
import tarfile
import zipfile
from contextlib import closing

import pytest

from ha_device_backup_http.recipe.new.changes import Changing
from ha_device_backup_http.recipe.new.seen import Seen, form_seen, name_for, seen


def tar(*names: str) -> bytes:
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return found.getvalue()


def zipped(**members: str) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return found.getvalue()


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.execute("CREATE TABLE a (b)")
        opened.commit()
        return opened.serialize()


@pytest.mark.parametrize(
    ("content", "form", "name"),
    [
        (b'{"a": 1}', "json", "settings.json"),
        (b"<a><b/></a>", "xml", "settings.xml"),
        (zipped(a="x"), "zip", "settings.zip"),
        (gzip.compress(tar("a")), "tgz", "settings.tgz"),
        (gzip.compress(b"a=1"), "gzip", "settings.gz"),
        (tar("a"), "tar", "settings.tar"),
        (database(), "sqlite", "settings.db"),
        (b"a=1\n", "text", "settings.txt"),
        (b"\0\xff\xfe\1", "any", "settings.bin"),
    ],
)
def test_form(content: bytes, form: str, name: str) -> None:
    assert (form_seen(content), name_for("/api/settings", form)) == (form, name)


@pytest.mark.parametrize(
    ("path", "form", "name"),
    [
        ("/", "json", "configuration.json"),
        ("/a/b.cgi?x=y.z", "zip", "b.zip"),
        ("/a/b.cfg", "text", "b.cfg"),
        ("/a/b.tar.gz", "tgz", "b.tgz"),
        ("/{key}/%20", "text", "20.txt"),
    ],
)
def test_name(path: str, form: str, name: str) -> None:
    assert name_for(path, form) == name


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (b'{"a": 1, "b": {"c": 1}, "d": []}', b'{"a": 1, "b": {"c": 1}}', Seen(form="json", required=("/b",))),
        (b'{"a": 1, "at": 1}', b'{"a": 1, "at": 2}', Seen(form="json", required=("/a",))),
        (b"[1]", b"[1]", Seen(form="json")),
        (b"<r><a/><b><c/></b></r>", b"<r><b/></r>", Seen(form="xml", root="r", required=("xml:b",))),
        (b"a=1\n[wifi]\nssid = x\n", b"a=2\n[wifi]\nssid = y\n", Seen(form="text", contains=(r"^\[wifi\]",))),
        (b"canary-pass=1\n", b"canary-pass=1\n", Seen(form="text")),
        (zipped(a="xx", b="x", c2024="xxx"), zipped(a="xx", c2024="xxx"), Seen(form="zip", members=("a",))),
        (b"{}", b"text", Seen(form="any")),
    ],
)
def test_what_was_seen(first: bytes, second: bytes, found: Seen) -> None:
    assert seen(first, second, (Changing(file="a", json=("/at",)),), ("canary-pass",)) == found
