"""What is shown of a backup."""

import json
from typing import Any

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_core.changes import compare
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import VERSIONS

from .artifacts import artifact, files
from .conftest import assert_no_canary

HIDDEN = "**REDACTED**"
GOOD = files()
CONFIGURATION: dict[str, Any] = json.loads(GOOD["cfg.json"])


def shown(**sections: object) -> dict[str, Any]:
    """Return what is shown of a configuration with these sections."""
    text = WledHandler.redact(Artifact(filename="cfg.json", content=json.dumps(CONFIGURATION | sections).encode()))
    value: dict[str, Any] = json.loads(text["cfg.json"])
    return value


@pytest.mark.parametrize("version", VERSIONS)
def test_no_secret_is_shown(version: str) -> None:
    content = files(version)
    configuration = json.loads(content["cfg.json"])
    configuration["nw"]["ins"][0]["psk"] = "canary-wifi-password-0815"
    configuration["um"] = {"mod": {"apiKey": "canary-hue-key-6174", "pin": "canary-ap-password-2342", "gpio": 4}}
    copies = ("cfg.json", "bkp.cfg.json", "before-update.json", "cfg-old.json", "wsec.json")
    content |= dict.fromkeys(copies, json.dumps(configuration).encode())
    content["mine.json"] = json.dumps({"saved": [configuration]}).encode()
    texts = WledHandler.redact(artifact(content))
    assert_no_canary(texts)
    assert json.loads(texts["cfg.json"])["nw"]["ins"][0]["ssid"] == HIDDEN
    assert json.loads(texts["cfg.json"])["um"]["mod"]["gpio"] == 4
    assert json.loads(texts["cfg.json"])["hw"] == configuration["hw"]


def test_a_comparison_shows_that_a_secret_is_another() -> None:
    configuration = json.loads(GOOD["cfg.json"])
    configuration["nw"]["ins"][0]["psk"] = "canary-ap-password-2342"
    before = GOOD | {"cfg.json": json.dumps(configuration).encode()}
    configuration["nw"]["ins"][0]["psk"] = "canary-wifi-password-0815"
    configuration["hw"]["led"]["total"] += 30
    after = GOOD | {"cfg.json": json.dumps(configuration).encode() + b" trailing"}
    sizes, file = compare(WledHandler, artifact(before), artifact(after)).files
    assert (sizes.path, sizes.counts) == (".device-backup/files.json", False)
    total = CONFIGURATION["hw"]["led"]["total"]
    assert {setting.path: (setting.before, setting.after, setting.masked) for setting in file.settings} == {
        ("hw", "led", "total"): (total, total + 30, False),
        ("nw", "ins", 0, "psk"): (HIDDEN, HIDDEN, True),
    }
    assert_no_canary(repr(file))


def test_accounts_without_end_are_not_looked_for_in_every_text() -> None:
    texts = {str(number): {"n": f"x{number}", "on": True} for number in range(1, 5000)}
    networks = [{"psk": f"secret-{number}"} for number in range(20_000)]
    content = GOOD | {"presets.json": json.dumps(texts).encode()}
    for count, is_shown in ((20_000, False), (50, True)):
        content["cfg.json"] = json.dumps(CONFIGURATION | {"nw": {"ins": networks[:count]}}).encode()
        assert ("presets.json" in WledHandler.redact(artifact(content))) == is_shown


def test_what_is_readable_is_shown_and_the_rest_is_not() -> None:
    content = GOOD | {"ledmap2.json": b"{"}
    texts = WledHandler.redact(artifact(content))
    readable = {name for name in content if name.endswith((".json", ".css"))} - {"ledmap2.json"}
    assert texts.keys() == readable
    assert "Warm white" in texts["presets.json"]
    assert "uptime" not in texts[".device-backup/info.json"]


def test_settings_that_are_no_secret_are_shown() -> None:
    value = shown()
    assert value["id"] == CONFIGURATION["id"]
    assert value["if"]["mqtt"]["broker"] == "mqtt.example"
    assert value["if"]["mqtt"]["topics"] == CONFIGURATION["if"]["mqtt"]["topics"]
    assert value["if"]["ntp"] == {**CONFIGURATION["if"]["ntp"], "ln": HIDDEN, "lt": HIDDEN}
    assert value["ota"] == CONFIGURATION["ota"]
    for section in ("hw", "light", "def", "timers", "ol"):
        assert value[section] == CONFIGURATION[section]


def test_a_usermod_is_shown_whatever_its_name() -> None:
    usermods = {
        "UsermodClock": {"active": True, "ledOffset": 100},
        "KeyPad": {"pins": [4, 5], "token": True},
        "Secrets": {"enabled": False, "pin": 33},
    }
    assert shown(um=usermods)["um"] == usermods


