"""Simulated FRITZ!Boxes, as the demo and the end-to-end tests need them."""

import contextlib
from collections.abc import AsyncIterator

from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD, Box, SimulatedFritzBox, User

MODEL = "FRITZ!Box 7590"
SERIAL = "2C3AFD0A1B2C"
USERNAME = "homeassistant"


class RunningBox:
    """A simulated FRITZ!Box, and what a test does to it."""

    kind = "fritzbox"

    def __init__(self, fritz: SimulatedFritzBox) -> None:
        """Keep it."""
        self.fritz = fritz

    @property
    def name(self) -> str:
        """Return its model, which it calls itself by."""
        return self.fritz.box.model

    @property
    def version(self) -> str:
        """Return its FRITZ!OS."""
        return self.fritz.box.software.partition(".")[2].removeprefix("0")

    @property
    def unique_id(self) -> str:
        """Return its identity."""
        return self.fritz.box.serial.lower()

    @property
    def certificate(self) -> str:
        """Return the fingerprint of the certificate that it shows."""
        return self.fritz.sha256

    @property
    def to_enter(self) -> dict[str, str | int]:
        """Return what a person enters, by what the form calls it."""
        return {
            "Host": self.fritz.host,
            "Port": self.fritz.encrypted_port,
            "User name": USERNAME,
            "Password": PASSWORD,
            "Export password": EXPORT_PASSWORD,
        }

    @property
    def answers(self) -> dict[str, str | int | bool]:
        """Return what to enter in Home Assistant's forms; the fields of this kind alone have numbered slots."""
        return {
            "host": self.fritz.host,
            "port": self.fritz.encrypted_port,
            "username": USERNAME,
            "password": PASSWORD,
            "option_1": EXPORT_PASSWORD,
            "option_2": True,
        }

    def change(self, setting: str, value: str) -> None:
        """Change a setting, as a person does in the page of the box."""
        self.fritz.box.configuration.settings[setting] = value

    def set_password(self, password: str) -> None:
        """Change the password of the FRITZ!Box user, as a person does in the page of the box."""
        self.fritz.box.users[USERNAME] = User(password=password)

    def pass_time(self, seconds: float = 600.0) -> None:
        """Let time pass at the box, by default until it takes logins again after wrong ones."""
        self.fritz.box.clock.ahead += seconds

    def press_button(self) -> None:
        """Press a button at the box."""
        self.fritz.box.confirmation.press_button()


@contextlib.asynccontextmanager
async def simulated_box(
    *, confirmation: bool = False, model: str = MODEL, serial: str = SERIAL
) -> AsyncIterator[RunningBox]:
    """Start a box, with the confirmation of exports at the box itself on or off."""
    box = Box(model=model, serial=serial)
    box.users = {USERNAME: User(password=PASSWORD)}
    box.confirmation.enabled = confirmation
    async with SimulatedFritzBox(box) as fritz:
        yield RunningBox(fritz)
