"""What people read while a box is asked, in English and German."""

from collections.abc import Iterable, Sequence

from ha_device_backup_core import Text, in_language

_MOST_NAMES = 8
_LONGEST_NAME = 50
_SECONDS_A_MINUTE = 60


def both(en: str, de: str) -> Text:
    """Return a text in both languages."""
    return {"en": en, "de": de}


NO_CONNECTION = both(
    "Is “Allow access for applications” on in the FRITZ!Box (Home Network, Network, Network Settings)?",
    "Ist „Zugriff für Anwendungen zulassen“ in der FRITZ!Box eingeschaltet "
    "(Heimnetz, Netzwerk, Netzwerkeinstellungen)?",
)
NO_TLS = both(
    "No encrypted connection could be made. Leave the port empty: the FRITZ!Box names it.",
    "Es kam keine verschlüsselte Verbindung zustande. Lass den Port leer: Die FRITZ!Box nennt ihn selbst.",
)
REDIRECTED = both(
    "It redirects to another address, which is not followed.",
    "Sie leitet auf eine andere Adresse um; der wird nicht gefolgt.",
)
WEB_PAGE = both("It sent a web page instead of an answer.", "Sie hat eine Webseite statt einer Antwort gesendet.")
TOO_LONG = both("Its answer is too long.", "Ihre Antwort ist zu lang.")
NO_SENSE = both("Its answer does not belong to the question.", "Ihre Antwort passt nicht zur Frage.")
CUT_OFF = both("Its answer did not arrive whole.", "Ihre Antwort kam nicht ganz an.")
NO_LIST = both("What it sent is no whole list.", "Was sie gesendet hat, ist keine ganze Liste.")
NOT_ASKED = both(
    "It was not asked for any more, because the FRITZ!Box did not answer before.",
    "Danach wurde nicht mehr gefragt, weil die FRITZ!Box vorher nicht geantwortet hat.",
)

NOT_FRITZBOX = both("What answers there is no FRITZ!Box.", "Was dort antwortet, ist keine FRITZ!Box.")
ACCESS_OFF = both(
    "Switch on “Allow access for applications” in the FRITZ!Box (Home Network, Network, Network Settings).",
    "Schalte in der FRITZ!Box „Zugriff für Anwendungen zulassen“ ein (Heimnetz, Netzwerk, Netzwerkeinstellungen).",
)
NO_DESCRIPTION = both(
    "Either no FRITZ!Box answers there, or its access for applications is off. Check the address, and switch on “Allow "
    "access for applications” (Home Network, Network, Network Settings).",
    "Entweder antwortet dort keine FRITZ!Box, oder ihr Zugriff für Anwendungen ist aus. Prüfe die Adresse und schalte "
    "„Zugriff für Anwendungen zulassen“ ein (Heimnetz, Netzwerk, Netzwerkeinstellungen).",
)
NO_EXPORT = both("This model cannot export its settings.", "Dieses Modell kann seine Einstellungen nicht exportieren.")
NO_SERIAL = both("It does not tell its serial number.", "Sie nennt ihre Seriennummer nicht.")

NO_RIGHT = both(
    "Give the FRITZ!Box user the right “FRITZ!Box Settings” (System, FRITZ!Box Users).",
    "Gib dem FRITZ!Box-Benutzer das Recht „FRITZ!Box Einstellungen“ (System, FRITZ!Box-Benutzer).",
)
USERNAME_COLON = both("A user name has no colon.", "Ein Benutzername hat keinen Doppelpunkt.")
USERNAME_NEEDED = both(
    "The FRITZ!Box wants a user name with the password and does not say which. You find it under System, FRITZ!Box "
    "Users.",
    "Die FRITZ!Box verlangt zum Passwort einen Benutzernamen und sagt nicht, welchen. Du findest ihn unter System, "
    "FRITZ!Box-Benutzer.",
)

PASSWORD_TOO_SHORT = both("Choose a longer export password.", "Wähle ein längeres Export-Passwort.")
PASSWORD_TOO_LONG = both("Choose a shorter export password.", "Wähle ein kürzeres Export-Passwort.")
PASSWORD_CHARACTERS = both(
    "The FRITZ!Box does not take this export password. Use letters without accents, digits and common signs.",
    "Die FRITZ!Box nimmt dieses Export-Passwort nicht. Nimm Buchstaben ohne Umlaute und Akzente, Ziffern und übliche "
    "Zeichen.",
)

