"""What a restore does, refuses, proves and leaves to a person, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text

from .texts import both, names

CHECKING = both("Checking the device", "Das Gerät wird geprüft")
SENDING_SETTINGS = both("Sending the settings", "Die Einstellungen werden gesendet")
RESTARTING = both("Waiting for the restart", "Warten auf den Neustart")
READING_BACK = both("Reading the settings back", "Die Einstellungen werden zurückgelesen")
DONE = both("Done", "Fertig")


def sending(path: str) -> Text:
    """Say which file is on its way."""
    name = names([path])
    return both(f"Sending {name}", f"{name} wird gesendet")


PRESENT_UNREADABLE = both(
    "The present settings of the device cannot be read, so nobody can tell whether the backup fits it.",
    "Die jetzigen Einstellungen des Geräts sind nicht lesbar; niemand weiß also, ob das Backup dazu passt.",
)
REFUSED = both(
    "The device refused the settings; it works as before.",
    "Das Gerät hat die Einstellungen abgelehnt; es arbeitet wie vorher.",
)
REFUSED_AFTER_FILES = both(
    "The device refused the settings and works with those it had; files of the backup are on it already.",
    "Das Gerät hat die Einstellungen abgelehnt und arbeitet mit den bisherigen; Dateien des Backups sind schon darauf.",
)


def other_chip(backup: str, device: str) -> Text:
    """Say that the backup is of another kind of chip."""
    return both(
        f"The backup is of an {backup}, the device has an {device}: the settings have other places there, and it might "
        "not start any more.",
        f"Das Backup ist von einem {backup}, das Gerät hat einen {device}: Dort stehen die Einstellungen an anderen "
        "Stellen, und es würde vielleicht nicht mehr starten.",
    )


def newer_backup(backup: str, device: str) -> Text:
    """Say that the backup is of a newer firmware."""
    return both(
        f"The backup is of Tasmota {backup}, the device runs {device}, which does not know those settings and might "
        "not start with them. Update the device first.",
        f"Das Backup ist von Tasmota {backup}, auf dem Gerät läuft {device}; das kennt diese Einstellungen nicht und "
        "würde vielleicht nicht damit starten. Aktualisiere zuerst das Gerät.",
    )


def older_backup(backup: str, device: str) -> Text:
    """Say that the backup is too old to be taken over."""
    return both(
        f"The backup is of Tasmota {backup}, the device runs {device}, which would forget all its settings. Install "
        "the older firmware, restore there, and update step by step.",
        f"Das Backup ist von Tasmota {backup}, auf dem Gerät läuft {device}; das würde alle Einstellungen vergessen. "
        "Installiere die ältere Firmware, stelle dort wieder her und aktualisiere schrittweise.",
    )


def damaged_drivers(drivers: Iterable[str]) -> Text:
    """Say that the device would leave out settings of drivers."""
    listed = names(drivers)
    return both(
        f"The settings of these drivers are damaged in the backup: {listed}. Take an older backup.",
        f"Die Einstellungen dieser Treiber sind im Backup beschädigt: {listed}. Nimm ein älteres Backup.",
    )


def no_room(needed: int, free: int) -> Text:
    """Say that the files do not fit."""
    return both(
        f"The files need {needed} more bytes, but only {free} are free on the device. Delete files there.",
        f"Die Dateien brauchen {needed} Bytes mehr, auf dem Gerät sind aber nur {free} frei. Lösche dort Dateien.",
    )


def not_written(path: str) -> Text:
    """Say that a file is not on the device as it was sent."""
    name = names([path])
    return both(
        f"{name} is not on the device as it was sent. The settings were not touched, but files may have changed.",
        f"{name} ist nicht so auf dem Gerät, wie es gesendet wurde. Die Einstellungen wurden nicht angefasst, Dateien "
        "können sich aber geändert haben.",
    )


NOT_BACK = both(
    "The device did not come back after the restart. It may have another address now, as the backup has it, or have "
    "lost its Wi-Fi: look for it in the router, or for a Wi-Fi whose name begins with tasmota.",
    "Das Gerät ist nach dem Neustart nicht zurückgekommen. Vielleicht hat es jetzt die Adresse aus dem Backup oder hat "
    "sein WLAN verloren: Suche es im Router oder suche ein WLAN, dessen Name mit tasmota beginnt.",
)
OTHER_DEVICE = both(
    "After the restart another device answers at this address.",
    "Nach dem Neustart antwortet unter dieser Adresse ein anderes Gerät.",
)
LOGIN_REFUSED = both(
    "After the restart the device refuses both the password that was entered and that of the backup.",
    "Nach dem Neustart lehnt das Gerät sowohl das eingegebene Passwort als auch das aus dem Backup ab.",
)
NOT_READ_BACK = both(
    "The device restarted, but its settings cannot be read back.",
    "Das Gerät hat neu gestartet, aber seine Einstellungen sind nicht zurückzulesen.",
)


def differs(count: int) -> Text:
    """Say that the device runs with something else."""
    return both(
        f"The device runs with other settings than those it was sent: {count} bytes differ.",
        f"Das Gerät läuft mit anderen Einstellungen als den gesendeten: {count} Bytes weichen ab.",
    )


def files_equal(count: int) -> Text:
    """Say how many files are proven."""
    return both(
        f"Files that are on the device byte for byte: {count}.",
        f"Dateien, die Byte für Byte auf dem Gerät sind: {count}.",
    )


SETTINGS_EQUAL = both(
    "The device restarted and runs with the settings of the backup; only counters and states were not compared.",
    "Das Gerät hat neu gestartet und läuft mit den Einstellungen des Backups; nur Zähler und Zustände wurden nicht "
    "verglichen.",
)
RESTARTED = both(
    "The device took the settings and restarted.", "Das Gerät hat die Einstellungen angenommen und neu gestartet."
)


def set_at_start(count: int) -> Text:
    """Say that a few bytes differ, which the device may have set itself."""
    return both(
        f"{count} bytes of its settings differ from the backup: the device may have set them itself at its start.",
        f"{count} Bytes seiner Einstellungen weichen vom Backup ab: Vielleicht hat das Gerät sie beim Start selbst "
        "gesetzt.",
    )


def migrated(backup: str, device: str) -> Text:
    """Say that the settings cannot be compared."""
    return both(
        f"The settings are of Tasmota {backup} and were taken over into {device}; they cannot be compared.",
        f"Die Einstellungen sind von Tasmota {backup} und wurden in {device} übernommen; sie sind nicht vergleichbar.",
    )


def drivers_differ(drivers: Iterable[str]) -> Text:
    """Name drivers whose settings are not as in the backup."""
    listed = names(drivers)
    return both(
        f"The settings of these drivers are not as in the backup: {listed}.",
        f"Die Einstellungen dieser Treiber sind nicht wie im Backup: {listed}.",
    )


UNKNOWN_ORIGIN = both(
    "The backup does not say which device it is of: check module, pins and names. Files were not in it.",
    "Das Backup sagt nicht, von welchem Gerät es ist: Prüfe Modul, Pins und Namen. Dateien waren nicht darin.",
)
REPLACEMENT = both(
    "This is another device than the one in the backup. It now has the same names and MQTT topics: do not run both.",
    "Dies ist ein anderes Gerät als das im Backup. Es hat jetzt dieselben Namen und MQTT-Topics: Betreibe nicht beide.",
)
REPLACEMENT_WITH_OWN_TOPIC = both(
    "This is another device than the one in the backup. It has the same names now, but its MQTT topic is made of its "
    "own MAC address, so it is not that of the old device: adapt what uses it.",
    "Dies ist ein anderes Gerät als das im Backup. Es hat jetzt dieselben Namen, aber sein MQTT-Topic entsteht aus "
    "seiner eigenen MAC-Adresse und ist nicht das des alten Geräts: Passe an, was es benutzt.",
)
TLS_KEYS = both(
    "A key and a certificate of its own for MQTT (TLSKey) are not in a backup: enter them again.",
    "Ein eigener Schlüssel und ein Zertifikat für MQTT (TLSKey) sind in keinem Backup: Gib sie neu ein.",
)
CALIBRATION = both(
    "Its energy meter now has the calibration of the old device: calibrate it anew.",
    "Sein Stromzähler hat jetzt die Kalibrierung des alten Geräts: Kalibriere ihn neu.",
)
OTHER_MODULE = both(
    "The backup has another module, template or pins than the device has now. On other hardware than that of the "
    "backup relays and keys can do something else than before.",
    "Das Backup hat ein anderes Modul, Template oder andere Pins, als das Gerät jetzt hat. Auf anderer Hardware als "
    "der des Backups können Relais und Tasten etwas anderes tun als vorher.",
)
OTHER_DEVICE_NOW = both(
    "Another device answers at this address now than at the beginning.",
    "Unter dieser Adresse antwortet jetzt ein anderes Gerät als am Anfang.",
)
OTHER_BUILD = both(
    "The device has another build of the firmware than the backup: settings of drivers that it lacks do nothing.",
    "Das Gerät hat einen anderen Firmware-Build als das Backup: Einstellungen fehlender Treiber bewirken nichts.",
)
NEW_PASSWORD = both(
    "The device now has the web admin password of the backup: enter that in the settings of this device here.",
    "Das Gerät hat jetzt das Passwort der Weboberfläche aus dem Backup: Gib es hier in den Einstellungen dieses Geräts "
    "ein.",
)
NO_PASSWORD = both(
    "The device has no web admin password any more, as in the backup: set one on its page.",
    "Das Gerät hat wie im Backup kein Passwort der Weboberfläche mehr: Setze eines auf seiner Seite.",
)


def no_file_system(files: Iterable[str]) -> Text:
    """Name files that the device cannot take."""
    listed = names(files)
    return both(
        f"These files were not put back, because the firmware of the device takes none: {listed}.",
        f"Diese Dateien wurden nicht zurückgespielt, weil die Firmware des Geräts keine annimmt: {listed}.",
    )


def drivers_left_out(files: Iterable[str]) -> Text:
    """Name settings of drivers that are files of their own, as old firmware has them."""
    listed = names(files)
    return both(
        f"Not put back, because the running drivers would overwrite them: {listed}. Enter these settings by hand.",
        f"Nicht zurückgespielt, weil die laufenden Treiber sie überschreiben würden: {listed}. Gib diese Einstellungen "
        "von Hand ein.",
    )


def names_left_out(files: Iterable[str]) -> Text:
    """Name files whose names cannot be sent."""
    listed = names(files)
    return both(
        f"Not put back, because the device would take their names for something else: {listed}. Use its own page.",
        f"Nicht zurückgespielt, weil das Gerät ihre Namen missverstehen würde: {listed}. Nutze seine eigene Seite.",
    )
