"""Put a configuration on a controller, which writes over the old one from the first byte on."""

from ha_device_backup_core import CannotConnectError, DeviceBusyError, RestoreNotVerifiedError, UnexpectedResponseError

from .client import WledClient
from .device_files import CONFIGURATION
from .info import WledInfo
from .translation import _

_OK = 200
_TRIES = 2
_HALF = _(
    "Only half of the configuration arrived, several times. Do not restart or unplug the controller, which would then"
    " lose its settings: restore again, or save any page of its settings in WLED, so that it writes down those that it"
    " has."
)


class ConfigurationUpload:
    """Sends the configuration, and restarts the controller only with a whole one: half of one is as bad as none."""

    def __init__(self, client: WledClient, info: WledInfo) -> None:
        """Keep what is needed; no I/O."""
        self._client = client
        self._restarts_by_itself = info.restarts_by_itself
        self._content: bytes | None = None

    async def send(self, content: bytes) -> int | None:
        """Return the status of the answer, None where it was lost: the restart can swallow it."""
        self._content = content
        try:
            return (await self._client.upload(CONFIGURATION, content, again=False)).status
        except (CannotConnectError, DeviceBusyError, UnexpectedResponseError):
            return None

    async def restart(self) -> None:
        """Restart the controller; a configuration that was cut off on its way is sent again before.

        Raises RestoreNotVerifiedError where it never arrives.
        """
        for left in reversed(range(_TRIES + 1)):
            if self._content is None or await self._holds(self._content):
                await self._client.get("/reset")
                return
            if left and await self.send(self._content) == _OK and self._restarts_by_itself:
                return
        raise RestoreNotVerifiedError(_HALF)

    async def _holds(self, content: bytes) -> bool:
        return (await self._client.read_file(CONFIGURATION)).body == content
