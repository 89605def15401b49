"""Every fault of a device: the right error or patience, and success once it is gone."""

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    InvalidArtifactError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.testing import run_job, run_probe
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.client import TasmotaLogin
from ha_device_backup_tasmota.file_system import FileSystem, NoFiles, TasmotaFileList
from ha_device_backup_tasmota.timing import TasmotaTiming
from tests.simulators.fixed_answer import answering
from tests.simulators.tasmota import PASSWORD, Chip, Faults, SimulatedTasmota

from .conftest import MAC, as_told, assert_no_canary, config, fetch
from .test_backup import files_of, on_device

NOT_TASMOTA = "No Tasmota device answers at this address."
PASSWORD_NEEDED = "It asks for its web admin password."

FOREVER = 10_000
NOTHING_ENTERED = {"password": None, "username": "admin"}


async def assert_recovers(tasmota: SimulatedTasmota) -> None:
    """Clear the faults and succeed."""
    tasmota.device.faults = Faults()
    fetched = await fetch(tasmota)
    assert (files_of(fetched.artifact), fetched.artifact.missing) == (on_device(tasmota), ())


@pytest.mark.parametrize("fault", ["busy", "drop", "truncate"])
async def test_a_fault_that_passes_is_waited_for(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        setattr(tasmota.faults, fault, 2)
        assert files_of((await fetch(tasmota)).artifact) == on_device(tasmota)
        assert getattr(tasmota.faults, fault) == 0


@pytest.mark.parametrize(
    ("fault", "path", "error"),
    [
        ("drop", "", CannotConnectError),
        ("hang", "", CannotConnectError),
        ("busy", "", DeviceBusyError),
        ("truncate", "", UnexpectedResponseError),
        ("web_page", "", UnsupportedDeviceError),
        ("unauthorized", "", AuthenticationError),
        ("server_error", "", UnexpectedResponseError),
        ("drop", "/dl", CannotConnectError),
        ("hang", "/dl", CannotConnectError),
        ("truncate", "/dl", UnexpectedResponseError),
        ("not_found", "/dl", UnsupportedDeviceError),
        ("halve", "/dl", InvalidArtifactError),
        ("damage", "/dl", InvalidArtifactError),
        ("web_page", "/dl", InvalidArtifactError),
        ("unauthorized", "/dl", AuthenticationError),
        ("server_error", "/dl", UnexpectedResponseError),
        ("unauthorized", "/ufsd", AuthenticationError),
    ],
)
async def test_a_fault_that_stays_is_the_right_error(fault: str, path: str, error: type[DeviceBackupError]) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = path
        setattr(tasmota.faults, fault, FOREVER)
        with pytest.raises(error) as caught:
            await fetch(tasmota)
        assert type(caught.value).code == error.code
        assert_no_canary(caught.value, caught.value.detail)
        await assert_recovers(tasmota)


@pytest.mark.parametrize("fault", ["cut_status", "no_number"])
async def test_a_status_that_is_no_json_is_asked_for_in_parts(fault: str) -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP8266) as tasmota:
        setattr(tasmota.faults, fault, FOREVER)
        fetched = await fetch(tasmota)
        assert fetched.device.unique_id == MAC
        assert (fetched.artifact.missing, fetched.doubts) == ((), ())