BAD_URL = both(
    "It named an address that is not its own, or not encrypted. Nothing was fetched from there.",
    "Sie hat eine Adresse genannt, die nicht ihre eigene oder nicht verschlüsselt ist. Von dort wurde nichts geholt.",
)
URL_EXPIRED = both(
    "The address of the file was no longer good. Try again.",
    "Die Adresse der Datei galt nicht mehr. Versuche es noch einmal.",
)

CONFIGURATION_MISSING = both(
    "The settings: this FRITZ!Box exports them only after a confirmation at the box. Press “Back up now” when you are "
    "near it.",
    "Die Einstellungen: Diese FRITZ!Box exportiert sie erst nach einer Bestätigung an der Box. Drücke „Jetzt sichern“, "
    "wenn du in ihrer Nähe bist.",
)
PHONEBOOKS = both("Phone books", "Telefonbücher")
BARRING = both("Call barring", "Rufsperren")
DEFLECTIONS = both("Call diversions", "Rufumleitungen")
PHONE_RIGHT_MISSING = both("The FRITZ!Box user lacks the right to it.", "Dem FRITZ!Box-Benutzer fehlt das Recht dazu.")

CONFIRMATION_NEEDED = both(
    "Start the backup when you are near the FRITZ!Box, and follow the instruction.",
    "Starte das Backup, wenn du in der Nähe der FRITZ!Box bist, und folge der Anweisung.",
)
CONFIRMATION_BLOCKED = both(
    "Too many confirmations were not given, so the FRITZ!Box takes none for up to an hour. Try again after that.",
    "Zu viele Bestätigungen blieben aus, darum nimmt die FRITZ!Box bis zu einer Stunde keine an. Versuche es danach "
    "noch einmal.",
)
CONFIRMATION_BUSY = both(
    "Another confirmation is going on at the FRITZ!Box. Finish it, or wait two minutes.",
    "An der FRITZ!Box läuft gerade eine andere Bestätigung. Schließe sie ab oder warte zwei Minuten.",
)
CONFIRMATION_ABSENT = both(
    "Nobody confirmed it at the FRITZ!Box in time. Start the backup again when you are near it.",
    "Niemand hat es rechtzeitig an der FRITZ!Box bestätigt. Starte das Backup noch einmal, wenn du in ihrer Nähe bist.",
)
CONFIRMATION_FAILED = both(
    "The FRITZ!Box did not accept the confirmation. Start the backup again.",
    "Die FRITZ!Box hat die Bestätigung nicht angenommen. Starte das Backup noch einmal.",
)
CONFIRMATION_IMPOSSIBLE = both(
    "The FRITZ!Box offers neither a button nor a phone to confirm it. Save the settings in its own page (System, "
    "Backup) and hand in the file here.",
    "Die FRITZ!Box bietet zum Bestätigen weder eine Taste noch ein Telefon an. Sichere die Einstellungen auf ihrer "
    "eigenen Seite (System, Sicherung) und gib die Datei hier ab.",
)

NOTICE_ATTENDED = both(
    "This FRITZ!Box exports its settings only after a confirmation at the box. Schedules back up phone books, barred "
    "numbers and call diversions. For the settings, press “Back up now” from time to time when you are near it.",
    "Diese FRITZ!Box exportiert ihre Einstellungen erst nach einer Bestätigung an der Box. Zeitpläne sichern "
    "Telefonbücher, gesperrte Rufnummern und Rufumleitungen. Für die Einstellungen drücke ab und zu „Jetzt sichern“, "
    "wenn du in ihrer Nähe bist.",
)
NOTICE_UNATTENDED = both(
    "This FRITZ!Box exports its settings without a confirmation: schedules back up everything.",
    "Diese FRITZ!Box exportiert ihre Einstellungen ohne Bestätigung: Zeitpläne sichern alles.",
)
NOTICE_NO_RIGHT = both(
    "The FRITZ!Box user seems to lack the right “FRITZ!Box Settings”. Without it there is no export.",
    "Dem FRITZ!Box-Benutzer scheint das Recht „FRITZ!Box Einstellungen“ zu fehlen. Ohne es gibt es keinen Export.",
)
NOTICE_NO_EXPORT_PASSWORD = both(
    "Without an export password the backups restore only on this very FRITZ!Box, not on a replacement.",
    "Ohne Export-Passwort lassen sich die Backups nur auf genau dieser FRITZ!Box wiederherstellen, nicht auf einem "
    "Ersatzgerät.",
)
NOTICE_PLAIN = both(
    "The connection to this FRITZ!Box is not encrypted.", "Die Verbindung zu dieser FRITZ!Box ist nicht verschlüsselt."
)


