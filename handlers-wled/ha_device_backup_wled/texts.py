"""Every text that a person reads, in English and German."""

import unicodedata
from collections.abc import Iterable

from ha_device_backup_core import Text

_JOINERS = "\u200c\u200d"
"""Letters and pictures are made with them."""


def both(en: str, de: str) -> Text:
    """Return a text in both languages."""
    return {"en": en, "de": de}


def shown(text: str) -> str:
    """Return a text from a device for the screen; never compare it: unusual blanks become usual ones."""
    return "".join(
        " " if unicodedata.category(character) == "Zs" else character for character in text if _is_shown(character)
    )


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or character in _JOINERS


def names(files: Iterable[str]) -> str:
    """Return file names for a sentence, not endlessly many."""
    listed = [shown(name)[:100] for name in sorted(files)]
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "")


HOST_LABEL = both("Host", "Host")
HOST_HELP = both(
    "The IP address or name of the controller, as shown in the WLED app or in your router.",
    "Die IP-Adresse oder der Name des Controllers, wie die WLED-App oder der Router sie zeigt.",
)
PORT_LABEL = both("Port", "Port")
PORT_HELP = both("80, unless a proxy is in between.", "80, außer wenn ein Proxy dazwischen ist.")
PIN_LABEL = both("Settings PIN", "Einstellungs-PIN")
PIN_HELP = both(
    "Only if the settings of the controller are locked by a PIN (WLED: Config, Security & Updates). Without it the "
    "backup holds "
    "the files with well-known names, but nobody can tell whether there are others. While a backup runs the "
    "settings are open; "
    "they are locked again after it.",
    "Nur wenn die Einstellungen des Controllers mit einer PIN gesperrt sind (WLED: Config, Security & Updates). "
    "Ohne sie enthält das Backup "
    "die Dateien mit bekannten Namen, aber niemand weiß, ob es weitere gibt. Während ein Backup läuft, sind die "
    "Einstellungen offen; "
    "danach werden sie wieder gesperrt.",
)

OMITS = (
    both(
        "Passwords (Wi-Fi, access point, MQTT, firmware updates, Philips Hue key): the controller never gives them "
        "out. Restored to the "
        "same controller they are still there; on a new one they have to be entered again.",
        "Passwörter (WLAN, Access Point, MQTT, Firmware-Updates, Philips-Hue-Schlüssel): Der Controller gibt sie "
        "nie heraus. Auf demselben "
        "Controller sind sie nach dem Wiederherstellen noch da; auf einem neuen müssen sie neu eingegeben werden.",
    ),
    both("The settings PIN.", "Die Einstellungs-PIN."),
    both(
        "What is only running: colour, brightness, effect and segments that were not saved as a preset.",
        "Was nur gerade läuft: Farbe, Helligkeit, Effekt und Segmente, die nicht als Preset gespeichert sind.",
    ),
)

CLOSED_EARLY = both(
    "It closed the connection without an answer, several times.",
    "Es hat die Verbindung mehrmals ohne Antwort geschlossen.",
)
BROKE_OFF = both("Its answer broke off, several times.", "Seine Antwort brach mehrmals ab.")
NOT_HTTP = both("Its answer is not understood.", "Seine Antwort ist nicht zu verstehen.")
IN_TROUBLE = both("It answered with an error of its own.", "Es hat mit einem eigenen Fehler geantwortet.")
NOT_WLED = both("No WLED controller answers at this address.", "Unter dieser Adresse antwortet kein WLED-Controller.")
NO_MAC = both(
    "The controller does not tell its MAC address, so it could not be told from others. Restart it.",
    "Der Controller nennt seine MAC-Adresse nicht und wäre von anderen nicht zu unterscheiden. Starte ihn neu.",
)
LOGIN_IN_FRONT = both(
    "Something in front of the controller asks for a login. Enter the controller's own address.",
    "Etwas vor dem Controller verlangt eine Anmeldung. Gib die eigene Adresse des Controllers ein.",
)
WRONG_PIN = both("The settings PIN is wrong.", "Die Einstellungs-PIN ist falsch.")
KEEPS_CHANGING = both(
    "Its files kept changing while they were read. Somebody may be saving presets at the moment.",
    "Seine Dateien haben sich beim Lesen immer wieder geändert. Vielleicht speichert gerade jemand Presets.",
)
OTHER_DEVICE_NOW = both(
    "Another controller answered in the middle of the work.",
    "Mitten in der Arbeit hat ein anderer Controller geantwortet.",
)

LIST_LOCKED = both(
    "The list of files is locked by the settings PIN, which was not entered: files with names of their own may be "
    "missing.",
    "Die Dateiliste ist durch die Einstellungs-PIN gesperrt, die nicht eingegeben wurde: Dateien mit eigenen Namen "
    "können fehlen.",
)
LIST_OTA_LOCKED = both(
    "The list of files is closed by the OTA lock of this firmware: files with names of their own may be missing.",
    "Die Dateiliste ist durch die OTA-Sperre dieser Firmware gesperrt: Dateien mit eigenen Namen können fehlen.",
)
LIST_DISABLED = both(
    "This firmware gives no list of files: files with names of their own may be missing.",
    "Diese Firmware gibt keine Dateiliste heraus: Dateien mit eigenen Namen können fehlen.",
)


def cannot_read(name: str) -> Text:
    """Say that a file that must be there cannot be read."""
    return both(f"{name} could not be read completely.", f"{name} war nicht vollständig lesbar.")


def not_read(files: Iterable[str]) -> Text:
    """Name files that are on the device, but not in the backup."""
    listed = names(files)
    return both(f"These files could not be read: {listed}.", f"Diese Dateien waren nicht lesbar: {listed}.")


def too_large(size: int, limit: int) -> Text:
    """Say that the files are more than a backup can be."""
    return both(
        f"Its files have {size} bytes, allowed are {limit}.", f"Seine Dateien haben {size} Bytes, erlaubt sind {limit}."
    )
