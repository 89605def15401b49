"""Whatever a device sends, only the errors of the contract come out."""

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_http import HttpHandler
from ha_device_backup_http.free.rules import Rules, rules_of
from ha_device_backup_http.login_form import read_login_form
from ha_device_backup_http.recognise import Form, asks_for_password, form_of

PIECES = st.sampled_from(
    [
        *("<", ">", "<form", "</form>", "<input type=password name=p", "<!", "<![", "<![CDATA[", "]]>", "<!--", "-->"),
        *("<?xml", "?>", "<!DOCTYPE", "<!ENTITY a", "&#", "&a;", "</", "/>", "'", '"', "=", "name=", "<script>", "\0"),
        *("{", "}", "[", "]", ":", ",", '"a"', "1e999", "\\ud800", "PK\x03\x04", "PK\x05\x06", "\x1f\x8b\x08", "ü"),
    ]
)
BYTES = st.lists(PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode()) | st.binary(max_size=60)
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(BYTES)
def test_pages_are_read(content: bytes) -> None:
    read_login_form(content, URL("http://192.0.2.1/login"), "me", "secret")
    asks_for_password(content)
    form_of(content)


@FUZZ
@given(BYTES, st.sampled_from(Form), st.booleans())
def test_backups_are_checked(content: bytes, form: Form, bundled: bool) -> None:
    rules = Rules(main="a", bundled=bundled, forms={"a": form}, ignore=("/0", "a"), pattern="1", minimum_size=2)
    packed = Artifact.bundle({"a": content}).content if bundled else content
    media_type = "application/zip" if bundled else "text/plain"
    artifact = Artifact(filename="a", content=packed, media_type=media_type, attributes=rules.attributes())
    with contextlib.suppress(InvalidArtifactError):
        HttpHandler.validate(artifact)
    once = HttpHandler.normalize(artifact)
    assert list(once) == ["a" if bundled else "file"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = ("main", "bundled", "forms", "pattern", "minimum_size", "ignore", "without_end")


@FUZZ
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ANY_JSON)))
def test_rules_of_another_version(stored: dict[str, object]) -> None:
    artifact = Artifact(filename="a", content=b"x", attributes={"rules": json.dumps(stored)})
    found = rules_of(artifact)
    assert found is None or found.attributes()
    with contextlib.suppress(InvalidArtifactError):
        HttpHandler.validate(artifact)
    HttpHandler.normalize(artifact)


@pytest.mark.parametrize("piece", ["<a", "<![", "<!--", "<input type=password ", "</a", "<a b='", "&#1", "<script>"])
def test_long_pages_do_not_hang(piece: str) -> None:
    page = (piece * 60_000).encode()
    read_login_form(page, URL("http://192.0.2.1/login"), "me", "secret")
    asks_for_password(b"<html>" + page)
