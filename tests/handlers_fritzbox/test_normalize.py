"""What counts as a change, and what is shown of a backup."""

import hashlib
import re

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_core.changes import compare
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.files import EXPORT
from ha_device_backup_fritzbox.normalize import normalize
from ha_device_backup_fritzbox.redact import redact

from .exports import VECTOR, imported, with_settings

BOOK = (
    b"<phonebooks><phonebook\n name='A'><timestamp>1</timestamp><contact><person><realName>Erika\nM</realName></person>"
    b"<telephony><number type='home'>030123456</number><number type='mobile'>0170</number></telephony>"
    b"<mod_time>5</mod_time></contact></phonebook></phonebooks>"
)


def shown(settings: str) -> str:
    """Return what is shown of these lines."""
    text = redact(with_settings(settings))[EXPORT]
    return text.partition("ar7cfg {\n")[2].partition("\n        example_path")[0]


def same(first: Artifact, second: Artifact) -> bool:
    """Return whether nothing changed."""
    return normalize(first) == normalize(second)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"EXAMPLEEXAMPLEEXAMPLE", b"ELPMAXEELPMAXEELPMAXE"),
        (b"Thu Jan  1 01:06:16 1970", b"Fri Jan 12 11:06:16 2029"),
        (b"781C84DC", b"00000001"),
        (b"AAECAwQFBgcICQoLDA0ODw==", b"BAECAwQFBgcICQoLDA0ODw=="),
        (b"\n", b"\r\n"),
    ],
)
def test_what_differs_at_every_export_does_not_count(old: bytes, new: bytes) -> None:
    assert same(imported(VECTOR), imported(VECTOR.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"EXAMPLEEXAMPLEEXAMPLE", b"EXAMPLEEXAMPLEEXAMPLEEXAMPLE"),
        (b"Password=$$$$EXAMPLEEXAMPLEEXAMPLE\n", b""),
        (b"154.08.02", b"154.08.20"),
        (b"dsldmode_router", b"dsldmode_bridge"),
        (b"00010203", b"00010204"),
        (b"aGVsbG8gZnJpdHo=", b"aGVsbG8gZnJpdHp="),
        (b"AAECAwQFBgcICQoLDA0ODw==", b"AAECAwQFBgcICQoLDA0ODxA="),
        (b"ar7.cfg", b"vpn.cfg"),
    ],
)
def test_a_change_counts(old: bytes, new: bytes) -> None:
    assert not same(imported(VECTOR), imported(VECTOR.replace(old, new)))


def test_times_that_the_box_notes_do_not_count_and_others_do() -> None:
    noted = ['        last_check = "2026-01-0{} 03:00:00";', '        ticket_valid_time = "2026-01-0{} 00:00:00";']
    for line in noted:
        assert same(with_settings(line.format(1)), with_settings(line.format(2)))
    other = '        alarm = "2026-01-0{} 03:00:00";'
    assert not same(with_settings(other.format(1)), with_settings(other.format(2)))
    assert not same(with_settings('        last_check = "never";'), with_settings('        last_check = "always";'))


def test_the_list_of_calls_does_not_count() -> None:
    assert same(
        imported(VECTOR.replace(b"example_b64", b"calllog")),
        imported(VECTOR.replace(b"example_b64", b"calllog").replace(b"aGVsbG8gZnJpdHo=", b"YQ==")),
    )


def test_a_phone_book_is_compared_without_the_time_of_its_download() -> None:
    first, later = ({"phonebook-0.xml": book} for book in (BOOK, BOOK.replace(b"<timestamp>1", b"<timestamp>2")))
    assert same(Artifact.bundle(first), Artifact.bundle(later))
    changed = {"phonebook-0.xml": BOOK.replace(b"030123456", b"030123457")}
    assert not same(Artifact.bundle(first), Artifact.bundle(changed))


