"""What people see of a backup: what the recipe calls secret is hidden, and a password also where it does not."""

import pytest

from ha_device_backup_http.recipe.showing import shown

from .conftest import handler

HIDDEN = "**REDACTED**"
STEPS = """
[[fetch]]
request = "GET /a"
save = "a"
[[secret]]
file = "a"
{places}
"""


def seen(content: bytes, places: str) -> str:
    return shown(handler(STEPS.format(places=places)).recipe, {"a": content})["a"]


@pytest.mark.parametrize("key", ["password", "wifi_passwd", "Kennwort", "wachtwoord", "adminPassword"])
def test_a_password_is_hidden_where_its_place_is_mistyped(key: str) -> None:
    json = seen(f'{{"wifi": [{{"{key}": "wlan-geheim", "ssid": "home"}}]}}'.encode(), 'json = ["/wifi/*/passwort"]')
    xml = seen(
        f'<a><{key}>wlan-geheim</{key}><b {key}="wlan-geheim" ssid="home"/></a>'.encode(), 'xml = ["//passwort"]'
    )
    lines = seen(f"ssid=home\n{key}=wlan-geheim\n{key}: wlan-geheim".encode(), 'lines = ["^passwort="]')
    for text in (json, xml, lines):
        assert "wlan-geheim" not in text
        assert text.count(HIDDEN) == {json: 1, xml: 2, lines: 2}[text]
        assert "home" in text


def test_what_only_has_the_name_of_a_password_stays() -> None:
    content = b'{"password": "", "use_password": true, "password_length": 8, "passwords": {"max": 3}}'
    assert HIDDEN not in seen(content, 'json = ["/other"]')
    assert seen(b"password=\npassword", 'lines = ["^other="]') == "password=\npassword"


def test_what_the_recipe_calls_secret_is_hidden_once() -> None:
    assert seen(b'{"password": "x", "pin": 1234}', 'json = ["/password", "/pin"]').count(HIDDEN) == 2
    assert seen(b"password=x", 'lines = ["^password="]') == f"password= {HIDDEN}"
