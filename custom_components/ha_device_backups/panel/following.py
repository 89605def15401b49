"""Subscriptions to what lasts: the state at once, then whenever it is another."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback

from .commands import Command

type PageState = Mapping[str, Any]


@callback
def async_follow(
    command: Command, watch: Callable[[Callable[[], None]], CALLBACK_TYPE], state: Callable[[], PageState]
) -> None:
    """Send the state now and after changes that show; what comes in one moment is one message."""
    last: PageState | None = None
    is_scheduled = False

    @callback
    def send() -> None:
        nonlocal last, is_scheduled
        is_scheduled = False
        if command.id not in command.connection.subscriptions:
            return
        now = state()
        if now != last:
            last = now
            command.connection.send_event(command.id, now)

    @callback
    def changed() -> None:
        nonlocal is_scheduled
        if not is_scheduled:
            is_scheduled = True
            command.hass.loop.call_soon(send)

    command.connection.subscriptions[command.id] = watch(changed)
    send()