@pytest.mark.parametrize(
    "files",
    [
        {"x.export": VECTOR, "phonebook-0.xml": BOOK, "device.json": b"{}"},
        {"x.export": b"broken", "phonebook-0.xml": b"<broken"},
    ],
)
def test_it_is_idempotent_and_never_fails(files: dict[str, bytes]) -> None:
    once = normalize(Artifact.bundle(files))
    assert normalize(Artifact.bundle(once)) == once
    assert set(once) == {EXPORT, *(files.keys() - {"x.export"})}
    redact(Artifact.bundle(files))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("        mode = dsldmode_router;", "        mode = dsldmode_router;"),
        ('        passwd = "plain";', '        passwd = "**REDACTED**";'),
        ('        passwd = "";', '        passwd = "";'),
        ('        name = "$$$$ABC123";', '        name = "**REDACTED**";'),
        ('        caption = "call +49 30 1234";', '        caption = "call +49 30 1234";'),
        ('        caption = "+49 30 1234";', '        caption = "**REDACTED**";'),
        ('        to = "a@example.org";', '        to = "**REDACTED**";'),
        ("        pin = 1234;", "        pin = **REDACTED**;"),
        ("        mac = 00:11:22:33:44:55;", "        mac = **REDACTED**;"),
        ('        blob = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49";', '        blob = "**REDACTED**";'),
        (
            '        own_key = "first",\n                "second";\n        shown = yes;',
            '        own_key = "**REDACTED**",\n                "**REDACTED**";\n        shown = yes;',
        ),
        (
            '        own_key =\n"-----BEGIN\nsecret = lines;\n-----END";\n        shown = yes;',
            "        own_key =\n" + "own_key = **REDACTED**\n" * 3 + "        shown = yes;",
        ),
        ('        passwd = "quote \\" inside";', '        passwd = "**REDACTED**";'),
        ('        last_check = "2026-01-01 03:00:00";', '        last_check = "(time)";'),
        ("        two_factor_auth_enabled = yes;", "        two_factor_auth_enabled = yes;"),
        ("        login_button_enabled = no;", "        login_button_enabled = no;"),
        ("        monkey = 4711;", "        monkey = 4711;"),
        ("        passive = dsl_mode;", "        passive = dsl_mode;"),
        ('        nightly = "keyboard";', '        nightly = "keyboard";'),
        ("        httpsPort = 44344;", "        httpsPort = 44344;"),
        ("        key = 12;", "        key = **REDACTED**;"),
        ('        wepKey1 = "abc";', '        wepKey1 = "**REDACTED**";'),
        ('        e_ident = "aabbccdd-1122-3344-5566-778899aabbcc";', '        e_ident = "**REDACTED**";'),
        ('        server = "https://example.org/u?t=abc";', '        server = "**REDACTED**";'),
        ('        server = "https://me:secret@example.org/";', '        server = "**REDACTED**";'),
        ('        shown_as = "a 02:00:5E:00:53:14 b";', '        shown_as = "**REDACTED**";'),
        ('        copy = "-----BEGIN RSA PRIVATE KEY-----";', '        copy = "**REDACTED**";'),
        ('        copy = "Base64:AAAA";', '        copy = "**REDACTED**";'),
        (
            '        connections {\n            name = "Praxis";\n            enabled = yes;\n        }',
            '        connections {\n            name = "**REDACTED**";\n            enabled = yes;\n        }',
        ),
    ],
)
def test_secrets_are_hidden_and_settings_shown(settings: str, expected: str) -> None:
    assert shown(settings) == expected


