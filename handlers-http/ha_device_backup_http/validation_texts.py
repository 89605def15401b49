"""What people read about a backup that was checked, in English and German."""

from collections.abc import Mapping

from ha_device_backup_core import Text

from .recognise import Form
from .texts import both

_ARTICLES: Mapping[Form, tuple[str, str]] = {
    Form.JSON: ("valid JSON", "gültiges JSON"),
    Form.XML: ("well-formed XML", "wohlgeformtes XML"),
    Form.ZIP: ("a whole zip file", "eine vollständige Zip-Datei"),
    Form.GZIP: ("a whole gzip file", "eine vollständige gzip-Datei"),
    Form.TEXT: ("text", "Text"),
    Form.PAGE: ("a web page", "eine Webseite"),
}
NO_RULES = both(
    "It came without the rules of this device: only what can be seen without them was checked.",
    "Es kam ohne die Regeln dieses Geräts: Nur was ohne sie zu sehen ist, wurde geprüft.",
)


def absent(name: str) -> Text:
    """Say that a file is not there."""
    return both(f"{name} is missing in it.", f"{name} fehlt darin.")


def empty(name: str) -> Text:
    """Say that a file is empty."""
    return both(f"{name} is empty.", f"{name} ist leer.")


def web_page(name: str) -> Text:
    """Say that a web page came."""
    return both(
        f"{name} is a web page, not a backup. If that is what you want to keep, choose it under “What is valid”.",
        f"{name} ist eine Webseite, kein Backup. Wenn du genau die behalten willst, wähle das unter „Was gültig ist“.",
    )


def not_of_form(name: str, form: Form) -> Text:
    """Say that a file is damaged, or something else."""
    english, german = _ARTICLES[form]
    return both(
        f"{name} is not {english}; it is cut off, damaged or something else.",
        f"{name} ist nicht {german}; sie ist abgeschnitten, beschädigt oder etwas anderes.",
    )


def unknown(name: str) -> Text:
    """Say that nothing is known about a file."""
    return both(
        f"{name} is neither JSON nor XML, a zip or gzip file or text. If it is a backup all the same, choose “Anything "
        "but a web page” under “What is valid”.",
        f"{name} ist weder JSON noch XML, Zip- oder gzip-Datei oder Text. Wenn es trotzdem ein Backup ist, wähle "
        "„Alles außer einer Webseite“ unter „Was gültig ist“.",
    )


def too_small(name: str, size: int, least: int) -> Text:
    """Say that a file is too small."""
    return both(
        f"{name} has {size} bytes, at least {least} are expected.",
        f"{name} hat {size} Bytes, erwartet werden mindestens {least}.",
    )


def pattern_missing(name: str, pattern: str) -> Text:
    """Say that the expected text is not in a file."""
    return both(
        f"“{pattern}” is found in no line of {name}.",
        f"„{pattern}“ steht in keiner Zeile von {name}.",
    )
