"""What the demo prints fits a small terminal, and is enough to add a device by hand."""

import io

from rich.console import Console

from scripts.demo_main import logins, table_of
from scripts.live.comparison import ArchiveComparison
from scripts.live.controllers import Model, simulated_controllers
from scripts.live.stored import StoredBackup
from tests.simulators.wled import Chip

DIGEST = "0123456789abcdef" * 4


def test_the_table_fits_eighty_columns() -> None:
    backup = StoredBackup(
        title="FRITZ!Box 7590",
        kind="fritzbox",
        unique_id="2c3afd0a1b2c",
        path="fritzbox/2c3afd0a1b2c/2026-07-01T12-00-00Z_0123abcd.zip",
        size=123456,
        sha256=DIGEST,
    )
    printed = io.StringIO()
    comparison = ArchiveComparison(backup=backup, archived_sha256=DIGEST)
    Console(width=80, file=printed).print(table_of([comparison]))
    lines = printed.getvalue().splitlines()
    assert {line for line in lines if len(line) > 80} == set()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    joined = ["".join(parts) for parts in zip(*cells, strict=True)]
    assert joined == [
        "FRITZ!Box7590(fritzbox)",
        "2026-07-01T12-00-00Z_0123abcd.zip, 123,456 B",
        DIGEST,
        DIGEST,
        "yes",
    ]


async def test_what_to_enter_is_told_of_each_device() -> None:
    async with simulated_controllers([Model("Kitchen", "0.15.5", Chip.ESP32, pin="1234")]) as (kitchen,):
        told = logins([kitchen])
        assert told.splitlines()[1:] == [
            f"  Kitchen (wled): Host {kitchen.wled.host}, Port {kitchen.wled.port}, Settings PIN 1234"
        ]
