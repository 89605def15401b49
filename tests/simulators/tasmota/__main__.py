"""Serve simulated devices until interrupted: `python -m tests.simulators.tasmota --port 8091 --version 14.4.1`."""

import argparse
import asyncio

from ha_device_backup_core.testing import serve

from . import Chip, SimulatedTasmota

FIRST_MAC = 0xA0B1C2D3E4F5


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.tasmota", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the first device, the others follow; 0 takes free ones")
    parser.add_argument("--version", default="14.4.1", help="of the firmware")
    parser.add_argument("--chip", default="ESP32", choices=[chip.name for chip in Chip])
    parser.add_argument("--name", default="Lamp", help="of the device; several are numbered")
    parser.add_argument("--mac", default=f"{FIRST_MAC:012x}", help="of the first device, the others count up")
    parser.add_argument("--password", default="", help="of the web page")
    parser.add_argument("--count", type=int, default=1, help="how many devices")
    parser.add_argument("--reboot-time", type=float, default=3.0, help="seconds of silence at a restart")
    return parser.parse_args()


def devices(chosen: argparse.Namespace) -> list[SimulatedTasmota]:
    """Return the devices that were asked for."""
    return [
        SimulatedTasmota(
            chosen.version,
            Chip[chosen.chip],
            mac=f"{int(chosen.mac, 16) + number:012x}",
            name=chosen.name if chosen.count == 1 else f"{chosen.name} {number + 1}",
            password=chosen.password,
            port=chosen.port + number if chosen.port else 0,
            reboot_time=chosen.reboot_time,
        )
        for number in range(chosen.count)
    ]


if __name__ == "__main__":
    asyncio.run(serve(*devices(arguments())))
