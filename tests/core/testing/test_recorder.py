"""From a device to a recording, from a recording to a checked handler; secrets stay behind."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import typer
from typer.testing import CliRunner

from ha_device_backup_core import Artifact, CannotConnectError, DeviceInfo
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.testing import HandlerConformance, Recording, RecordingError, ReplayServer
from ha_device_backup_core.testing.harness import run
from ha_device_backup_core.testing.record import main
from ha_device_backup_core.testing.recorder import HOST, record
from ha_device_backup_core.testing.recording import INDEX, TAKES, RecordedExchange

from .clock import PASSWORD, WIFI, ClockHandler, simulated_clock
from .running import installed, run_checks, suite_of

REGISTERED = RegisteredHandler(handler=ClockHandler, distribution="ha-device-backup-clock", version="0.1.0")


class AsksForMore(ClockHandler):
    async def fetch_backup(self) -> Artifact:
        await self.ask("GET", "/more")
        return await super().fetch_backup()


class OtherIdentity(ClockHandler):
    async def test_connection(self) -> DeviceInfo:
        return replace(await super().test_connection(), unique_id="other")


async def make_recording(folder: Path, *, changed: bool = True) -> Recording:
    async with simulated_clock() as clock:
        recording, _ = await record(
            REGISTERED,
            clock.config,
            name=folder.name,
            pause=0,
            change=clock.change if changed else None,
            mask=[WIFI],
            replaced={"clock-4711": "clock-0001"},
        )
    recording.save(folder)
    return recording


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with one recording."""
    run(make_recording(tmp_path / "recordings/clock-1.2"))
    return tmp_path / "recordings"


def suite(handler: type[ClockHandler], folder: Path) -> type[HandlerConformance]:
    return suite_of(handler, recordings=folder, simulator=HandlerConformance.simulator)


def test_a_recording_can_be_read_and_holds_no_secret(recordings: Path) -> None:
    folder = recordings / "clock-1.2"
    index = json.loads((folder / INDEX).read_text())

    assert {path.name for path in folder.iterdir()} == {
        ".gitattributes",
        "info.json",
        "logout.txt",
        "recording.json",
        "settings.json",
        "settings-2.json",
        "settings-3.json",
    } - {"logout.txt"}
    assert index["device"]["unique_id"] == "clock-0001"
    assert index["config"] == {"host": HOST, "port": index["config"]["port"], "password": "masked-1-masked-1-mas"}
    assert tuple(index["takes"]) == TAKES
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not [secret for secret in (PASSWORD, WIFI, "clock-4711", "127.0.0.1") if secret.encode() in everything]
    assert len((folder / "settings.json").read_bytes()) == len(
        json.dumps({"face": "round", "alarm": 0, "wifi": WIFI, "uptime": 1}).encode()
    )


def test_a_recording_is_read_as_it_was_saved(tmp_path: Path) -> None:
    saved = run(make_recording(tmp_path / "clock"))
    assert Recording.load(tmp_path / "clock") == saved


