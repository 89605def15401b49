"""Secrets are masked in every form, and keep their length."""

from base64 import b64encode

import pytest

from ha_device_backup_core.testing.fakes import StandIns, found_secrets, hidden_values, stand_in

SECRET = 'kéy & "quoted"/x'


@pytest.mark.parametrize(
    ("secret", "masked"),
    [("1234", "9017"), ("deadbeef", "c0ffee1c"), ("DEADBEEF01", "C0FFEE1C0F"), ("pass word", "masked-1-")],
)
def test_a_stand_in_has_the_form_of_the_secret(secret: str, masked: str) -> None:
    assert stand_in(secret, 1) == masked


def test_every_form_is_masked() -> None:
    stand_ins = StandIns([SECRET], username="me")
    forms = [
        SECRET,
        "k%C3%A9y%20%26%20%22quoted%22%2Fx",
        "k%C3%A9y+%26+%22quoted%22%2Fx",
        'k\\u00e9y & \\"quoted\\"/x',
        'kéy &amp; "quoted"/x',
        b64encode(f"me:{SECRET}".encode()).decode(),
        b64encode(SECRET.encode()).decode(),
    ]
    for form in forms:
        text = f"<{form}>"
        assert stand_ins.finds_real(text.encode()), form
        masked = stand_ins.mask_text(text)
        assert not stand_ins.finds_real(masked.encode()), form
        assert masked != text
    assert stand_ins.mask_text(f"a {SECRET} b") == f"a {stand_in(SECRET, 1)} b"
    assert StandIns([]).mask(b"nothing") == b"nothing"


def test_secrets_are_found_by_their_names() -> None:
    body = b"""{"wifi": {"ssid": "Home-Net", "psk": "se\\"cret-1"}, "mqttPassword": "secret-2", "pskl": "12345678",
    "token": "true", "password": "********"}
    <Config><NewPassword>secret-3</NewPassword><User>somebody</User></Config>
    api_key = secret-4
    """
    assert list(found_secrets(body)) == ["Home-Net", 'se\\"cret-1', "secret-2", "secret-3", "secret-4"]


def test_quoted_values_list_items_and_keys_are_found_too() -> None:
    body = b"""
    {"passwords": ["list-1234", "x", "list-5678"], "key": "wep-key-1"}
    password = "quoted-1"
    key: 'quoted-2';
    keyboard = german
    """
    assert set(found_secrets(body)) == {"list-1234", "list-5678", "wep-key-1", "quoted-1", "quoted-2"}


def test_passwords_of_other_languages_are_found() -> None:
    body = '{"mot_de_passe": "secret-1", "Contraseña": "secret-2", "heading": "northern"}\nhasło: secret-3\n'
    assert list(found_secrets(body.encode())) == ["secret-1", "secret-2", "secret-3"]


def test_what_the_handler_does_not_show_is_a_secret() -> None:
    files = {"a.json": b'{"pin": "secret-1", "more": [{"e_ident": "somebody"}], "name": "Kitchen"}', "b.bin": b"\xff"}
    shown = {"a.json": '{"name": "Kitchen", "pin": "***"}', "b.bin": "binary", "c.json": "{}"}
    assert set(hidden_values(files, shown)) == {"secret-1", "somebody"}


@pytest.mark.parametrize("spelling", ["kitchen-secret-1", "KITCHEN-SECRET-1", "6b69746368656e2d7365637265742d31"])
def test_a_real_secret_is_seen_in_a_spelling_that_is_not_replaced(spelling: str) -> None:
    stand_ins = StandIns(["kitchen-secret-1"])
    assert stand_ins.finds_real(spelling.encode())
    assert not stand_ins.finds_real(b"nothing of it")


@pytest.mark.parametrize(
    "piece", [b"\n", b" ", b" \n", b"\t", b"key", b"key.", b"key =\n", b'"key":"', b"key='a ", b"<key "]
)
def test_a_body_without_end_takes_no_time(piece: bytes) -> None:
    assert list(found_secrets(piece * 300_000 + b"\npassword = secret-1\n"))[-1:] in (["secret-1"], [])
