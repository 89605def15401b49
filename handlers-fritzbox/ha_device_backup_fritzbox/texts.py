"""What people read while a box is asked, in English and German."""

from collections.abc import Iterable

from ha_device_backup_core import Text


def both(en: str, de: str) -> Text:
    """Return a text in both languages."""
    return {"en": en, "de": de}


NO_CONNECTION = both(
    "No connection could be made. In the FRITZ!Box, “Allow access for applications” (Home Network, Network, Network "
    "Settings) has to be on.",
    "Es kam keine Verbindung zustande. In der FRITZ!Box muss „Zugriff für Anwendungen zulassen“ (Heimnetz, Netzwerk, "
    "Netzwerkeinstellungen) eingeschaltet sein.",
)
NO_TLS = both(
    "No encrypted connection could be made. Leave the port empty to have the FRITZ!Box name it.",
    "Es kam keine verschlüsselte Verbindung zustande. Ohne Angabe eines Ports nennt ihn die FRITZ!Box selbst.",
)
REDIRECTED = both(
    "It redirects to another address, which is not followed.",
    "Sie leitet auf eine andere Adresse um; der wird nicht gefolgt.",
)
WEB_PAGE = both("It sent a web page instead of an answer.", "Sie hat eine Webseite statt einer Antwort gesendet.")
TOO_LONG = both("Its answer is too long.", "Ihre Antwort ist zu lang.")
NO_SENSE = both("Its answer does not belong to the question.", "Ihre Antwort passt nicht zur Frage.")
BUSY = both("It has no time at the moment.", "Sie hat im Moment keine Zeit.")

NOT_FRITZBOX = both("What answers there is no FRITZ!Box.", "Was dort antwortet, ist keine FRITZ!Box.")
ACCESS_OFF = both(
    "It is a FRITZ!Box, but access for applications is off. Switch on “Allow access for applications” (Home Network, "
    "Network, Network Settings).",
    "Es ist eine FRITZ!Box, aber der Zugriff für Anwendungen ist aus. Schalte „Zugriff für Anwendungen zulassen“ ein "
    "(Heimnetz, Netzwerk, Netzwerkeinstellungen).",
)
NO_DESCRIPTION = both(
    "What answers there is no FRITZ!Box, or access for applications is off in it. Check the address, and switch on "
    "“Allow "
    "access for applications” (Home Network, Network, Network Settings).",
    "Was dort antwortet, ist keine FRITZ!Box, oder der Zugriff für Anwendungen ist in ihr aus. Prüfe die Adresse und "
    "schalte „Zugriff für Anwendungen zulassen“ ein (Heimnetz, Netzwerk, Netzwerkeinstellungen).",
)
NO_EXPORT = both("This model cannot export its settings.", "Dieses Modell kann seine Einstellungen nicht exportieren.")
NO_SERIAL = both("It does not tell its serial number.", "Sie nennt ihre Seriennummer nicht.")

WRONG_LOGIN = both(
    "It is not tried again, because the FRITZ!Box makes everybody wait longer after each wrong login. Check the user "
    "name and "
    "the password of the FRITZ!Box user, and wait a few minutes if others tried, too.",
    "Es wird nicht noch einmal versucht, weil die FRITZ!Box nach jeder falschen Anmeldung alle länger warten lässt. "
    "Prüfe Benutzername und Passwort des FRITZ!Box-Benutzers, und warte ein paar Minuten, wenn auch andere es versucht "
    "haben.",
)
NO_RIGHT = both(
    "The FRITZ!Box user needs the right “FRITZ!Box Settings” (System, FRITZ!Box Users).",
    "Der FRITZ!Box-Benutzer braucht das Recht „FRITZ!Box Einstellungen“ (System, FRITZ!Box-Benutzer).",
)
USERNAME_COLON = both("A user name has no colon.", "Ein Benutzername hat keinen Doppelpunkt.")

PASSWORD_TOO_SHORT = both(
    "The FRITZ!Box wants a longer export password.", "Die FRITZ!Box verlangt ein längeres Export-Passwort."
)
PASSWORD_TOO_LONG = both(
    "The FRITZ!Box wants a shorter export password.", "Die FRITZ!Box verlangt ein kürzeres Export-Passwort."
)
PASSWORD_CHARACTERS = both(
    "The FRITZ!Box does not take this export password. Use letters without accents, digits and common signs.",
    "Die FRITZ!Box nimmt dieses Export-Passwort nicht an. Erlaubt sind Buchstaben ohne Umlaute und Akzente, Ziffern "
    "und "
    "übliche Zeichen.",
)

BAD_URL = both(
    "It names an address for the export that is not its own, or not encrypted; nothing was fetched from there.",
    "Sie nennt für den Export eine Adresse, die nicht ihre eigene oder nicht verschlüsselt ist; von dort wurde nichts "
    "geholt.",
)
URL_EXPIRED = both(
    "The address of the export was no longer good. It is good for less than 30 seconds, and once.",
    "Die Adresse des Exports galt nicht mehr. Sie gilt weniger als 30 Sekunden und einmal.",
)

