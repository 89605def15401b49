"""The faults that a test can switch on."""

from dataclasses import dataclass

from ha_device_backup_core.testing import SimulatedFaults


@dataclass(slots=True, kw_only=True)
class Faults(SimulatedFaults):
    """What goes wrong with controllers, beside what does with any device."""

    anywhere: bool = False
    """The path may stand anywhere in the request, as that of a file does when the editor gives it."""
    unreadable: str = ""
    """The file with this path breaks off wherever it is read: a bad block."""
    spoil: int = 0
    """The body is `spoiled`, with the status `spoiled_status`."""
    spoiled: bytes = b""
    spoiled_status: int = 200
    slow: int = 0
    """The body comes at `bytes_per_second`."""
    bytes_per_second: float = 15_000.0
    busy: int = 0
    """The JSON buffer is taken (before 16), or there are too many requests (16)."""
    no_uptime: bool = False
    """It does not say since when it has been running."""
    torn: int = 0
    """A preset is saved while the files are read."""
    restless: int = 0
    """A usermod writes its file while the files are read."""
    lose_answer_to_upload: int = 0
    """The upload is done, but its answer is lost."""
    garble_upload: int = 0
    """The upload is written with a wrong byte, the answer is as ever."""
    cut_upload: int = 0
    """Half of the upload arrives, over what was there, and the connection is gone."""
    forget_restart: int = 0
    """An upload of the configuration restarts nothing."""
    ignore_configuration: bool = False
    """The next restart goes on with the old configuration, as after a crash loop."""

    def is_meant(self, target: str) -> bool:
        """Return whether the faults apply to a target."""
        return self.path in target if self.anywhere else SimulatedFaults.is_meant(self, target)
