"""Everything that is wrong with a recipe is found when it is loaded: line, key, what is wrong, what would be right."""

import re

import pytest

from ha_device_backup_core import KnownDevices, Ssdp, Zeroconf
from ha_device_backup_http.recipe import RecipeError, load_recipe
from ha_device_backup_http.recipe.packages import recipe_files

GOOD = """format = 1
kind = "pump"
name = "Pump"
base = "{url}"
[[field]]
key = "url"
kind = "url"
[[open]]
request = "POST /login"
capture.sid = "json:/sid"
[[fetch]]
request = "GET /settings/{sid}"
save = "settings.json"
[[compare]]
file = "settings.json"
json = ["/uptime"]
"""


def mistakes(text: str | bytes) -> list[str]:
    """Return what is wrong, a mistake a line."""
    with pytest.raises(RecipeError) as caught:
        load_recipe("pump.toml", text.encode() if isinstance(text, str) else text)
    lines = str(caught.value).split("\n")
    assert all(re.fullmatch(r"pump\.toml:\d+: [^:]+: .+; .+", line) for line in lines), lines
    return lines


def test_good_recipe_is_loaded() -> None:
    assert load_recipe("pump.toml", GOOD.encode()).spec.kind == "pump"
    assert load_recipe("pump.toml", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).spec.kind == "pump"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "pump"', 'kind = "Pump"', "2: kind: “Pump” is no kind"),
        ("format = 1", "format = 2", "1: format: this is format 2"),
        ("format = 1", "", "1: format: the key “format” is missing"),
        ("format = 1", 'format = "1"', "1: format: this is a text"),
        ('name = "Pump"', 'name = "Pump"\nnaem = "x"', "4: naem: there is no key “naem” here; did you mean name?"),
        ('name = "Pump"', 'name = { de = "Pumpe" }', "3: name: the English text is missing"),
        ('name = "Pump"', "name = 5", "3: name: this is a number"),
        ('name = "Pump"', "name = 2026-01-01", "3: name: this is a date"),
        ('base = "{url}"', 'base = "{host}"', "4: base: nothing captures “host”, and it is no field"),
        ('base = "{url}"', 'base = "http://10.0.0.1"', "4: base: nobody could enter the address of their own"),
        ('base = "{url}"', 'base = "ftp://{url}"', "4: base: “ftp://{url}” is no address"),
        ('kind = "url"', 'kind = "uri"', "7: field.kind: there is no “uri”; did you mean url?"),
        ('kind = "url"', 'kind = "secret"', "4: base: the field “url” has the kind secret"),
        ('key = "url"', 'key = "url"\nlabel = ""', "7: field.label: it is empty"),
        ('kind = "url"\n', 'kind = "url"\n[[field]]\nkey = "x"\nkind = "text"\n', "8: field.label: the key “label”"),
        ("POST /login", "LOGIN /login", "9: open.request: there is no method “LOGIN”"),
        ("POST /login", "POST https://a.example/login", "9: open.request: “POST https://a.example/login” names a host"),
        ("POST /login", "POST //a.example/login", "9: open.request: “POST //a.example/login” names a host"),
        ("POST /login", "POST login", "9: open.request: “login” is no path"),
        ("POST /login", "/login", "9: open.request: “/login” is no request"),
        ("POST /login", "POST /login/{sid}", "9: open.request: “sid” is captured only later"),
        ("json:/sid", "jsn:/sid", "10: open.capture.sid: “jsn:/sid” is no source of a value"),
        ("json:/sid", "json:sid", "10: open.capture.sid: “sid” is no place in JSON"),
        ("json:/sid", "regex:a.b", "10: open.capture.sid: “a.b” cannot be used: it has not one group"),
        ("json:/sid", "html:a b", "10: open.capture.sid: “a b” is no selector"),
        ("capture.sid", "capture.Sid", "10: open.capture.Sid: “Sid” is no name"),
        ("capture.sid", "set.url = 'x'\ncapture.sid", "10: open.set.url: “url” is a field already"),
        ("{sid}", "{sdi}", "12: fetch.request: nothing captures “sdi”, and it is no field; did you mean sid?"),
        ("{sid}", "{sid|md6}", "12: fetch.request: there is no filter “md6”; did you mean md5?"),
        ("{sid}", "{Sid}", "12: fetch.request: “{Sid}” is no name of a value"),
        (
            '"settings.json"\n[[c',
            '"../settings.json"\n[[c',
            "13: fetch.save: “../settings.json” leads out of the bundle",
        ),
        (
            '"settings.json"\n[[c',
            '"/etc/settings.json"\n[[c',
            "13: fetch.save: “/etc/settings.json” leads out of the bundle",
        ),
        (
            '"settings.json"\n[[c',
            '"C:\\\\settings.json"\n[[c',
            "13: fetch.save: “C:\\settings.json” leads out of the bundle",
        ),
        ('save = "settings.json"', 'save = "settings.json"\nform = "yaml"', "14: fetch.form: there is no “yaml”"),
        (
            'save = "settings.json"',
            'save = "settings.json"\n[[fetch]]\nrequest = "GET /x"\nsave = "settings.json"',
            "16: fetch.save: two files are called settings.json",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\n[[fetch]]\neach = { a = ["x", "y", "x"] }\nrequest = "GET /x"\nsave = "{a}.json"',
            "17: fetch.save: two files are called x.json",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\n[[fetch]]\neach = { a = "sid" }\nrequest = "GET /{a}"\nsave = "x.json"',
            "17: fetch.save: all entries would be saved as x.json; put {a} into the name",
        ),
        ('save = "settings.json"', 'contains = "x"', "13: fetch.contains: nothing is saved here"),
        (
            'save = "settings.json"',
            'save = "settings.json"\ncontains = ["^ok", "((a{1,300}){1,300})"]',
            "14: fetch.contains: “((a{1,300}){1,300})” cannot be used: it explodes",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\ncontains = "a(?=b)"',
            "14: fetch.contains: “a(?=b)” cannot be",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\nmembers = "x"\nform = "json"',
            "14: fetch.members: json has no",
        ),
        ('save = "settings.json"', 'save = "settings.json"\nat_least = 0', "14: fetch.at_least: 0 is out of range"),
        (
            'save = "settings.json"',
            'save = "settings.json"\nbody = "a"\njson = 1',
            "14: fetch.body: json and body do not",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\njson = { a = 2026-01-01 }',
            "14: fetch.json.a: JSON has no dates",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\nheaders = { Host = "x" }',
            "14: fetch.headers.Host: “Host” is no",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\nexpect = { status = 99 }',
            "14: fetch.expect.status: 99 is out of",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\npages = { offset = "o", items = "/i" }',
            "14: fetch.pages: it is",
        ),
        (
            'save = "settings.json"',
            'save = "settings.json"\nwait = { until = { done = 1 } }',
            "14: fetch.wait.until.done:",
        ),
        ("[[compare]]", '[[error]]\nmeans = "auth"\n[[compare]]', "14: error: every answer would be this error"),
        ("[[compare]]", '[[error]]\nstatus = 401\nmeans = "ath"\n[[compare]]', "16: error.means: there is no “ath”"),
        ('file = "settings.json"', 'file = "other.json"', "15: compare.file: “other.json” is never saved"),
        ('file = "settings.json"', 'file = "settings.json!a"', "15: compare.file: “settings.json!a” has no members"),
        ('json = ["/uptime"]', "", "14: compare: it does not say what does not count"),
        ('json = ["/uptime"]', 'json = [\n"/uptime",\n"clock"]', "18: compare.json: “clock” is no place in JSON"),
        (
            'json = ["/uptime"]',
            'json = ["/uptime"]\n[[secret]]\nfile = "x.json"\njson = "/a"',
            "18: secret.file: “x.json” is",
        ),
        ("[[compare]]", "[auth]\nscheme = 'oauth'\n[[compare]]", "15: auth.scheme: there is no “oauth”"),
        (
            "[[compare]]",
            "[auth]\nscheme = 'basic'\npassword = '{pw}'\n[[compare]]",
            "16: auth.password: nothing captures",
        ),
        ("[[compare]]", "[device]\nname = '{nam}'\n[[compare]]", "15: device.name: nothing captures “nam”"),
        ("[[fetch]]", "[[fetch]", "11: recipe: this is no TOML"),
    ],
)
def test_mistake_is_found(old: str, new: str, said: str) -> None:
    assert old in GOOD
    lines = mistakes(GOOD.replace(old, new, 1))

    assert len(lines) == 1
    assert lines[0].startswith(f"pump.toml:{said}"), lines


