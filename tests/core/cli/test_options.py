import sys
from pathlib import Path

import pytest
import typer

from ha_device_backup_core.cli.options import entered_config, resolve_value
from ha_device_backup_core.cli.person import TerminalPerson, person_at_terminal
from ha_device_backup_core.contract import ApiVersion, ConfigField, FieldKind, HandlerSpec, Prompt

SPEC = HandlerSpec(
    kind="example",
    name="Example",
    api_version=ApiVersion(1, 0),
    fields=(
        ConfigField(key="host", kind=FieldKind.HOST, label="Host", required=True),
        ConfigField(key="password", kind=FieldKind.SECRET, label="Password", required=True),
        ConfigField(key="pin", kind=FieldKind.SECRET, label="PIN"),
        ConfigField(key="names", kind=FieldKind.LINES, label="Names"),
    ),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Sit at a terminal and answer every question; return the questions and whether the answer is hidden."""
    questions = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        assert err
        questions.append((text, hide_input))
        return f"answer {len(questions)}"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(typer, "prompt", prompt)
    return questions


def test_required_secrets_are_asked_for(asked: list[tuple[str, bool]]) -> None:
    assert entered_config(SPEC, ["host=wled.local"]) == {"host": "wled.local", "password": "answer 1"}
    assert asked == [("Password", True)]


def test_keys_without_value_are_asked_for(asked: list[tuple[str, bool]]) -> None:
    raw = entered_config(SPEC, ["host", "pin", "password=@@x", "unknown"])
    assert raw == {"host": "answer 1", "pin": "answer 2", "password": "@x", "unknown": "answer 3"}
    assert asked == [("Host", False), ("PIN", True), ("unknown", True)]


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert entered_config(SPEC, ["host=wled.local", "pin="]) == {"host": "wled.local", "pin": ""}
    with pytest.raises(typer.BadParameter):
        entered_config(SPEC, ["pin"])


def test_lines_are_set_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert entered_config(SPEC, ["names=a", "names=b=c"])["names"] == "a\nb=c"


@pytest.mark.parametrize(
    ("content", "value"), [(" s \n", " s "), ("s\r\n", "s"), ("a\nb\n", "a\nb"), ("", ""), ("\ufeffs", "s")]
)
def test_files_end_with_a_line_end(tmp_path: Path, content: str, value: str) -> None:
    (tmp_path / "secret").write_bytes(content.encode())
    assert resolve_value("pin", "@secret", tmp_path) == value
    assert resolve_value("pin", f"@{tmp_path / 'secret'}", Path("elsewhere")) == value


@pytest.mark.parametrize("text", ["@~nobody-has-this-home/x", "@a\0b", "@", "@missing"])
def test_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path, text: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        resolve_value("pin", text, tmp_path)
    assert "\0" not in str(caught.value)


def test_person(
    asked: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    person = person_at_terminal()
    assert isinstance(person, TerminalPerson)
    person.show(Prompt(text="Press the button.", seconds=60))
    person.show(None)
    assert capsys.readouterr().err == "Press the button.\n"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert person_at_terminal() is None
