"""A person is told everything in the language of the terminal; documents stay English."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from ha_device_backup_core.cli.options import entered_config
from ha_device_backup_core.cli.person import TerminalPerson
from ha_device_backup_core.contract import ConfigField, FieldKind, Note, Prompt
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from ha_device_backup_core.text import Message, message_of

from .. import example_handler
from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from ..snapshots.homes import LAMP, STAIRS, home, snapshot
from .conftest import PASSWORD, Command
from .test_options import SPEC


def said(english: str, german: str) -> Message:
    """Return what a handler says."""
    return message_of({"en": english, "de": german}, "example")


@pytest.fixture(autouse=True)
def german(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit at a German terminal, with a handler that speaks German."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    note = Note(code="no_name", text=said("It has no name.", "Es hat keinen Namen."))
    monkeypatch.setattr(example_handler, "DOUBT", note)


@pytest.fixture
def two(command: Command, device: ExampleDevice, login: list[str], store: Path) -> list[str]:
    """Return the ids of a backup that is whole, and of one that is not."""

    def backed_up(config: bytes) -> str:
        device.config = config
        document = command("back-up", "example", *login, "--store", store, "--json").json
        return str(document["backup"]["id"])

    return [backed_up(b'{"name": "a"}'), backed_up(b'{"nam": "longer"}')]


def test_an_error_comes_in_the_language_of_the_person_and_documents_stay_english(
    command: Command, tmp_path: Path
) -> None:
    arguments = ["back-up", "nothing", "--store", tmp_path, "--set", "host=x"]
    failed, for_programs = command(*arguments), command(*arguments, "--json")

    assert failed.errors == (
        "nothing: fehlgeschlagen. Das Paket, das dieses Gerät sichert, fehlt oder funktioniert nicht."
        " Installiere das Paket, das „nothing“ mitbringt.\n"
    )
    assert for_programs.json["error"]["message"].startswith("The package that backs up this device is missing")


def test_what_stands_in_a_store(command: Command, store: Path, two: list[str]) -> None:
    answer = command("list", "--store", store)
    rows = [line.split() for line in answer.output.splitlines()]
    assert rows[0] == ["Gerät", "Art", "ID", "Backup", "Bestätigt", "Bytes", "Version", "Vollständig", "Vermerke"]
    assert [row[-2:] for row in rows[1:3]] == [["1.2", "nein"], ["ja", "empfohlen"]]
    assert answer.output.splitlines()[3:] == [
        f"Kitchen: {two[1]} ist nicht vollständig",
        "  Zweifelhaft: Es hat keinen Namen.",
    ]
    assert command("protect", two[0], "--store", store).output == f"Backup {two[0]} von Kitchen ist geschützt.\n"
    assert command("protect", two[0], "--store", store, "--off").output == (
        f"Backup {two[0]} von Kitchen ist nicht mehr geschützt.\n"
    )
    assert command("accept", two[1], "--store", store).output == (
        f"Backup {two[1]} von Kitchen gilt von nun an als richtig.\n"
    )
    assert command("prune", "--store", store, "--keep", "1", "--dry-run").output == (
        f"Kitchen: {two[0]} würde gelöscht\nGelöscht würden: 1.\n"
    )
    (store / "example-a1" / f"backup_{two[0]}.json").write_bytes(b"damaged")
    verified = command("verify", "--store", store)
    assert (verified.output, verified.errors) == (
        "Geprüfte Backups: 2. Probleme: 1.\n",
        f"example-a1/backup_{two[0]}.json: Die Datei ist nicht mehr das, was gespeichert wurde.\n",
    )


def test_a_backup_and_what_differs(
    command: Command, device: ExampleDevice, login: list[str], store: Path, two: list[str], tmp_path: Path
) -> None:
    back_up = ("back-up", "example", *login, "--store", store)
    answer = command(*back_up)
    assert answer.output == (
        f"Kitchen (1.2): unverändert, {two[1]}, 17 Bytes, nicht vollständig\n  Zweifelhaft: Es hat keinen Namen.\n"
    )
    assert command("diff", *two, "--store", store).output.splitlines() == [
        f"Von Backup {two[0]} von Kitchen zu Backup {two[1]} von Kitchen:",
        "config.json: geändert, vorher 13, jetzt 17 Bytes",
        '  name: entfernt, vorher "a"',
        '  nam: neu, "longer"',
    ]
    device.config = b'{"nam": "short"}'
    assert command("diff", two[1], "--store", store, "--now", *login).output.splitlines() == [
        f"Von Backup {two[1]} von Kitchen zu dem jetzigen Stand von Kitchen (1.2):",
        "config.json: geändert, vorher 17, jetzt 16 Bytes",
        '  nam: vorher "longer", jetzt "short"',
    ]
    fleet = tmp_path / "fleet.toml"
    fleet.write_text(
        f'[[device]]\nkind = "example"\nhost = "127.0.0.1"\nport = {device.port}\npassword = "{PASSWORD}"\n'
    )
    device.config = b'{"name": "b"}'
    assert command("run", fleet, "--store", store).output.splitlines()[-1] == "1 gespeichert"


def test_a_restore(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    two: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = said("Enter the password.", "Gib das Passwort ein.")

    async def plan_restore(*_: object) -> RestorePlan:
        file = PlannedFile(name="config.json", change=FileChange.CHANGED, details=(said("A name", "Ein Name"),))
        return RestorePlan(
            files=(file,),
            refused=(said("The key", "Der Schlüssel"),),
            risks=(said("It may hang.", "Es kann hängen."),),
            needs=(left,),
            restarts=True,
        )

    async def restore_backup(*_: object) -> RestoreReport:
        return RestoreReport(proven=("config.json",), unproven=(said("The key", "Der Schlüssel"),), needs=(left,))

    monkeypatch.setattr(ExampleHandler, "plan_restore", plan_restore)
    monkeypatch.setattr(ExampleHandler, "restore_backup", restore_backup)
    restore = ("restore", two[1], "--store", store, *login)
    gaps = [
        "Dieses Backup ist nicht vollständig. Stelle von Hand ein, was ihm fehlt:",
        "  Zweifelhaft: Es hat keinen Namen.",
    ]
    assert command(*restore, "--plan").output.splitlines() == [
        f"Backup {two[1]} von Kitchen würde auf Kitchen (1.2) gespielt.",
        *gaps,
        "config.json: würde geändert",
        "  Ein Name",
        "Das Gerät startet neu.",
        "Wird nicht zurückgespielt: Der Schlüssel",
        "Risiko: Es kann hängen.",
        "Bleibt dir zu tun: Gib das Passwort ein.",
    ]
    assert command(*restore).output.splitlines() == [
        f"Backup {two[1]} von Kitchen wurde auf Kitchen (1.2) gespielt.",
        *gaps,
        "Nachgewiesen: config.json",
        "Nicht nachgewiesen: Der Schlüssel",
        "Bleibt dir zu tun: Gib das Passwort ein.",
    ]


def test_a_backup_of_home_assistant(command: Command, store: Path, tmp_path: Path) -> None:
    config = home(tmp_path / "config", {STAIRS: [b'{"name": "a"}'], LAMP: [b"lamp"]})
    taken = snapshot(tmp_path / "snapshot.tar", config)
    about = "Automatic backup (vom 2026-11-28T04:45:00+00:00, Home Assistant 2026.11.0)"
    first, *rest = command("extract", taken, "--to", store).output.splitlines()
    assert first == f"{about}, aus homeassistant/data/.storage/ha_device_backups:"
    assert sorted(line.partition(": ")[2] for line in rest) == ["übernommene Backups: 1", "übernommene Backups: 1"]


def test_files_and_handlers(command: Command, store: Path, tmp_path: Path) -> None:
    assert command("handlers").output.split()[:6] == ["Art", "Name", "Paket", "Version", "API", "Fähigkeiten"]
    (tmp_path / "odd").write_bytes(b"odd")
    answer = command("import", tmp_path / "odd", "--store", store)
    assert (answer.output, answer.errors) == (
        "0 übernommen, 1 nicht.\n",
        f"{tmp_path / 'odd'}: nicht übernommen. Keines der installierten Pakete kennt sie.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["test", "example", "--set", "host=a", "--set", "host=b"], "„host“ ist zweimal angegeben."),
        (["test", "example", "--set", "host=@/nowhere"], "„host“: /nowhere lässt sich nicht lesen. Das gibt es nicht."),
        (
            ["diff", "nothing"],
            "Eine Datei nothing gibt es nicht. Um ein Backup mit seiner Kennung zu nennen, gib seinen",
        ),
        (["run", "/nowhere"], "/nowhere lässt sich nicht lesen. Das gibt es nicht."),
    ],
)
def test_wrong_usage(command: Command, arguments: list[str], words: str) -> None:
    answer = command(*arguments)
    assert answer.status == 2
    assert answer.errors.startswith(words)
    assert answer.errors.splitlines()[1:] == [f"Hilfe: ha-device-backup {arguments[0]} --help"]


def test_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return "x"

    monkeypatch.setattr(typer, "prompt", prompt)
    field = ConfigField(key="pin", kind=FieldKind.SECRET, label=said("PIN code", "Geheimzahl"), required=True)
    assert entered_config(replace(SPEC, fields=(field,)), []) == {"pin": "x"}
    assert asked == ["Geheimzahl"]


def test_instructions(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalPerson().show(Prompt(text=said("Press the button", "Drücke die Taste"), seconds=5))
    assert capsys.readouterr().err == "Drücke die Taste\n"
