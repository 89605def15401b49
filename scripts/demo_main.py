"""The demo: simulated devices, a real Home Assistant, its backup opened, and what it holds of each device."""

import argparse
import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scripts.bootstrap.steps import step
from scripts.live.archive import STORE, find_archive, read_store
from scripts.live.bad_days import BadDays
from scripts.live.client import DOMAIN, PASSWORD, USER, HomeAssistantClient, logged_in
from scripts.live.comparison import ArchiveComparison, compare
from scripts.live.flows import add_device
from scripts.live.folder import free_port, prepare_folder
from scripts.live.household import SimulatedDevice, simulated_household
from scripts.live.process import HomeAssistantError, running
from scripts.live.stored import newest_backups, read_tree, wait_for_backups

INTERRUPTED = 130
DEVICE_COLUMN, BACKUP_COLUMN, DIGEST_COLUMN = 12, 15, 16
"""With their frames and the last column these fill 80 characters."""
WHAT_TO_CLICK = """\
Click first:
  1. the devices and their backups, and putting one back: {url}/device-backups
  2. their settings: {url}/config/integrations/integration/{integration} (the gear has the schedule)
  3. the Home Assistant backup that holds them: {url}/config/backup/backups\
"""


def table_of(comparisons: Sequence[ArchiveComparison]) -> Table:
    """Return one row a device, no wider than a small terminal."""
    table = Table(title="What the Home Assistant backup holds", show_lines=True)
    table.add_column("Device", overflow="fold", max_width=DEVICE_COLUMN)
    table.add_column("Backup", overflow="fold", max_width=BACKUP_COLUMN)
    for place in ("in the store", "in the Home Assistant backup"):
        table.add_column(f"sha256 {place}", overflow="fold", max_width=DIGEST_COLUMN)
    table.add_column("Equal")
    for comparison in sorted(comparisons, key=lambda comparison: comparison.backup.title):
        backup = comparison.backup
        table.add_row(
            f"{backup.title} ({backup.kind})",
            f"{backup.name}, {backup.size:,} B",
            backup.sha256,
            comparison.archived_sha256 or "not there",
            "[green]yes[/green]" if comparison.equal else "[bold red]no[/bold red]",
        )
    return table


def logins(devices: Sequence[SimulatedDevice]) -> str:
    """Return what to enter for each device, for whoever removes one and adds it again."""
    lines = ["To add one of the devices yourself, remove it first, and enter:"]
    for device in devices:
        entered = ", ".join(f"{label} {value}" for label, value in device.to_enter.items())
        lines.append(f"  {device.name} ({device.kind}): {entered}")
    return "\n".join(lines)


async def main_job(client: HomeAssistantClient, folder: Path, devices: Sequence[SimulatedDevice]) -> bool:
    """Add the devices, collect their backups, back up Home Assistant; return whether all of it is inside."""
    store = folder / STORE
    with step("Adding the devices by the config flow"):
        for device in devices:
            await add_device(client, device.answers, choice=device.kind, certificate=device.certificate)
    with step("Waiting for their first backups") as waiting:
        backups = await wait_for_backups(store, len(devices))
        waiting.result = f"{len(backups)} stored"
    with step("Making a backup with Home Assistant's backup manager") as making:
        archive = find_archive(folder, await client.make_backup("Device Backups demo"))
        making.result = f"{archive.stat().st_size / 1024:,.0f} KiB"
    with step("Opening that backup") as opening:
        archived = await asyncio.to_thread(read_store, archive)
        opening.result = f"{len(archived)} files of ours"
    comparisons = compare(newest_backups(await asyncio.to_thread(read_tree, store)), archived)
    Console().print(table_of(comparisons))
    complete = len(comparisons) == len(devices) and all(comparison.equal for comparison in comparisons)
    print("Every device's newest backup is inside." if complete else "Not every device's newest backup is inside.")
    return complete


async def demo(folder: Path, *, once: bool) -> int:
    """Run the demo in an empty configuration folder and return its exit status."""
    async with contextlib.AsyncExitStack() as stack:
        with step("Starting simulated devices") as starting:
            devices = await stack.enter_async_context(simulated_household())
            starting.result = ", ".join(f"{device.name} ({device.version})" for device in devices)
        with step("Starting Home Assistant"):
            port = free_port()
            await asyncio.to_thread(prepare_folder, folder, port)
            home_assistant = await stack.enter_async_context(running(folder, port))
            client = await stack.enter_async_context(logged_in(home_assistant.url, fresh=True))
        complete = await main_job(client, folder, devices)
        if not once:
            print(f"\nHome Assistant is at {home_assistant.url} - user {USER}, password {PASSWORD}")
            print(WHAT_TO_CLICK.format(url=home_assistant.url, integration=DOMAIN))
            print(logins(devices))
            print(f"Its configuration folder is {folder}. Ctrl-C ends everything.", flush=True)
            with contextlib.ExitStack() as listening:
                if sys.stdin is not None and sys.stdin.isatty():
                    listening.enter_context(_bad_days(BadDays(devices)))
                await asyncio.Event().wait()
        return 0 if complete else 1


@contextlib.contextmanager
def _bad_days(days: BadDays) -> Iterator[None]:
    """Do to the devices what somebody types at the terminal."""
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()

    async def do(line: str) -> None:
        print(await days.do(line), flush=True)

    def read() -> None:
        if line := sys.stdin.readline():
            task = loop.create_task(do(line))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        else:
            loop.remove_reader(sys.stdin)

    print(days.help, flush=True)
    loop.add_reader(sys.stdin, read)
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin)


async def _until_interrupted(folder: Path, *, once: bool) -> int:
    """Let the first Ctrl-C (or SIGTERM) end everything in good order; further ones change nothing."""
    task = asyncio.create_task(demo(folder, once=once))
    loop = asyncio.get_running_loop()
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            print("\nEnding Home Assistant and the simulated devices …", flush=True)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        return INTERRUPTED


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the table; exit status 0 only if all is there")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="device-backups-demo-"))
    try:
        status = asyncio.run(_until_interrupted(work / "config", once=arguments.once))
    except (HomeAssistantError, OSError, TimeoutError) as error:
        print(f"\n{str(error) or type(error).__name__}\nEverything that was written is in {work}.", file=sys.stderr)
        return 1
    shutil.rmtree(work, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
