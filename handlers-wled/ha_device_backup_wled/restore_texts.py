"""What a restore does, refuses, proves and leaves to a person, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text

from .texts import both, names

CHECKING = both("Checking the controller", "Der Controller wird geprüft")
SENDING_CONFIGURATION = both("Sending the configuration", "Die Konfiguration wird gesendet")
RESTARTING = both("Waiting for the restart", "Warten auf den Neustart")
READING_BACK = both("Reading the configuration back", "Die Konfiguration wird zurückgelesen")
DONE = both("Done", "Fertig")


def sending(name: str) -> Text:
    """Say which file is on its way."""
    return both(f"Sending {name}", f"{name} wird gesendet")


LOCKED = both(
    "The settings are locked by a PIN. Enter the PIN in the settings of this device, then restore again.",
    "Die Einstellungen sind mit einer PIN gesperrt. Gib die PIN in den Einstellungen dieses Geräts ein und stelle "
    "dann noch einmal wieder her.",
)
OTA_LOCKED = both(
    "The OTA lock of this firmware closes all files. Unlock it at the controller (Config, Security & Updates) and "
    "restart the controller, then restore again.",
    "Die OTA-Sperre dieser Firmware sperrt alle Dateien. Hebe sie am Controller auf (Config, Security & Updates) "
    "und starte ihn neu; stelle dann noch "
    "einmal wieder her.",
)
NO_FILE_SYSTEM = both(
    "The controller has no working file system. Install its firmware anew.",
    "Der Controller hat kein funktionierendes Dateisystem. Installiere seine Firmware neu.",
)
NOTHING_TO_RESTORE = both(
    "No file of this backup can be put back.", "Keine Datei dieses Backups kann zurückgespielt werden."
)
OTHER_NETWORKS = both(
    "Its Wi-Fi networks are not those of the backup, in the same order. Passwords are not in a backup, so the "
    "controller would lose its network. Enter the "
    "networks of the backup at the controller (Config, WiFi Setup), then restore again.",
    "Seine WLANs sind nicht die des Backups in derselben Reihenfolge. Passwörter sind in keinem Backup, der "
    "Controller würde also sein Netz verlieren. Trage "
    "die WLANs des Backups am Controller ein (Config, WiFi Setup) und stelle dann noch einmal wieder her.",
)


def newer_backup(backup: str, device: str) -> Text:
    """Say that the backup is of a newer firmware."""
    return both(
        f"The backup is of WLED {backup}, the controller runs {device}, which would lose settings. Update the "
        "controller first.",
        f"Das Backup ist von WLED {backup}, auf dem Controller läuft {device}; dabei gingen Einstellungen verloren. "
        "Aktualisiere zuerst den Controller.",
    )


def no_room(needed: int, free: int) -> Text:
    """Say that the files do not fit."""
    return both(
        f"The files need {needed} more bytes, but only {free} are free on the controller. Delete files there.",
        f"Die Dateien brauchen {needed} Bytes mehr, auf dem Controller sind aber nur {free} frei. Lösche dort Dateien.",
    )


def refused(name: str, status: int) -> Text:
    """Say that the controller did not take a file."""
    return both(
        f"The controller refused {name} (status {status}).", f"Der Controller hat {name} abgelehnt (Status {status})."
    )


def not_written(name: str) -> Text:
    """Say that a file is not on the device as it was sent."""
    return both(
        f"{name} is not on the controller as it was sent. The configuration was not touched, the controller works "
        "as before.",
        f"{name} ist nicht so auf dem Controller, wie es gesendet wurde. Die Konfiguration wurde nicht angefasst, "
        "der Controller arbeitet wie vorher.",
    )


NOT_BACK = both(
    "The controller did not come back after the restart. It may have another address now, or have lost its Wi-Fi: "
    "look for it in the router, or for a "
    "Wi-Fi named WLED-AP, and enter the Wi-Fi password there.",
    "Der Controller ist nach dem Neustart nicht zurückgekommen. Vielleicht hat er jetzt eine andere Adresse oder "
    "sein WLAN verloren: Suche ihn im Router oder "
    "suche ein WLAN namens WLED-AP und gib dort das WLAN-Passwort ein.",
)
OTHER_DEVICE = both(
    "After the restart another device answers at this address.",
    "Nach dem Neustart antwortet unter dieser Adresse ein anderes Gerät.",
)


def differs(settings: Iterable[str]) -> Text:
    """Name settings that are not as in the backup."""
    listed = names(settings)
    return both(
        f"These settings are not as in the backup: {listed}.",
        f"Diese Einstellungen sind nicht wie im Backup: {listed}.",
    )


RUNS_OTHER = both(
    "The controller runs with another configuration than the one it was sent.",
    "Der Controller läuft mit einer anderen Konfiguration als der gesendeten.",
)


def files_equal(count: int) -> Text:
    """Say how many files are proven."""
    return both(
        f"Files that are on the controller byte for byte: {count}.",
        f"Dateien, die Byte für Byte auf dem Controller sind: {count}.",
    )


CONFIGURATION_EQUAL = both(
    "The controller restarted and runs with the configuration of the backup.",
    "Der Controller hat neu gestartet und läuft mit der Konfiguration des Backups.",
)
RESTARTED = both("The controller restarted.", "Der Controller hat neu gestartet.")


def migrated(settings: Iterable[str]) -> Text:
    """Name settings that the newer firmware keeps in another way."""
    listed = names(settings)
    return both(
        f"The firmware is newer than the backup and keeps these settings in its own way: {listed}.",
        f"Die Firmware ist neuer als das Backup und führt diese Einstellungen auf ihre Weise: {listed}.",
    )


def not_read_back(files: Iterable[str]) -> Text:
    """Name files that cannot be read back."""
    listed = names(files)
    return both(
        f"Sent, but not readable on this firmware: {listed}.",
        f"Gesendet, aber auf dieser Firmware nicht lesbar: {listed}.",
    )


def extra_files(files: Iterable[str]) -> Text:
    """Name files that were there and are not in the backup."""
    listed = names(files)
    return both(
        f"These files were not in the backup and were left as they are: {listed}.",
        f"Diese Dateien waren nicht im Backup und blieben, wie sie sind: {listed}.",
    )


OTHER_CHIP = both(
    "The configuration was not put back, because the controller has another chip and the pins of the backup may not "
    "fit. Enter the settings by hand; presets "
    "and all other files are back.",
    "Die Konfiguration wurde nicht zurückgespielt, weil der Controller einen anderen Chip hat und die Pins des "
    "Backups vielleicht nicht passen. Trage die "
    "Einstellungen von Hand ein; Presets und alle anderen Dateien sind zurück.",
)
OTHER_BUILD = both(
    "The controller has another build of the firmware than the backup: check the LED outputs and pins.",
    "Der Controller hat einen anderen Firmware-Build als das Backup: Prüfe LED-Ausgänge und Pins.",
)
UNKNOWN_ORIGIN = both(
    "The backup does not say which chip it is from: check the LED outputs and pins.",
    "Das Backup sagt nicht, von welchem Chip es stammt: Prüfe LED-Ausgänge und Pins.",
)
REPLACEMENT = both(
    "This is another controller than the one in the backup. It now has the same name in the network, MQTT topics "
    "and, if set, fixed IP address: do not run "
    "both. Enter the settings PIN and the Hue key again if you use them.",
    "Dies ist ein anderer Controller als der im Backup. Er hat jetzt denselben Netzwerknamen, dieselben MQTT-Topics "
    "und, falls gesetzt, dieselbe feste "
    "IP-Adresse: Betreibe nicht beide. Gib die Einstellungs-PIN und den Hue-Schlüssel neu ein, falls du sie nutzt.",
)


def passwords(places: Iterable[Text]) -> tuple[Text, ...]:
    """Ask for each password that the controller does not have."""
    return tuple(
        both(f"Enter the password again: {_in(place, 'en')}.", f"Gib das Passwort neu ein: {_in(place, 'de')}.")
        for place in places
    )


def _in(place: Text, language: str) -> str:
    return place if isinstance(place, str) else place[language]


ACCESS_POINT = both("access point", "Access Point")
MQTT = both("MQTT", "MQTT")
FIRMWARE_UPDATE = both("firmware updates (OTA)", "Firmware-Updates (OTA)")


def network(number: int) -> Text:
    """Name a Wi-Fi without its name."""
    return both(f"Wi-Fi network {number}", f"WLAN {number}")


def left_out_empty(files: Iterable[str]) -> Text:
    """Name empty files."""
    listed = names(files)
    return both(
        f"Empty files cannot be put on a controller: {listed}.",
        f"Leere Dateien lassen sich nicht auf einen Controller spielen: {listed}.",
    )


def left_out_damaged(files: Iterable[str]) -> Text:
    """Name damaged files."""
    listed = names(files)
    return both(
        f"Not put back, because damaged in the backup already: {listed}. An older backup may hold good ones.",
        f"Nicht zurückgespielt, weil schon im Backup beschädigt: {listed}. Ein älteres Backup enthält vielleicht gute.",
    )


def left_out_names(files: Iterable[str]) -> Text:
    """Name files whose names cannot be sent."""
    listed = names(files)
    return both(
        f"Not put back, because the controller would take their names for something else: {listed}. Use its file "
        "editor (/edit).",
        f"Nicht zurückgespielt, weil der Controller ihre Namen missverstehen würde: {listed}. Nutze seinen "
        "Datei-Editor (/edit).",
    )
