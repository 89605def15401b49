"""The WLED handler against simulated controllers, with short pauses."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core import Artifact, Message, RestorePlan, RestoreReport, Text, joined
from ha_device_backup_core.testing import Fetched, run_job, run_plan, run_restore
from ha_device_backup_core.toolkit import RestartPace
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.timing import WledTiming
from ha_device_backup_wled.translation import _
from tests.simulators.wled import CANARIES, Chip, Device, SimulatedWled

MAC = "a0b1c2d3e4f5"
CHIPS = (Chip.ESP8266, Chip.ESP32)
SHORT = WledTiming(
    pace=replace(WledTiming().pace, silence=0.5, pause=0.01, longest_pause=0.02),
    between_requests_esp8266=0.0,
    pin_cooldown=0.25,
    collect_pause=0.01,
    restart=RestartPace(poll=0.05, overdue=1.5, limit=6.0),
    restart_poll_timeout=0.5,
)
ALL_EQUAL = _("The controller restarted and runs with the configuration of the backup.")
_RESET_TOOK = "The controller was reset, and these are gone: {things}. Set again what you had."
_PIN_AND_KEY = _("settings PIN"), _("Philips Hue key")
RESET_TOOK = _(_RESET_TOOK, things=joined(_PIN_AND_KEY, ", "))
"""Where both passwords of its own are named before."""
RESET_TOOK_PASSWORDS_TOO = _(
    _RESET_TOOK,
    things=joined(
        (
            *_PIN_AND_KEY,
            *(_("password of “{place}”", place=place) for place in (_("access point"), _("firmware updates (OTA)"))),
        ),
        ", ",
    ),
)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a simulated controller no longer than it needs."""
    monkeypatch.setattr(WledHandler, "timing", SHORT)


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert_no_canary(caplog.text)


def assert_no_canary(*texts: object) -> None:
    """Fail when a secret is in one of them."""
    for text in texts:
        assert not [canary for canary in CANARIES if canary in str(text)]


def config(wled: SimulatedWled, pin: str | None = None) -> dict[str, Any]:
    """Return what a person enters."""
    return {"host": wled.host, "port": wled.port, "pin": pin}


async def fetch(wled: SimulatedWled, pin: str | None = None) -> Fetched:
    """Make one backup."""
    return await run_job(WledHandler, config(wled, pin), unique_id=wled.device.mac)


async def restore(
    wled: SimulatedWled,
    artifact: Artifact,
    pin: str | None = None,
    steps: list[tuple[float | None, Text]] | None = None,
) -> RestoreReport:
    """Put a backup back."""

    def progress(share: float | None, text: Text) -> None:
        if steps is not None:
            steps.append((share, text))

    return await run_restore(WledHandler, config(wled, pin), artifact, progress, unique_id=wled.device.mac)


async def plan(wled: SimulatedWled, artifact: Artifact, pin: str | None = None) -> RestorePlan:
    """Return what a restore would do."""
    return await run_plan(WledHandler, config(wled, pin), artifact, unique_id=wled.device.mac)


def files_of(artifact: Artifact) -> dict[str, bytes]:
    """Return the files of the device in a backup."""
    return {name: data for name, data in artifact.files().items() if not name.startswith(".device-backup/")}


def changed(artifact: Artifact, **changes: bytes | None) -> Artifact:
    """Return the backup with other files (`cfg_json` for cfg.json), and sizes that fit."""
    files = dict(artifact.files())
    for key, content in changes.items():
        name = ".".join(key.rsplit("_", 1))
        if content is None:
            files.pop(name, None)
        else:
            files[name] = content
    sizes = {name: len(data) for name, data in files.items() if not name.startswith(".device-backup/")}
    files[".device-backup/files.json"] = json.dumps(sizes).encode()
    return Artifact.bundle(files, attributes=artifact.attributes, missing=artifact.missing)


def enter_again(*places: Message) -> tuple[Text, ...]:
    """Return what a person is asked where the controller lacks these passwords."""
    return (_("Enter these passwords again: {places}.", places=joined(places, ", ")),)


def proven(device: Device) -> tuple[Text, ...]:
    """Return what a complete restore proves."""
    return _("Files that are on the controller as in the backup: {count}.", count=len(device.user_files) - 1), ALL_EQUAL
