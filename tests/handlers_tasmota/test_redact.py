"""What may be shown of a backup."""

import json
from typing import Any

import pytest

from ha_device_backup_core.changes import compare
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.decoded import TextPlace
from ha_device_backup_tasmota.hiding import HIDDEN, Hiding
from tests.simulators.tasmota import Place, TextIndex
from tests.simulators.tasmota.canaries import MQTT_USER

from .artifacts import DUMP, RECORD, SCRIPT, artifact, bare, device, dump, files, old_dump
from .conftest import assert_no_canary

KEY = "aB3dE5fG7hJ9kL1mN3pQ5rS7"


def settings_shown(content: bytes) -> dict[str, Any]:
    """Return what is shown of the settings in a dump."""
    shown: dict[str, Any] = json.loads(TasmotaHandler.redact(bare(content))["config.dmp"])["settings"]
    return shown


def test_facts_the_record_and_the_names_of_files_are_shown() -> None:
    content = files()
    shown = TasmotaHandler.redact(artifact(content))
    assert set(shown) == {"config.dmp", "status.json", "files.json"}
    assert json.loads(shown["config.dmp"]) == {
        "chip": "ESP32",
        "drivers": [".drvset010", ".drvset027"],
        "version": "14.4.1",
        "settings": {
            "name": "Lamp",
            "friendly_names": ["Lamp"],
            "wifi": HIDDEN,
            "wifi_passwords": HIDDEN,
            "web_password": HIDDEN,
            "mqtt_host": "192.168.2.9",
            "mqtt_user": HIDDEN,
            "mqtt_password": HIDDEN,
            "topic": "lamp",
            "rule_1": "on Power1#state do publish home/lamp %value% endon",
        },
    }
    assert json.loads(shown["files.json"]) == {"/autoexec.be": len(content[SCRIPT])}
    said = json.loads(shown["status.json"])
    assert said["Status"] == {
        "DeviceName": "Lamp",
        "FriendlyName": ["Lamp"],
        "Module": 1,
        "PowerOnState": 3,
        "Topic": "lamp",
    }
    assert set(said) == {"Status", "StatusPRM", "StatusFWR", "StatusLOG", "StatusNET"}
    assert_no_canary(shown)


def test_secrets_are_hidden_wherever_their_values_stand() -> None:
    made = device()
    made.set_text(TextIndex.TOPIC, f"{MQTT_USER.upper()}/feeds/lamp")
    made.set_text(TextIndex.FRIENDLY_NAME, "Kitchen")
    made.set_text(TextIndex.MEM, "canary-of-a-memory")
    made.set_text(TextIndex.MEM + 1, "21.5")
    made.set_text(TextIndex.TELEGRAM_TOKEN, "123456789:AAcanary-token-of-telegram")
    rule = f"on Time#Minute do WebQuery http://me:pw1@host/a?key={KEY}&room=kitchen GET endon".encode()
    made.settings.content[Place.RULES : Place.RULES + 200] = rule.ljust(200, b"\0")
    made.save()
    content = {**files(), DUMP: made.dump()}
    content[RECORD] = content[RECORD].replace(b'"lamp"', f'"{MQTT_USER}/feeds/lamp"'.encode())
    shown = TasmotaHandler.redact(artifact(content))
    assert_no_canary(*shown.values(), "".join(shown.values()).lower())
    facts = json.loads(shown["config.dmp"])["settings"]
    assert facts["topic"] == f"{HIDDEN}/feeds/lamp"
    assert facts["friendly_names"] == ["Kitchen"]
    assert facts["memories"][:3] == [HIDDEN, "21.5", ""]
    assert facts["telegram"] == HIDDEN
    assert facts["rule_1"] == (f"on Time#Minute do WebQuery http://{HIDDEN}@host/a?key={HIDDEN}&room=kitchen GET endon")
    assert json.loads(shown["status.json"])["Status"]["Topic"] == f"{HIDDEN}/feeds/lamp"


@pytest.mark.parametrize(
    "place",
    [
        *(TextPlace.SSID, TextPlace.SSID_2, TextPlace.WIFI_PASSWORD, TextPlace.WIFI_PASSWORD_2, TextPlace.WEB_PASSWORD),
        *(TextPlace.MQTT_USER, TextPlace.MQTT_PASSWORD, TextPlace.TELEGRAM_TOKEN, TextPlace.TELEGRAM_CHAT),
    ],
)
def test_each_secret_is_hidden_where_a_rule_repeats_it(place: TextPlace) -> None:
    made = device()
    made.settings.put_text(place, "Meadow lark")
    rule = b"on Time#Minute do publish said Meadow lark was here endon"
    made.settings.content[Place.RULES : Place.RULES + 200] = rule.ljust(200, b"\0")
    made.save()
    assert settings_shown(made.dump())["rule_1"] == f"on Time#Minute do publish said {HIDDEN} was here endon"


