"""A router with OpenWrt: ubus, sysupgrade, and a restart."""

import asyncio
import json
import time

from .shell import SimulatedShell

CANARY = "canary-wifi-4711"
_SYSUPGRADE = """
    case "$1$2$3" in
      -k*-b*|-b*) cd "$ROOT/flash" && exec tar czf - etc;;
      -r*) exec tar xzf - -C "$ROOT/flash";;
      *) echo "Invalid argument: $1" >&2; exit 1;;
    esac
"""


class SimulatedOpenWrt(SimulatedShell):
    """A router whose settings are in `etc/config` of its flash memory."""

    def __init__(self) -> None:
        super().__init__()
        self.faults.no_sftp = True
        self.config = self.root / "flash/etc/config"
        self.config.mkdir(parents=True)
        (self.config / "system").write_text("config system\n\toption hostname 'attic'\n")
        (self.config / "wireless").write_text(f"config wifi-iface\n\toption key '{CANARY}'\n")
        self.mac = "00:11:22:33:44:55"
        self.version = "24.10.2"
        self.model = "GL.iNet GL-MT3000"
        self._started = time.monotonic() - 1000
        self.program("ubus", "cat /board")
        self.program("sysupgrade", _SYSUPGRADE)
        self.program("reboot", 'echo yes > "$ROOT/reboot"')
        self.tell()

    def tell(self) -> None:
        """Have it say who it is now."""
        release = {"distribution": "OpenWrt", "version": self.version, "revision": "r1"}
        board = {"kernel": "6.6.93", "hostname": "attic", "model": self.model, "release": release}
        self.say("/board", json.dumps(board, indent=8))
        self.say("/sys/class/net/eth0/address", f"{self.mac}\n")

    async def run(self, command: str, given: bytes) -> tuple[int, bytes, bytes]:
        self.say("/proc/uptime", f"{time.monotonic() - self._started:.2f} 4.00\n")
        return await super().run(command.replace("sleep 1", "true"), given)

    async def after(self, command: str) -> None:
        """Restart if that was asked for."""
        mark = self.root / "reboot"
        for _ in range(100 if "reboot" in command else 0):
            if mark.exists():
                mark.unlink()
                self._started = time.monotonic()
                self.hang_up()
                return
            await asyncio.sleep(0.01)
