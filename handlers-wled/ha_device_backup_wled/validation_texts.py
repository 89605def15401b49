"""What is wrong or in doubt with a backup, in English and German."""

from collections.abc import Iterable

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
    return both(f"{name} is a web page, not the file.", f"{name} ist eine Webseite, nicht die Datei.")


def page_alone(name: str) -> Text:
    """Say that a web page was handed in."""
    return both(
        f"{name} is a web page, neither the cfg.json nor the presets.json of a controller.",
        f"{name} ist eine Webseite, weder die cfg.json noch die presets.json eines Controllers.",
    )


def cut_off(name: str, size: int, expected: int) -> Text:
    """Say that a file is not as long as the device said."""
    return both(
        f"{name} has {size} bytes instead of {expected}; it was cut off or changed.",
        f"{name} hat {size} statt {expected} Bytes; die Datei ist abgeschnitten oder verändert.",
    )


def not_json(name: str) -> Text:
    """Say that a file is no JSON."""
    return both(
        f"{name} is not valid JSON; it is cut off or damaged.",
        f"{name} ist kein gültiges JSON; die Datei ist abgeschnitten oder beschädigt.",
    )


def presets_instead(name: str) -> Text:
    """Say that the presets are where the configuration should be."""
    return both(
        f"{name} holds presets, not a configuration. On a controller it would reset all settings.",
        f"{name} enthält Presets, keine Konfiguration. Auf einem Controller würde das alle Einstellungen zurücksetzen.",
    )


def keys_missing(name: str, keys: Iterable[str]) -> Text:
    """Say which keys a configuration lacks."""
    listed = names(keys)
    return both(
        f"{name} is no WLED configuration: it lacks {listed}.",
        f"{name} ist keine WLED-Konfiguration: Es fehlt {listed}.",
    )


def not_presets(name: str) -> Text:
    """Say that a file does not hold presets."""
    return both(
        f"{name} is no preset file: its keys are not the numbers of presets.",
        f"{name} ist keine Preset-Datei: Ihre Schlüssel sind nicht die Nummern von Presets.",
    )


BAD_RECORD = both(
    "The record of the controller in it is not readable.", "Der Vermerk über den Controller darin ist nicht lesbar."
)
NO_RECORD = both("It does not say which controller it comes from.", "Es sagt nicht, von welchem Controller es stammt.")
PRESETS_ABSENT = both(
    "The controller had no presets.json; a healthy one always has.",
    "Der Controller hatte keine presets.json; ein gesunder hat immer eine.",
)
PRESETS_EMPTY = both(
    "The presets.json of the controller was empty: its presets are lost on the device itself.",
    "Die presets.json des Controllers war leer: Seine Presets sind auf dem Gerät selbst verloren.",
)
PRESETS_NOT_INCLUDED = both("It holds only settings, no presets.", "Es enthält nur Einstellungen, keine Presets.")
CONFIGURATION_ABSENT = both(
    "It holds only presets, no settings. A restore changes nothing but the presets.",
    "Es enthält nur Presets, keine Einstellungen. Eine Wiederherstellung ändert nur die Presets.",
)
PRESETS_DAMAGED = both(
    "The presets.json is damaged on the controller itself. It is kept as it is, but will not be put back. Put back the "
    "presets of an older backup, or save them in WLED again.",
    "Die presets.json ist auf dem Controller selbst beschädigt. Sie wird aufbewahrt, wie sie ist, aber nicht "
    "zurückgespielt. Spiele die Presets eines älteren Backups zurück oder speichere sie in WLED neu.",
)


def several(name: str, files: Iterable[str]) -> Text:
    """Say that it cannot be told which file is meant."""
    listed = names(files)
    return both(
        f"Several files could be the {name}, and they differ: {listed}. Leave only one of them in it.",
        f"Mehrere Dateien könnten die {name} sein und unterscheiden sich: {listed}. Lass nur eine davon darin.",
    )


def damaged(files: Iterable[str]) -> Text:
    """Name files that are damaged on the device itself."""
    listed = names(files)
    return both(
        f"These files are damaged on the controller itself: {listed}. They are kept, but will not be put back.",
        f"Diese Dateien sind auf dem Controller selbst beschädigt: {listed}. Sie werden aufbewahrt, aber nicht "
        "zurückgespielt.",
    )
