"""The faults that a test can switch on."""

from dataclasses import dataclass

from ha_device_backup_core.testing import SimulatedFaults


@dataclass(slots=True, kw_only=True)
class Faults(SimulatedFaults):
    """What goes wrong with Tasmota devices, beside what does with any."""

    halve: int = 0
    """The body is half of itself, and says so."""
    empty: int = 0
    """The list of files, without any of them."""
    oversized: int = 0
    """A body without end."""
    vanish: int = 0
    """It leaves the network for good."""
    unauthorized: int = 0
    """Status 401."""
    not_found: int = 0
    """Status 404."""
    server_error: int = 0
    """Status 500."""
    busy: int = 0
    """Status 503 of a proxy."""
    damage: int = 0
    """One byte in the middle of the body is another."""
    cut_status: int = 0
    """The log is full: the answer to `Status 0` lacks its end."""
    no_number: int = 0
    """A sensor says nan: the answer to `Status 0` is no JSON."""
    no_uptime: bool = False
    """It does not say since when it has been running, nor how often it started."""
    garble_upload: int = 0
    """A file is written with a wrong byte, the answer is as ever."""
    fail_upload: int = 0
    """A file is not written, and the page says so."""
    refuse_settings: int = 0
    """Uploaded settings are refused."""
    lose_answer_to_upload: int = 0
    """The upload is done, but its answer is lost."""
    lose_upload: int = 0
    """The connection is gone before the upload is done."""
    forget_restart: int = 0
    """An upload of settings restarts nothing."""
    ignore_settings: bool = False
    """The next start is one with the old settings, as when the flash memory is worn out."""
    set_at_start: int = 0
    """So many bytes of the settings are set by the device itself at its next start."""
    other_mac: str = ""
    """After the next start another device is there."""