def test_all_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("naem", "name").replace('name = "Pump"', 'name = "Pump"\nnaem = 1').replace("{sid}", "{x}")

    assert [line.split(": ")[1] for line in mistakes(text)] == ["naem", "fetch.request"]


def test_values_of_fetch_are_too_late_for_the_device() -> None:
    text = GOOD + '[device]\nname = "{title}"\n'
    text = text.replace('save = "settings.json"', 'save = "settings.json"\ncapture.title = "json:/title"')

    assert mistakes(text) == ["pump.toml:19: device.name: “title” is captured only later; capture it in a step before"]


def test_what_is_no_text_is_told_with_its_line() -> None:
    assert mistakes(GOOD.encode().replace(b"Pump", b"P\xff"))[0].startswith("pump.toml:3: recipe: this is no text")


def test_size_is_bounded() -> None:
    assert load_recipe("pump.toml", (GOOD + "#" * (1024 * 1024 - len(GOOD))).encode()).spec.kind == "pump"
    assert "more than 1048576 bytes" in mistakes(GOOD + "#" * 1024 * 1024)[0]


@pytest.mark.parametrize(
    "text",
    [
        "a=" + "[" * 100_000,
        "a=" + "{a=" * 100_000,
        "[[fetch]]\n" * 100_000,
        "".join(f"k{n}=1\n" for n in range(90_000)),
        GOOD + "x." * 100_000 + "y=1",
        GOOD + '[[secret]]\nfile = "settings.json"\nlines = [' + '"(((a{1,9}){1,9}){1,9}){1,9}",' * 400 + "]",
        "each=" + '"' * 100_001,
    ],
)
def test_hostile_text_is_refused_in_little_time(text: str) -> None:
    assert len(mistakes(text)) <= 400