def test_a_comparison_shows_that_a_secret_is_another() -> None:
    made = device()
    before = bare(made.dump())
    made.set_text(TextIndex.WIFI_PASSWORD, "canary-of-another-network")
    made.set_text(TextIndex.MEM, "canary-of-a-memory")
    made.set_text(TextIndex.TOPIC, "shelf")
    made.save()
    (file,) = compare(TasmotaHandler, before, bare(made.dump())).files
    told = {setting.path[1:]: (setting.before, setting.after, setting.masked) for setting in file.settings}
    assert {path: told[path] for path in (("topic",), ("wifi_passwords",), ("memories", 0))} == {
        ("topic",): ("lamp", "shelf", False),
        ("wifi_passwords",): (HIDDEN, HIDDEN, True),
        ("memories", 0): (None, HIDDEN, True),
    }
    assert {path[0] for path in told} == {"topic", "wifi_passwords", "memories"}
    assert_no_canary(repr(file))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tasmota-D3E4F5-1234", "tasmota-D3E4F5-1234"),
        ("tasmota_A0B1C2D3E4F5", "tasmota_A0B1C2D3E4F5"),
        ("cmnd/%topic%/Power1 2024-05-06T07:08:09", "cmnd/%topic%/Power1 2024-05-06T07:08:09"),
        ("Backlog Color1 [255,0,0]; Delay 10", "Backlog Color1 [255,0,0]; Delay 10"),
        ("websend [10.0.0.1:80,admin:geheim] Power 1", f"websend [10.0.0.1:80,{HIDDEN}] Power 1"),
        ("on a do MqttPassword geheim 1 endon", f"on a do MqttPassword {HIDDEN} endon"),
        ("Backlog SSId1 Zuhause; Password1 geheim", f"Backlog SSId1 {HIDDEN}; Password1 {HIDDEN}"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: {HIDDEN}"),
        ("Rule1 ON Wiegand#UID DO Power1 2 ENDON; Mem1 12:30", "Rule1 ON Wiegand#UID DO Power1 2 ENDON; Mem1 12:30"),
        ("https://x/?access_token=a%20b&temp=%value%", f"https://x/?access_token={HIDDEN}&temp=%value%"),
        (f"https://x/api/webhook/{KEY}", f"https://x/api/webhook/{HIDDEN}"),
        ("https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "https://api.telegram.org/bot"),
        ("https://x/7f3e9a10-58b2-4c6d-9e01-2a4b6c8d0e1f", f"https://x/{HIDDEN}"),
    ],
)
def test_secrets_are_hidden_by_their_places_and_ordinary_words_are_not(text: str, shown: str) -> None:
    hidden = Hiding().text(text)
    assert hidden == shown or (hidden.startswith(shown) and HIDDEN in hidden and "AAHdq" not in hidden)


@pytest.mark.parametrize(
    "text",
    [
        "WebQuery https://ha.example/api/webhook/canary-living-room POST x",
        "WebSend [ha.example] /api/webhook/canary",
        "WebQuery http://bridge/api/canaryUserOfHue/lights/1/state PUT {}",
        "WebQuery https://maker.ifttt.com/trigger/event/with/key/canary GET",
        "WebQuery https://discord.com/api/webhooks/12345/canary POST",
        "WebQuery https://hooks.slack.com/services/T0/B0/canary POST",
        "WebQuery https://ntfy.sh/canary POST x",
        "WebQuery https://api.example/1/messages.json POST token=canary&user=canary&message=x",
        "WebQuery https://x/ POST [Content-Type:text/plain|X-Api-Key:canary] x",
        "WebQuery https://x POST [Authorization:canary] x",
        'WebQuery http://x/ POST {"password": "canary", "on": true}',
        "WebQuery https://x/?api-key=canary GET",
        "WebQuery https://x/?client_secret=canary&refresh_token=canary GET",
        "WebQuery https://x/a;jsessionid=canary GET",
        "WebQuery https://io.example/?X-AIO-Key=canary GET",
        "WebQuery hooks.slack.com/services/T/B/canary POST x",
        "WebQuery https://maker.ifttt.com/use/canary GET",
        "WebQuery https://x/webhook-test/canary GET",
        "X-Auth-Token: canary",
        "Cookie: a=canary; b=1",
        'Authorization: Digest username="x", response="canary"',
        "Password: canary",
        "WLAN-Passwort: canary",
        "Kennwort canary",
        "note wachtwoord=canary",
        "note pwd:canary",
        "var t = {'token':'canary'}",
        'print ({"Password1":"canary"})',
        "note token%3Dcanary",
        "note DEVKEY=canary",
        "SendMail [smtp.example:465:canary-user:canary:a@b:c@d:subject] body",
        "smail [*:*:canary-user:canary:*:x:y] body",
        "MqttPassword2 canary",
        "IfxBucket b; IfxToken=canary",
        "LoRaWanAppKey 1,canary",
        "WgPrivKey canary",
        "curl -u me:canary http://x",
        "AuthKey canary",
        "EspNowKey canary",
        "EspNowPmk canary",
        "Password2 canary; note motDePasse=canary",
        'Publish x {"contraseña":"canary","hasło":"canary"}',
        "WebQuery discord.com/api/webhooks/1/canary POST x",
        "WebQuery api.telegram.org/bot1:canary/sendMessage GET",
        "Cookie: a=1; b=canary",
    ],
)
def test_ways_in_are_hidden_wherever_a_rule_writes_them(text: str) -> None:
    hidden = Hiding().text(text)
    assert "canary" not in hidden
    assert hidden.startswith(text.split(maxsplit=1)[0])
    assert HIDDEN in hidden


