import fcntl
from pathlib import Path

import pytest

from ..example_device import ExampleDevice
from .conftest import PASSWORD, Command, Household


@pytest.fixture
def fleet(household: Household, secret: Path, tmp_path: Path) -> Path:
    path = tmp_path / "fleet.toml"
    text = ""
    for number in range(4):
        device = household.add(
            ExampleDevice(
                info={"id": f"a{number}", "name": f"Lamp {number}", "version": "1"},
                password=PASSWORD if number < 3 else "another",
            )
        )
        text += f'[[device]]\nkind = "example"\ntitle = "Room {number}"\nhost = "127.0.0.1"\n'
        text += f'port = {device.port}\npassword = "@{secret.name}"\n\n'
    path.write_text(text)
    return path


def test_many_devices(command: Command, fleet: Path, store: Path) -> None:
    answer = command("run", fleet, "--store", store, "--concurrency", "2", "--json")

    assert answer.status == 1
    assert [(result["title"], result["outcome"]) for result in answer.json] == [
        ("Room 0", "stored"),
        ("Room 1", "stored"),
        ("Room 2", "stored"),
        ("Room 3", "failed"),
    ]
    assert set(answer.json[0]) == {"kind", "title", "outcome", "device", "backup", "error"}
    assert answer.json[3] == {
        "kind": "example",
        "title": "Room 3",
        "outcome": "failed",
        "device": None,
        "backup": None,
        "error": {
            "code": "authentication",
            "message": "The device refused the login.",
        },
    }
    listed = command("list", "--store", store, "--json")
    assert [(found["title"], len(found["backups"])) for found in listed.json["devices"]] == [
        ("Room 0", 1),
        ("Room 1", 1),
        ("Room 2", 1),
    ]


def test_run_for_people(command: Command, fleet: Path, tmp_path: Path) -> None:
    answer = command("run", fleet)

    lines = answer.output.splitlines()
    assert answer.status == 1
    assert lines[0].startswith("Room 0: stored, ")
    assert lines[3:] == [
        "Room 3: failed. The device refused the login.",
        "3 stored, 1 failed",
    ]
    assert len(list((tmp_path / "device-backups").iterdir())) == 5


def test_all_is_well_a_second_time(command: Command, fleet: Path) -> None:
    kept = fleet.read_text().rsplit("[[device]]", 1)[0]
    fleet.write_text(f'store = "elsewhere"\nconcurrency = 1\n{kept}')

    assert command("run", fleet).status == 0
    answer = command("run", fleet)
    assert (answer.status, answer.output.splitlines()[-1]) == (0, "3 unchanged")
    assert (fleet.parent / "elsewhere").is_dir()


def test_two_entries_for_one_device_take_turns(command: Command, fleet: Path, store: Path) -> None:
    first = fleet.read_text().split("\n\n", maxsplit=1)[0]
    fleet.write_text(f"{first}\n\n{first.replace('Room 0', 'Twin')}\n")

    answer = command("run", fleet, "--store", store, "--json")
    assert [result["outcome"] for result in answer.json] == ["stored", "unchanged"]


def test_one_wrong_device_stops_no_other(command: Command, fleet: Path, store: Path) -> None:
    wrong = '[[device]]\nkind = "fridge"\nhost = "127.0.0.1"\n\n[[device]]\nkind = "example"\nhost = "http://x/y"\n\n'
    fleet.write_text(wrong + fleet.read_text())

    answer = command("run", fleet, "--store", store, "--json")
    assert answer.status == 1
    codes = [result["error"] and result["error"]["code"] for result in answer.json]
    assert codes == ["handler_unavailable", "config", None, None, None, "authentication"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("@nowhere", "{folder}/nowhere cannot be read. It is not there."),
        ("@fleet.toml", "{folder}/fleet.toml is no text in UTF-8."),
        ("@a\\u0000b", "No path holds a null character."),
    ],
)
def test_one_whose_secret_cannot_be_read_stops_no_other(
    command: Command, fleet: Path, store: Path, value: str, why: str
) -> None:
    folder = fleet.parent
    (folder / "other.toml").write_text(
        f'[[device]]\nkind = "example"\ntitle = "Attic"\nhost = "127.0.0.1"\npassword = "{value}"\n\n'
        + fleet.read_text()
    )
    fleet.write_bytes(b"\xff\xfe")
    answer = command("run", folder / "other.toml", "--store", store, "--json")
    assert answer.status == 1
    codes = [result["error"] and result["error"]["code"] for result in answer.json]
    assert codes == ["config", None, None, None, "authentication"]

    message = f"The value of “password” cannot be used. {why.format(folder=folder)}"
    assert (answer.json[0]["title"], answer.json[0]["error"]["message"]) == ("Attic", message)
    people = command("run", folder / "other.toml", "--store", store).output.splitlines()
    assert (people[0], people[-1]) == (f"Attic: failed. {message}", "3 unchanged, 2 failed")


