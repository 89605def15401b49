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
    Form.TAR: ("a whole tar file", "eine vollständige Tar-Datei"),
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
        f"{name} is not {english}, as its name or type says; it is cut off, damaged or something else. If you want to "
        "keep it, say under “What is valid” what it is.",
        f"{name} ist nicht {german}, wie Name oder Typ sagen; die Datei ist abgeschnitten, beschädigt oder etwas "
        "anderes. Wenn du sie behalten willst, gib unter „Was gültig ist“ an, was sie ist.",
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


def only_an_error(name: str) -> Text:
    """Say that an error came, though the status said that all was well."""
    return both(
        f"{name} only tells of an error; look into it in a browser.",
        f"{name} meldet nur einen Fehler; sieh sie dir in einem Browser an.",
    )


def one_line(name: str) -> Text:
    """Say that one line may be anything."""
    return both(
        f"{name} is one line of text, as errors are. If it is the backup, enter under “Has to hold” what stands in it.",
        f"{name} ist eine einzige Zeile Text, wie Fehlermeldungen. Wenn sie das Backup ist, gib unter „Muss enthalten“ "
        "etwas an, das darin steht.",
    )


def pattern_costly(pattern: str) -> Text:
    """Say that an expression takes too long."""
    return both(
        f"“{pattern}” takes too long to be looked for. Write it without repeats of groups.",
        f"„{pattern}“ zu suchen dauert zu lange. Schreib den Ausdruck ohne Wiederholungen von Gruppen.",
    )


def end_unknown(name: str, *, is_main: bool) -> Text:
    """Say that a file may be cut off."""
    english = f"The device did not tell where {name} ends: it may be cut off."
    german = f"Das Gerät hat nicht gesagt, wo {name} endet: Sie kann abgeschnitten sein."
    if not is_main:
        return both(english, german)
    return both(
        f"{english} Enter under “Has to hold” something that stands in one of its last lines.",
        f"{german} Gib unter „Muss enthalten“ etwas an, das in einer ihrer letzten Zeilen steht.",
    )