@pytest.mark.parametrize("key", ["pin", "code", "Passcode"])
def test_a_number_that_opens_something_is_hidden(key: str) -> None:
    assert Hiding().text(f'Publish alarm {{"{key}":4711,"zone":2}}') == f'Publish alarm {{"{key}":"{HIDDEN}","zone":2}}'


@pytest.mark.parametrize(
    "text",
    [
        "on Monkey#State do Power1 TOGGLE endon",
        "WebQuery http://10.0.0.2/api/services/light/turn_on POST x",
        "Publish home/users/anna/state %value%",
        "Backlog Key 1; Pulse 5",
        "Backlog RfKey1 4; WifiPower 17; WifiConfig 5",
        'Publish car {"heading":"north","keyboard":1,"tokenizer":"x","compass":3}',
        "x=5;y=userx",
    ],
)
def test_words_of_everyday_are_shown(text: str) -> None:
    assert Hiding().text(text) == text


def test_a_short_secret_is_hidden_as_a_word_and_the_account_of_everybody_is_not() -> None:
    hiding = Hiding(["lamp", "geheim wort", "DVES_USER", ""])
    assert hiding.text("lamp/lamps LAMP DVES_USER") == f"{HIDDEN}/lamps {HIDDEN} DVES_USER"
    assert hiding.text("a=geheim%20wort") == f"a={HIDDEN}"


def test_names_of_switches_hide_nothing_and_keys_beside_them_do() -> None:
    made = device()
    made.set_text(90, "lamp")
    made.set_text(121, "canarykeyofinflux")
    made.set_text(TextIndex.GROUP_TOPIC, "lamp/canarykeyofinflux")
    assert settings_shown(made.dump())["topic"] == "lamp"
    assert settings_shown(made.dump())["group_topic"] == f"lamp/{HIDDEN}"


def test_a_text_without_end_takes_no_time() -> None:
    hiding = Hiding(["a" * 60, "geheim"])
    for text in (
        "[" * 100_000,
        "http://" * 20_000,
        "?key=" * 20_000,
        "a1" * 100_000,
        "SSId1 " * 20_000,
        "/key/" * 20_000,
    ):
        assert hiding.text(text)


def test_a_compressed_rule_is_not_shown_as_noise() -> None:
    made = device()
    made.settings.content[Place.RULES : Place.RULES + 4] = b"\0\x10\x8f\xff"
    made.save()
    assert settings_shown(made.dump())["rule_1"] == "(compressed)"


def test_settings_of_many_years_are_shown() -> None:
    content = bytearray(4096)
    content[0x26F:0x274] = b"lamp\0"
    content[0x3AC:0x3B0] = b"Lamp"
    content[0x24E:0x254] = b"geheim"
    shown = settings_shown(old_dump(0x06060015, content=bytes(content)))
    assert shown == {"topic": "lamp", "friendly_names": ["Lamp"], "mqtt_password": HIDDEN}


def test_of_a_bare_dump_only_its_facts_are_shown() -> None:
    assert set(TasmotaHandler.redact(bare(dump()))) == {"config.dmp"}


def test_what_is_damaged_is_not_shown() -> None:
    assert TasmotaHandler.redact(bare(b"?")) == {}
    shown = TasmotaHandler.redact(artifact({**files(), RECORD: b"?"}))
    assert set(shown) == {"config.dmp", "files.json"}
    shown = TasmotaHandler.redact(artifact({**files(), DUMP: dump()[:4000]}))
    assert set(shown) == {"status.json", "files.json"}
    assert TasmotaHandler.redact(artifact({"a.dmp": dump(), "b.dmp": dump("8.5.1")})) == {}


@pytest.mark.parametrize("written", ["SimPin 471182", "Event unlock=471182", 'Publish door {"disarm":471182}'])
def test_a_number_that_opens_something_is_hidden_in_commands(written: str) -> None:
    assert "471182" not in Hiding().text(written)