@pytest.mark.parametrize(
    "settings",
    [
        {"psk": "canary-hue-key-6174", "pem": "canary-wifi-password-0815"},
        {"whatever": "canary-hue-key-6174"},
        {"url": "https://canary-mqtt-user:canary-mqtt-password-9931@api.example/?key=canary-hue-key-6174"},
        {"nested": [{"deep": ["canary-hue-key-6174"]}]},
        {"PIN": "canary-hue-key-6174"},
    ],
)
def test_texts_of_usermods_can_be_anything(settings: dict[str, Any]) -> None:
    value = shown(um={"WireGuard": settings})
    assert_no_canary(value)
    assert value["um"].keys() == {"WireGuard"}


@pytest.mark.parametrize(
    ("key", "number"),
    [("pin", 7391), ("alarmCode", 42), ("passcode", 7391), ("accessToken", 9), ("contrasena", 471182)],
)
def test_numbers_that_open_something_are_hidden(key: str, number: int) -> None:
    assert shown(um={"Alarm": {key: number}})["um"] == {"Alarm": {key: HIDDEN}}


def test_an_enterprise_login_and_an_account_in_topics_are_hidden() -> None:
    networks = {
        "ins": [
            {"ssid": "canary-hue-key-6174", "e_ident": "canary-mqtt-user@x", "e_anon_ident": "anon", "bssid": "a0b1"}
        ]
    }
    mqtt = {"broker": "io.example", "user": "canary-mqtt-user", "topics": {"device": "canary-mqtt-user/feeds/lamp"}}
    value = shown(nw=networks, **{"if": {"mqtt": mqtt}})
    assert_no_canary(value)
    assert value["nw"]["ins"] == [{"ssid": HIDDEN, "e_ident": HIDDEN, "e_anon_ident": HIDDEN, "bssid": HIDDEN}]
    assert value["if"]["mqtt"]["topics"]["device"] == f"{HIDDEN}/feeds/lamp"


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("https://me:canary-hue-key-6174@x.example/a?token=canary-hue-key-6174#b", f"https://x.example/{HIDDEN}"),
        ("https://x.example/bot123:canary-hue-key-6174/send", f"https://x.example/{HIDDEN}"),
        ("https://x.example", "https://x.example"),
        ("mqtts://me@x.example:8883", "mqtts://x.example:8883"),
        ("Evening in the living room 2", "Evening in the living room 2"),
        ("0123456789abcdefABCDEF0123456789", HIDDEN),
    ],
)
def test_secrets_in_free_texts_are_hidden(written: str, readable: str) -> None:
    content = GOOD | {
        "holidays.json": json.dumps([{"image": written}]).encode(),
        "presets.json": json.dumps({"0": {}, "1": {"n": written}}).encode(),
        "skin.css": f"a{{background:url({written})}}".encode(),
    }
    texts = WledHandler.redact(artifact(content))
    assert json.loads(texts["holidays.json"]) == [{"image": readable}]
    assert json.loads(texts["presets.json"])["1"] == {"n": readable}
    assert_no_canary(texts)


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("PW=canary-hue-key-6174", f"PW={HIDDEN}"),
        ("T=1&A=128&apiKey=canary-hue-key-6174&FX=5", f"T=1&A=128&apiKey={HIDDEN}&FX=5"),
        ("T=2&PL=3", "T=2&PL=3"),
    ],
)
def test_what_a_command_in_a_preset_assigns_to_a_secret_is_hidden(written: str, readable: str) -> None:
    content = GOOD | {"presets.json": json.dumps({"1": {"n": "Sunset", "win": written}}).encode()}
    texts = WledHandler.redact(artifact(content))
    assert json.loads(texts["presets.json"]) == {"1": {"n": "Sunset", "win": readable}}


def test_files_that_nobody_could_read_on_a_screen_are_not_shown() -> None:
    content = GOOD | {"ledmap3.json": b"[" + b"1," * 300_000 + b"1]"}
    content |= {f"palette{number}.json": b"[" + b"1," * 100_000 + b"1]" for number in range(50)}
    texts = WledHandler.redact(artifact(content))
    assert "cfg.json" in texts
    assert "ledmap3.json" not in texts
    assert sum(map(len, texts.values())) < 32 * 1024 * 1024