def test_a_handler_is_checked_by_its_recordings(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed(ClockHandler, tmp_path, monkeypatch):
        outcome = run_checks(suite(ClockHandler, recordings), capsys)
    assert outcome.failed == {}
    assert outcome.skipped.keys() == {
        "plan_changes_nothing",
        "plan_says_each_thing_once",
        "restore_round_trip",
        "swapped_device_is_noticed",
        "wrong_login",
    }


def test_a_recording_without_a_change_is_not_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(make_recording(tmp_path / "recordings/clock", changed=False))
    outcome = run_checks(suite(ClockHandler, tmp_path / "recordings"), capsys, "change_is_noticed")
    assert "record with --changed" in outcome.failed["change_is_noticed"]
    both = run_checks(suite_of(ClockHandler, recordings=tmp_path / "recordings"), capsys, "change_is_noticed")
    assert (both.failed, both.passed) == ({}, {"change_is_noticed"})


@pytest.mark.parametrize(
    ("handler", "check", "words"),
    [
        (AsksForMore, "recording_is_complete", "Not in the recording: GET /more"),
        (OtherIdentity, "identity_is_stable", "when it was recorded it was 'clock-0001'"),
    ],
)
def test_a_handler_that_moved_away_from_its_recording(
    handler: type[ClockHandler], check: str, words: str, recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in run_checks(suite(handler, recordings), capsys, check).failed[check]


def test_a_recording_of_a_device_that_cannot_be_reached(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnectError):
        run(record(REGISTERED, {"host": "127.0.0.1", "port": unused_tcp_port}, name="x", pause=0))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / INDEX).unlink(), "lacks recording.json"),
        (lambda folder: (folder / "info.json").unlink(), "lacks info.json"),
        (lambda folder: (folder / INDEX).write_text("{}"), "KeyError: 'format'"),
        (lambda folder: (folder / INDEX).write_text('{"format": 2}'), "has format 2"),
        (
            lambda folder: (folder / INDEX).write_text((folder / INDEX).read_text().replace("info.json", "../x")),
            "is no file of the recording",
        ),
    ],
)
def test_a_damaged_recording_says_what_to_do(damage: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    run(make_recording(tmp_path / "clock"))
    shutil.copytree(tmp_path / "clock", tmp_path / "copy")
    damage(tmp_path / "copy")
    with pytest.raises(RecordingError, match=r"Record it again\.") as caught:
        Recording.load(tmp_path / "copy")
    assert words in str(caught.value)
    assert Recording.load(tmp_path / "clock").kind == "clock"


async def test_a_replay_answers_in_order_and_names_what_it_does_not_know() -> None:
    exchanges = [
        RecordedExchange(method="GET", url="http://192.0.2.1/state", status=503),
        RecordedExchange(method="GET", url="http://192.0.2.1/state", status=200, body=b"first"),
        RecordedExchange(method="GET", url="http://192.0.2.1/state?all=1", status=200, body=b"all"),
        RecordedExchange(method="POST", url="http://192.0.2.1/ask", status=200, sent=b"one", body=b"1"),
        RecordedExchange(method="POST", url="http://192.0.2.1/ask", status=200, sent=b"two", body=b"2"),
        RecordedExchange(
            method="GET",
            url="http://192.0.2.1/packed",
            status=200,
            headers=(("Content-Encoding", "gzip"),),
            body=b"unpacked",
        ),
    ]
    async with ReplayServer(exchanges) as replay, aiohttp.ClientSession(f"http://127.0.0.1:{replay.port}") as http:

        async def ask(method: str, path: str, data: str | None = None) -> tuple[int, bytes]:
            async with http.request(method, path, data=data) as response:
                return response.status, await response.read()

        assert [await ask("GET", "/state") for _ in range(3)] == [(503, b""), (200, b"first"), (200, b"first")]
        assert await ask("GET", "/state?all=1") == (200, b"all")
        assert await ask("GET", "/state?all=2&t=7") == (200, b"all")
        assert [await ask("POST", "/ask", data) for data in ("two", "one", "two")] == [
            (200, b"2"),
            (200, b"1"),
            (200, b"2"),
        ]
        assert await ask("GET", "/packed") == (200, b"unpacked")
        assert replay.unknown == []
        assert (await ask("GET", "/other"))[0] == 404
        assert replay.unknown == ["GET /other"]
        replay.rewind()
        assert await ask("GET", "/state") == (503, b"")


@contextmanager
def serving_clock() -> Iterator[str]:
    """Serve a clock from another process: the command has an event loop of its own."""
    command = [sys.executable, "-m", "tests.core.testing.serve_clock"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def test_the_command_records_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_clock() as port:
        secret = tmp_path / "password"
        secret.write_text(PASSWORD)
        folder = tmp_path / "recordings/clock-1.2"
        (tmp_path / "site").mkdir()
        with installed(ClockHandler, tmp_path / "site", monkeypatch):
            arguments = ["clock", str(folder), "--set", "host=127.0.0.1", "--set", f"port={port}", "--pause", "0"]
            arguments += ["--set", f"password=@{secret}", "--replace", "clock-4711=clock-0001", "--changed"]
            first = invoke(*arguments, "--mask", WIFI)
            again = invoke(*arguments)
            wrong = invoke("clock", str(tmp_path / "new"), "--set", "host=127.0.0.1", "--set", f"port={port}")
            unclear = invoke("clock", str(tmp_path / "new"), "--replace", "x")
            spoilt = invoke(
                *[
                    "clock",
                    str(tmp_path / "spoilt"),
                    "--set",
                    "host=127.0.0.1",
                    "--set",
                    f"port={port}",
                    "--pause",
                    "0",
                ],
                *["--set", f"password=@{secret}", "--replace", "face=mask"],
            )
            leaking = invoke(
                *["clock", str(tmp_path / "leaking"), "--set", "host=127.0.0.1", "--set", f"port={port}"],
                *["--pause", "0", "--set", f"password=@{secret}", "--replace", "round=a-round-one"],
            )
    assert (first[0], "2 secrets masked" in first[1]) == (0, True), first
    assert Recording.load(folder).takes.keys() == set(TAKES)
    assert (again[0], "a new folder" in again[1]) == (2, True), again
    assert (wrong[0], "refused the login" in wrong[1]) == (1, True), wrong
    assert (unclear[0], "OLD=NEW" in unclear[1]) == (2, True), unclear
    assert not (tmp_path / "new").exists()
    assert (spoilt[0], "does not take its replay" in spoilt[1]) == (1, True), spoilt
    assert (leaking[0], "Nothing was written" in leaking[1]) == (1, True), leaking
    assert not (tmp_path / "leaking").exists()


def invoke(*arguments: str) -> tuple[int, str]:
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    result = CliRunner().invoke(app, list(arguments), input="\n", catch_exceptions=False)
    return result.exit_code, result.output
