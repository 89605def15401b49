"""Which chip and version a file is of, and when its settings were saved, as the file itself tells; pure."""

from ha_device_backup_core import Artifact, DeviceInfo, FileFacts, ForeignFileError

from .contents import contents_of
from .dump import CHIPS, parse_dump
from .translation import _
from .validate import record_of

_OTHER_NAMES = {"ESP8285": "ESP8266"}
"""Of chips whose settings have the same places."""


def file_facts(artifact: Artifact, device: DeviceInfo) -> FileFacts:
    """Return what a valid file tells; raise ForeignFileError for the settings of another chip than the device has."""
    contents = contents_of(artifact)
    dump = parse_dump(contents.name, contents.dump)
    chip = chip_of_model(device.model or "")
    if chip is not None and dump.chip in CHIPS and dump.chip != chip:
        raise ForeignFileError(
            _(
                "It is of a device with an {file}, this one has an {device}.",
                file=dump.chip,
                device=chip,
            )
        )
    record = record_of(contents)
    return FileFacts(
        model=None if chip == dump.chip else dump.chip,
        version=dump.version_text if record is None else record.version,
        made_at=dump.saved_at,
    )


def chip_of_model(model: str) -> str | None:
    """Return the chip, by whose kind the places of the settings differ, of a model as the host keeps it."""
    hardware = model.rpartition("(")[2]
    names = {**{chip: chip for chip in CHIPS}, **_OTHER_NAMES}
    found = [name for name in names if hardware.startswith(name)]
    return names[max(found, key=len)] if found else None
