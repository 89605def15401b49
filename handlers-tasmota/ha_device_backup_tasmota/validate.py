"""Tell a backup of a device from what is none; pure."""

from ha_device_backup_core import Artifact, InvalidArtifactError, Message, Note, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonError, name_list, shown

from .contents import TasmotaContents, contents_of
from .decoded import Decoded, TextPlace
from .dump import Dump, damaged_drivers, parse_dump
from .hiding import Hiding
from .status import TasmotaStatus, parse_object, parse_status
from .translation import _


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    contents = contents_of(artifact)
    dump = parse_dump(contents.name, contents.dump)
    doubts = []
    if record_of(contents) is None:
        doubts.append(
            Note(
                code="origin_unknown",
                text=_(
                    "It holds only the settings, as the device's own page saves them ({about}): no files, and "
                    "nothing tells which device they are of.",
                    about=_about(dump),
                ),
            )
        )
    if broken := damaged_drivers(dump):
        doubts.append(
            Note(
                code="drivers_damaged",
                text=_(
                    "The settings of these drivers are damaged on the device itself: {drivers}.",
                    drivers=name_list(broken),
                ),
            )
        )
    return tuple(doubts)


def record_of(contents: TasmotaContents) -> TasmotaStatus | None:
    """Return the record of who was backed up, None where there is none; raise InvalidArtifactError for a bad one."""
    if contents.record is None:
        return None
    try:
        return parse_status(parse_object(contents.record))
    except (JsonError, UnsupportedDeviceError) as error:
        raise InvalidArtifactError(
            _(".device-backup/status.json is not what a Tasmota device says about itself.")
        ) from error


def _about(dump: Dump) -> str | Message:
    """Return what the settings tell of their device, in a few words."""
    about: str | Message = f"Tasmota {dump.version_text}, {dump.chip}"
    if saved := dump.saved_at:
        about = _(
            "{about}, {year}-{month}-{day} {time} UTC",
            about=about,
            year=f"{saved:%Y}",
            month=f"{saved:%m}",
            day=f"{saved:%d}",
            time=f"{saved:%H:%M}",
        )
    name = _name(dump)
    return _("“{name}”, {about}", name=name, about=about) if name else about


def _name(dump: Dump) -> str:
    decoded = Decoded(dump)
    name = decoded.text(TextPlace.DEVICE_NAME) or decoded.text(TextPlace.FRIENDLY_NAME)
    return Hiding.of(decoded).text(shown(name))
