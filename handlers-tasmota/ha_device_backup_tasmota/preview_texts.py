"""What a restore would change, a thing a line, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text, in_language

from .texts import both, names


def changed_to(label: Text, before: str, after: str) -> Text:
    """Say what a setting is and would be."""
    pair = f"{before} → {after}"
    return _about(label, pair, pair)


def changed(label: Text) -> Text:
    """Say that a setting would be another, without its values."""
    return _about(label, "another than now", "anders als jetzt")


def removed(label: Text) -> Text:
    """Say that a setting would be empty."""
    return _about(label, "none any more", "nicht mehr gesetzt")


def other_settings(count: int) -> Text:
    """Say how much differs beside what is told by name."""
    return both(f"Further settings: {count} bytes differ", f"Weitere Einstellungen: {count} Bytes weichen ab")


def driver_settings(drivers: Iterable[str]) -> Text:
    """Name drivers that get other settings."""
    listed = names(drivers)
    return both(f"Settings of drivers: {listed}", f"Einstellungen von Treibern: {listed}")


def sizes(before: int, after: int) -> Text:
    """Say how large a file is and would be."""
    return both(f"{before} → {after} bytes", f"{before} → {after} Bytes")


def migration(backup: str, device: str) -> Text:
    """Say that the device would make its own of the settings."""
    return both(
        f"The settings are of Tasmota {backup}; {device} takes them over in its own way, and they cannot be compared "
        "afterwards.",
        f"Die Einstellungen sind von Tasmota {backup}; {device} übernimmt sie auf seine Art, und sie sind danach nicht "
        "vergleichbar.",
    )


def _about(label: Text, en: str, de: str) -> Text:
    return both(f"{in_language(label)}: {en}", f"{in_language(label, 'de')}: {de}")
