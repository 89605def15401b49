"""Backups of simulated devices, and what can go wrong with them."""

import asyncio

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
    in_language,
)
from ha_device_backup_core.testing import run_job, run_probe
from tests.simulators.ssh import SimulatedLinux, SimulatedOpenWrt, SimulatedRouterOs, SimulatedSsh
from tests.simulators.ssh.linux import MACHINE_ID

from .conftest import HANDLERS, config, failure, hurried

LINUX, OPENWRT, MIKROTIK = (HANDLERS[f"{name}_ssh"] for name in ("linux", "openwrt", "mikrotik"))


def files_of(computer: SimulatedLinux) -> dict[str, object]:
    return config(computer, files=[str(computer.settings)])


async def test_who_a_computer_is() -> None:
    async with SimulatedLinux() as computer:
        device = await run_probe(LINUX, files_of(computer))
        assert (device.name, device.version) == ("cellar", "Debian GNU/Linux 12 (bookworm)")
        assert device.unique_id not in {None, MACHINE_ID}
        computer.say("/etc/machine-id", "")
        device = await run_probe(LINUX, files_of(computer))
        assert (device.unique_id, [note.code for note in device.notices]) == (None, ["no_identity"])


async def test_another_device_at_the_address_is_noticed() -> None:
    async with SimulatedLinux() as computer:
        own = (await run_probe(LINUX, files_of(computer))).unique_id
        computer.say("/etc/machine-id", f"{'f' * 32}\n")
        with pytest.raises(WrongDeviceError):
            await run_job(LINUX, files_of(computer), unique_id=own)


async def test_it_came_while_the_backup_was_made() -> None:
    async with SimulatedLinux() as computer:
        own = (await run_probe(LINUX, files_of(computer))).unique_id
        computer.program("hostname", "true")

        def come(_command: str, _given: bytes) -> None:
            if len([one for one in computer.commands if "machine-id" in one]) == 2:
                computer.say("/etc/machine-id", f"{'f' * 32}\n")

        computer.commands.clear()
        computer.before = come
        with pytest.raises(WrongDeviceError):
            await run_job(LINUX, files_of(computer), unique_id=own)


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        ("drop", (CannotConnectError, UnexpectedResponseError)),
        ("cut", (UnexpectedResponseError,)),
        ("hang", (CannotConnectError,)),
        ("endless", (ArtifactTooLargeError, CannotConnectError)),
    ],
)
@pytest.mark.parametrize("kind", [SimulatedLinux, SimulatedOpenWrt])
async def test_what_ends_an_answer(
    kind: type[SimulatedSsh], fault: str, errors: tuple[type[DeviceBackupError], ...]
) -> None:
    async with kind() as device:
        handler = hurried(LINUX if isinstance(device, SimulatedLinux) else OPENWRT, 3.0)
        entered = config(device)
        if isinstance(device, SimulatedLinux):
            entered["files"] = [str(device.settings)]
        setattr(device.faults, fault, 1)
        assert isinstance(await failure(handler, entered), errors)
        await run_job(handler, entered)


async def test_a_device_that_is_off() -> None:
    async with SimulatedLinux() as computer:
        await computer.stop()
        error = await failure(LINUX, files_of(computer))
        assert (type(error), error.detail_in()) == (
            CannotConnectError,
            "The port may be wrong, or SSH is off: nothing answers there.",
        )
        await computer.start()
        await run_job(LINUX, files_of(computer))


async def test_a_login_that_is_refused() -> None:
    async with SimulatedLinux() as computer:
        assert isinstance(await failure(LINUX, files_of(computer) | {"password": "canary"}), AuthenticationError)
        await run_job(LINUX, files_of(computer))


async def test_a_login_without_commands_and_without_files() -> None:
    async with SimulatedLinux() as computer:
        await computer.stop()
        computer.faults.no_sftp = True
        await computer.start()
        computer.faults.no_commands = "This account is not available.\n"
        error = await failure(LINUX, files_of(computer))
        assert isinstance(error, UnsupportedDeviceError)
        computer.faults.no_commands = None
        await run_job(LINUX, files_of(computer))


async def test_a_shell_that_greets() -> None:
    async with SimulatedLinux() as computer:
        quiet = await run_job(LINUX, files_of(computer))
        computer.greeting = "printf 'Last login: \\377\\n'; echo stty: no tty >&2; "
        assert (await run_job(LINUX, files_of(computer))).fingerprint == quiet.fingerprint


async def test_folders_without_anything_and_those_that_are_not_there() -> None:
    async with SimulatedLinux() as computer:
        empty = computer.folder / "empty"
        empty.mkdir()
        error = await failure(LINUX, config(computer, files=[str(empty)]))
        assert (type(error), error.detail_in()) == (UnexpectedResponseError, "The folders are empty.")
        error = await failure(LINUX, config(computer, files=["/not/there"]))
        assert (type(error), error.detail_in()) == (UnexpectedResponseError, "Not on the device: /not/there")
        error = await failure(LINUX, config(computer, files=["not/there"]))
        assert isinstance(error, ConfigError)


async def test_what_is_entered_has_to_go_together() -> None:
    async with SimulatedLinux() as computer:
        error = await failure(LINUX, files_of(computer) | {"passphrase": "canary"})
        assert isinstance(error, ConfigError)
        assert error.field == "private_key"


async def test_another_kind_of_device() -> None:
    async with SimulatedLinux() as computer:
        assert isinstance(await failure(OPENWRT, config(computer)), UnsupportedDeviceError)
        computer.program("uname", "echo FreeBSD")
        assert isinstance(await failure(LINUX, files_of(computer)), UnsupportedDeviceError)


@pytest.mark.parametrize("version", ["7.15.3 (stable)", "6.49.10 (long-term)"])
async def test_a_router_of_any_version(version: str) -> None:
    async with SimulatedRouterOs(version) as router:
        fetched = await run_job(MIKROTIK, config(router))
        files = fetched.artifact.files()
        assert set(files) == {"index.json", "export.rsc", "full.backup"}
        assert not (router.folder / "ha-device-backup.backup").exists()
        assert (fetched.device.unique_id, fetched.device.model) == ("HF1234567AB", "hEX S")
        assert (await run_job(MIKROTIK, config(router))).fingerprint == fetched.fingerprint


async def test_a_router_without_sftp_lacks_the_binary_file() -> None:
    async with SimulatedRouterOs() as router:
        await router.stop()
        router.faults.no_sftp = True
        await router.start()
        (note,) = (await run_job(MIKROTIK, config(router))).artifact.missing
        assert (note.code, in_language(note.text)) == ("no_full_backup", "full.backup: It offers no files by SFTP.")


async def test_a_job_that_is_cancelled_leaves_nothing() -> None:
    async with SimulatedLinux() as computer:
        computer.faults.hang = 1
        job = asyncio.create_task(run_job(LINUX, files_of(computer)))
        while not computer.commands:
            await asyncio.sleep(0.01)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        await run_job(LINUX, files_of(computer))
