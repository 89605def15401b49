"""What a device asks of a person while a job runs, kept where everybody can see it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from ha_device_backup_core.contract import Person, Prompt

from .device import TrackedDevice
from .event_bus import EventBus
from .events import PromptChanged, ShownPrompt


class Anyone:
    """Whoever is at home: the instruction is shown wherever the status of the device is shown."""

    def show(self, prompt: Prompt | None) -> None:
        """Leave it to the subscribers of the manager."""


ANYONE = Anyone()


@contextmanager
def showing_prompts(
    device: TrackedDevice,
    person: Person | None,
    clock: Callable[[], datetime],
    bus: EventBus,
) -> Iterator[Person | None]:
    """Lend a person whose instructions are in the status of the device, too; nothing is left there at the end."""
    if person is None:
        yield None
        return
    attendant = _PromptForwarder(device, person, clock, bus)
    try:
        yield attendant
    finally:
        attendant.publish(None)


class _PromptForwarder:
    """Stands between a handler and the person."""

    def __init__(self, device: TrackedDevice, person: Person, clock: Callable[[], datetime], bus: EventBus) -> None:
        self._device = device
        self._person = person
        self._clock = clock
        self._bus = bus

    def show(self, prompt: Prompt | None) -> None:
        """Show the instruction to everybody who looks, and pass it on."""
        until = None if prompt is None else self._clock() + timedelta(seconds=prompt.seconds)
        self.publish(None if prompt is None or until is None else ShownPrompt(text=prompt.text, until=until))
        self._person.show(prompt)

    def publish(self, prompt: ShownPrompt | None) -> None:
        """Show the instruction to everybody who looks."""
        if prompt != self._device.prompt:
            self._device.prompt = prompt
            self._bus.publish(PromptChanged(key=self._device.key, title=self._device.settings.title, prompt=prompt))
