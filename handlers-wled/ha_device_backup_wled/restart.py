"""Wait until a controller has started again."""

import asyncio
import contextlib

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    RestoreNotVerifiedError,
    UnexpectedResponseError,
)

from .client import WledClient
from .info import WledInfo
from .translation import _


class Restart:
    """One restart; made as soon as the device said how long it has been running."""

    def __init__(self, client: WledClient, before: WledInfo) -> None:
        """Remember who restarts, and when it last did."""
        self._client = client
        self._mac = before.mac
        self._started_by = _now() - before.uptime

    async def ask_and_wait(self) -> WledInfo:
        """Restart the device, and return what it says after it."""
        await self._ask()
        return await self.wait()

    async def wait(self) -> WledInfo:
        """Return what the device says after a restart of its own; ask for it when it is overdue.

        Raises RestoreNotVerifiedError when it does not come back in time, or another device does.
        """
        timing = self._client.timing
        began = _now()
        asked = False
        while _now() - began < timing.restart_limit:
            await asyncio.sleep(timing.restart_poll)
            running_for = int(_now() - self._started_by)
            info = await self._look()
            if info is None:
                continue
            if info.mac != self._mac:
                raise RestoreNotVerifiedError(_("After the restart another device answers at this address."))
            if info.uptime < running_for:
                return info
            if not asked and _now() - began > timing.restart_overdue:
                asked = True
                await self._ask()
        raise RestoreNotVerifiedError(
            _(
                "The controller did not come back after the restart. It may have another address now, or have"
                " lost its Wi-Fi: look for it in the router, or for a Wi-Fi named WLED-AP, and enter the Wi-Fi"
                " password there."
            )
        )

    async def _ask(self) -> None:
        with contextlib.suppress(CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            await self._client.get("/reset")

    async def _look(self) -> WledInfo | None:
        try:
            return await self._client.info(patient=False)
        except DeviceError:
            return None


def _now() -> float:
    return asyncio.get_running_loop().time()
