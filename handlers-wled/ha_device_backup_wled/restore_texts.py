"""What a restore does, refuses, proves and leaves to a person, in English and German."""

from collections.abc import Iterable, Sequence

from ha_device_backup_core import Text, in_language

from .texts import both, names, shown

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
NETWORKS_KEPT = both(
    "The controller keeps its present Wi-Fi networks and address, because it is reached by them and the backup has "
    "others. Change them at the controller if you want those of the backup (Config, WiFi Setup).",
    "Der Controller behält seine jetzigen WLANs und seine Adresse, weil er darüber erreichbar ist und das Backup "
    "andere hat. Ändere sie am Controller, falls du die des Backups willst (Config, WiFi Setup).",
)
CABLE_KEPT = both(
    "The controller keeps its present type of Ethernet board; the backup has another one.",
    "Der Controller behält seinen jetzigen Ethernet-Typ; im Backup steht ein anderer.",
)
ACCESS_POINT_KEPT = both(
    "The controller keeps its present access point, because it has no network yet.",
    "Der Controller behält seinen jetzigen Access Point, weil er noch in keinem Netz ist.",
)
NETWORK_NAME_KEPT = both(
    "The controller keeps its present name in the network (mDNS), because it is reached by it.",
    "Der Controller behält seinen jetzigen Netzwerknamen (mDNS), weil er darüber erreichbar ist.",
)
CABLE_TAKES_OVER = both(
    "With the backup the controller uses its Ethernet cable, if one is plugged in, and may get another address.",
    "Mit dem Backup nutzt der Controller sein Ethernet-Kabel, falls eines steckt, und bekommt vielleicht eine andere "
    "Adresse.",
)
NAME_MAY_CHANGE = both(
    "The controller is reached by a name, which may change with the backup. Enter its IP address to be sure.",
    "Der Controller wird über einen Namen erreicht, der sich mit dem Backup ändern kann. Trage zur Sicherheit seine "
    "IP-Adresse ein.",
)
CONNECTION_UNKNOWN = both(
    "The present settings of the controller cannot be read, so nobody can tell whether it stays in its network.",
    "Die jetzigen Einstellungen des Controllers sind nicht lesbar; ob er in seinem Netz bleibt, lässt sich also nicht "
    "sagen.",
)
LOCKED_WITH_ITS_OWN_PASSWORD = both(
    "The backup locks firmware updates (OTA), with the password that is on the controller now: “wledota”, if nobody "
    "changed it. Set your own again (Config, Security & Updates).",
    "Das Backup sperrt Firmware-Updates (OTA), und zwar mit dem Passwort, das jetzt auf dem Controller ist: „wledota“, "
    "falls es niemand geändert hat. Setze wieder dein eigenes (Config, Security & Updates).",
)


def custom_palettes(numbers: Sequence[str]) -> Text:
    """Name presets that would look different."""
    listed = _listed(numbers)
    return both(
        f"From WLED 16 on custom palettes have other numbers. Choose the palette again in these presets: {listed}.",
        f"Ab WLED 16 haben eigene Paletten andere Nummern. Wähle in diesen Presets die Palette neu: {listed}.",
    )


def preset_changes(added: int, removed: int, changed: int) -> Text:
    """Say how many presets would be other ones."""
    counts = (
        (added, "added", "neu"),
        (removed, "removed", "entfernt"),
        (changed, "changed", "geändert"),
    )
    english = ", ".join(f"{count} {word}" for count, word, _ in counts if count)
    german = ", ".join(f"{count} {word}" for count, _, word in counts if count)
    return both(f"Presets: {english}", f"Presets: {german}")


PRESENT_DAMAGED = both(
    "The present settings of the controller are damaged.", "Die jetzigen Einstellungen des Controllers sind beschädigt."
)


def file_name(name: str) -> str:
    """Return the name of a file for the screen."""
    return shown(name)[:200] or "?"


def setting(path: str) -> Text:
    """Name one setting."""
    return shown(path)[:200]


def more_settings(count: int) -> Text:
    """Say how many more settings differ."""
    return both(f"and {count} more settings", f"und {count} weitere Einstellungen")


def left_aside(files: Iterable[str]) -> Text:
    """Name what is in a file that was handed in, but is no file of a controller."""
    listed = names(files)
    return both(
        f"Not put back, because no file of a controller: {listed}.",
        f"Nicht zurückgespielt, weil keine Datei eines Controllers: {listed}.",
    )


NO_CONFIGURATION = both(
    "The backup holds no settings; those of the controller stay as they are.",
    "Das Backup enthält keine Einstellungen; die des Controllers bleiben, wie sie sind.",
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
OTHER_DEVICE_MEANWHILE = both(
    "Another device took over the address in the middle of the work. Only some files were put back.",
    "Mitten in der Arbeit hat ein anderes Gerät die Adresse übernommen. Nur ein Teil der Dateien ist zurückgespielt.",
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
        f"Files that are on the controller as in the backup: {count}.",
        f"Dateien, die wie im Backup auf dem Controller sind: {count}.",
    )


CONFIGURATION_EQUAL = both(
    "The controller restarted and runs with the configuration of the backup.",
    "Der Controller hat neu gestartet und läuft mit der Konfiguration des Backups.",
)
CONFIGURATION_EQUAL_BUT = both(
    "The controller restarted and runs with the configuration of the backup, except for what it keeps.",
    "Der Controller hat neu gestartet und läuft mit der Konfiguration des Backups, bis auf das, was er behält.",
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
    "both. Its access point and its firmware updates have the passwords of this controller; set your own, and the "
    "settings PIN and the Hue key, again if you use them.",
    "Dies ist ein anderer Controller als der im Backup. Er hat jetzt denselben Netzwerknamen, dieselben MQTT-Topics "
    "und, falls gesetzt, dieselbe feste "
    "IP-Adresse: Betreibe nicht beide. Access Point und Firmware-Updates haben die Passwörter dieses Controllers; "
    "setze deine eigenen, die Einstellungs-PIN und den Hue-Schlüssel neu, falls du sie nutzt.",
)


def passwords(places: Iterable[Text]) -> tuple[Text, ...]:
    """Ask for each password that the controller does not have."""
    return tuple(
        both(f"Enter the password again: {_in(place, 'en')}.", f"Gib das Passwort neu ein: {_in(place, 'de')}.")
        for place in places
    )


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:20]) + (" …" if len(numbers) > 20 else "")


def _in(place: Text, language: str) -> str:
    return in_language(place, language)


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