@pytest.mark.parametrize(("name", "is_hidden"), [("Canary-Wifi-Name-4711", True), ("home", False)])
def test_the_name_of_a_network_is_hidden_where_else_it_stands(name: str, is_hidden: bool) -> None:
    configuration = CONFIGURATION | {"nw": {"ins": [{"ssid": name}]}, "id": {"name": f"Lamp in {name}", "mdns": "lamp"}}
    content = GOOD | {
        "cfg.json": json.dumps(configuration).encode(),
        "presets.json": b'{"1":{"n":"At %s"}}' % name.encode(),
    }
    texts = WledHandler.redact(artifact(content))
    readable = HIDDEN if is_hidden else name
    assert json.loads(texts["presets.json"]) == {"1": {"n": f"At {readable}"}}
    assert json.loads(texts["cfg.json"])["id"] == {"name": f"Lamp in {readable}", "mdns": "lamp"}
    assert json.loads(texts["cfg.json"])["nw"]["ins"] == [{"ssid": HIDDEN}]


@pytest.mark.parametrize("key", ["unlock", "disarm", "doorOpen", "combination"])
def test_a_number_that_opens_a_lock_is_hidden_and_the_number_of_a_pin_is_not(key: str) -> None:
    assert shown(um={"Lock": {key: 471182}})["um"] == {"Lock": {key: HIDDEN}}
    assert shown(um={"Lock": {key: 33}})["um"] == {"Lock": {key: 33}}


def test_a_text_under_the_name_of_a_pin_is_hidden_in_files_with_texts_of_a_person() -> None:
    content = GOOD | {"presets.json": b'{"1":{"n":"Door","doorPin":"meadow"}}'}
    assert json.loads(WledHandler.redact(artifact(content))["presets.json"]) == {"1": {"n": "Door", "doorPin": HIDDEN}}


@pytest.mark.parametrize("host", ["me:canary-hue-key-6174@x.example", "//me:canary-hue-key-6174@x.example"])
def test_a_login_in_the_name_of_a_host_is_hidden(host: str) -> None:
    value = shown(**{"if": {"ntp": {"host": host}, "mqtt": {"broker": host}}})["if"]
    assert_no_canary(value)
    assert value["ntp"]["host"].endswith("x.example")


@pytest.mark.parametrize(
    "token",
    [
        "x7Kq2mP9vL4nR8tB3wZ",
        "a1b2c3d4e5f6a7b8",
        "aBdEf3GhkLmNo7PqR",
        "q8wzrtplkmnxcvb4d",
        "FACEB0CDEADFEEDA",
        "550e8400-e29b-41d4-a716-446655440000",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def-ghi123JKL",
    ],
)
def test_a_token_in_a_topic_is_hidden(token: str) -> None:
    topics = {"device": f"wled/{token}/lamp", "group": "wled/a0b1c2d3e4f5"}
    value = shown(**{"if": {"mqtt": {"topics": topics}}})["if"]["mqtt"]["topics"]
    assert value == {"device": f"wled/{HIDDEN}/lamp", "group": "wled/a0b1c2d3e4f5"}


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("Password: hunter2x", f"Password: {HIDDEN}"),
        ("WLAN-Passwort hunter", f"WLAN-Passwort {HIDDEN}"),
        ("PIN 471182", f"PIN {HIDDEN}"),
        ("MqttPassword hunterx", f"MqttPassword {HIDDEN}"),
        ("WebPassword2 hunterx", f"WebPassword2 {HIDDEN}"),
        ("TelegramToken hunterx", f"TelegramToken {HIDDEN}"),
        ('{"password":"hunterx', f'{{"password":"{HIDDEN}'),
        ("{'token':'hunterx", f"{{'token':'{HIDDEN}"),
        ("token%3Dhunterx", f"token%3D{HIDDEN}"),
        ("DevKey: hunterx", f"DevKey: {HIDDEN}"),
        ("token:hunter2x", f"token:{HIDDEN}"),
        ("Mot de passe : hunter", f"Mot de passe : {HIDDEN}"),
        ("Cookie: a=1; b=hunter", f"Cookie: {HIDDEN}"),
        ("X-Api-Key: hunter", f"X-Api-Key: {HIDDEN}"),
        ("hooks.slack.com/services/T/B/hunter", f"hooks.slack.com/services/{HIDDEN}"),
        *(
            (name, name)
            for name in ("Key light", "Code red", "Pin board", "Secret garden", "Pass through", "Password", "Senha")
        ),
        *((name, name) for name in ("Living room: warm", "2025-12-24 Tree", "Key West 2", "esp32shelf2lamps")),
        *(
            (name, name)
            for name in ("LivingRoomLeftLamp2", "Weihnachtsbaum2024", "Lichtschlauch12b", "WLEDOffice12Left")
        ),
    ],
)
def test_a_secret_that_a_person_noted_in_a_name_is_hidden_and_a_name_is_not(written: str, readable: str) -> None:
    content = GOOD | {"presets.json": json.dumps({"1": {"n": written}}).encode()}
    assert json.loads(WledHandler.redact(artifact(content))["presets.json"]) == {"1": {"n": readable}}
