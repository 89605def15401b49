"""Texts of the form and of what goes wrong with a device, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text

from .shown import shown


def both(en: str, de: str) -> Text:
    """Return a text in both languages."""
    return {"en": en, "de": de}


def names(files: Iterable[str]) -> str:
    """Return file names for a sentence, not endlessly many."""
    listed = [shown(name, 100) for name in sorted(files)]
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "")


HOST_LABEL = both("Host", "Host")
HOST_HELP = both(
    "The IP address or name of the device, as shown on its page Information or in your router.",
    "Die IP-Adresse oder der Name des Geräts, wie seine Seite Informationen oder der Router sie zeigt.",
)
PORT_LABEL = both("Port", "Port")
PORT_HELP = both("80, unless a proxy is in between.", "80, außer wenn ein Proxy dazwischen ist.")
PASSWORD_LABEL = both("Web admin password", "Passwort der Weboberfläche")
PASSWORD_HELP = both(
    "Only if you set one (Tasmota: Configuration, Configure Other).",
    "Nur wenn du eines gesetzt hast (Tasmota: Einstellungen, Sonstige Konfiguration).",
)
USER_LABEL = both("User name", "Benutzername")
USER_HELP = both(
    "admin, unless you compiled the firmware yourself with another one.",
    "admin, außer wenn du die Firmware selbst mit einem anderen übersetzt hast.",
)

OMITS = (
    both(
        "Files on a memory card. Those in the flash memory of the device are in it.",
        "Dateien auf einer Speicherkarte. Die im Flash-Speicher des Geräts sind enthalten.",
    ),
    both(
        "The firmware itself, and what other chips on the board keep: a Zigbee coordinator, a Tuya MCU, an RF bridge.",
        "Die Firmware selbst und was andere Chips auf der Platine speichern: ein Zigbee-Koordinator, eine Tuya-MCU, "
        "eine RF-Bridge.",
    ),
    both(
        "What only another program knows: retained messages of the MQTT broker, pairings kept in a Matter controller.",
        "Was nur ein anderes Programm weiß: aufbewahrte Nachrichten des MQTT-Brokers, Kopplungen in einer "
        "Matter-Zentrale.",
    ),
)

CLOSED_EARLY = both(
    "It closed the connection without an answer, several times. If its HTTP API is switched off (SetOption128 0), "
    "enter its IP address as host, without a proxy in between, or switch it on: SetOption128 1.",
    "Es hat die Verbindung mehrmals ohne Antwort geschlossen. Falls seine HTTP-API ausgeschaltet ist (SetOption128 0), "
    "gib seine IP-Adresse als Host ein, ohne Proxy dazwischen, oder schalte sie ein: SetOption128 1.",
)
BROKE_OFF = both("Its answer broke off, several times.", "Seine Antwort brach mehrmals ab.")
NOT_HTTP = both("Its answer is not understood.", "Seine Antwort ist nicht zu verstehen.")
IN_TROUBLE = both("It answered with an error of its own.", "Es hat mit einem eigenen Fehler geantwortet.")
NOT_TASMOTA = both("No Tasmota device answers at this address.", "Unter dieser Adresse antwortet kein Tasmota-Gerät.")
OTHER_DEVICE = both(
    "It came there while the backup was made.",
    "Es kam während des Backups dazu.",
)
NO_MAC = both(
    "The device does not tell its MAC address, so it could not be told from others. Restart it.",
    "Das Gerät nennt seine MAC-Adresse nicht und wäre von anderen nicht zu unterscheiden. Starte es neu.",
)
MINIMAL = both(
    "It runs a minimal or rescue firmware, which holds no settings. Finish the update of the firmware on its own page.",
    "Es läuft mit einer minimalen oder Notfall-Firmware, die keine Einstellungen kennt. Schließe das Firmware-Update "
    "auf seiner eigenen Seite ab.",
)
USER_MODE = both(
    "Its web server only shows the main page. Enter “WebServer 2” in the console of the device, by MQTT or serial.",
    "Sein Webserver zeigt nur die Hauptseite. Gib „WebServer 2“ in die Konsole des Geräts ein, per MQTT oder seriell.",
)
WRONG_PASSWORD = both("The web admin password is wrong.", "Das Passwort der Weboberfläche ist falsch.")
PASSWORD_NEEDED = both("It asks for its web admin password.", "Es verlangt das Passwort seiner Weboberfläche.")

LIST_UNREADABLE = both(
    "The list of its files could not be read: Berry scripts and other files may be missing.",
    "Die Liste seiner Dateien war nicht lesbar: Berry-Skripte und andere Dateien können fehlen.",
)
LIST_CUT = both(
    "It has more folders or files than are read; some may be missing.",
    "Es hat mehr Ordner oder Dateien, als gelesen werden; einige können fehlen.",
)


def not_read(files: Iterable[str]) -> Text:
    """Name files that are on the device, but not in the backup."""
    listed = names(files)
    return both(f"These files could not be read: {listed}.", f"Diese Dateien waren nicht lesbar: {listed}.")


def too_large(files: Iterable[str]) -> Text:
    """Name files that are left out because together they are too much."""
    listed = names(files)
    return both(
        f"These files were left out because all together are too large: {listed}.",
        f"Diese Dateien wurden ausgelassen, weil alle zusammen zu groß sind: {listed}.",
    )
