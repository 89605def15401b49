"""Recipes with several mistakes, with odd ones, and with one that hides others: each is told once, where it stands."""

from pathlib import Path

import pytest

from ha_device_backup_core import in_language
from ha_device_backup_core.cli.terminal import Terminal
from ha_device_backup_http.recipe import RecipeError, load_recipe
from ha_device_backup_http.recipe.command import recipe

from .test_loader import GOOD, mistakes

STEP = 'save = "settings.json"'
EVERYTHING = """format = 1
kind = "Pump"
name = "Pump"
base = "{url}"
[[field]]
key = "url"
kind = "uri"
[[open]]
request = "POST http://other.example/login"
capture.sid = "jsn:/sid"
[[identify]]
request = "GET /info/{later}"
capture.serial = "json:/serial"
[[fetch]]
request = "GET /a/{sid|md6}/{nowhere}"
save = "../a.json"
[[fetch]]
request = "GET /b/{typo}"
save = "b.json"
capture.later = "json:/later"
[[fetch]]
request = "GET /c"
save = "b.json"
contains = "((a{1,300}){1,300})"
[[compare]]
file = "nope.json"
skip = true
[[error]]
status = 1000
means = "auth"
"""

EXPLODES = (
    "24: fetch.contains: “((a{1,300}){1,300})” cannot be used: it explodes: it is too long,"
    " or repeats too much within repeats"
)


