"""The ways in which files and outputs are read: tar, SFTP, sudo, and what each refuses."""

import asyncssh
import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    in_language,
)
from ha_device_backup_core.contract import MEBIBYTE
from ha_device_backup_core.testing import run_job
from ha_device_backup_ssh import collecting, entries
from ha_device_backup_ssh.shell import CommandAnswer, Script
from ha_device_backup_ssh.ssh_errors import ssh_errors
from tests.simulators.ssh import SimulatedLinux, SimulatedOpenWrt
from tests.simulators.ssh.sudo import stub_sudo

from .conftest import HANDLERS, config, entered, failure, with_room

LINUX, OPENWRT = HANDLERS["linux_ssh"], HANDLERS["openwrt_ssh"]


async def missing(computer: SimulatedLinux) -> list[tuple[str, str]]:
    artifact = (await run_job(LINUX, entered(computer))).artifact
    return [(note.code, in_language(note.text)) for note in artifact.missing]


async def test_sftp_reads_what_tar_reads(computer: SimulatedLinux) -> None:
    whole = (await run_job(LINUX, entered(computer))).artifact.files()
    computer.program("tar", "echo 'sh: tar: not found' >&2; exit 127")
    walked = (await run_job(LINUX, entered(computer, excludes=["none"]))).artifact.files()
    assert {name: content for name, content in walked.items() if name != "index.json"} == {
        name: content for name, content in whole.items() if name != "index.json"
    }
    left = (await run_job(LINUX, entered(computer, excludes=["network"]))).artifact.files()
    assert not [name for name in left if "network" in name]


async def test_sftp_names_what_may_not_be_read(computer: SimulatedLinux) -> None:
    computer.program("tar", "exit 127")
    computer.unreadable.add("wifi.conf")
    ((code, text),) = await missing(computer)
    assert (code, text.startswith("May not be read: /")) == ("files_unreadable", True)
    computer.unreadable.clear()
    assert await missing(computer) == []
    error = await failure(LINUX, config(computer, files=["/not/there"]))
    assert error.detail_in() == "Not on the device: /not/there"


async def test_a_login_for_files_alone(computer: SimulatedLinux) -> None:
    computer.faults.no_commands = ""
    fetched = await run_job(LINUX, entered(computer))
    assert f"files{computer.settings}/pump.conf" in fetched.artifact.files()
    assert isinstance(await failure(OPENWRT, config(computer)), UnsupportedDeviceError)


async def test_too_much(computer: SimulatedLinux, monkeypatch: pytest.MonkeyPatch) -> None:
    with (computer.settings / "huge").open("wb") as file:
        file.truncate(MEBIBYTE + 1)
    small = with_room(LINUX, MEBIBYTE)
    assert isinstance(await failure(small, entered(computer)), ArtifactTooLargeError)
    computer.program("tar", "exit 127")
    assert isinstance(await failure(small, entered(computer)), ArtifactTooLargeError)
    (computer.settings / "huge").unlink()
    for module in (entries, collecting):
        monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    assert "files. Name fewer folders" in str(await failure(LINUX, entered(computer)))
    (computer.bin / "tar").unlink()
    assert "files. Name fewer folders" in str(await failure(LINUX, entered(computer)))


@pytest.mark.parametrize(
    ("script", "error", "detail"),
    [
        ("echo 'tar: Memory exhausted' >&2; exit 2", UnexpectedResponseError, "tar: tar: Memory exhausted"),
        ("exit 2", UnexpectedResponseError, "tar: –"),
        ("echo 'tar: Permission denied' >&2; exit 2", PermissionDeniedError, "tar: tar: Permission denied"),
        ("echo no tar", UnexpectedResponseError, "What its tar program sent is no tar file."),
        (
            '/usr/bin/tar "$@"; echo "tar: write error" >&2; exit 1',
            UnexpectedResponseError,
            "tar: tar: write error",
        ),
    ],
)
async def test_a_tar_that_fails(
    computer: SimulatedLinux, script: str, error: type[DeviceBackupError], detail: str
) -> None:
    computer.program("tar", script)
    found = await failure(LINUX, entered(computer))
    assert (type(found), found.detail_in()) == (error, detail)
    (computer.bin / "tar").unlink()
    await run_job(LINUX, entered(computer))


