"""Wait until a device has started again."""

import asyncio
import contextlib

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    RestoreNotVerifiedError,
    UnexpectedResponseError,
)

from .client import Login, TasmotaClient
from .status import TasmotaStatus
from .translation import _


class Restart:
    """One restart; made as soon as the device said how long it has been running."""

    def __init__(self, client: TasmotaClient, before: TasmotaStatus) -> None:
        """Remember who restarts, and when it last did."""
        self._client = client
        self._before = before
        self._started_by = _now() - before.uptime

    async def wait(self, other_login: Login | None) -> TasmotaStatus:
        """Return what the device says after a restart of its own; ask for it when it is overdue.

        A login that is refused is replaced by `other_login`, which the restored settings hold. Raises
        RestoreNotVerifiedError when the device does not come back in time, or another one does.
        """
        timing = self._client.timing
        began = _now()
        asked = False
        logins = [other_login]
        while _now() - began < timing.restart_limit:
            await asyncio.sleep(timing.restart_poll)
            running_for = int(_now() - self._started_by)
            status = await self._look(logins)
            if status is None:
                continue
            if status.mac != self._before.mac:
                raise RestoreNotVerifiedError(_("After the restart another device answers at this address."))
            if status.uptime < running_for or status.boot_count != self._before.boot_count:
                return status
            if not asked and _now() - began > timing.restart_overdue:
                asked = True
                await self._ask()
        raise RestoreNotVerifiedError(
            _(
                "The device did not come back after the restart. It may have another address now, as the "
                "backup has it, or have lost its Wi-Fi: look for it in the router, or for a Wi-Fi whose name "
                "begins with tasmota."
            )
        )

    async def _ask(self) -> None:
        with contextlib.suppress(CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            await self._client.command("Restart 1", timing=self._client.impatient())

    async def _look(self, logins: list[Login | None]) -> TasmotaStatus | None:
        try:
            return await self._client.status(patient=False)
        except AuthenticationError as error:
            if not logins:
                raise RestoreNotVerifiedError(
                    _("After the restart the device refuses both the password that was entered and that of the backup.")
                ) from error
            self._client.use_login(logins.pop())
            return None
        except DeviceError:
            return None


def _now() -> float:
    return asyncio.get_running_loop().time()
