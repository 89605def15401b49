"""What an author enters: addresses in their parts, kinds, secrets in paths."""

import pytest

from ha_device_backup_http.recipe.new.wanted import EnteredAddress, kind_of, parsed_address, without_secrets
from ha_device_backup_http.recipe.syntax import fault_of_kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pump.local", EnteredAddress(base="http://pump.local", path="", username="", password="")),
        ("https://a:b@pump/c?d=e", EnteredAddress(base="https://pump", path="/c?d=e", username="a", password="b")),
        ("http://[::1]:8080/", EnteredAddress(base="http://[::1]:8080", path="", username="", password="")),
        ("ftp://pump", None),
        ("http://", None),
        ("http://pump:99999", None),
    ],
)
def test_address(text: str, found: EnteredAddress | None) -> None:
    assert parsed_address(text) == found


@pytest.mark.parametrize(
    ("name", "kind"), [("Acme Pump", "acme_pump"), ("3D-Drucker", "device_3d_drucker"), ("X", "device_x"), ("ß", None)]
)
def test_kind(name: str, kind: str | None) -> None:
    assert fault_of_kind(kind_of(name)) is None
    assert kind in {None, kind_of(name)}


def test_long_kind() -> None:
    assert fault_of_kind(kind_of("Very " * 20)) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/a?b=c", ("/a?b=c", {})),
        ("/a?apikey=x%2Fy&b=c", ("/a?apikey={apikey}&b=c", {"apikey": "x/y"})),
        ("/a?token=x", ("/a?token={path_token}", {"path_token": "x"})),
        ("/a?token=", ("/a?token=", {})),
        ("/{a} b", ("/%7Ba%7D%20b", {})),
    ],
)
def test_secrets_in_paths(path: str, found: tuple[str, dict[str, str]]) -> None:
    assert without_secrets(path, ("token",)) == found
