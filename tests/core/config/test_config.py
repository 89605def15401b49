from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ha_device_backup_core.config.config import (
    REDACTED,
    config_digest,
    matches_digest,
    parse_config,
    redacted_config,
    secret_values,
)
from ha_device_backup_core.contract import ApiVersion, ConfigField, ConfigValue, FieldKind, HandlerSpec
from ha_device_backup_core.errors import ConfigError

SHA256 = "ab" * 32
COLONS = ":".join(["AB"] * 32)


def spec_of(*fields: ConfigField) -> HandlerSpec:
    return HandlerSpec(kind="example", name="Example", api_version=ApiVersion(1, 0), fields=fields)


def field(kind: FieldKind, *, minimum: int | None = None, maximum: int | None = None) -> ConfigField:
    choices = {"http": "HTTP", "https": "HTTPS"} if kind is FieldKind.CHOICE else {}
    return ConfigField(key="value", kind=kind, label="Value", choices=choices, minimum=minimum, maximum=maximum)


def parsed(declared: ConfigField, raw: object) -> ConfigValue:
    return parse_config(spec_of(declared), {"value": raw})["value"]


ALL = spec_of(
    ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
    ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=80),
    ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
    ConfigField(key="names", kind=FieldKind.LINES, label="Names"),
)


def test_every_declared_field_is_there() -> None:
    assert parse_config(ALL, {"host": " WLED-kitchen.local. "}) == {
        "host": "wled-kitchen.local",
        "port": 80,
        "password": None,
        "names": None,
    }