def wrong_login(seconds: int, known: Sequence[str]) -> Text:
    """Say that user name and password do not go together, how long the box takes no login, and whom it knows."""
    wait_en, wait_de = _waiting(seconds)
    names_en = f" It knows the user names {_listed(known)}." if known else ""
    names_de = f" Sie kennt die Benutzernamen {_listed(known)}." if known else ""
    return both(
        f"Check the user name and the password of the FRITZ!Box user.{names_en} {wait_en} Nothing is tried again by "
        "itself.",
        f"Prüfe Benutzername und Passwort des FRITZ!Box-Benutzers.{names_de} {wait_de} Von selbst wird nichts noch "
        "einmal versucht.",
    )


def _waiting(seconds: int) -> tuple[str, str]:
    if seconds:
        return (
            f"For {seconds} seconds the FRITZ!Box takes no login.",
            f"Die FRITZ!Box nimmt {seconds} Sekunden lang keine Anmeldung an.",
        )
    return (
        "After each wrong login the FRITZ!Box makes everybody wait longer.",
        "Nach jeder falschen Anmeldung lässt die FRITZ!Box alle länger warten.",
    )


def which_user(names: Sequence[str]) -> Text:
    """Ask for one of the user names of the box."""
    return both(
        f"The FRITZ!Box has several users: {_listed(names)}. Enter the name that the password belongs to.",
        f"Die FRITZ!Box hat mehrere Benutzer: {_listed(names)}. Gib den Namen ein, zu dem das Passwort gehört.",
    )


def refused(fault: int) -> Text:
    """Name a fault that nothing else is known of."""
    return both(f"It refused with error {fault}.", f"Sie hat mit Fehler {fault} abgelehnt.")


def refused_now(fault: int) -> Text:
    """Name a fault that may pass."""
    return both(f"It refused for now, with error {fault}.", f"Sie hat vorerst mit Fehler {fault} abgelehnt.")


def http_status(status: int) -> Text:
    """Name a status."""
    return both(f"It answered with HTTP status {status}.", f"Sie hat mit HTTP-Status {status} geantwortet.")


def unread(name: Text, reason: Text) -> Text:
    """Name a list that could not be read, and why."""
    return both(*(f"{in_language(name, language)}: {in_language(reason, language)}" for language in ("en", "de")))


def phonebooks_unread(books: Sequence[tuple[str, Text]]) -> Text:
    """Name phone books by their names in the box, and why each could not be read."""

    def lines(language: str) -> str:
        shown = [f"“{_shown(name)}”: {in_language(reason, language)}" for name, reason in books[:_MOST_NAMES]]
        return " ".join([*shown, "…"] if len(books) > _MOST_NAMES else shown)

    return both(f"Phone books: {lines('en')}", f"Telefonbücher: {lines('de')}")


def phone_right_missing(lists: Sequence[Text]) -> Text:
    """Name the lists that the user may not read, and the right."""
    english, german = (", ".join(in_language(name, language) for name in lists) for language in ("en", "de"))
    return both(
        f"{english}: give the FRITZ!Box user the right to voice messages, fax messages, FRITZ!App Fon and call list.",
        f"{german}: Gib dem FRITZ!Box-Benutzer das Recht auf Sprachnachrichten, Faxnachrichten, FRITZ!App Fon und "
        "Anrufliste.",
    )


def confirm(*, button: bool, code: str | None, seconds: int) -> Text:
    """Tell what to do at the box, and within which time."""
    time_en, time_de = _within(seconds)
    if button and code:
        return both(
            f"Press any button on the FRITZ!Box, or dial {code} on a phone connected to it, within {time_en}.",
            f"Drücke innerhalb von {time_de} eine beliebige Taste an der FRITZ!Box, oder wähle {code} an einem "
            "Telefon, das an ihr angeschlossen ist.",
        )
    if code:
        return both(
            f"Dial {code} on a phone connected to the FRITZ!Box within {time_en}.",
            f"Wähle innerhalb von {time_de} {code} an einem Telefon, das an der FRITZ!Box angeschlossen ist.",
        )
    return both(
        f"Press any button on the FRITZ!Box within {time_en}.",
        f"Drücke innerhalb von {time_de} eine beliebige Taste an der FRITZ!Box.",
    )


def _within(seconds: int) -> tuple[str, str]:
    minutes = seconds // _SECONDS_A_MINUTE
    if minutes > 1 and minutes * _SECONDS_A_MINUTE == seconds:
        return f"{minutes} minutes", f"{minutes} Minuten"
    return f"{seconds} seconds", f"{seconds} Sekunden"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{_shown(name)}”" for name in list(names)[:_MOST_NAMES])


def _shown(name: str) -> str:
    return "".join(filter(str.isprintable, name))[:_LONGEST_NAME]
