"""Sentences that reach people in English alone are found, wherever they are made."""

from pathlib import Path

import pytest

from ha_device_backup_core.testing.plain_sentences import plain_sentences

ROOT = Path(__file__).parents[3]
PACKAGES = (
    "agent/ha_device_backup_agent",
    "ha_device_backup_core",
    "custom_components/ha_device_backups",
    *(str(path.parent.relative_to(ROOT)) for path in sorted(ROOT.glob("handlers-*/ha_device_backup_*/__init__.py"))),
)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_of_the_product_has_any(package: str) -> None:
    assert list(plain_sentences(ROOT / package)) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('raise StoreError("It is not open.")', "It is not open."),
        ('raise errors.StoreError(f"{path} is not open.")', "… is not open."),
        ('raise StoreError("It is " + state)', "It is …"),
        ('error = CannotConnectError(detail="no answer")', "no answer"),
        ('raise ConfigError("host", "Enter a host.")', "Enter a host."),
        ('raise StoreError("It is gone." if gone else None)', "It is gone."),
        ('Note("gone", "It is gone.")', "It is gone."),
        ('Note(code="gone", text="It is gone.")', "It is gone."),
        ('Prompt(text="Press the button", seconds=5)', "Press the button"),
        ('Damage(path=path, kind=kind, message="It is gone.")', "It is gone."),
        ('RestorePlan(needs=("Press the button", *more))', "Press the button"),
        ('ConfigField(key="a", kind=TEXT, label="Name", choices={"b": "Both of them"})', "Both of them"),
        ('raise typer.BadParameter(f"{path} is no file.")', "… is no file."),
        ('raise WrongUsageError("It is no file.")', "It is no file."),
        ('say(f"{count} are gone.")', "… are gone."),
        ('warn("It is gone." if gone else "")', "It is gone."),
        ('typer.echo("It is gone.", err=True)', "It is gone."),
        ('say_facts([(_("Password"), "not yet noted")])', "not yet noted"),
        ('typer.prompt("Enter a name", err=True)', "Enter a name"),
        ('print_table(("Kind", "Made by whom"), rows)', "Made by whom"),
        ('_GONE: Text = "It is gone."', "It is gone."),
        ('def gone() -> Text:\n    return "It is gone." if new else _("It is there.")', "It is gone."),
    ],
)
def test_what_is_found(source: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text(source, encoding="utf-8")
    (found,) = plain_sentences(tmp_path)
    assert found.startswith("handler.py:")
    assert found.endswith(f": “{words}” is in English alone; write _(…).")


@pytest.mark.parametrize(
    "source",
    [
        'raise StoreError(_("It is not open."))',
        "raise StoreError(detail)",
        "raise StoreError(str(path))",
        'raise UnexpectedResponseError(f"HTTP {status}")',
        'raise ValueError("it is no id")',
        'Note(code=f"list_odd:{name}", text=_("It is odd."))',
        'ConfigField(key="host", kind=HOST, label="Host", default="some lamp")',
        '_NAMES: Text = "presets.json"',
        'say(_("It is gone."))',
        'say(f"{path}: {size}")',
        'def gone() -> str:\n    return "It is gone."',
    ],
)
def test_what_is_none(source: str, tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text(source, encoding="utf-8")
    assert list(plain_sentences(tmp_path)) == []
