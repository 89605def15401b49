"""The FRITZ!Box handler against simulated boxes, with short waits."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest

from ha_device_backup_core import DeviceBackupError, Note, Prompt, in_language
from ha_device_backup_core.testing import Fetched, run_job
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import FritzboxTiming, Ports
from tests.simulators.fritzbox import CANARIES, EXPORT_PASSWORD, PASSWORD, SimulatedFritzBox

SERIAL = "2c3afd0a1b2c"
EXPORT_NAME = "FRITZ.Box 7590 154.08.02_01.02.26_0304.export"
CHECKSUM_DOUBT = (
    "checksum",
    "The checksum in the export does not fit its content, although it is complete. The FRITZ!Box may refuse it.",
)
"""What is told of an export whose checksum is wrong."""
BAD_URL = "It named an address that is not its own, or not encrypted. Nothing was fetched from there."
LOCKED_FOR_2_SECONDS = (
    "Check the user name and the password of the FRITZ!Box user. For 2 seconds the FRITZ!Box takes no "
    "login. Nothing is tried again by itself."
)
NO_RIGHT = "Give the FRITZ!Box user the right “FRITZ!Box Settings” (System, FRITZ!Box Users)."
NO_SERIAL = "It does not tell its serial number."
REDIRECTED = "It redirects to another address, which is not followed."
SHORT = FritzboxTiming(
    connect=2.0,
    answer=1.5,
    making_export=1.5,
    download=1.5,
    list_download=1.5,
    resolve=1.0,
    lockout=1.0,
    confirm=1.5,
    poll=0.02,
    waits=(0.01, 0.02),
)


class Somebody:
    """A person who is told things, and may do something about it."""

    def __init__(self) -> None:
        self.prompts: list[Prompt | None] = []

    def show(self, prompt: Prompt | None) -> None:
        self.prompts.append(prompt)

    def told(self) -> list[tuple[str, float] | None]:
        """Return what the person read, and the seconds that were left."""
        return [None if prompt is None else (in_language(prompt.text), prompt.seconds) for prompt in self.prompts]


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a simulated box no longer than it needs."""
    monkeypatch.setattr(FritzBoxHandler, "timing", SHORT)


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert_no_canary(caplog.text)


@pytest.fixture
async def fritz(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SimulatedFritzBox]:
    """A box that exports without a confirmation, known at its own ports."""
    async with SimulatedFritzBox() as found:
        found.box.confirmation.enabled = False
        know_ports(found, monkeypatch)
        yield found


def know_ports(fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the handler look where the simulated box listens by itself."""
    ports = Ports(plain=fritz.plain_port, encrypted=fritz.encrypted_port, web=fritz.web_port)
    monkeypatch.setattr(FritzBoxHandler, "ports", ports)


def assert_no_canary(*texts: object) -> None:
    """Fail when a secret is in one of them."""
    for text in texts:
        assert not [canary for canary in CANARIES if canary in str(text)]


def as_told(notes: Iterable[Note], language: str = "en") -> list[tuple[str, str]]:
    """Return the code of each note and what a person reads; notes with other texts are equal."""
    return [(note.code, in_language(note.text, language)) for note in notes]


def config(fritz: SimulatedFritzBox, **changes: object) -> dict[str, Any]:
    """Return what a person enters, with the certificate that was shown and trusted."""
    return {
        "host": fritz.host,
        "username": "homeassistant",
        "password": PASSWORD,
        "export_password": EXPORT_PASSWORD,
        "certificate": fritz.sha256,
    } | changes


async def fetch(fritz: SimulatedFritzBox, person: Somebody | None = None, **changes: object) -> Fetched:
    """Make one backup."""
    return await run_job(FritzBoxHandler, config(fritz, **changes), unique_id=SERIAL, person=person)


async def succeeds(fritz: SimulatedFritzBox, person: Somebody | None = None, **changes: object) -> None:
    """Make a whole backup."""
    fetched = await fetch(fritz, person, **changes)
    assert EXPORT_NAME in fetched.artifact.files()
    assert (fetched.artifact.missing, fetched.doubts) == ((), ())


async def failure(fritz: SimulatedFritzBox, **changes: object) -> DeviceBackupError:
    """Return the error that a backup ends with."""
    with pytest.raises(DeviceBackupError) as caught:
        await fetch(fritz, None, **changes)
    assert_no_canary(caught.value, caught.value.detail_in("de"))
    return caught.value
