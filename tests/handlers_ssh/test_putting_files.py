"""Files put back on a simulated computer."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from ha_device_backup_core import (
    Artifact,
    FileChange,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    in_language,
)
from ha_device_backup_core.testing import run_job, run_part, run_plan, run_restore
from ha_device_backup_ssh.contents import INDEX
from ha_device_backup_ssh.handler import handler_of
from ha_device_backup_ssh.platform import FileTree
from ha_device_backup_ssh.selecting import part_of
from tests.simulators.ssh import SimulatedLinux

from .conftest import HANDLERS, entered, told

LINUX = HANDLERS["linux_ssh"]


async def backup(computer: SimulatedLinux) -> Artifact:
    return (await run_job(LINUX, entered(computer))).artifact


async def test_only_what_differs_is_written(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    kept = (computer.settings / "network/wifi.conf").stat().st_ino
    plan = await run_plan(LINUX, entered(computer), artifact)
    name = f"files{computer.settings}/pump.conf"
    (changed,) = [file for file in plan.files if file.change is not FileChange.UNCHANGED]
    assert (changed.name, [in_language(text) for text in changed.details]) == (
        name,
        ["Content: another, still 7 bytes"],
    )
    assert [in_language(text) for text in plan.needs] == ["Restart the programs that use these files, or the device."]

    report = await run_restore(LINUX, entered(computer), artifact)
    assert told(report) == {
        "proven": ["Written, read back and equal: 1"],
        "needs": ["Restart the programs that use these files, or the device."],
    }
    assert (computer.settings / "network/wifi.conf").stat().st_ino == kept


async def test_owners_with_other_numbers_are_no_change(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(artifact.content)) as made, zipfile.ZipFile(packed, "w") as elsewhere:
        for name in made.namelist():
            content = made.read(name)
            if name == INDEX:
                index = json.loads(content)
                for entry in index["entries"]:
                    entry["owner"][:2] = [number + 1 for number in entry["owner"][:2]]
                content = json.dumps(index).encode()
            elsewhere.writestr(name, content)
    reinstalled = replace(artifact, content=packed.getvalue())

    plan = await run_plan(LINUX, entered(computer), reinstalled)
    assert {file.change for file in plan.files} == {FileChange.UNCHANGED}
    assert (plan.needs, plan.risks) == ((), ())
    (computer.settings / "pump.conf").unlink()
    assert (await run_plan(LINUX, entered(computer), reinstalled)).needs


async def test_a_command_that_fails_afterwards_is_told(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").unlink()
    report = await run_restore(
        LINUX, entered(computer, after_restore="echo Unit pump not found. >&2; exit 5"), artifact
    )
    assert told(report)["needs"] == ["The command after a restore failed. Run it yourself: Unit pump not found."]


async def test_one_file_alone(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    for file in (computer.settings / "pump.conf", computer.settings / "network/wifi.conf"):
        file.write_text("changed")
    name = f"files{computer.settings}/network/wifi.conf"
    part = await run_part(LINUX, artifact, [name])
    await run_restore(LINUX, entered(computer), part)
    assert (computer.settings / "pump.conf").read_text() == "changed"
    assert (computer.settings / "network/wifi.conf").read_text().startswith("psk=")
    with pytest.raises(RestoreRejectedError, match="There is: "):
        part_of(artifact, LINUX.platform, ["files/etc/none"])


async def test_files_that_decide_whether_it_starts_are_named(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    careful = LINUX.platform.tree
    assert careful is not None
    assert "/etc/fstab" in careful.careful
    (computer.settings / "current").unlink()
    (computer.settings / "current").mkdir()
    with pytest.raises(RestoreRejectedError, match="Something else is in the place of"):
        await run_plan(LINUX, entered(computer), artifact)
    (computer.settings / "current").rmdir()
    await run_restore(LINUX, entered(computer), artifact)
    assert (computer.settings / "current").readlink().name == "pump.conf"


async def test_a_file_is_whole_or_as_it_was(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    (computer.settings / "network/wifi.conf").write_text("changed")
    computer.program("wc", 'if [ -e "$ROOT/short" ]; then echo 3; else /usr/bin/wc "$@"; fi')
    computer.say("/short", "")
    with pytest.raises(RestoreRejectedError, match="Not written"):
        await run_restore(LINUX, entered(computer), artifact)
    assert (computer.settings / "pump.conf").read_text() == "hour=7\n"
    assert not list(computer.settings.rglob(".*"))
    (computer.root / "short").unlink()
    await run_restore(LINUX, entered(computer), artifact)


async def test_what_is_not_as_it_was_sent_is_told(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    computer.program("mv", 'echo changed >> "$2"; exec /bin/mv "$@"')
    with pytest.raises(RestoreNotVerifiedError, match="These differ from the backup"):
        await run_restore(LINUX, entered(computer), artifact)
    (computer.bin / "mv").unlink()
    await run_restore(LINUX, entered(computer), artifact)


async def test_a_command_afterwards_without_an_end_is_told_as_failed(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").unlink()
    report = await run_restore(LINUX, entered(computer, after_restore="kill -9 $PPID"), artifact)
    assert told(report)["needs"] == ["The command after a restore failed. Run it yourself: The answer ended too early."]


async def test_a_command_afterwards_that_ends_the_connection_is_told(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").unlink()
    computer.before = lambda command, _given: computer.hang_up() if "restart-network" in command else None
    report = await run_restore(LINUX, entered(computer, after_restore="restart-network"), artifact)
    assert told(report) == {
        "proven": ["Written, read back and equal: 1"],
        "needs": ["The connection ended during the command after a restore. Look whether it did its work."],
    }


@pytest.mark.parametrize("knows_files", [True, False])
async def test_a_file_is_on_the_disk_before_it_takes_its_place_and_all_is_before_that_is_told(
    computer: SimulatedLinux, *, knows_files: bool
) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    refuse = "" if knows_files else '[ $# -eq 0 ] || { echo "sync: ignoring" >&2; exit 1; }'
    computer.program("sync", f'{refuse}\necho sync "${{1##*/}}" >> "$ROOT/done"')
    computer.program("mv", 'echo mv >> "$ROOT/done"; exec /bin/mv "$@"')
    await run_restore(LINUX, entered(computer), artifact)
    file = "sync .pump.conf.device-backup" if knows_files else "sync"
    assert [line.strip() for line in (computer.root / "done").read_text().splitlines()] == [file, "mv", "sync"]


async def test_a_device_without_the_program_for_it_is_restored_all_the_same(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    computer.program("sync", "echo 'sync: not found' >&2; exit 127")
    assert (await run_restore(LINUX, entered(computer), artifact)).proven


async def test_a_device_that_goes_away_in_the_middle(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").write_text("hour=7\n")
    (computer.settings / "network/wifi.conf").write_text("changed")
    computer.before = lambda _command, given: computer.hang_up() if given else None
    with pytest.raises(RestoreNotVerifiedError, match=r"it is as it was, or as in the backup\. Written before it: 0\."):
        await run_restore(LINUX, entered(computer), artifact)
    computer.before = lambda _command, _given: None
    await run_restore(LINUX, entered(computer), artifact)
    assert LINUX.normalize(await backup(computer)) == LINUX.normalize(artifact)


async def test_folders_links_and_rights_come_back(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "network/wifi.conf").unlink()
    (computer.settings / "network").rmdir()
    (computer.settings / "pump.conf").chmod(0o600)
    (computer.settings / "current").unlink()
    (computer.settings / "current").symlink_to("elsewhere")
    careful = replace(LINUX.platform, tree=FileTree(paths=("/etc",), careful=("pump.conf",)))
    plan = await run_plan(handler_of(careful), entered(computer), artifact)
    details = {
        file.name.rpartition("/")[2]: [in_language(text) for text in file.details]
        for file in plan.files
        if file.change is FileChange.CHANGED
    }
    assert details == {
        "pump.conf": ["Rights: 0644 in place of 0600"],
        "current": ["It leads to pump.conf, not to elsewhere"],
    }
    assert [in_language(text).rpartition("/")[2] for text in plan.risks] == ["pump.conf", "wifi.conf"]
    (computer.settings / "current").unlink()
    (computer.settings / "current").write_text("a file")
    plan = await run_plan(LINUX, entered(computer), artifact)
    assert "A link in the place of a file, or the other way round" in {
        in_language(text) for file in plan.files for text in file.details
    }

    await run_restore(LINUX, entered(computer), artifact)
    assert LINUX.normalize(await backup(computer)) == LINUX.normalize(artifact)


async def test_a_connection_that_ends_after_some_files(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    for file in (computer.settings / "pump.conf", computer.settings / "network/wifi.conf"):
        file.write_text("changed")
    sent: list[bytes] = []

    def hang_up_at_the_second_file(_command: str, given: bytes) -> None:
        sent.extend([given] if given else [])
        if len(sent) == 2:
            computer.hang_up()

    computer.before = hang_up_at_the_second_file
    with pytest.raises(RestoreNotVerifiedError, match="Written before it: 1"):
        await run_restore(LINUX, entered(computer), artifact)
    computer.before = lambda _command, _given: None
    await run_restore(LINUX, entered(computer), artifact)


async def test_a_file_does_not_end_up_in_a_folder_that_a_link_in_its_place_leads_to(computer: SimulatedLinux) -> None:
    artifact = await backup(computer)
    (computer.settings / "pump.conf").unlink()
    (computer.settings / "pump.conf").symlink_to("network")
    await run_restore(LINUX, entered(computer), artifact)
    assert not (computer.settings / "pump.conf").is_symlink()
    assert [file.name for file in (computer.settings / "network").iterdir()] == ["wifi.conf"]


async def test_a_file_with_a_long_name_comes_back(computer: SimulatedLinux) -> None:
    file = computer.settings / ("ü" * 127)
    file.write_text("before")
    artifact = await backup(computer)
    file.write_text("after")
    await run_restore(LINUX, entered(computer), artifact)
    assert file.read_text() == "before"


@pytest.mark.parametrize("name", ["a\\nb", "\\101", "dev-disk-by\\x2duuid", "\\\\", "\\", "new\nline"], ids=repr)
async def test_names_that_programs_read_in_another_way_come_back(computer: SimulatedLinux, name: str) -> None:
    file = computer.settings / name
    file.write_text("before")
    artifact = await backup(computer)
    file.write_text("after")
    assert (await run_restore(LINUX, entered(computer), artifact)).proven
    assert file.read_text() == "before"