@pytest.mark.parametrize(
    "line",
    [
        "pinCode = 4711",
        "door_code = 4711",
        'sim_pin1 = "4711"',
        'wg_private = "canary"',
        'privkey = "canary"',
        'presharedsecret = "canary"',
        'userpassword = "canary"',
        'webdavpasswd = "canary"',
        'dyndns_pw = "canary"',
        'apikey = "canary"',
        'mot_de_passe = "canary"',
        'wachtwoord = "canary"',
        'credentials = "canary"',
        'authorization = "Basic Y2FuYXJ5"',
        'how = "Bearer canary"',
        'session = "canary"',
        'totp_seed = "JBSWY3DPEHPK3PXP"',
        'ssidcopy = "Canary"',
        'pwlist = "a", "b"',
        'server = "https://api.example/bot123:canary/send"',
        'server = "https://api.example/api/webhook/canary"',
        'path = "/hook/canary"',
        'lat = "52.520008"',
    ],
)
def test_ways_in_are_hidden_whatever_they_are_called(line: str) -> None:
    key, value = line.split(" = ")
    assert shown(f"        {line};") == f"        {key} = {re.sub(r'[^", ][^",]*', '**REDACTED**', value)};"


@pytest.mark.parametrize("line", ['country_code = "049"', "is_private = no", 'path = "/api"', 'keys_of = "house"'])
def test_words_of_everyday_hide_nothing(line: str) -> None:
    assert shown(f"        {line};") == f"        {line};"


def test_copies_of_secrets_and_accounts_are_hidden_at_other_places() -> None:
    secrets = '        passwd = "wort\\"zwei";\n        username = "canary-name";\n'
    copies = '        note = "x wort\\"zwei y";\n        topic = "canary-name/lamp";\n        canary-name_x = "ok";'
    assert shown(secrets + copies).splitlines()[2:] == [
        '        note = "x **REDACTED** y";',
        '        topic = "**REDACTED**/lamp";',
        '        canary-name_x = "ok";',
    ]


def test_the_password_of_an_export_is_hidden_in_whatever_form() -> None:
    content = VECTOR.replace(b"Password=$$$$EXAMPLEEXAMPLEEXAMPLE", b"Password=canary")
    assert content != VECTOR
    assert "Password=**REDACTED**" in redact(imported(content))[EXPORT].splitlines()


def test_sections_that_nobody_can_read_are_named_with_a_digest() -> None:
    lines = redact(imported(VECTOR))[EXPORT].splitlines()
    assert lines[:3] == ["FRITZ!Box 7590", "Password=**REDACTED**", "FirmwareVersion=154.08.02"]
    assert lines[-6:] == [
        "[example_bin]",
        f"11 characters, SHA-256 {hashlib.sha256(b'00010203\nFF').hexdigest()[:12]}",
        "[example_b64]",
        f"16 characters, SHA-256 {hashlib.sha256(b'aGVsbG8gZnJpdHo=').hexdigest()[:12]}",
        "[example_crypted]",
        "encrypted (16 bytes)",
    ]


def test_lists_are_shown_without_numbers() -> None:
    facts = b"<DeflectionId>0</DeflectionId><Enable>1</Enable><DeflectionToNumber>0170</DeflectionToNumber>"
    deflections = b"<List><Item>" + facts + b"</Item></List>"
    files = {
        "phonebook-0.xml": BOOK,
        "deflections.xml": deflections,
        "call-barring.xml": b"<broken",
        "device.json": b"{}",
        "other.bin": b"\0",
    }
    assert redact(Artifact.bundle(files)) == {
        "phonebook-0.xml": "# A\nErika M: home, mobile **REDACTED** 5",
        "deflections.xml": "DeflectionId=0 Enable=1 Type= Mode= Outgoing= **REDACTED**",
        "device.json": "{}",
    }


def test_a_contact_that_is_a_number_is_hidden() -> None:
    book = BOOK.replace(b"Erika\nM", b"+49 30 123456")
    shown_book = redact(Artifact.bundle({"phonebook-0.xml": book}))["phonebook-0.xml"]
    assert shown_book == "# A\n**REDACTED**: home, mobile **REDACTED** 5"


def test_settings_are_shown_as_people_read_them() -> None:
    artifact = imported(VECTOR.replace(b"dsldmode_router", '"M\u00fcller"'.encode()))
    odd = imported(VECTOR.replace(b"dsldmode_router", b'"M\xfcller"'))
    assert redact(artifact) == redact(odd)
    assert 'mode = "M\u00fcller";' in redact(odd)[EXPORT]


def test_what_is_the_same_in_every_box_is_shown() -> None:
    block = b'ddns {\n    types {\n        url = "/nic/update?host=<domain>";\n    }\n}\n'
    assert block.decode() in redact(imported(VECTOR.replace(b"\n\n// EOF", b"\n" + block + b"\n\n// EOF")))[EXPORT]


def test_a_comparison_shows_that_a_secret_is_another() -> None:
    settings = """        mode = dsldmode_router;
        username = "canary-{0}";
        password = "$$$$AAAAAAAA{1}";
        lines = {2};"""
    before, after = (with_settings(settings.format(*values)) for values in (("a", "AAAA", 1), ("b", "BBBBBB", 2)))
    (file,) = compare(FritzBoxHandler, before, after).files
    assert [(line.change.value[0], line.text.strip(), line.masked) for line in file.lines] == [
        ("r", 'username = "**REDACTED**";', True),
        ("r", 'password = "**REDACTED**";', True),
        ("r", "lines = 1;", False),
        ("a", 'username = "**REDACTED**";', True),
        ("a", 'password = "**REDACTED**";', True),
        ("a", "lines = 2;", False),
    ]
    assert "canary" not in repr(file)
