"""What sounds like a secret, by its name or because it was entered as one."""

import io
import json
import zipfile

import pytest

from ha_device_backup_http.recipe.new.secrecy import SecretPlaces, secret_places, sounds_secret

ENTERED = ("canary-pass-4711",)


@pytest.mark.parametrize(
    "name",
    [
        *("password", "wifiPassword", "passwd", "psk", "wpa_psk", "token", "api_key", "apiKey", "apikey", "key"),
        *("private-key", "clientSecret", "pass", "adminPwd", "pin", "pwhash", "passphrase"),
        *("motDePasse", "wifi_contrasena", "wachtwoord", "Hasło", "lösenord", "senha", "пароль"),
    ],
)
def test_sounds_secret(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize("name", ["ssid", "keyboard", "monkey_name", "ping", "spinner", "compass", "name", "hostname"])
def test_sounds_open(name: str) -> None:
    assert not sounds_secret(name)


def test_json() -> None:
    value = {
        "wifi": [{"ssid": "a", "psk": "x"}],
        "users": {"aa:bb:cc:dd:ee:ff": {"token": "x"}},
        "has_password": True,
        "token": "",
        "innocent": "canary-pass-4711",
        "list": ["canary-pass-4711"],
    }

    assert secret_places("a.json", json.dumps(value).encode(), ENTERED) == (
        SecretPlaces(file="a.json", json=("/wifi/*/psk", "/users/*/token", "/innocent", "/list/*")),
    )


def test_xml() -> None:
    content = b"<a><user pin='1'><password>x</password><token/><b>canary-pass-4711</b></user></a>"

    assert secret_places("a.xml", content, ENTERED) == (
        SecretPlaces(file="a.xml", xml=("//password", "//b", "//user@pin")),
    )


def test_lines() -> None:
    assert secret_places("a.txt", b"name=x\n  wifi.password = y\n", ENTERED) == (
        SecretPlaces(file="a.txt", lines=(r"^  wifi\.password =",)),
    )


def test_archive() -> None:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        archive.writestr("etc/a.json", '{"token": "x"}')
        archive.writestr("etc/b.json", "{}")

    assert secret_places("a.zip", found.getvalue(), ENTERED) == (
        SecretPlaces(file="a.zip!etc/a.json", json=("/token",)),
    )


def test_nothing() -> None:
    assert secret_places("a.json", b'{"a": 1}', ENTERED) == ()


def test_a_file_with_too_many_is_shown_to_nobody() -> None:
    value = {f"token{number}_key": "x" for number in range(500)}

    assert secret_places("a.json", json.dumps(value).encode(), ENTERED) == ()
