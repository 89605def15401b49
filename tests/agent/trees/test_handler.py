"""Large folders at an agent, with simulated programs: what is kept, told and put back."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from ha_device_backup_agent.cli import app
from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    FileChange,
    HostKeyNotTrustedError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    in_language,
)
from ha_device_backup_core.host import KEPT_EXTENT
from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of
from ha_device_backup_core.testing import run_plan, run_probe, run_restore
from tests.simulators.large_folders import FINGERPRINT

from .conftest import Bench


def not_for_ssh(key: x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def test_who_is_there(bench: Bench) -> None:
    with pytest.raises(HostKeyNotTrustedError) as shown:
        await run_probe(bench.handler, bench.config(host_key=None))
    assert shown.value.sha256 == FINGERPRINT
    bench.machine.set("refused", value=True)
    with pytest.raises(AuthenticationError) as refused:
        await run_probe(bench.handler, bench.config())
    assert bench.line in refused.value.detail_in()
    bench.machine.set("refused", value=False)

    device = await run_probe(bench.handler, bench.config())

    assert (device.name, len(device.unique_id or "")) == (f"nas:{bench.machine.tree}", 32)
    assert device != await run_probe(bench.handler, bench.config(folder=f"{bench.machine.tree}/sub"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"folder": "photos"}, "folder"),
        ({"folder": "/a/../b"}, "folder"),
        ({"username": "-oProxyCommand=x"}, "username"),
        ({"username": 'a"b'}, "username"),
        ({"private_key": "x"}, "private_key"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}, "private_key"),
        ({"private_key": not_for_ssh(x25519.X25519PrivateKey.generate())}, "private_key"),
        ({"private_key": not_for_ssh(ec.generate_private_key(ec.BrainpoolP256R1()))}, "private_key"),
    ],
)
async def test_what_is_entered(bench: Bench, changes: dict[str, object], field: str) -> None:
    found = await bench.fails(**changes)
    assert isinstance(found, ConfigError)
    assert found.field == field
    # A key that went through a field of one line is the same.
    await bench.fetch(private_key=bench.key.replace("\n", " "))


async def test_what_a_backup_names_is_noted_at_once(bench: Bench) -> None:
    snapshot = json.loads((await bench.fetch()).content)["snapshot"]
    ((tree, named),) = json.loads((bench.data / "upkeep.json").read_text())["named"].items()
    assert (tree, list(named)) == ((await run_probe(bench.handler, bench.config())).unique_id, [snapshot])


async def test_kept_unchanged_and_changed(bench: Bench) -> None:
    first = await bench.fetch(excludes=["*.tmp"])
    assert await bench.fetch(excludes=["*.tmp"]) == first
    bench.start_again()
    assert await bench.fetch(excludes=["*.tmp"]) == first
    (bench.machine.tree / "b").write_text("c")
    second = await bench.fetch(excludes=["*.tmp"])

    told = json.loads(first.content)
    assert (told["tree"]["files"], told["tree"]["folders"], told["tree"]["bytes"]) == (2, 1, 3001)
    assert json.loads(second.content)["snapshot"] != told["snapshot"]
    handler = bench.handler
    assert handler.recognizes(first)
    assert handler.owner(first) == told["device"]
    assert handler.configured(first) is None
    assert handler.redact(first) == {"tree.json": first.content.decode()}
    for content in (b"{}", b"[]", first.content.replace(told["snapshot"].encode(), b"../x"), first.content[:-20]):
        with pytest.raises(InvalidArtifactError):
            handler.validate(Artifact(filename="tree.json", content=content))
    (bench.machine.tree / "b").unlink()
    (bench.machine.tree / "sub/a").unlink()
    assert handler.configured(await bench.fetch()) is False


async def test_a_folder_that_lost_most_of_its_files_is_suspect(bench: Bench) -> None:
    for number in range(9):
        (bench.machine.tree / str(number)).write_text("x")
    full = await bench.fetch()
    (bench.machine.tree / "sub/a").write_bytes(b"a" * 1400)
    smaller = await bench.fetch()
    for number in range(9):
        (bench.machine.tree / str(number)).unlink()
    emptied = await bench.fetch()

    extents = [Extent.of(one, configured=bench.handler.configured(one)) for one in (full, smaller, emptied)]
    assert json.loads(full.attributes[KEPT_EXTENT]) == {"files": 11, "bytes": 3010}
    assert suspicion_of(extents[1], extents[0], comparable=True) is Suspicion.FEWER_BYTES
    assert suspicion_of(extents[2], extents[1], comparable=True) is Suspicion.FEWER_FILES
    assert suspicion_of(extents[0], extents[2], comparable=True) is None
    another = await bench.fetch(excludes=["[0-9]"])
    changed = Extent.of(another, configured=bench.handler.configured(another))
    assert suspicion_of(changed, extents[0], comparable=True) is None, "a person asks for less"


async def test_there_and_back(bench: Bench) -> None:
    tree = bench.machine.tree
    kept = await bench.fetch()
    (tree / "sub/a").unlink()
    (tree / "b").write_text("other")
    (tree / "own").write_text("own")
    bench.machine.set("read_only", value=True)
    with pytest.raises(RestoreRejectedError) as refused:
        await run_plan(bench.handler, bench.config(), kept)
    assert bench.line.replace("rrsync -ro", "rrsync") in refused.value.detail_in()
    bench.machine.set("read_only", value=False)

    plan = await run_plan(bench.handler, bench.config(), kept)
    bench.machine.set("loses", value=True)
    with pytest.raises(RestoreNotVerifiedError) as lost:
        await run_restore(bench.handler, bench.config(), kept)
    bench.machine.set("loses", value=False)
    told: list[str] = []
    bench.start_again()
    report = await run_restore(
        bench.handler, bench.config(), kept, lambda share, text: told.append(f"{share:.2f} {in_language(text)}")
    )

    assert {file.name: file.change for file in plan.files} == {"b": FileChange.CHANGED, "sub/a": FileChange.ADDED}
    assert [in_language(text) for text in plan.files[0].details] == ["Content", "Time"]
    assert lost.value.detail_in().startswith("2 files are not as they were, such as b, sub/a.")
    assert ((tree / "b").read_text(), (tree / "own").read_text()) == ("b", "own")
    assert [in_language(text) for text in report.proven] == [
        f"2 files were put back; all 2 of {tree} have the content that they had."
    ]
    assert told[0] == "0.22 5 of 9 MB are taken out of the repository."
    assert told[-1] == "0.90 What was put back is compared."
    assert (await run_plan(bench.handler, bench.config(), kept)).changes_nothing


RSYNC_FAULTS: list[tuple[int, str, type[DeviceBackupError], str]] = [
    (11, "rsync: [receiver] write failed on “a”: No space left on device (28)", DeviceBusyError, "A disk is full"),
    (23, 'rsync: [sender] change_dir "/x" failed: No such file or directory (2)', ConfigError, "not on the device"),
    (23, "rsync: [generator] failed to set times: Operation not permitted", DeviceBusyError, "could not keep"),
    (23, "something else", UnexpectedResponseError, "something else"),
    (12, "rsync: connection unexpectedly closed (0 bytes)\nrsync error: code 12", CannotConnectError, "in the middle"),
    (255, "ssh: connect to host nas port 22: Connection refused", CannotConnectError, "Connection refused"),
    (2, "protocol version mismatch -- is your shell clean?", UnexpectedResponseError, "greets"),
    (12, "rrsync error: unable to chdir to restricted dir: x", UnsupportedDeviceError, "authorized_keys"),
    (127, "bash: line 1: rsync: command not found", UnsupportedDeviceError, "no rsync on the device"),
    (127, "bash: line 1: rrsync: command not found", UnsupportedDeviceError, "no rrsync on the device"),
]


@pytest.mark.parametrize(("status", "told", "error", "said"), RSYNC_FAULTS)
async def test_faults_of_rsync(bench: Bench, status: int, told: str, error: type[DeviceBackupError], said: str) -> None:
    bench.machine.fails("rsync", status, told)
    found = await bench.fails()
    assert isinstance(found, error)
    assert said in found.detail_in()
    bench.machine.works("rsync")
    await bench.fetch()


async def test_files_that_may_not_be_read(bench: Bench) -> None:
    told = 'rsync: [sender] send_files failed to open "/proc/self/fd/3/secret": Permission denied (13)'
    bench.machine.fails("rsync", 23, told)
    (note,) = (await bench.fetch()).missing
    assert in_language(note.text) == "1 files may not be read by this user, such as secret."


@pytest.mark.parametrize(
    ("program", "status", "told", "error", "said"),
    [
        ("ssh-keyscan", 1, "getaddrinfo nas: Name or service not known", CannotConnectError, "Name or service"),
        ("ssh", 1, "This account is closed.", UnsupportedDeviceError, "It says: This account is closed."),
        ("restic", 1, "Fatal: key canary-of-the-cloud is wrong", UnexpectedResponseError, "key **REDACTED** is"),
        ("restic", 1, '{"error": {"message": "write: no space left on device"}}', DeviceBusyError, "is full"),
        ("restic", 11, "locked", DeviceBusyError, "Another program works with"),
    ],
)
async def test_faults_of_the_others(
    bench: Bench, program: str, status: int, told: str, error: type[DeviceBackupError], said: str
) -> None:
    bench.machine.fails(program, status, told)
    found = await bench.fails()
    assert isinstance(found, error)
    assert said in found.detail_in()
    bench.machine.works(program)
    await bench.fetch()


async def test_a_login_without_limits(bench: Bench) -> None:
    bench.machine.set("restricted", value=False)
    assert isinstance(await bench.fails(folder=f"{bench.machine.tree}/nowhere"), ConfigError)
    assert json.loads((await bench.fetch()).content)["tree"]["files"] == 2


async def test_tools_that_are_old_or_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    restic = bench.machine.bin / "restic"
    right = restic.read_text()
    restic.write_text("#!/bin/sh\necho restic 0.14.0\n")
    os.utime(restic, (1, 1))
    assert "needs restic 0.18 or newer, but has 0.14.0." in (await bench.fails()).detail_in()
    restic.unlink()
    monkeypatch.setenv("PATH", str(bench.machine.bin))
    assert "needs restic 0.18 or newer, but has none." in (await bench.fails()).detail_in()
    restic.write_text(right)
    restic.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bench.machine.bin}:/usr/bin:/bin")
    await bench.fetch()


async def test_a_repository_of_before(bench: Bench, tmp_path: Path) -> None:
    kept = await bench.fetch()
    password = bench.data / "repository-password"
    secret = password.read_text()
    bench.start_again()
    password.write_text("another")
    assert "another password" in (await bench.fails()).detail_in()
    password.unlink()
    assert "Put it back." in (await bench.fails()).detail_in()
    password.write_text(secret)
    place = bench.data / "large/repository"
    place.rename(tmp_path / "away")
    assert "is not at" in (await bench.fails()).detail_in()
    (tmp_path / "away").rename(place)
    assert await bench.fetch() == kept
    bench.start_again(str(tmp_path / "another"))
    with pytest.raises(UnsupportedDeviceError, match="does not hold this backup"):
        await run_restore(bench.handler, bench.config(), kept)


@pytest.mark.parametrize(("host", "pid", "goes"), [("own", 2**22 + 1, True), ("own", 1, True), ("another", 1, False)])
async def test_locks(bench: Bench, host: str, pid: int, *, goes: bool) -> None:
    await bench.fetch()
    lock = bench.data / "large/repository/locks/ab"
    lock.write_text(json.dumps({"hostname": os.uname().nodename if host == "own" else host, "pid": pid}))
    repository = bench.handler.places.repository
    if goes:
        await repository.check("5%")
    else:
        with pytest.raises(DeviceBusyError, match="already locked by PID 1 on cellar"):
            await repository.check("5%")
        lock.unlink()
        await repository.prune()
    assert not lock.exists()


async def test_a_share_that_is_away_is_not_filled_anew(bench: Bench) -> None:
    """What would come lies on the disk of the machine, where a share belongs."""
    artifact = await bench.fetch()
    large, share = bench.data / "large", bench.data.parent / "share"
    large.rename(share)
    for place_of_a_mount in (False, True):
        if place_of_a_mount:
            large.mkdir()
        bench.start_again()
        error = await bench.fails()
        assert error.detail_in("en").startswith(f"The large data is not in {large} any more.")
        with pytest.raises(UnsupportedDeviceError):
            await run_plan(bench.handler, bench.config(), artifact)
        assert not large.exists() or not any(large.iterdir())
    large.rmdir()
    share.rename(large)
    assert (await bench.fetch()).content == artifact.content


async def test_one_job_at_a_time(bench: Bench) -> None:
    device = await run_probe(bench.handler, bench.config())
    async with bench.handler.places.exclusively(device.unique_id or ""):
        assert isinstance(await bench.fails(), DeviceBusyError)
    await bench.fetch()


def said(data: Path, *arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["repository", *arguments, "--data", str(data)])
    assert result.exit_code == status, result.output
    return result.output


async def test_commands(bench: Bench) -> None:
    assert "no repository yet" in said(bench.data, "show", status=1)
    kept = await bench.fetch()
    secret = (bench.data / "repository-password").read_text().strip()

    assert "not yet" in said(bench.data, "show")
    assert secret in said(bench.data, "password")
    assert "shown before" in said(bench.data, "password", status=1)
    assert secret in said(bench.data, "password", "--again")
    assert "Noted:      yes" in said(bench.data, "show")
    assert (await run_probe(bench.handler, bench.config())).notices == ()
    assert "It is whole" in await asyncio.to_thread(said, bench.data, "check")
    bench.machine.fails("restic", 1, "Fatal: repository contains errors")
    assert "repository contains errors" in await asyncio.to_thread(said, bench.data, "check", status=1)
    bench.machine.works("restic")
    assert await bench.fetch() == kept


async def test_forgetting_what_no_backup_names(bench: Bench, tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "rsync").mkdir(parents=True)
    first, second, third = [await changed(bench, text) for text in "123"]
    snapshots = [found.snapshot_id for found in await bench.handler.places.repository.snapshots()]
    assert [json.loads(kept.content)["snapshot"] for kept in (first, second, third)] == snapshots
    arguments = ("forget", "--kept", str(store))
    assert "nothing is let go of" in await asyncio.to_thread(said, bench.data, *arguments, "--yes", status=1)
    (store / "rsync/first.json").write_bytes(first.content)

    assert "Needed by no backup and older than 90 days: 1 of 3 states" in await asyncio.to_thread(
        said, bench.data, *arguments
    )
    assert snapshots == [found.snapshot_id for found in await bench.handler.places.repository.snapshots()]
    assert "They are gone." in await asyncio.to_thread(said, bench.data, *arguments, "--yes")
    left = [found.snapshot_id for found in await bench.handler.places.repository.snapshots()]
    assert left == [snapshots[0], snapshots[2]]
    bench.machine.fails("restic", 1, "no")
    assert "restic: no" in await asyncio.to_thread(said, bench.data, *arguments, status=1)


async def changed(bench: Bench, text: str) -> Artifact:
    (bench.machine.tree / "b").write_text(text)
    return await bench.fetch()
