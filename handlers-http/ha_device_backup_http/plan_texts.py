"""What people read about something that they entered, in English and German."""

from ha_device_backup_core import Text

from .texts import both

BODY_WITHOUT_POST = both("A body is sent with POST only.", "Ein Inhalt wird nur mit POST gesendet.")
LOGIN_NOT_CHOSEN = both(
    "A password or token is entered, but no login is chosen. Choose how one logs in, or forget the password and token.",
    "Ein Passwort oder Token ist eingegeben, aber keine Anmeldung gewählt. Wähle, wie man sich anmeldet, oder vergiss "
    "Passwort und Token.",
)
NEEDED_FOR_LOGIN = both("It is needed for this login.", "Für diese Anmeldung wird das gebraucht.")
USERNAME_COLON = both("It has no colon.", "Es enthält keinen Doppelpunkt.")
BAD_KEY_NAME = both(
    "A header has letters, digits and hyphens in its name, such as X-API-Key.",
    "Ein Header hat Buchstaben, Ziffern und Bindestriche im Namen, etwa X-API-Key.",
)
TOKEN_CHARACTERS = both(
    "It has signs that no token has. Copy it again.", "Es enthält Zeichen, die kein Token hat. Kopiere es noch einmal."
)
BAD_POINTER = both(
    "Enter the place in the JSON answer, such as /access_token or /data/token.",
    "Hier gehört die Stelle in der JSON-Antwort hin, etwa /access_token oder /data/token.",
)
_BAD_EXPRESSION = {
    "syntax": ("it is no regular expression", "es ist kein regulärer Ausdruck"),
    "unsupported": (
        "only groups, |, sets, repeats, ^ at the very start and $ at the very end are supported",
        "nur Gruppen, |, Mengen, Wiederholungen, ^ ganz am Anfang und $ ganz am Ende werden unterstützt",
    ),
    "large": ("it is too long", "es ist zu lang"),
}


def placeholder_empty(placeholder: str) -> Text:
    """Say that a placeholder has nothing to stand for."""
    return both(
        f"{placeholder} is used, but nothing is entered here.",
        f"{placeholder} wird benutzt, aber hier ist nichts eingegeben.",
    )


def secret_in_clear(name: str) -> Text:
    """Say where a secret belongs."""
    return both(
        f"This field is shown to everybody. Enter the secret of “{name}” under “Token” and write {{token}} here.",
        f"Dieses Feld wird offen angezeigt. Gib das Geheimnis von „{name}“ unter „Token“ ein und schreib hier "
        "{token}.",
    )


def bad_address(entered: str) -> Text:
    """Say that this is no address."""
    return both(f"“{entered}” is no address.", f"„{entered}“ ist keine Adresse.")


def elsewhere(entered: str) -> Text:
    """Say that an address is of another device."""
    return both(
        f"“{entered}” is at another host or port than the URL. Add it as a device of its own.",
        f"„{entered}“ liegt auf einem anderen Host oder Port als die URL. Füge es als eigenes Gerät hinzu.",
    )


def bad_file_line(line: str) -> Text:
    """Say how a line looks."""
    return both(
        f"“{line}”: write name.json = /path, and ?name.json = /path for a file that may be missing.",
        f"„{line}“: Schreib name.json = /pfad, und ?name.json = /pfad für eine Datei, die fehlen darf.",
    )


def bad_name(name: str) -> Text:
    """Say that this is no name."""
    return both(
        f"“{name}” is no file name: letters, digits, blanks and . + - _ are allowed, 100 at most.",
        f"„{name}“ ist kein Dateiname: Erlaubt sind Buchstaben, Ziffern, Leerzeichen und . + - _, höchstens 100.",
    )


def name_twice(name: str) -> Text:
    """Say that two files would have one name."""
    return both(
        f"Two files would be called {name}. Give this one another name: other.json = /path.",
        f"Zwei Dateien würden {name} heißen. Gib dieser einen anderen Namen: andere.json = /pfad.",
    )


def bad_header(line: str) -> Text:
    """Say how a header looks."""
    name = line.partition(":")[0]
    return both(
        f"“{name}”: write Name: value, one a line. Host, Content-Length and the like are set by themselves.",
        f"„{name}“: Schreib Name: Wert, einen je Zeile. Host, Content-Length und ähnliche setzen sich selbst.",
    )


def header_twice(name: str) -> Text:
    """Say that a header is there twice."""
    return both(f"{name} is there twice.", f"{name} steht zweimal da.")


def bad_login_field(line: str) -> Text:
    """Say how a field of a login looks."""
    name = line.partition("=")[0]
    return both(
        f"“{name}”: write name={{username}}, one a line.", f"„{name}“: Schreib name={{username}}, eines je Zeile."
    )


def bad_expression(source: str, reason: str) -> Text:
    """Say what is wrong with a regular expression."""
    english, german = _BAD_EXPRESSION[reason]
    return both(f"“{source}” cannot be used: {english}.", f"„{source}“ geht nicht: {german}.")


def found_everywhere(source: str) -> Text:
    """Say that an expression is in every line."""
    return both(
        f"“{source}” is found in every line, even in an empty one. Enter something that has to be there.",
        f"„{source}“ steht in jeder Zeile, sogar in einer leeren. Gib etwas ein, das da sein muss.",
    )