async def test_what_tar_complains_of(computer: SimulatedLinux) -> None:
    place = str(computer.settings)
    complaints = "\n".join(
        (
            f"tar: .{place}/a\\303\\244: Cannot open: Permission denied",
            f"tar: .{place}/pump.conf: file changed as we read it",
            f"tar: .{place}: file changed as we read it",
            f"tar: can't open '.{place}/b': Permission denied",
            "tar: ./gone: Cannot stat: No such file or directory",
            "tar: Exiting with failure status due to previous errors",
        )
    )
    computer.say("/complaints", complaints + "\n")
    computer.program("tar", '/usr/bin/tar "$@"; cat /complaints >&2; exit 2')
    artifact = (await run_job(LINUX, entered(computer))).artifact
    assert [note.code for note in artifact.missing] == ["files_unreadable", "files_not_there", "files_changing"]
    assert "/aä" in in_language(artifact.missing[0].text)
    assert in_language(artifact.missing[1].text) == "Not on the device: /gone"
    assert in_language(artifact.missing[2].text).endswith("/pump.conf")


async def test_nothing_may_be_read(computer: SimulatedLinux) -> None:
    only = computer.settings / "network"
    (only / "wifi.conf").unlink()
    computer.program("tar", f'/usr/bin/tar "$@"; echo "tar: .{only}/x: Cannot open: Permission denied" >&2; exit 2')
    assert isinstance(await failure(LINUX, config(computer, files=[str(only)])), PermissionDeniedError)


@pytest.mark.parametrize("password", [None, "canary sudo/1"])
async def test_sudo(computer: SimulatedLinux, password: str | None) -> None:
    stub_sudo(computer, password=password)
    computer.program("tar", '[ "$AS_ROOT" = yes ] || exit 2; exec /usr/bin/tar "$@"')
    await run_job(LINUX, entered(computer, sudo=True, sudo_password=password))
    assert not [command for command in computer.commands if "anary" in command]
    if password:
        error = await failure(LINUX, entered(computer, sudo=True, sudo_password="canary wrong"))
        assert isinstance(error, PermissionDeniedError)


async def test_a_sudo_that_refuses(computer: SimulatedLinux) -> None:
    computer.program("sudo", "echo 'keeper is not in the sudoers file.' >&2; exit 1")
    error = await failure(LINUX, entered(computer, sudo=True))
    assert error.detail_in() == "This user may not use sudo, or the password for it is wrong."
    computer.program("sudo", "echo 'sh: sudo: not found' >&2; exit 127")
    error = await failure(LINUX, entered(computer, sudo=True))
    assert error.detail_in() == "There is no sudo. Log in as root, or switch it off."
    computer.program("sudo", "echo 'sudo: a password is required' >&2; exit 1")
    assert isinstance(await failure(LINUX, entered(computer, sudo=True)), PermissionDeniedError)


async def test_a_key_is_offered_refused_and_taken(computer: SimulatedLinux) -> None:
    offered = await failure(LINUX, entered(computer) | {"password": None})
    assert isinstance(offered, KeyPairOfferedError)
    with_key = entered(computer) | {"password": None, "private_key": offered.private}
    refused = await failure(LINUX, with_key)
    assert isinstance(refused, AuthenticationError)
    assert offered.public in refused.detail_in()
    computer.authorized.add(offered.public.split()[1])
    await run_job(LINUX, with_key)
    damaged = await failure(LINUX, with_key | {"private_key": offered.private.replace("b3BlbnNz", "AAAAAAAA")})
    assert isinstance(damaged, ConfigError)