CONFIGURATION_MISSING = both(
    "The settings: this FRITZ!Box exports them only after somebody confirmed it at the box. Press “Back up now” when "
    "you are near it.",
    "Die Einstellungen: Diese FRITZ!Box exportiert sie erst, wenn jemand es an der Box bestätigt. Drücke „Jetzt "
    "sichern“, wenn du in ihrer Nähe bist.",
)
PHONE_RIGHT_MISSING = both(
    "Phone books, call barring and call diversions: the FRITZ!Box user needs the right to voice messages, fax "
    "messages, "
    "FRITZ!App Fon and call list.",
    "Telefonbücher, Rufsperren und Rufumleitungen: Der FRITZ!Box-Benutzer braucht das Recht auf Sprachnachrichten, "
    "Faxnachrichten, FRITZ!App Fon und Anrufliste.",
)
PHONEBOOKS_MISSING = both("The phone books.", "Die Telefonbücher.")
BARRING_MISSING = both("The list of barred numbers.", "Die Liste der gesperrten Rufnummern.")
DEFLECTIONS_MISSING = both("The call diversions.", "Die Rufumleitungen.")

CONFIRMATION_NEEDED = both(
    "The FRITZ!Box wants a confirmation before it exports its settings.",
    "Die FRITZ!Box verlangt eine Bestätigung, bevor sie ihre Einstellungen exportiert.",
)
CONFIRMATION_BLOCKED = both(
    "The FRITZ!Box takes no confirmations for up to 60 minutes, because too many were not given. Try again after that.",
    "Die FRITZ!Box nimmt bis zu 60 Minuten keine Bestätigungen an, weil zu viele ausgeblieben sind. Versuche es danach "
    "noch einmal.",
)
CONFIRMATION_BUSY = both(
    "Another confirmation is going on at the FRITZ!Box. Finish it, or try again in two minutes.",
    "An der FRITZ!Box läuft gerade eine andere Bestätigung. Schließe sie ab oder versuche es in zwei Minuten noch "
    "einmal.",
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
    "The FRITZ!Box offers neither a button nor a phone for the confirmation. Save the settings in its own page.",
    "Die FRITZ!Box bietet für die Bestätigung weder eine Taste noch ein Telefon an. Sichere die Einstellungen auf "
    "ihrer "
    "eigenen Seite.",
)

NOTICE_ATTENDED = both(
    "This FRITZ!Box exports its settings only after somebody confirmed it at the box. Schedules back up the phone "
    "books, barred "
    "numbers and call diversions; for the settings, press “Back up now” from time to time and follow the "
    "instruction.",
    "Diese FRITZ!Box exportiert ihre Einstellungen erst, wenn jemand es an der Box bestätigt. Zeitpläne sichern "
    "Telefonbücher, gesperrte Rufnummern und Rufumleitungen; für die Einstellungen drücke ab und zu „Jetzt sichern“ "
    "und "
    "folge der Anweisung.",
)
NOTICE_UNATTENDED = both(
    "This FRITZ!Box exports its settings without a confirmation: schedules back up everything.",
    "Diese FRITZ!Box exportiert ihre Einstellungen ohne Bestätigung: Zeitpläne sichern alles.",
)
NOTICE_NO_RIGHT = both(
    "The FRITZ!Box user seems to lack the right “FRITZ!Box Settings”; without it there is no export.",
    "Dem FRITZ!Box-Benutzer scheint das Recht „FRITZ!Box Einstellungen“ zu fehlen; ohne es gibt es keinen Export.",
)
NOTICE_NO_EXPORT_PASSWORD = both(
    "Without an export password the backups restore only on this very FRITZ!Box, not on a replacement.",
    "Ohne Export-Passwort lassen sich die Backups nur auf genau dieser FRITZ!Box wiederherstellen, nicht auf einem "
    "Ersatzgerät.",
)
NOTICE_PLAIN = both(
    "The connection to this FRITZ!Box is not encrypted.", "Die Verbindung zu dieser FRITZ!Box ist nicht verschlüsselt."
)


def locked_out(seconds: int) -> Text:
    """Say how long the box takes no login."""
    return both(
        f"After the wrong logins the FRITZ!Box takes none for {seconds} seconds. Check the user name and the "
        f"password of the "
        "FRITZ!Box user; it is not tried again by itself.",
        f"Nach den falschen Anmeldungen nimmt die FRITZ!Box {seconds} Sekunden lang keine an. Prüfe Benutzername und "
        "Passwort des FRITZ!Box-Benutzers; es wird nicht von selbst noch einmal versucht.",
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


def phonebooks_missing(names: Iterable[str]) -> Text:
    """Name phone books by their names in the box."""
    listed = ", ".join("".join(filter(str.isprintable, name))[:50] for name in list(names)[:8])
    return both(f"These phone books could not be read: {listed}.", f"Diese Telefonbücher waren nicht lesbar: {listed}.")


def confirm(*, button: bool, code: str | None, seconds: int) -> Text:
    """Tell what to do at the box."""
    if button and code:
        return both(
            f"Press any button on the FRITZ!Box, or dial {code} on a phone connected to it, within {seconds} seconds.",
            f"Drücke innerhalb von {seconds} Sekunden eine beliebige Taste an der FRITZ!Box oder wähle {code} auf "
            f"einem "
            "Telefon, das an ihr angeschlossen ist.",
        )
    if code:
        return both(
            f"Dial {code} on a phone connected to the FRITZ!Box within {seconds} seconds.",
            f"Wähle innerhalb von {seconds} Sekunden {code} auf einem Telefon, das an der FRITZ!Box angeschlossen ist.",
        )
    return both(
        f"Press any button on the FRITZ!Box within {seconds} seconds.",
        f"Drücke innerhalb von {seconds} Sekunden eine beliebige Taste an der FRITZ!Box.",
    )