def test_each_is_told_although_others_stand_in_the_way() -> None:
    assert [line.rpartition("; ")[0].removeprefix("pump.toml:") for line in mistakes(EVERYTHING)] == [
        "2: kind: “Pump” is no kind",
        "7: field.kind: there is no “uri”",
        "9: open.request: “POST http://other.example/login” names a host",
        "10: open.capture.sid: “jsn:/sid” is no source of a value",
        "12: identify.request: “later” is captured only later",
        "15: fetch.request: there is no filter “md6”",
        "16: fetch.save: “../a.json” leads out of the bundle",
        "18: fetch.request: nothing captures “typo”, and it is no field",
        "23: fetch.save: two files are called b.json",
        EXPLODES,
        "26: compare.file: “nope.json” is never saved",
        "29: error.status: 1000 is out of range",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"json:/sid"', '"jsn:/sid"', "10: open.capture.sid: "),
        ("capture.sid", "capture.Sid", "10: open.capture.Sid: "),
        ("capture.sid", "capture", "10: open.capture: this is a text"),
        (STEP, 'save = "../settings.json"', "13: fetch.save: "),
        (STEP, 'seve = "settings.json"', "13: fetch.seve: there is no key “seve” here; did you mean save?"),
        ("request = ", "requets = ", "9: open.requets: there is no key “requets” here; did you mean request?"),
        ('key = "url"', 'key = "the url"', "6: field.key: “the url” is no key of a field"),
        ('kind = "url"', 'kind = "uri"', "7: field.kind: there is no “uri”"),
        ('base = "{url}"', 'bsae = "{url}"', "4: bsae: there is no key “bsae” here; did you mean base?"),
        (STEP, 'contains = "x"', "13: fetch.contains: nothing is saved here"),
        ("[[fetch]]", "[[fetch]]\neach = 5", "12: fetch.each: this is a number"),
    ],
)
def test_what_a_mistake_brings_along_is_none_of_its_own(old: str, new: str, said: str) -> None:
    (line,) = mistakes(GOOD.replace(old, new, 1))
    assert line.startswith(f"pump.toml:{said}"), line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[fetch]]", "[device]\nuniqueid = 'x'\n[[fetch]]", "12: device.uniqueid: there is no key “uniqueid” here"),
        (STEP, f"{STEP}\ntimeuot = {'9' * 5000}", "14: recipe: a number is too long"),
        (STEP, f"{STEP}\ntimeout = 0x{'f' * 5000}", "14: fetch.timeout: a number is too long"),
        (STEP, f'{STEP}\n"\\u0041" = 1', "14: fetch.A: there is no key “A” here"),
        (STEP, f'{STEP}\n"a.b: c" = 1', '14: fetch."a.b: c": there is no key “a.b: c” here'),
        (STEP, f"{STEP}\njson = {'[' * 40}{']' * 40}", "14: fetch.json: it is nested too deep"),
        (STEP, f"{STEP}\njson = {'[' * 9000}{']' * 9000}", "14: recipe: it is nested too deep"),
        (STEP, f"{STEP}\nkind = 'x'", "14: fetch.kind: there is no key “kind” here; it belongs to"),
        (STEP, f"{STEP}\n{STEP}", "14: recipe: this is no TOML: this key stands twice; drop one of the two"),
        (STEP, f"{STEP}\nroot = [1,", "15: recipe: this is no TOML: "),
        (STEP, "save = settings.json", "13: recipe: this is no TOML: this is no value; put a text in quotes"),
        (STEP, 'save = "settings.json', "13: recipe: this is no TOML: a text has no end on its line"),
        ("{sid}", "{sid|md6|md7}", "12: fetch.request: there are no filters md6, md7; there are base64"),
        ("{sid}", "{sid", "12: fetch.request: “{sid” is no name of a value"),
        ("{sid}", "{sid}#x", "12: fetch.request: what is behind # is never sent"),
        ('name = "Pump"', 'name = { en = "Pump", german = "P" }', "3: name.german: “german” is no language"),
        ('name = "Pump"', 'name = "  "', "3: name: it is empty"),
        (STEP, f"{STEP}\nexpect = {{}}", "14: fetch.expect: it is empty"),
        (STEP, f'{STEP}\n[fetch.otherwise]\neach = {{ a = ["b"] }}', "15: fetch.otherwise.each: it does not go into"),
        (STEP, f"{STEP}\nheaders = {{ X = 'a\\r\\nb' }}".replace("'", '"'), "14: fetch.headers.X: no header has"),
        (STEP, f'{STEP}\nrequired = "xml:a/b"', "14: fetch.required: a file of the form json has no"),
        (STEP, f'{STEP}\n[[fetch.error]]\njson = {{ "/a" = "{{no}}" }}\nmeans = "auth"', "15: fetch.error.json: "),
        ("[[compare]]", "[auth]\nscheme = 'bearer'\n[[compare]]", "14: auth: nobody would be logged in; add token"),
        (STEP, f'{STEP}\n[[fetch]]\nrequest = "GET /x"\nsave = "Settings.json"', "16: fetch.save: two files"),
        (STEP, f'{STEP}\n[[fetch]]\nrequest = "GET /x"\nsave = "settings.json/a"', "16: fetch.save: settings"),
        (STEP, f'{STEP}\n[[fetch]]\neach = {{ u="url" }}\nrequest = "GET /"\nsave = "{{u}}"', "15: fetch.each.u: "),
    ],
)  # fmt: skip
def test_odd_mistake_is_told(old: str, new: str, said: str) -> None:
    (line,) = mistakes(GOOD.replace(old, new, 1))
    assert line.startswith(f"pump.toml:{said}"), line


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('set.to = "http://other.example"', "10: open.set.to: “http://other.example/settings/” names a host"),
        ('set.to = "//other.example"', "10: open.set.to: “//other.example/settings/” names a host"),
        ('set.to = "api"', "10: open.set.to: “api/settings/” is no path"),
    ],
)
def test_what_a_recipe_writes_into_addresses_is_looked_at(lines: str, said: str) -> None:
    text = GOOD.replace("capture.sid", f"{lines}\ncapture.sid").replace("GET /settings", "GET {to}/settings")
    (line,) = mistakes(text)
    assert line.startswith(f"pump.toml:{said}"), line


