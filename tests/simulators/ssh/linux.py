"""A Linux computer: its settings are files in a folder."""

from .shell import SimulatedShell

MACHINE_ID = "0123456789abcdef0123456789abcdef"
CANARY = "canary-wifi-4711"


class SimulatedLinux(SimulatedShell):
    """A computer with some settings in `settings`."""

    def __init__(self) -> None:
        super().__init__()
        self.say("/etc/machine-id", f"{MACHINE_ID}\n")
        self.say("/etc/hostname", "cellar\n")
        self.say("/etc/os-release", 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
        self.settings = self.folder / "settings"
        (self.settings / "network").mkdir(parents=True)
        (self.settings / "pump.conf").write_text("hour=6\n")
        (self.settings / "network/wifi.conf").write_text(f"psk={CANARY}\n")
        (self.settings / "network/wifi.conf").chmod(0o600)
        (self.settings / "current").symlink_to("pump.conf")
