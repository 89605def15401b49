"""Commands where something around them is missing, shut, full, or there in thousands."""

import errno
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core.store.lock import StoreLock
from tests import prepared_order

from ..distributions import SitePackages, handler_source
from ..example_device import ExampleDevice
from .conftest import COMMAND, MODULE, PASSWORD, STARTER, Command
from .test_command import LOUD

ORDER = (sys.executable, "-S", "-E", prepared_order.__file__)


def in_shell(environment: dict[str, str], redirected: str, *arguments: object) -> tuple[int, str, str]:
    """Run a command with its streams as a shell makes them; return its status, and what came out."""
    # What begins with a stream closed is on trial with the interpreter around it; another one is given away.
    begun = COMMAND if "&-" in redirected else (*ORDER, STARTER.begin(), MODULE)
    words = shlex.join(map(str, [*begun, *arguments]))
    done = subprocess.run(
        ["bash", "-c", f"{words} {redirected}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def kept(command: Command, login: list[str], store: Path) -> str:
    return str(command("back-up", "example", *login, "--store", store, "--json").json["backup"]["id"])


@pytest.mark.parametrize(
    ("redirected", "told"),
    [
        ("--json | true", (1, "", "")),
        ("> /dev/full", (1, "", "The output cannot be written. The disk is full. Free some space.\n")),
        ("<&- >&- 2>&-", (0, "", "")),
    ],
)
@pytest.mark.usefixtures("kept")
def test_output_that_cannot_be_written(
    environment: dict[str, str], store: Path, redirected: str, told: tuple[int, str, str]
) -> None:
    assert in_shell(environment, redirected, "list", "--store", store) == told


NO_ROOM = "The output cannot be written. The disk is full. Free some space.\n"


@pytest.mark.parametrize(
    ("arguments", "redirected", "told"),
    [
        (("--help",), "> /dev/full", (1, "", NO_ROOM)),
        (("list", "--help"), "> /dev/full", (1, "", NO_ROOM)),
        (("--help",), "2>&1 | true", (1, "", "")),
        (("--help",), "> /dev/full 2>&1", (1, "", "")),
        (("list", "--nonsense"), "2> /dev/full", (1, "", "")),
        (("handlers",), "> /dev/full", (1, "", NO_ROOM)),
    ],
)
def test_words_of_the_command_line_itself_that_cannot_be_written(
    environment: dict[str, str], arguments: tuple[str, ...], redirected: str, told: tuple[int, str, str]
) -> None:
    assert in_shell(environment, redirected, *arguments) == told


def test_a_warning_that_cannot_be_written_holds_nothing_up(environment: dict[str, str], store: Path, kept: str) -> None:
    (store / "example-a1" / f"backup_{kept}.json").write_bytes(b"damaged")
    status, output, _ = in_shell(environment, "2> /dev/full", "verify", "--store", store)
    assert (status, output) == (1, "Backups checked: 1. Problems: 1.\n")


def test_nothing_that_is_printed_gets_into_the_store(
    command: Command, environment: dict[str, str], site: SitePackages, login: list[str], store: Path
) -> None:
    """With a closed standard output, the next file that is opened would take its place."""
    site.install("loud-plugin", LOUD + handler_source("loud"))
    assert in_shell(environment, ">&- 2>&-", "back-up", "example", *login, "--store", store) == (0, "", "")
    assert command("verify", "--store", store).output == "Backups checked: 1. Problems: 0.\n"
    assert b"from" not in b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())


def test_closed_input_answers_no_question(environment: dict[str, str]) -> None:
    status, output, errors = in_shell(
        environment, "<&-", "test", "example", "--set", "host=127.0.0.1", "--set", "password"
    )
    assert (status, output) == (2, "")
    assert "“password” has no value" in errors


def test_commands_at_once_take_the_store_in_turns_or_say_so(
    environment: dict[str, str], command: Command, login: list[str], store: Path
) -> None:
    backing_up = (MODULE, "back-up", "example", *login, "--store", str(store), "--json")
    running = [STARTER.start(*backing_up, environment=environment) for _ in range(2)]
    ends = [(process.communicate(timeout=120)[0], process.returncode) for process in running]
    for output, status in ends:
        document = json.loads(output)
        assert (status, document["error"] and document["error"]["code"]) in {(0, None), (1, "store_locked")}
    assert "stored" in {json.loads(output)["outcome"] for output, _ in ends}
    assert command("verify", "--store", store).output == "Backups checked: 1. Problems: 0.\n"


def state(store: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in (store, *store.rglob("*"))}


def test_reading_writes_nothing(command: Command, login: list[str], store: Path, kept: str) -> None:
    (store / ".lock").unlink()
    before = state(store)
    for arguments in (
        ("list",),
        ("verify",),
        ("diff", kept),
        ("diff", kept, "--now", *login),
        ("prune", "--dry-run"),
        ("restore", kept, "--plan", *login),
    ):
        assert command(*arguments, "--store", store).status == 0
        assert state(store) == before


@pytest.mark.parametrize("fault", [errno.EROFS, errno.EACCES])
def test_a_store_that_cannot_be_written(
    command: Command,
    device: ExampleDevice,
    login: list[str],
    store: Path,
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: int,
) -> None:
    acquire = StoreLock.acquire

    def refuse(lock: StoreLock) -> None:
        if lock._path == store / ".lock":
            raise OSError(fault, os.strerror(fault), str(lock._path))
        acquire(lock)

    put_back, device.config = device.config, b"{}"
    changing: tuple[tuple[Any, ...], ...] = (
        ("back-up", "example", *login),
        ("protect", kept),
        ("prune",),
        ("import", store / "example-a1"),
    )
    with monkeypatch.context() as read_only:
        read_only.setattr(StoreLock, "acquire", refuse)
        for arguments in changing:
            answer = command(*arguments, "--store", store, "--json")
            assert (answer.status, answer.json["error"]["code"]) == (1, "store")
        restored = command("restore", kept, "--store", store, *login)
    assert restored.status == 0
    assert restored.errors.startswith(f"If this restore is cut off, {store} will not tell of it: ")
    assert device.config == put_back

    assert command("back-up", "example", *login, "--store", store).status == 0


def test_a_long_list_of_devices(command: Command, device: ExampleDevice, store: Path, tmp_path: Path) -> None:
    """One device at one address in between of many that are not there."""
    (tmp_path / "password").write_text(PASSWORD)
    entry = '[[device]]\nkind = "example"\nhost = "127.0.{}.{}"\nport = {}\npassword = "@password"\n'
    many = [entry.format(number // 250, number % 250 + 2, 1) for number in range(400)]
    many[200:200] = [entry.format(0, 1, device.port)] * 10
    (tmp_path / "fleet.toml").write_text("".join(many))
    answer = command("run", tmp_path / "fleet.toml", "--store", store, "--concurrency", "50", "--json")
    assert answer.status == 1
    outcomes = [result["outcome"] for result in answer.json]
    assert (len(outcomes), outcomes.count("failed")) == (410, 400)
    assert sorted(outcomes[200:210]) == ["stored", *["unchanged"] * 9]
    assert device.requests.count("GET /config") == 10


def test_a_path_that_leads_nowhere_where_packages_compete_for_a_kind(
    command: Command, site: SitePackages, login: list[str], tmp_path: Path
) -> None:
    """Which of them made the backups in the store is asked first."""
    site.install("example-rival", handler_source("example"))
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "fleet.toml").write_text('[[device]]\nkind = "example"\nhost = "127.0.0.1"\n')
    for arguments in (("back-up", "example", *login), ("run", tmp_path / "fleet.toml")):
        answer = command(*arguments, "--store", tmp_path / "loop", "--json")
        (result,) = answer.json if isinstance(answer.json, list) else [answer.json]
        assert (answer.status, result["error"]["code"]) == (1, "store")