async def test_a_key_with_a_passphrase(computer: SimulatedLinux) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    computer.authorized.add(key.export_public_key().decode().split()[1])
    for form in ("openssh", "pkcs8-pem"):
        private = key.export_private_key(form, passphrase="canary-phrase", rounds=1, ignore_few_rounds=True).decode()
        with_key = entered(computer) | {"password": None, "private_key": private, "passphrase": "canary-phrase"}
        await run_job(LINUX, with_key)
        for passphrase in ("canary-wrong", None):
            error = await failure(LINUX, with_key | {"passphrase": passphrase})
            assert isinstance(error, ConfigError)
            assert error.field == "passphrase"


async def test_a_host_key_of_another_kind_beside_the_trusted_one(computer: SimulatedLinux) -> None:
    known = config(computer)["host_key"]
    await computer.stop()
    computer.host_keys = [asyncssh.generate_private_key("ecdsa-sha2-nistp256")]
    await computer.start()
    error = await failure(LINUX, entered(computer) | {"host_key": known})
    assert isinstance(error, HostKeyNotTrustedError)
    ecdsa = computer.fingerprint
    await computer.stop()
    computer.host_keys.append(asyncssh.generate_private_key("ssh-ed25519"))
    await computer.start()
    await run_job(LINUX, entered(computer) | {"host_key": ecdsa})


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo 'sysupgrade: not found' >&2; exit 127", UnsupportedDeviceError),
        ("echo 'Permission denied' >&2; exit 1", PermissionDeniedError),
        ("echo 'No space left on device' >&2; exit 1", UnexpectedResponseError),
    ],
)
async def test_a_command_that_fails(script: str, error: type[DeviceBackupError]) -> None:
    async with SimulatedOpenWrt() as router:
        good = (router.bin / "sysupgrade").read_text()
        router.program("sysupgrade", script)
        assert type(await failure(OPENWRT, config(router))) is error
        (router.bin / "sysupgrade").write_text(good)
        await run_job(OPENWRT, config(router))


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (asyncssh.ProtocolError("Too many authentication failures"), AuthenticationError),
        (asyncssh.ProtocolError("Bad packet"), UnsupportedDeviceError),
        (asyncssh.KeyExchangeFailed("none"), UnsupportedDeviceError),
        (asyncssh.ProtocolNotSupported("1.5"), UnsupportedDeviceError),
        (asyncssh.ChannelOpenError(1, "prohibited"), DeviceBusyError),
        (asyncssh.ServiceNotAvailable("later"), CannotConnectError),
        (asyncssh.SFTPFailure("failed"), UnexpectedResponseError),
        (asyncssh.SFTPConnectionLost("lost"), CannotConnectError),
        (asyncssh.ProcessError({}, None, None, 1, None, 1, "", ""), UnexpectedResponseError),
        (ConnectionResetError(), CannotConnectError),
        (OSError("no route"), CannotConnectError),
        (UnicodeError("label"), CannotConnectError),
        (TimeoutError(), CannotConnectError),
    ],
)
def test_what_the_library_raises_is_an_error_of_the_contract(raised: Exception, error: type[DeviceBackupError]) -> None:
    with pytest.raises(error), ssh_errors():
        raise raised


async def test_a_name_that_nobody_knows(computer: SimulatedLinux) -> None:
    assert isinstance(await failure(LINUX, entered(computer) | {"host": "nobody.invalid"}), CannotConnectError)


async def test_names_in_complaints_are_read_byte_by_byte(computer: SimulatedLinux) -> None:
    complaint = r"./.漢/\303\274: Cannot open: Permission denied"
    computer.program("tar", f"""/usr/bin/tar "$@"; echo 'tar: {complaint}' >&2; exit 2""")
    assert await missing(computer) == [("files_unreadable", "May not be read: /.漢/ü")]


@pytest.mark.parametrize("status", ["9" * 5000, "+1", "²"])
def test_a_status_that_no_shell_knows_is_none(status: str) -> None:
    script = Script.of("true")
    said = f"{script.mark}\nyes\n{script.mark} {status}\n".encode()
    assert script.answer(said, b"") == CommandAnswer(None, b"yes", b"")
