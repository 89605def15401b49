"""OpenSSH and dropbear: backed up and put back, with what goes wrong on them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    FileChange,
    HostKeyNotTrustedError,
    KeyPairOfferedError,
    PermissionDeniedError,
    RestoreRejectedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    in_language,
)
from ha_device_backup_core.testing import Fetched, run_job, run_plan, run_restore
from ha_device_backup_ssh import SshHandler, ssh_handlers
from tests.simulators.ssh.sudo import stub_sudo

from .ssh import DEBIAN, PASSWORD, USERNAME, Dropbear, OpenSsh, SshServer, folder_for_server

HANDLERS = {handler.spec.kind: handler for handler in ssh_handlers()}
LINUX: type[SshHandler] = HANDLERS["linux_ssh"]
SERVERS = (OpenSsh, Dropbear)
pytestmark = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs users of its own, which Debian's packages give it")
ODD = os.fsdecode(b"caf\xe9 100%.conf")
FEW_ROUNDS = 2
"""Of the passphrase; those of the library take seconds."""
PUMP = "\N{GREEK SMALL LETTER PI} pump.conf"


@pytest.fixture(params=SERVERS, ids=lambda server: str(server.__name__))
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SshServer]:
    """Return a device with some files, and a user who may read them."""
    async with made(request.param, tmp_path) as device:
        yield device
        # Shown where the test failed: its side of a connection that ended.
        sys.stdout.write(device.told())


def made(kind: type[SshServer], tmp_path: Path) -> SshServer:
    device = kind(folder_for_server(tmp_path))
    (device.device / "sub").mkdir()
    (device.device / "sub/secret.key").write_bytes(b"\0canary\xff" * 1000)
    (device.device / "sub/secret.key").chmod(0o600)
    (device.device / ODD).write_text("odd\n")
    (device.device / PUMP).write_text("hour=6\n")
    (device.device / "current").symlink_to("sub/secret.key")
    (device.device / "big.log").write_text("noise")
    return device


def config(server: SshServer, **changes: object) -> dict[str, Any]:
    """Return what a person enters."""
    return {
        "host": "127.0.0.1",
        "port": server.port,
        "username": USERNAME,
        "password": PASSWORD,
        "host_key": server.fingerprint(),
        "files": [str(server.device)],
        "excludes": ["*.log"],
    } | changes


async def fetch(entered: dict[str, Any]) -> Fetched:
    return await run_job(LINUX, entered)


async def failure(entered: dict[str, Any], handler: type[SshHandler] = LINUX) -> DeviceBackupError:
    with pytest.raises(DeviceBackupError) as caught:
        await run_job(handler, entered)
    assert "anary" not in f"{caught.value} {caught.value!r} {caught.value.detail_in('de')}"
    return caught.value


def names(server: SshServer, artifact: Artifact) -> set[str]:
    inside = f"files{server.device}/"
    return {name.removeprefix(inside) for name in artifact.files()}


async def test_files_of_any_name_and_content(server: SshServer) -> None:
    fetched = await fetch(config(server))
    assert names(server, fetched.artifact) == {"index.json", "sub/secret.key", "caf%E9 100%25.conf", PUMP}
    assert fetched.artifact.files()[f"files{server.device}/sub/secret.key"] == b"\0canary\xff" * 1000
    assert fetched.artifact.missing == ()
    assert (await fetch(config(server))).fingerprint == fetched.fingerprint
    os.utime(server.device / PUMP, (0, 0))
    assert (await fetch(config(server))).fingerprint == fetched.fingerprint
    (server.device / PUMP).chmod(0o640)
    assert (await fetch(config(server))).fingerprint != fetched.fingerprint


async def test_nothing_is_sent_to_a_device_with_another_host_key(server: SshServer) -> None:
    error = await failure(config(server, host_key=None))
    assert isinstance(error, HostKeyNotTrustedError)
    assert error.detail_in() == f"Its fingerprint is {server.fingerprint()}."
    await fetch(config(server, host_key=error.sha256))
    error = await failure(config(server, host_key="0" * 64))
    assert isinstance(error, HostKeyNotTrustedError)
    assert error.sha256 not in {"", "0" * 64}


async def test_a_device_that_gets_another_kind_of_host_key_stays_trusted(server: SshServer) -> None:
    await fetch(config(server, host_key=server.fingerprint("rsa")))


async def test_a_wrong_password_and_then_the_right_one(server: SshServer) -> None:
    assert isinstance(await failure(config(server, password="canary-wrong")), AuthenticationError)
    await fetch(config(server))


async def test_a_key_that_is_made_for_it(server: SshServer) -> None:
    offered = await failure(config(server, password=None))
    assert isinstance(offered, KeyPairOfferedError)
    entered = config(server, password=None, private_key=offered.private)
    error = await failure(entered)
    assert isinstance(error, AuthenticationError)
    assert offered.public in error.detail_in()
    server.authorize(offered.public)
    if os.geteuid() == 0:
        server._give_away()
    await fetch(entered)


async def test_a_key_with_a_passphrase_as_a_form_leaves_it(server: SshServer) -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    server.authorize(key.export_public_key().decode().strip())
    if os.geteuid() == 0:
        server._give_away()
    for form in ("openssh", "pkcs1-pem", "pkcs8-pem"):
        text = key.export_private_key(
            form, passphrase="canary-phrase", rounds=FEW_ROUNDS, ignore_few_rounds=True
        ).decode()
        entered = config(server, password=None, private_key=text.replace("\n", ""), passphrase="canary-phrase")
        await fetch(entered)
        wrong = await failure(entered | {"passphrase": "canary-wrong"})
        assert isinstance(wrong, ConfigError)
        lacking = await failure(entered | {"passphrase": None})
        assert isinstance(lacking, ConfigError)
        assert {wrong.field, lacking.field} == {"passphrase"}, form


@pytest.mark.parametrize("password", [None, "canary sudo/1", PASSWORD])
async def test_sudo(server: SshServer, password: str | None) -> None:
    stub_sudo(server, password=password)
    server.program("tar", '[ "$AS_ROOT" = yes ] || { echo "tar: no root" >&2; exit 2; }\nexec /usr/bin/tar "$@"')
    if password == PASSWORD:
        await fetch(config(server, sudo=True))
        return
    if password:
        assert isinstance(await failure(config(server, sudo=True)), PermissionDeniedError)
    fetched = await fetch(config(server, sudo=True, sudo_password=password))
    assert "sub/secret.key" in names(server, fetched.artifact)


async def test_a_file_that_may_not_be_read_is_named(server: SshServer) -> None:
    server.program("tar", 'echo "tar: .$OWN: Cannot open: Permission denied" >&2\n/usr/bin/tar "$@"\nexit 2')
    server.set_profile(f"export OWN={server.device}/sub/secret.key", "echo hello >&2")
    fetched = await fetch(config(server))
    assert [note.code for note in fetched.artifact.missing] == ["files_unreadable"]
    assert in_language(fetched.artifact.missing[0].text).startswith("May not be read: /")
    fetched = await fetch(config(server, files=[str(server.device), "/not/there"]))
    assert [note.code for note in fetched.artifact.missing] == ["files_unreadable", "files_not_there"]
    (server.bin / "tar").unlink()
    assert (await fetch(config(server))).artifact.missing == ()


async def test_without_tar_it_is_sftp_or_nothing(server: SshServer) -> None:
    whole = await fetch(config(server))
    server.program("tar", "echo 'bash: tar: command not found' >&2\nexit 127")
    if isinstance(server, OpenSsh):
        walked = await fetch(config(server))
        assert names(server, walked.artifact) == names(server, whole.artifact)
        for name, content in whole.artifact.files().items():
            assert name == "index.json" or walked.artifact.files()[name] == content
    else:
        error = await failure(config(server))
        assert isinstance(error, UnsupportedDeviceError)
        assert error.detail_in() == "It has neither tar nor SFTP. Install one of them."


async def test_a_tar_that_knows_no_excludes(server: SshServer) -> None:
    server.program(
        "tar", 'case "$*" in *--exclude*) echo "tar: unrecognized option" >&2; exit 1;; esac\nexec /usr/bin/tar "$@"'
    )
    assert "big.log" not in names(server, (await fetch(config(server))).artifact)


async def test_a_connection_that_ends_in_the_middle(server: SshServer) -> None:
    server.program("tar", "head -c 100000 /dev/zero\nkill -9 $PPID")
    assert isinstance(await failure(config(server)), UnexpectedResponseError | CannotConnectError)
    (server.bin / "tar").unlink()
    await fetch(config(server))


async def test_it_is_stopped_and_started(server: SshServer) -> None:
    await server.stop()
    assert isinstance(await failure(config(server)), CannotConnectError)
    await server.start()
    await fetch(config(server))


async def test_files_are_put_back(server: SshServer) -> None:
    before = (await fetch(config(server))).artifact
    (server.device / PUMP).write_text("hour=7\n")
    (server.device / PUMP).chmod(0o600)
    (server.device / "sub/secret.key").unlink()
    (server.device / "sub").rmdir()
    (server.device / "current").unlink()
    (server.device / "new.conf").write_text("stays")
    entered = config(server, after_restore="echo done >> applied; cat applied >&2")
    if os.geteuid() == 0:
        server._give_away()

    plan = await run_plan(LINUX, entered, before)
    inside = f"files{server.device}/"
    assert {file.name.removeprefix(inside): file.change for file in plan.files} == {
        PUMP: FileChange.CHANGED,
        "caf%E9 100%25.conf": FileChange.UNCHANGED,
        "current": FileChange.ADDED,
        "sub/secret.key": FileChange.ADDED,
    }
    report = await run_restore(LINUX, entered, before)
    assert [in_language(text) for text in report.proven] == [
        "Written, read back and equal: 3",
        "The command after a restore ended well.",
    ]
    assert (server.home / "applied").read_text() == "done\n"
    (server.device / "new.conf").unlink()
    assert LINUX.normalize((await fetch(config(server))).artifact) == LINUX.normalize(before)
    assert not list(server.device.rglob("*.device-backup"))


async def test_a_file_in_a_folder_that_may_not_be_written(server: SshServer) -> None:
    before = (await fetch(config(server))).artifact
    (server.device / PUMP).write_text("hour=7\n")
    server.device.chmod(0o555)
    try:
        with pytest.raises(RestoreRejectedError) as caught:
            await run_restore(LINUX, config(server), before)
    finally:
        server.device.chmod(0o755)
    assert "Permission denied" in caught.value.detail_in()
    await run_restore(LINUX, config(server), before)


@pytest.mark.parametrize("kind", [OpenSsh])
async def test_a_login_for_sftp_alone(kind: type[OpenSsh], tmp_path: Path) -> None:
    device = made(kind, tmp_path)
    assert isinstance(device, OpenSsh)
    device.settings = ["ForceCommand internal-sftp"]
    async with device:
        fetched = await fetch(config(device))
        assert names(device, fetched.artifact) == {"index.json", "sub/secret.key", "caf%E9 100%25.conf", PUMP}
        error = await failure(config(device), HANDLERS["opnsense_ssh"])
        assert isinstance(error, UnsupportedDeviceError | ConfigError)


async def test_too_many_sessions(tmp_path: Path) -> None:
    device = made(OpenSsh, tmp_path)
    assert isinstance(device, OpenSsh)
    device.settings = ["MaxSessions 0"]
    async with device:
        assert isinstance(await failure(config(device)), DeviceBusyError)
        await device.stop()
        device.settings = []
        await device.start()
        await fetch(config(device))


async def test_another_server_at_the_port(server: SshServer) -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(page, "127.0.0.1", 0) as web:
        port = web.sockets[0].getsockname()[1]
        assert isinstance(await failure(config(server, port=port)), UnsupportedDeviceError | CannotConnectError)


async def test_openwrt_as_on_the_router(tmp_path: Path) -> None:
    device = made(Dropbear, tmp_path)
    device.program("ubus", """echo '{"hostname": "attic", "model": "GL", "release": {"version": "24.10.2"}}'""")
    device.program("sysupgrade", f'case "$*" in *-b*-) cd {device.device} && exec tar czf - etc;; *) exit 1;; esac')
    (device.device / "etc/config").mkdir(parents=True)
    (device.device / "etc/config/system").write_text("config system\n")
    async with device:
        entered = {key: value for key, value in config(device).items() if key not in {"files", "excludes"}}
        fetched = await run_job(HANDLERS["openwrt_ssh"], entered)
        assert set(fetched.artifact.files()) == {"index.json", "backup.tar.gz"}
        assert fetched.device.version == "24.10.2"
        again = await run_job(HANDLERS["openwrt_ssh"], entered)
        assert again.fingerprint == fetched.fingerprint
        error = await failure(config(device), HANDLERS["mikrotik_ssh"])
        assert isinstance(error, UnsupportedDeviceError | ConfigError)
