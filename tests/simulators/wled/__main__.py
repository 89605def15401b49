"""Serve simulated controllers until interrupted: `python -m tests.simulators.wled --port 8081 --version 0.15.5`."""

import argparse
import asyncio

from ha_device_backup_core.testing import serve

from . import Chip, SimulatedWled

FIRST_MAC = 0xA0B1C2D3E4F5


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.wled", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="of the first controller, the others follow; 0 takes free ones"
    )
    parser.add_argument("--version", default="0.15.5", help="of the firmware")
    parser.add_argument("--chip", type=Chip, default=Chip.ESP32, choices=list(Chip))
    parser.add_argument("--name", default="Shelf", help="of the controller; several are numbered")
    parser.add_argument("--mac", default=f"{FIRST_MAC:012x}", help="of the first controller, the others count up")
    parser.add_argument("--pin", default="", help="that locks the settings")
    parser.add_argument("--count", type=int, default=1, help="how many controllers")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that every answer takes")
    parser.add_argument("--reboot-time", type=float, default=3.0, help="seconds of silence at a restart")
    return parser.parse_args()


def controllers(chosen: argparse.Namespace) -> list[SimulatedWled]:
    """Return the controllers that were asked for."""
    made = []
    for number in range(chosen.count):
        wled = SimulatedWled(
            chosen.version,
            chosen.chip,
            mac=f"{int(chosen.mac, 16) + number:012x}",
            name=chosen.name if chosen.count == 1 else f"{chosen.name} {number + 1}",
            pin=chosen.pin,
            port=chosen.port + number if chosen.port else 0,
            reboot_time=chosen.reboot_time,
            idle_timeout=3.0,
        )
        wled.faults.delay = chosen.delay
        made.append(wled)
    return made


if __name__ == "__main__":
    asyncio.run(serve(*controllers(arguments())))