def test_what_was_checked_passes_again() -> None:
    config = parse_config(ALL, {"host": "fe80::1", "port": 8080.0, "password": " s ", "names": "a\n\n b "})
    assert config == {"host": "fe80::1", "port": 8080, "password": " s ", "names": ("a", "b")}
    assert parse_config(ALL, config) == config


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (FieldKind.TEXT, "  kitchen ", "kitchen"),
        (FieldKind.TEXT, "", None),
        (FieldKind.TEXT, "   ", None),
        (FieldKind.TEXT, None, None),
        (FieldKind.TEXT, 42, "42"),
        (FieldKind.SECRET, " kept as it is ", " kept as it is "),
        (FieldKind.SECRET, 1234, "1234"),
        (FieldKind.SECRET, "", None),
        (
            FieldKind.SECRET,
            "-----BEGIN KEY-----\r\nAAAA\n-----END KEY-----\n",
            "-----BEGIN KEY----- AAAA -----END KEY-----",
        ),
        (FieldKind.HOST_KEY, " SHA256:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s ", "ab" * 32),
        (FieldKind.HOST_KEY, "AB" * 32, "ab" * 32),
        (FieldKind.HOST_KEY, "", None),
        (FieldKind.HOST, "192.168.1.20", "192.168.1.20"),
        (FieldKind.HOST, " Fritz.Box ", "fritz.box"),
        (FieldKind.HOST, "fritz.box.", "fritz.box"),
        (FieldKind.HOST, "wled_desk", "wled_desk"),
        (FieldKind.HOST, "küche.local", "küche.local"),
        (FieldKind.HOST, "[2001:DB8::1]", "2001:db8::1"),
        (FieldKind.HOST, "fe80::1%eth0", "fe80::1%eth0"),
        (FieldKind.HOST, "[fe80::1%25eth0]", "fe80::1%eth0"),
        (FieldKind.HOST, "", None),
        (FieldKind.PORT, 80, 80),
        (FieldKind.PORT, 80.0, 80),
        (FieldKind.PORT, " 443 ", 443),
        (FieldKind.PORT, "", None),
        (FieldKind.INTEGER, "-5", -5),
        (FieldKind.INTEGER, 0, 0),
        (FieldKind.INTEGER, "0", 0),
        (FieldKind.BOOLEAN, False, False),
        (FieldKind.BOOLEAN, True, True),
        (FieldKind.BOOLEAN, "Yes", True),
        (FieldKind.BOOLEAN, "0", False),
        (FieldKind.BOOLEAN, "", None),
        (FieldKind.BOOLEAN, None, None),
        (FieldKind.CHOICE, "https", "https"),
        (FieldKind.CHOICE, "", None),
        (FieldKind.URL, " https://nas.local:5001/webman ", "https://nas.local:5001/webman"),
        (FieldKind.URL, "http://[::1]/", "http://[::1]/"),
        (FieldKind.URL, "http://[fe80::1%25eth0]:80/a%25b", "http://[fe80::1%eth0]:80/a%25b"),
        (FieldKind.URL, "http://nas.local/a%25b:c", "http://nas.local/a%25b:c"),
        (FieldKind.URL, "https://nas.local/#/login", "https://nas.local/"),
        (FieldKind.URL, "", None),
        (FieldKind.LINES, "a\r\nb\n", ("a", "b")),
        (FieldKind.LINES, ["a", " ", "b"], ("a", "b")),
        (FieldKind.LINES, " \n", None),
        (FieldKind.CERTIFICATE, SHA256, SHA256),
        (FieldKind.CERTIFICATE, f" {COLONS} ", SHA256),
        (FieldKind.CERTIFICATE, "", None),
    ],
)
def test_usable_value(kind: FieldKind, raw: object, expected: ConfigValue) -> None:
    value = parsed(field(kind), raw)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (FieldKind.TEXT, "two\nlines", "Enter text on one line."),
        (FieldKind.TEXT, True, "Enter text on one line."),
        (FieldKind.TEXT, ["a"], "Enter text on one line."),
        (FieldKind.SECRET, "with a tab\t", "Enter text on one line."),
        (FieldKind.SECRET, 1.5, "Enter text on one line."),
        (FieldKind.HOST_KEY, "SHA256:short", "Enter the fingerprint of the host key: SHA256: and 43 characters."),
        *(
            (FieldKind.HOST, raw, "Enter only a host name or an IP address, without http://, port or path.")
            for raw in (
                "wled.local/settings",
                "wled.local:80",
                "192.168.1.20:80",
                "user@wled.local",
                "192.168.1",
                "192.168.1.256",
                "[wled.local]",
                "::g",
                "a b",
                "-wled",
                "a..b",
                ".",
                "a" * 64,
                ".".join(["abcdefgh"] * 30),
                7.5,
            )
        ),
        *((FieldKind.PORT, raw, "Enter a port, 1 to 65535.") for raw in (0, 65536, "-1")),
        *(
            (kind, raw, "Enter a whole number.")
            for kind in (FieldKind.PORT, FieldKind.INTEGER)
            for raw in (80.5, "http", "8 0", "1e3", True, float("nan"), float("inf"), [80], "9" * 30)
        ),
        *((FieldKind.BOOLEAN, raw, "Enter true or false.") for raw in ("maybe", 2, None.__class__)),
        *((FieldKind.CHOICE, raw, "Choose one of: http, https.") for raw in ("ftp", 5, ["http"])),
        *(
            (
                FieldKind.URL,
                raw,
                "Enter an address that starts with http:// or https://, without user name and password.",
            )
            for raw in (
                "nas.local",
                "ftp://nas.local",
                "https://",
                "https://user:pw@nas.local",
                "https://nas.local:port",
                "https://nas.local:0",
                "https://nas local",
                "https://[::g]/",
                5,
            )
        ),
        *((FieldKind.LINES, raw, "Enter one text a line.") for raw in (5.5, {"a": "b"}, b"a", [["a"]], ["a\nb"])),
        *(
            (
                FieldKind.CERTIFICATE,
                raw,
                "Enter the SHA-256 fingerprint of the certificate: 64 hexadecimal digits, with or without colons.",
            )
            for raw in ("ab" * 20, "zz" * 32, 5)
        ),
    ],
)
def test_unusable_value(kind: FieldKind, raw: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(field(kind), raw)

    assert (caught.value.field, caught.value.detail_in("en")) == ("value", message)
    assert caught.value.detail_in("de") not in {"", message}
    assert parsed(field(kind), None) is None


@pytest.mark.parametrize(
    ("declared", "too_little", "fits", "too_much", "messages"),
    [
        (
            field(FieldKind.INTEGER, minimum=2, maximum=4),
            1,
            3,
            5,
            ("Enter at least 2.", "Enter at most 4."),
        ),
        (
            field(FieldKind.PORT, minimum=1024, maximum=2048),
            80,
            1024,
            2049,
            ("Enter at least 1024.", "Enter at most 2048."),
        ),
        (
            field(FieldKind.SECRET, minimum=4, maximum=4),
            "123",
            "1234",
            "12345",
            ("Enter at least 4 characters.", "Enter at most 4 characters."),
        ),
        (
            field(FieldKind.TEXT, minimum=2, maximum=3),
            "a",
            "abc",
            "abcd",
            ("Enter at least 2 characters.", "Enter at most 3 characters."),
        ),
        (
            field(FieldKind.LINES, minimum=2, maximum=2),
            "a",
            "a\nb",
            "a\nb\nc",
            ("Enter at least 2 lines.", "Enter at most 2 lines."),
        ),
    ],
)
def test_limits(
    declared: ConfigField, too_little: object, fits: object, too_much: object, messages: tuple[str, str]
) -> None:
    for raw, message in zip((too_little, too_much), messages, strict=True):
        with pytest.raises(ConfigError) as caught:
            parsed(declared, raw)
        assert caught.value.detail_in() == message
    assert parsed(declared, fits) is not None
    assert parsed(declared, "") is None


@pytest.mark.parametrize("raw", [{}, {"host": ""}, {"host": None}, {"host": "  "}])
def test_required_field_without_value(raw: Mapping[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(ALL, raw)

    assert str(caught.value) == "The value of “host” cannot be used. A value is needed."


def test_unknown_field() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(ALL, {"host": "wled.local", "pasword": "hunter2"})

    assert caught.value.field == "pasword"
    assert caught.value.detail_in() == "There is no such field. The fields are: host, port, password, names."
    assert "hunter2" not in str(caught.value)


@settings(deadline=None)
@given(raw=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.binary()))
@pytest.mark.parametrize("kind", FieldKind)
def test_any_input_is_refused_or_parsed_to_what_stays(kind: FieldKind, raw: object) -> None:
    declared = field(kind)
    try:
        value = parsed(declared, raw)
    except ConfigError:
        return
    assert parsed(declared, value) == value


@pytest.mark.parametrize("kind", FieldKind)
def test_messages_never_repeat_what_was_entered(kind: FieldKind) -> None:
    for raw in ("hunter2 \x00 in the wrong field", ["hunter2\x00"], {"hunter2": "hunter2"}):
        with pytest.raises(ConfigError) as caught:
            parsed(field(kind), raw)
        assert "hunter2" not in f"{caught.value} {caught.value!r} {caught.value.detail_in('de')}"


def test_redaction() -> None:
    config = {"host": "wled.local", "port": 80, "password": "hunter2", "names": None}

    assert redacted_config(ALL, config) == config | {"password": REDACTED}
    assert redacted_config(ALL, {"password": None}) == {"password": None}
    assert redacted_config(ALL, {"token_of_another_version": "t0p"}) == {"token_of_another_version": REDACTED}


def test_secret_values() -> None:
    config = {"host": "wled.local", "password": "hunter2", "other": "t0p", "pin": 1234, "flag": True, "no": None}

    assert secret_values(ALL, config) == {"hunter2", "t0p", "1234"}


def test_digest_recognises_a_configuration_and_tells_nothing() -> None:
    config = {"host": "wled.local", "password": "1234", "names": ("a", "b")}
    digest = config_digest(config)

    assert "1234" not in digest
    assert config_digest(config) != digest
    assert matches_digest(config, digest)
    assert matches_digest({"names": ["a", "b"], "password": "1234", "host": "wled.local"}, digest)
    assert not matches_digest(config | {"password": "1235"}, digest)


@pytest.mark.parametrize("digest", ["", "scrypt", "md5:aa:bb", "scrypt:ä:ö", "scrypt:a:b", "scrypt:YWJj:YWJj"])
def test_damaged_digest_matches_nothing(digest: str) -> None:
    assert not matches_digest({"host": "wled.local"}, digest)


LOGIN = ConfigField(key="login", kind=FieldKind.CHOICE, label="Login", choices={"no": "No", "key": "Key"}, default="no")


def test_a_field_is_needed_only_where_it_is_asked() -> None:
    key = ConfigField(key="key", kind=FieldKind.SECRET, label="Key", required=True, shown_when={"login": ("key",)})
    spec = spec_of(key, LOGIN)
    assert parse_config(spec, {}) == {"key": None, "login": "no"}
    assert parse_config(spec, {"login": "key", "key": "a"}) == {"key": "a", "login": "key"}
    with pytest.raises(ConfigError) as caught:
        parse_config(spec, {"login": "key"})
    assert caught.value.field == "key"


def test_how_a_field_is_asked() -> None:
    open_field = ConfigField(key="a", kind=FieldKind.TEXT, label="A")
    folded = ConfigField(key="a", kind=FieldKind.TEXT, label="A", advanced=True)
    by_choice = ConfigField(
        key="a", kind=FieldKind.TEXT, label="A", shown_when={"login": ("no", "key")}, advanced={"login": ("no",)}
    )
    asked = [
        (declared.is_later, declared.is_asked({"login": login}), declared.is_folded({"login": login}))
        for declared in (open_field, folded, by_choice)
        for login in ("no", "key", None)
    ]
    assert asked == [
        *[(False, True, False)] * 3,
        *[(True, True, True)] * 3,
        (True, True, True),
        (True, True, False),
        (True, False, False),
    ]
    assert by_choice.decided_by == {"login"}
