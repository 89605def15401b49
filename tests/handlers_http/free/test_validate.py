"""What is no backup is refused, with the file and the reason."""

import gzip
import io
import json
import zipfile
from dataclasses import replace

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import is_web_page
from ha_device_backup_http import HttpHandler, expressions
from ha_device_backup_http.free.rules import Rules, rules_of
from ha_device_backup_http.recipe import validity
from ha_device_backup_http.recognise import Form, asks_for_password, form_of

PAGE = b"<!DOCTYPE html><html><body><form><input type='password'></form></body></html>"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def zipped(**files: str) -> bytes:
    """Return a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


ZIP = zipped(a="1", b="2")
GZIP = gzip.compress(b"a" * 3_000_000)


def artifact(content: bytes, form: Form = Form.TEXT, **rules: object) -> Artifact:
    """Return a backup of one file."""
    given = Rules(main="file", forms={"file": form}, **rules)  # type: ignore[arg-type] # what the test says
    return Artifact(filename="file", content=content, attributes=given.attributes())


@pytest.mark.parametrize(
    ("content", "name", "media_type", "form"),
    [
        (b'{"a": 1}', "", "", Form.JSON),
        (b"\xef\xbb\xbf[1]", "", "", Form.JSON),
        ('{"ü": 1}'.encode("utf-16"), "", "", Form.JSON),
        (b'{"a": 1', "x.json", "", Form.JSON),
        (b'{"a": 1', "", "application/JSON", Form.JSON),
        (b'{"a": 1', "", "", Form.TEXT),
        (b"null", "", "", Form.TEXT),
        (b"[" * 200 + b"]" * 200, "", "", Form.TEXT),
        (b"[" * 200_000, "", "", Form.TEXT),
        (b"1" * 5000, "", "", Form.TEXT),
        (b'<?xml version="1.0"?><a/>', "", "", Form.XML),
        (b"\n <a><b/></a>", "", "text/plain", Form.XML),
        (b'<?xml version="1.0"?><a', "", "", Form.XML),
        (b"<a", "settings.XML", "", Form.XML),
        (ZIP, "", "", Form.ZIP),
        (GZIP[:-1], "", "", Form.GZIP),
        (b"nothing", "backup.tar.gz", "", Form.GZIP),
        (ZIP[:-10], "", "", Form.ZIP),
        (b"nothing", "", "application/zip", Form.ZIP),
        (b"[section]\r\nkey=1\n", "x.ini", "text/plain", Form.TEXT),
        (b"\x89PNG\r\n\x1a\n\x00", "", "", Form.UNKNOWN),
        ("ü".encode("latin-1"), "", "text/plain", Form.UNKNOWN),
        (PAGE, "x.json", "application/json", Form.PAGE),
    ],
)
def test_forms_are_recognised(content: bytes, name: str, media_type: str, form: Form) -> None:
    assert form_of(content, media_type, name) is form


@pytest.mark.parametrize(
    ("content", "page", "asks"),
    [
        (PAGE, True, True),
        (b"\xef\xbb\xbf\r\n <HTML>", True, False),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE HTML PUBLIC "-//W3C//DTD XHTML">', True, False),
        (b"<form><input name=x type=Password>", True, True),
        (b"<form><input name=password>", True, False),
        (b"<form>" + b"<input " * 100_000, True, False),
        (b'{"page": "<html>"}', False, False),
        (b"<form><a/></form>", True, False),
        (b'<?xml version="1.0"?><form><a/></form>', False, False),
        (b"<config><input type='password'/></config>", False, False),
        (b"", False, False),
    ],
)
def test_pages_are_recognised(content: bytes, page: bool, asks: bool) -> None:
    assert (is_web_page(content), asks_for_password(content)) == (page, asks)


@pytest.mark.parametrize(
    "given",
    [
        artifact(b'{"a": 1}', Form.JSON),
        artifact(b"<a/>", Form.XML),
        artifact(ZIP, Form.ZIP),
        artifact(GZIP, Form.GZIP),
        artifact(GZIP + GZIP + b"\0\0", Form.GZIP),
        artifact(zipped(a='{"error": 1}', b="1"), Form.ZIP),
        artifact(b"a=1\rend\r", pattern="^end$"),
        artifact(b"message: hello\ntitle: home", pattern="^message: hello"),
        artifact("Preis €=1\nend".encode("cp1252"), pattern="^Preis €"),
        artifact(PAGE, Form.PAGE),
        artifact(b"\x00\x01", Form.OTHER),
        artifact(b"a=1\r\nend\r\n", pattern="^end$", minimum_size=10),
        artifact("ü=1\n".encode("latin-1"), Form.OTHER, pattern="ü=1"),
    ],
)
def test_what_is_valid(given: Artifact) -> None:
    assert HttpHandler.validate(given) == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (artifact(b""), "file is empty"),
        (artifact(b" \r\n"), "file is empty"),
        (artifact(PAGE, Form.OTHER), "file is a web page"),
        (artifact(PAGE, Form.JSON), "file is a web page"),
        (artifact(b"text", Form.PAGE), "file is not a web page"),
        (artifact(b'{"a": 1', Form.JSON), "file is not valid JSON"),
        (artifact(b"<a>", Form.XML), "file is not well-formed XML"),
        (artifact(BOMB, Form.XML), "file is not well-formed XML"),
        (artifact(b'<?xml version="1.0" encoding="nonsense"?><a/>', Form.XML), "file is not well-formed XML"),
        (artifact(ZIP[:-10], Form.ZIP), "file is not a whole zip"),
        (artifact(ZIP, Form.GZIP), "file is not a whole gzip"),
        (artifact(GZIP[:-1], Form.GZIP), "file is not a whole gzip"),
        (artifact(GZIP[: len(GZIP) // 2], Form.GZIP), "file is not a whole gzip"),
        (artifact(GZIP[:-6] + b"wrong!", Form.GZIP), "file is not a whole gzip"),
        (artifact(GZIP + b"more", Form.GZIP), "file is not a whole gzip"),
        (artifact(b"\x00", Form.TEXT), "file is not text"),
        (artifact(b"\x00", Form.UNKNOWN), "neither JSON nor XML"),
        (artifact(b"message: hello\ntitle: home"), "file only tells of an error"),
        (artifact(b'{"error": 1}', Form.JSON, pattern="."), "file only tells of an error"),
        (artifact(b'{"retcode":1}'), "file holds nothing but a status"),
        (artifact(b'{"success":true,"data":null}', Form.JSON), "file holds nothing but a status"),
        (artifact(b"<result>1</result>", Form.XML), "file holds nothing but a status"),
        (artifact(b'{"success":false}'), "file only tells of an error"),
        (artifact(b"not logged in", pattern="."), "file only tells of an error"),
        (artifact(b"\xef\xbb\xbf"), "file is empty"),
        (artifact(b"\xff\xfe"), "file is empty"),
        (artifact(zipped(), Form.ZIP), "file is packed, but nothing is in it"),
        (artifact(zipped(a="", b=" "), Form.ZIP), "file is packed, but nothing is in it"),
        (artifact(gzip.compress(b""), Form.GZIP), "file is packed, but nothing is in it"),
        (artifact(gzip.compress(PAGE), Form.GZIP), "file is packed, but only a web page or an error is in it"),
        (artifact(zipped(a='{"error": 1}', b=""), Form.ZIP), "file is packed, but only a web page or an error"),
        (artifact(b"abc", minimum_size=4), "has 3 bytes, at least 4"),
        (artifact(b"abc\nx", pattern="^end$"), "“^end$” is found in no line of file"),
    ],
)
def test_what_is_refused(given: Artifact, words: str) -> None:
    with pytest.raises(InvalidArtifactError) as caught:
        HttpHandler.validate(given)
    assert words in caught.value.detail_in()
    assert caught.value.detail_in("de") != caught.value.detail_in()


@pytest.mark.parametrize(
    ("content", "is_bare"),
    [
        (b"{}", True),
        (b'\xef\xbb\xbf{ "data": null }', True),
        (b'{"data": {"config": {}}, "meta": null}', True),
        (b"[]", False),
        (b'{"zones": []}', False),
        (b'{"a": 0}', False),
        (b'{"a": ""}', False),
        (b'{"a": null}' + b" " * 5000, False),
    ],
)
def test_nothing_in_the_answer_is_in_doubt_unless_a_person_expects_it(content: bytes, is_bare: bool) -> None:
    codes = [note.code for note in HttpHandler.validate(artifact(content, Form.JSON))]
    assert codes == (["holds_nothing_file"] if is_bare else [])
    assert HttpHandler.validate(artifact(content, Form.JSON, pattern="^")) == ()
    assert HttpHandler.validate(artifact(content, Form.JSON, minimum_size=2)) == ()
    rules = Rules(main="a", bundled=True, forms={"a": Form.JSON, "b": Form.JSON})
    files = {"a": b'{"a": 1}', "b": content}
    assert HttpHandler.validate(Artifact.bundle(files, attributes=rules.attributes())) == ()


def test_files_of_a_bundle() -> None:
    rules = Rules(main="a", bundled=True, forms={"a": Form.JSON, "b.xml": Form.XML}, pattern="one")
    files = {"a": b'{"one": 1}', "b.xml": b"<b/>"}
    whole = Artifact.bundle(files, attributes=rules.attributes())
    assert HttpHandler.validate(whole) == ()
    for broken, words in (
        ({"a": files["a"]}, "b.xml is missing"),
        ({"b.xml": files["b.xml"]}, "a is missing"),
        (files | {"b.xml": b"<b"}, "b.xml is not well-formed"),
        (files | {"a": b'{"two": 1}'}, "in no line of a"),
        (files | {"more": b""}, "more is empty"),
    ):
        with pytest.raises(InvalidArtifactError) as caught:
            HttpHandler.validate(Artifact.bundle(broken, attributes=rules.attributes()))
        assert words in caught.value.detail_in()


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"rules": ""},
        {"rules": "null"},
        {"rules": "{}"},
        {"rules": "[" * 100_000},
        {"rules": Rules(forms={"x": Form.JSON}).attributes()["rules"].replace("json", "nonsense")},
        Rules(ignore=("(",)).attributes(),
        Rules(pattern="(").attributes(),
    ],
)
def test_a_file_without_rules(attributes: dict[str, str]) -> None:
    """A person hands in a file, or a later version wrote other rules."""
    imported = Artifact(filename="cfg.json", content=b'{"a": 1}', attributes=attributes)
    assert rules_of(imported) is None
    assert [note.code for note in HttpHandler.validate(imported)] == ["no_rules"]
    assert [note.code for note in HttpHandler.validate(replace(imported, filename="x", content=b"\x00"))] == [
        "no_rules"
    ]
    for content in (b"", b'{"a"', PAGE, b'{"error": "busy"}', b"<a/>", ZIP):
        with pytest.raises(InvalidArtifactError):
            HttpHandler.validate(replace(imported, content=content))


def test_a_pattern_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_MOST_WORK", 10)
    with pytest.raises(InvalidArtifactError, match="takes too long"):
        HttpHandler.validate(artifact(b"abcdefghijkl\nb=1\n", pattern="(x|y)+z"))
    assert HttpHandler.validate(artifact(b"aaaa\nx=1\n", pattern="x")) == ()


def test_a_packed_tar_file_that_is_too_large_to_look_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validity, "_LARGEST_TAR", 1000)
    rules = Rules(main="a.tgz", forms={"a.tgz": Form.GZIP})
    assert HttpHandler.validate(Artifact(filename="a.tgz", content=GZIP, attributes=rules.attributes())) == ()
    with pytest.raises(InvalidArtifactError):
        HttpHandler.validate(Artifact(filename="a.tgz", content=GZIP[:-1], attributes=rules.attributes()))


@pytest.mark.parametrize(
    ("name", "content", "shows"),
    [
        ("cfg.json", b'{"a": 1}', True),
        ("cfg (1)", b"<a/>", True),
        ("backup.zip", ZIP, True),
        ("backup.gz", GZIP, True),
        ("cfg.txt", b"a=1\nb=2\n", False),
        ("cfg.bin", b"\x00\x01", False),
    ],
)
def test_a_file_is_asked_what_it_is(name: str, content: bytes, shows: bool) -> None:
    """What shows that it is whole is no doubt; that its rules are not known stays a remark."""
    (note,) = HttpHandler.validate(Artifact(filename=name, content=content))
    assert (note.code, note.is_remark) == ("no_rules", shows)


def test_rules_come_back_whole() -> None:
    rules = Rules(
        main="a",
        bundled=True,
        forms={"a": Form.ZIP},
        pattern="ü$",
        minimum_size=3,
        ignore=("/a/*", "x+"),
        without_end=("a",),
    )
    attributes = rules.attributes()
    assert rules_of(Artifact(filename="a", content=b"x", attributes=attributes)) == rules
    assert json.loads(attributes["rules"])["ignore"] == ["/a/*", "x+"]
