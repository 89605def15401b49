"""What people read while a device is asked, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text


def both(en: str, de: str) -> Text:
    """Return a text in both languages."""
    return {"en": en, "de": de}


NAME = both("Anything with a URL", "Alles mit einer URL")
REDIRECTED = both(
    "It redirects to another address, which is not followed. Enter the address that the browser ends at.",
    "Es leitet auf eine andere Adresse um; der wird nicht gefolgt. Gib die Adresse an, bei der der Browser landet.",
)
BROKE_OFF = both("The answer ended too early.", "Die Antwort brach zu früh ab.")
NOT_ENCRYPTED = both(
    "The address begins with http://: the login and the backup travel in clear. Use https:// if the device can.",
    "Die Adresse beginnt mit http://: Anmeldung und Backup werden unverschlüsselt übertragen. Nimm https://, wenn das "
    "Gerät es kann.",
)
WRONG_LOGIN = both(
    "Try user name and password in a browser at the address of the login.",
    "Probiere Benutzername und Passwort in einem Browser an der Adresse der Anmeldung aus.",
)
WRONG_KEY = both(
    "The key or token is wrong, has expired, or is expected in another place.",
    "Der Schlüssel oder das Token ist falsch, abgelaufen oder wird an einer anderen Stelle erwartet.",
)
TOKEN_REFUSED = both(
    "The login worked, but this address does not take its token. Enter under “Name of the key” where the token goes: a "
    "header such as X-Session, or ?sid for the URL.",
    "Die Anmeldung hat geklappt, aber diese Adresse nimmt ihr Token nicht an. Gib unter „Name des Schlüssels“ an, "
    "wohin das Token gehört: ein Header wie X-Session, oder ?sid für die URL.",
)
NOT_ALLOWED = both(
    "This login may not read the address. Choose a user who may.",
    "Diese Anmeldung darf die Adresse nicht lesen. Nimm einen Benutzer, der es darf.",
)
LOGIN_AGAIN = both(
    "It showed its login page again instead of the backup.",
    "Es hat wieder seine Anmeldeseite gezeigt statt des Backups.",
)
LOGIN_WANTED = both(
    "It asks for a login, and none is set. Choose under “Login” how one logs in there.",
    "Es verlangt eine Anmeldung, und keine ist eingestellt. Wähle unter „Anmeldung“, wie man sich dort anmeldet.",
)
NO_LOGIN_FORM = both(
    "The login page has no form with a password. Enter the address of the page that asks for it, or the login fields.",
    "Die Anmeldeseite hat kein Formular mit Passwort. Gib die Adresse der Seite an, die danach fragt, oder die "
    "Anmeldefelder.",
)
LOGIN_ELSEWHERE = both(
    "The form of the login page sends the password to another address; it was not sent.",
    "Das Formular der Anmeldeseite schickt das Passwort an eine andere Adresse; es wurde nicht gesendet.",
)
NO_LOGIN_ANSWER = both("The answer to the login is no JSON.", "Die Antwort auf die Anmeldung ist kein JSON.")


def http_status(status: int) -> Text:
    """Say which status came."""
    return f"HTTP {status}"


def unknown_encoding(name: str) -> Text:
    """Say that an answer is packed in a way that was not asked for."""
    return both(
        f"It packed the answer with {name[:20]}, which was not asked for.",
        f"Es hat die Antwort mit {name[:20]} gepackt, ohne dass darum gebeten wurde.",
    )


def not_found(path: str) -> Text:
    """Say that there is nothing at a path."""
    return both(
        f"HTTP 404: there is nothing at {path}. Check the address.",
        f"HTTP 404: Unter {path} gibt es nichts. Prüfe die Adresse.",
    )


def other_login(wanted: str) -> Text:
    """Say which login is asked for instead."""
    return both(
        f"It asks for another kind of login: {wanted}.",
        f"Es verlangt eine andere Art der Anmeldung: {wanted}.",
    )


def no_token(place: str) -> Text:
    """Say that no token came."""
    return both(
        f"The answer to the login has no token at {place}.",
        f"In der Antwort auf die Anmeldung steht kein Token unter {place}.",
    )


def file_missing(name: str) -> Text:
    """Say that an optional file is not there."""
    return both(
        f"{name}: the device does not have this file.",
        f"{name}: Diese Datei hat das Gerät nicht.",
    )


def too_much(limit: int) -> Text:
    """Say that all files together are too large."""
    return both(
        f"All files together have more than {limit} bytes.",
        f"Alle Dateien zusammen haben mehr als {limit} Bytes.",
    )


def received(files: Iterable[str], size: int) -> Text:
    """Say what came, so that a person sees whether it is what they want."""
    listed = ", ".join(files)
    return both(f"This came: {listed}, {size} bytes.", f"Das kam an: {listed}, {size} Bytes.")


def too_large_to_search(limit: int) -> Text:
    """Say that regular expressions would take too long."""
    return both(
        f"In more than {limit} bytes, regular expressions would take too long. Use places in JSON, such as /uptime.",
        f"In mehr als {limit} Bytes dauern reguläre Ausdrücke zu lange. Nimm Stellen in JSON, etwa /uptime.",
    )


def too_large_to_parse(name: str) -> Text:
    """Say that places are not looked for in so much JSON."""
    return both(
        f"{name} is too large to look for places in it. Use regular expressions, or ask for less.",
        f"{name} ist zu groß, um Stellen darin zu suchen. Nimm reguläre Ausdrücke, oder frage weniger ab.",
    )


def nothing_left(name: str) -> Text:
    """Say that what is to be ignored is all there is."""
    return both(
        f"Nothing of {name} is left to compare: changes would never be noticed.",
        f"Von {name} bleibt nichts zum Vergleichen übrig: Änderungen würden nie bemerkt.",
    )