@pytest.mark.parametrize(("entry", "name"), [("..", "{list}"), ("../x", "{list*}"), ("/etc/x", "{list*}")])
def test_what_a_recipe_writes_into_names_is_looked_at(entry: str, name: str) -> None:
    step = f'[[fetch]]\neach = {{ list = ["a", "{entry}"] }}\nrequest = "GET /{{list}}"\nsave = "{name}"\n'
    (line,) = mistakes(GOOD + step)
    assert line.startswith(f"pump.toml:20: fetch.save: “{entry}” leads out of the bundle"), line


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            'kind = "integer"\ndefault = "b"',
            "21: field.default: “b” does not fit the kind integer; write a whole number",
        ),
        ('kind = "choice"\nchoices = ["a"]\ndefault = "b"', "22: field.default: there is no choice “b”; there are a"),
        ('kind = "url"\ndefault = "pump"', "21: field.default: “pump” does not fit the kind url"),
        ('kind = "boolean"\nminimum = 5', "21: field.minimum: the kind boolean has no limits"),
        ('kind = "integer"\nminimum = 5\nmaximum = 1', "22: field.maximum: 1 is less than the minimum 5"),
        ('kind = "text"\nshown_when = { no = "x" }', "21: field.shown_when.no: there is no field “no”"),
        ('kind = "text"\nrequired = true\nadvanced = true', "22: field.advanced: what is required is not folded away"),
    ],
)
def test_mistake_of_a_field_is_found(field: str, said: str) -> None:
    (line,) = mistakes(f'{GOOD}[[field]]\nkey = "more"\nlabel = "More"\n{field}\n')
    assert line.startswith(f"pump.toml:{said}"), line


def test_fields_are_of_different_names_and_the_certificate_is_there_already() -> None:
    fields = '[[field]]\nkey = "url"\nkind = "url"\n[[field]]\nkey = "certificate"\nlabel = "C"\nkind = "text"\n'
    assert [line.rpartition(";")[0] for line in mistakes(GOOD + fields)] == [
        "pump.toml:18: field.key: there is a field “url” already",
        "pump.toml:21: field.key: the trusted certificate of https is a field by itself",
    ]


def test_many_entries_together_are_refused_before_anything_is_made_of_them() -> None:
    many = ", ".join(f'"{number}"' for number in range(200))
    step = f'[[fetch]]\neach = {{ a = [{many}], b = [{many}] }}\nrequest = "GET /{{a}}/{{b}}"\nsave = "{{a}}/{{b}}"\n'
    assert [line.rpartition(";")[0] for line in mistakes(GOOD + step)] == [
        "pump.toml:18: fetch.each: it would take 40000 requests"
    ]


def test_dots_in_texts_and_comments_are_no_key() -> None:
    text = GOOD + f"# {'.' * 300}\n[restore]\nguide = ['Wait{'.' * 300}']\n"
    assert load_recipe("pump.toml", text.encode()).spec.kind == "pump"


class GermanTerminal(Terminal):
    """A terminal of somebody who reads German."""

    @property
    def language(self) -> str:
        """Return German, as it is spoken in Austria."""
        return "de-AT"


def test_person_is_told_in_their_language(tmp_path: Path) -> None:
    file = tmp_path / "pump.toml"
    file.write_text(GOOD.replace("{sid}", "{sid|md6}/{no}").replace('"/uptime"', "5"), encoding="utf-8")
    said: list[str] = []

    assert recipe(["check", str(file)], said.append, GermanTerminal()) == 1
    assert said == [
        f"{file}:12: fetch.request: es gibt keinen Filter „md6“; meintest du md5?",
        f"{file}:16: compare.json: das ist eine Zahl; schreib: ein Text in Anführungszeichen",
    ]


def test_mistakes_are_messages_for_who_shows_them() -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe("pump.toml", GOOD.replace('"Pump"', '""').encode())
    (message,) = caught.value.args

    right = "schrijf: een tekst, of een tabel met teksten per taal met en"
    assert in_language(message, "nl") == f"pump.toml:3: name: het is leeg; {right}"