def test_one_without_title_whose_secret_cannot_be_read_is_called_by_its_address(
    command: Command, tmp_path: Path, store: Path
) -> None:
    fleet = tmp_path / "fleet.toml"
    fleet.write_text("[[device]]\nkind = 'example'\nhost = '127.0.0.1'\npassword = '@nowhere'\n")
    answer = command("run", fleet, "--store", store)
    assert answer.status == 1
    assert answer.output.startswith("127.0.0.1: failed. The value of “password” cannot be used. ")


def test_store_that_is_in_use(command: Command, fleet: Path, store: Path) -> None:
    store.mkdir()
    with (store / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = command("run", fleet, "--store", store, "--json")
    assert answer.status == 1
    assert {result["error"]["code"] for result in answer.json} == {"store_locked"}

    assert command("run", fleet, "--store", store, "--json").json[0]["outcome"] == "stored"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no devices; each begins with [[device]]."),
        ("device = 5", "names no devices; each begins with [[device]]."),
        ("device = [5]", "names no devices; each begins with [[device]]."),
        ("[[device]]\nhost = 'a'", "device 1 has no kind"),
        ("[[device]]\nkind = 'example'\ntitle = 5", "the title of device 1 is no text."),
        ("[[device]\n", "is no TOML"),
        ("[[devices]]\nkind = 'example'", "there is no setting devices; there are [[device]], store and concurrency."),
        ("concurrency = 0\n[[device]]\nkind = 'example'", "concurrency is a number of devices, as in concurrency = 4."),
        (
            "concurrency = -3\n[[device]]\nkind = 'example'",
            "concurrency is a number of devices, as in concurrency = 4.",
        ),
        (
            "concurrency = true\n[[device]]\nkind = 'example'",
            "concurrency is a number of devices, as in concurrency = 4.",
        ),
        ("store = 5\n[[device]]\nkind = 'example'", 'store is a folder, as in store = "device-backups".'),
    ],
)
def test_unusable_file(command: Command, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "fleet.toml"
    path.write_text(text)
    answer = command("run", path, "--json")
    assert (answer.status, answer.output) == (2, "")
    assert message in " ".join(answer.errors.split())


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_list_in_another_encoding(command: Command, fleet: Path, encoding: str) -> None:
    text = fleet.read_text()
    fleet.write_text(f"# Küche\n{text}", encoding=encoding)
    answer = command("run", fleet, "--json")
    assert (answer.status, answer.output) == (2, "")
    assert "is not saved as UTF-8. Save it anew in that encoding." in " ".join(answer.errors.split())
    fleet.write_text(text, encoding="utf-8-sig")
    assert command("run", fleet, "--json").json[0]["outcome"] == "stored"


def test_no_file(command: Command, tmp_path: Path) -> None:
    answer = command("run", tmp_path / "fleet.toml")
    assert answer.status == 2
    assert "cannot be read" in " ".join(answer.errors.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 100_000, "nested too deeply"),
        ('store = "a\\u0000b"\n[[device]]\nkind = "example"\n', "null character"),
        ('store = "~nobody-has-this-home/x"\n[[device]]\nkind = "example"\n', "no such home"),
    ],
)
def test_file_that_nobody_could_mean(command: Command, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "fleet.toml"
    path.write_text(text)
    answer = command("run", path)
    assert answer.status == 2
    assert message in " ".join(answer.errors.split())


def test_store_of_the_file_may_be_in_the_home(
    command: Command, fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    fleet.write_text('store = "~/kept"\n' + fleet.read_text())
    command("run", fleet)
    assert len(list((tmp_path / "home" / "kept").glob("*/*.meta.json"))) == 3
