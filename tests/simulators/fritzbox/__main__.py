"""Serve a simulated box until interrupted: `python -m tests.simulators.fritzbox --plain-port 49000`."""

import argparse
import asyncio
import signal
import sys

from . import Box, SimulatedFritzBox, User


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.fritzbox", description=__doc__)
    parser.add_argument("--plain-port", type=int, default=0, help="without encryption; 0 takes a free one")
    parser.add_argument("--encrypted-port", type=int, default=0, help="with encryption; 0 takes a free one")
    parser.add_argument("--model", default="FRITZ!Box 7590")
    parser.add_argument("--software", default="154.08.02", help="number of the hardware and FRITZ!OS")
    parser.add_argument("--serial", default="2C3AFD0A1B2C", help="12 hexadecimal digits")
    parser.add_argument("--username", default="homeassistant")
    parser.add_argument("--password", default="demo-password")
    parser.add_argument(
        "--confirmation", action="store_true", help="exports need a confirmation; Enter presses the button"
    )
    parser.add_argument("--polls", type=int, help="confirm by itself after so many questions for the state")
    parser.add_argument("--padding", type=int, default=0, help="bytes that the export is larger")
    return parser.parse_args()


def press_on_enter(box: Box) -> None:
    """Press the button of the box."""
    sys.stdin.readline()
    box.confirmation.press_button()


async def serve(chosen: argparse.Namespace) -> None:
    """Serve until a signal comes."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    box = Box(model=chosen.model, software=chosen.software, serial=chosen.serial)
    box.users = {chosen.username: User(password=chosen.password)}
    box.confirmation.enabled = chosen.confirmation
    box.confirmation.polls_until_pressed = chosen.polls
    box.configuration.padding = chosen.padding
    if chosen.confirmation and sys.stdin.isatty():
        loop.add_reader(sys.stdin, press_on_enter, box)
    async with SimulatedFritzBox(box, plain_port=chosen.plain_port, encrypted_port=chosen.encrypted_port) as fritz:
        sys.stdout.write(
            f"{box.model} {box.serial} at {fritz.host}, ports {fritz.plain_port} (plain) and {fritz.encrypted_port} "
            f"(encrypted), certificate {fritz.sha256}\n"
        )
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
