"""What is wrong or in doubt with a backup, in English and German."""

from collections.abc import Iterable
from datetime import datetime

from ha_device_backup_core import Text

from .texts import both, names


def absent(name: str) -> Text:
    """Say that a file is not in the backup."""
    return both(f"{name} is not in it.", f"{name} ist nicht darin.")


def empty(name: str) -> Text:
    """Say that a file is empty."""
    return both(f"{name} is empty.", f"{name} ist leer.")


def web_page(name: str) -> Text:
    """Say that a web page was sent for a file."""
    return both(
        f"{name} is a web page, not the settings: a login page, perhaps.",
        f"{name} ist eine Webseite, nicht die Einstellungen: vielleicht eine Anmeldeseite.",
    )


def is_json(name: str) -> Text:
    """Say that somebody's readable form was handed in."""
    return both(
        f"{name} is JSON, not a .dmp file. Where it comes from decode-config, make a .dmp file of it there.",
        f"{name} ist JSON, keine .dmp-Datei. Kommt es von decode-config, mache dort eine .dmp-Datei daraus.",
    )


def not_a_dump(name: str) -> Text:
    """Say that a file is something else."""
    return both(
        f"{name} is no .dmp file of Tasmota: it does not begin as one.",
        f"{name} ist keine .dmp-Datei von Tasmota: Sie beginnt nicht wie eine.",
    )


def too_old(name: str) -> Text:
    """Say that nobody can check a file that is so old."""
    return both(
        f"{name} is of a Tasmota before 6.0, whose settings have no checksum and fit no later version.",
        f"{name} ist von einem Tasmota vor 6.0, dessen Einstellungen keine Prüfsumme haben und zu keiner späteren "
        "Version passen.",
    )


def cut_off(name: str, size: int, expected: int) -> Text:
    """Say that a file is not as long as it says itself."""
    return both(
        f"{name} has {size} bytes of settings instead of {expected}; it was cut off or changed.",
        f"{name} hat {size} statt {expected} Bytes an Einstellungen; die Datei ist abgeschnitten oder verändert.",
    )


def damaged(name: str) -> Text:
    """Say that the checksum is wrong."""
    return both(
        f"{name} is damaged: its checksum is wrong. A device would refuse it.",
        f"{name} ist beschädigt: Die Prüfsumme stimmt nicht. Ein Gerät würde die Datei ablehnen.",
    )


def drivers_unreadable(name: str) -> Text:
    """Say that what follows the settings makes no sense."""
    return both(
        f"{name} is damaged: the settings of drivers in it are not readable.",
        f"{name} ist beschädigt: Die Einstellungen von Treibern darin sind nicht lesbar.",
    )


def damaged_drivers(drivers: Iterable[str]) -> Text:
    """Name drivers whose settings are damaged."""
    listed = names(drivers)
    return both(
        f"The settings of these drivers are damaged on the device itself: {listed}.",
        f"Die Einstellungen dieser Treiber sind schon auf dem Gerät beschädigt: {listed}.",
    )


def no_record(name: str, build: str, saved_at: datetime | None) -> Text:
    """Say that a file is nothing but settings, and what these tell themselves."""
    of = f"“{name}”, " if name else ""
    von = f"„{name}“, " if name else ""
    when = f", {saved_at:%Y-%m-%d %H:%M} UTC" if saved_at else ""
    wann = f", {saved_at:%d.%m.%Y %H:%M} UTC" if saved_at else ""
    return both(
        f"It holds only the settings, as the device's own page saves them ({of}{build}{when}): no files, and nothing "
        "tells which device they are of.",
        f"Es enthält nur die Einstellungen, wie die Seite des Geräts sie speichert ({von}{build}{wann}): keine "
        "Dateien, und nichts sagt, von welchem Gerät sie sind.",
    )


def several(names_of_dumps: Iterable[str]) -> Text:
    """Say that nobody knows which of several dumps is meant."""
    listed = names(names_of_dumps)
    return both(
        f"It holds more than one .dmp file: {listed}. Hand in each at the device it is of.",
        f"Es enthält mehr als eine .dmp-Datei: {listed}. Gib jede bei dem Gerät ab, von dem sie ist.",
    )


def too_large(name: str) -> Text:
    """Say that no device has such settings."""
    return both(
        f"{name} is larger than the settings of any device.", f"{name} ist größer als die Einstellungen jedes Geräts."
    )


BAD_RECORD = both(
    ".device-backup/status.json is not what a Tasmota device says about itself.",
    ".device-backup/status.json ist nicht, was ein Tasmota-Gerät über sich sagt.",
)


def other_chip(file: str, device: str) -> Text:
    """Say that a file is of another kind of chip than the device has."""
    return both(
        f"It is of a device with an {file}, this one has an {device}. Hand it in at the device that it is of.",
        f"Sie ist von einem Gerät mit einem {file}, dieses hat einen {device}. Reiche sie bei dem Gerät ein, von dem "
        "sie ist.",
    )