@pytest.mark.parametrize("fault", ["web_page", "hang", "server_error", "halve", "not_found", "empty"])
async def test_a_list_that_arrives_spoiled_once_is_asked_for_again(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = "/ufsd"
        setattr(tasmota.faults, fault, 1)
        fetched = await fetch(tasmota)
        assert (files_of(fetched.artifact), fetched.artifact.missing) == (on_device(tasmota), ())


@pytest.mark.parametrize(
    "fault", ["drop", "web_page", "truncate", "hang", "busy", "server_error", "unauthorized", "not_found", "oversized"]
)
async def test_a_file_that_is_not_given_is_named(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = "/ufsd?download=/autoexec.be"
        setattr(tasmota.faults, fault, FOREVER)
        fetched = await fetch(tasmota)
        assert as_told(fetched.artifact.missing) == [
            ("files_unreadable", "These files could not be read: /autoexec.be.")
        ]
        assert on_device(tasmota).keys() - files_of(fetched.artifact).keys() == {"/autoexec.be"}
        await assert_recovers(tasmota)


@pytest.mark.parametrize(
    "fault", ["web_page", "hang", "server_error", "unauthorized", "not_found", "oversized", "empty", "halve"]
)
async def test_a_file_that_is_not_given_once_is_asked_for_again(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = "/ufsd?download=/autoexec.be"
        setattr(tasmota.faults, fault, 1)
        fetched = await fetch(tasmota)
        assert (files_of(fetched.artifact), fetched.artifact.missing) == (on_device(tasmota), ())


async def test_many_files_that_are_not_given_are_asked_for_once() -> None:
    names = [f"/f{number}.be" for number in range(9)]
    async with SimulatedTasmota(extra_files=dict.fromkeys(names, b"content")) as tasmota:
        tasmota.faults.path, tasmota.faults.not_found = "/ufsd?download=/f", FOREVER
        (note,) = (await fetch(tasmota)).artifact.missing
        assert note.code == "files_unreadable"
        asked = [target for _, target in tasmota.requests if target.startswith("/ufsd?download=/f")]
        assert len(asked) == len(names)
        await assert_recovers(tasmota)


async def test_a_file_that_is_half_each_time_is_not_taken_for_one_that_shrank() -> None:
    async with SimulatedTasmota(extra_files={"/lamps/shelf.be": b"x" * 100}) as tasmota:
        for path in ("/autoexec.be", "/lamps/shelf.be"):
            tasmota.faults.path, tasmota.faults.halve = f"/ufsd?download={path}", FOREVER
            fetched = await fetch(tasmota)
            assert as_told(fetched.artifact.missing) == [
                ("files_unreadable", f"These files could not be read: {path}.")
            ]
        await assert_recovers(tasmota)


@pytest.mark.parametrize("path", ["/autoexec.be", "/lamps/shelf.be"])
async def test_a_file_that_shrank_since_it_was_listed_is_kept(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedTasmota(extra_files={"/lamps/shelf.be": b"x" * 100}) as tasmota:
        listed = FileSystem.files

        async def then_shrinks(file_system: FileSystem) -> TasmotaFileList | NoFiles:
            answer = await listed(file_system)
            tasmota.device.files[path] = b"short"
            return answer

        monkeypatch.setattr(FileSystem, "files", then_shrinks)
        fetched = await fetch(tasmota)
        assert (files_of(fetched.artifact)[path], fetched.artifact.missing) == (b"short", ())


async def test_a_folder_that_is_refused_costs_what_is_in_it() -> None:
    async with SimulatedTasmota(extra_files={"/lamps/shelf.be": b"x"}) as tasmota:
        tasmota.faults.path, tasmota.faults.unauthorized = "/ufsd?download=/lamps", FOREVER
        fetched = await fetch(tasmota)
        assert [note.code for note in fetched.artifact.missing] == ["file_list_cut"]
        assert on_device(tasmota).keys() - files_of(fetched.artifact).keys() == {"/lamps/shelf.be"}
        await assert_recovers(tasmota)


@pytest.mark.parametrize("fault", ["web_page", "hang", "drop", "busy", "server_error", "halve"])
async def test_a_list_that_is_not_to_be_had_costs_the_files_and_not_the_settings(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = "/ufsd"
        setattr(tasmota.faults, fault, FOREVER)
        fetched = await fetch(tasmota)
        assert as_told(fetched.artifact.missing) == [
            (
                "file_list_unreadable",
                "The list of its files could not be read: Berry scripts and other files may be missing.",
            )
        ]
        assert "config.dmp" in fetched.artifact.files()
        await assert_recovers(tasmota)


@pytest.mark.parametrize("fault", ["drop", "web_page", "truncate"])
async def test_a_folder_that_is_not_shown_is_named(fault: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path = "/ufsd?download=/.extensions"
        setattr(tasmota.faults, fault, FOREVER)
        fetched = await fetch(tasmota)
        assert as_told(fetched.artifact.missing) == [
            ("file_list_cut", "It has more folders or files than are read; some may be missing.")
        ]
        assert on_device(tasmota).keys() - files_of(fetched.artifact).keys() == {"/.extensions/clock.tapp"}
        await assert_recovers(tasmota)


async def test_a_folder_whose_name_a_backup_cannot_hold_is_named() -> None:
    async with SimulatedTasmota(extra_files={"/a\\b/c.txt": b"1"}) as tasmota:
        assert [note.code for note in (await fetch(tasmota)).artifact.missing] == ["file_list_cut"]


async def test_a_file_that_arrives_cut_once_is_asked_for_again() -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.path, tasmota.faults.halve = "/ufsd?download=/autoexec.be", 1
        assert files_of((await fetch(tasmota)).artifact) == on_device(tasmota)


async def test_a_file_that_grows_is_kept_as_it_is_now() -> None:
    async with SimulatedTasmota(extra_files={"/log.txt": b"1\n"}) as tasmota:
        sent = tasmota.device.files

        class Growing(dict[str, bytes]):
            def __getitem__(self, path: str) -> bytes:
                if path == "/log.txt":
                    self[path] = super().__getitem__(path) + b"2\n"
                return super().__getitem__(path)

        tasmota.device.files = Growing(sent)
        fetched = await fetch(tasmota)
        assert fetched.artifact.missing == ()
        assert files_of(fetched.artifact)["/log.txt"].startswith(b"1\n2\n")


async def test_a_device_that_goes_while_its_files_are_read_is_no_backup_without_files() -> None:
    async with SimulatedTasmota(extra_files={f"/{number}.txt": b"1" for number in range(9)}) as tasmota:
        tasmota.faults.path = "/ufsd?download=/"
        tasmota.faults.vanish = 1
        with pytest.raises(CannotConnectError):
            await fetch(tasmota)
        asked = [target for _, target in tasmota.requests]
        assert sum("download" in target for target in asked) <= 3
        tasmota.device.on_network = True
        await assert_recovers(tasmota)


async def test_what_takes_too_long_is_named_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_device_backup_tasmota.handler._SHARE_FOR_FILES", 0.0)
    async with SimulatedTasmota() as tasmota:
        fetched = await fetch(tasmota)
        assert [note.code for note in fetched.artifact.missing] == ["files_unreadable"]
        assert "config.dmp" in fetched.artifact.files()


async def test_a_device_that_is_swapped_while_it_is_read_is_another_one() -> None:
    async with SimulatedTasmota() as tasmota:
        real = tasmota.device.dump

        def swapped() -> bytes:
            tasmota.device.mac = "b0b1c2d3e4f5"
            return real()

        tasmota.device.dump = swapped  # type: ignore[method-assign]
        with pytest.raises(WrongDeviceError) as caught:
            await run_job(TasmotaHandler, config(tasmota), unique_id=MAC)
        assert caught.value.detail_in() == "It came there while the backup was made."
        tasmota.device.dump, tasmota.device.mac = real, MAC  # type: ignore[method-assign]
        await assert_recovers(tasmota)


def test_time_limits_grow_with_the_size_that_the_list_tells() -> None:
    slow = 15_000
    pace = TasmotaTiming().pace
    assert pace.for_bytes(1_200_000).total == 1_200_000 / slow + (pace.total or 0.0)
    spec = TasmotaHandler.spec
    assert spec.fetch_timeout * 0.8 >= spec.max_artifact_bytes / slow


async def test_a_slow_device_is_waited_for() -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.faults.delay = 0.05
        assert files_of((await fetch(tasmota)).artifact) == on_device(tasmota)


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """Return an answer of something."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


ASKS_FOR_LOGIN = b'{"WARNING":"Need user=<username>&password=<password>"}'


@pytest.mark.parametrize(
    ("sent", "error", "detail"),
    [
        (answer(b"{}"), UnsupportedDeviceError, NOT_TASMOTA),
        (answer(b"[]"), UnsupportedDeviceError, NOT_TASMOTA),
        (answer(b"{}", "404 Not Found"), UnsupportedDeviceError, NOT_TASMOTA),
        (answer(b"", "302 Found", "Location: /login\r\n"), UnsupportedDeviceError, NOT_TASMOTA),
        (answer(b"{" * 300_000), UnsupportedDeviceError, NOT_TASMOTA),
        (answer(ASKS_FOR_LOGIN), AuthenticationError, PASSWORD_NEEDED),
        (answer(ASKS_FOR_LOGIN, "401 Unauthorized"), AuthenticationError, PASSWORD_NEEDED),
        (b"SSH-2.0-dropbear\r\n", UnexpectedResponseError, "Its answer is not understood."),
        (
            b"",
            CannotConnectError,
            (
                "It closed the connection without an answer, several times. If its HTTP API is switched off "
                "(SetOption128 0), enter its IP address as host, without a proxy in between, or switch it "
                "on: SetOption128 1."
            ),
        ),
    ],
)
async def test_what_no_device_answers(sent: bytes, error: type[DeviceBackupError], detail: str) -> None:
    async with answering(sent) as port:
        with pytest.raises(error) as caught:
            await run_probe(TasmotaHandler, {"host": "127.0.0.1", "port": port, **NOTHING_ENTERED})
    assert caught.value.detail_in() == detail


async def test_a_host_that_has_no_name_does_not_answer() -> None:
    with pytest.raises(CannotConnectError) as caught:
        await run_probe(TasmotaHandler, {"host": "nowhere.invalid", "port": 80, **NOTHING_ENTERED})
    assert caught.value.detail_in() == "Its name is not known in the network. Try its IP address."


def test_a_login_does_not_print_itself() -> None:
    assert_no_canary(repr(TasmotaLogin("admin", PASSWORD)), str(TasmotaLogin("admin", PASSWORD)))