def test_no_shipped_recipe_has_a_mistake() -> None:
    found = recipe_files("ha_device_backup_http")

    assert {load_recipe(name, content).spec.kind for name, content in found.items()} >= {"pihole", "opnsense", "unifi"}


HOST = """format = 1
kind = "pump"
name = "Pump"
base = "http://{host}"
[[field]]
key = "host"
kind = "host"
[[field]]
key = "token"
kind = "secret"
[[fetch]]
request = "GET /settings"
save = "settings.json"
"""


def test_devices_are_found() -> None:
    text = (
        HOST
        + """
[[discovery]]
zeroconf = "_pump._tcp.local."
name = "acme*"
[[discovery]]
ssdp = "urn:acme"
properties = { manufacturer = "Acme" }
unique_id = "upnp.serialNumber"
[[discovery]]
integration = "acme"
fields = { host = "entry.data.host" }
secrets = { token = "entry.data.token" }
"""
    )
    assert load_recipe("pump.toml", text.encode()).spec.discovery == (
        Zeroconf(type="_pump._tcp.local.", name="acme*"),
        Ssdp(st="urn:acme", properties={"manufacturer": "Acme"}, unique_id="upnp.serialNumber"),
        KnownDevices(integration="acme", fields={"host": "entry.data.host"}, secrets={"token": "entry.data.token"}),
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('name = "x"', "14: discovery: it does not say how"),
        ('ssdp = "x"\nname = "y"', "16: discovery.name: it does not go with ssdp"),
        ('zeroconf = "x"\nssdp = "y"', "14: discovery: zeroconf and ssdp do not go together"),
        ('zeroconf = "_x._tcp.local."\nfields = { url = "host" }', "16: discovery.fields.url: there is no field “url”"),
        (
            'integration = "x"\nfields = { token = "entry.data.t" }',
            "16: discovery.fields.token: “token” is of the kind secret",
        ),
    ],
)
def test_mistake_of_discovery_is_found(lines: str, said: str) -> None:
    (line,) = mistakes(f"{HOST}[[discovery]]\n{lines}\n")[:1]

    assert line.startswith(f"pump.toml:{said}"), line
