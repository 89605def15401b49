"""What people read in the form, in English and German."""

from .texts import both

URL_LABEL = both("URL", "URL")
URL_HELP = both(
    "The address that downloads the configuration when you open it in a browser.",
    "Die Adresse, unter der ein Browser die Konfiguration herunterlädt.",
)
FILES_LABEL = both("More addresses", "Weitere Adressen")
FILES_HELP = both(
    "One a line: name.json = /path. They go into the same backup. Write ?name.json = /path for a file that may be "
    "missing.",
    "Je Zeile eine: name.json = /pfad. Sie kommen in dasselbe Backup. Für eine Datei, die fehlen darf: ?name.json = "
    "/pfad.",
)
METHOD_LABEL = both("Method", "Methode")
METHOD_HELP = both(
    "How the URL is asked for. GET is what a browser does.", "Wie die URL abgefragt wird. GET ist, was ein Browser tut."
)
BODY_LABEL = both("Body", "Inhalt der Anfrage")
BODY_HELP = both(
    "With POST only: JSON, or name=value&other=value. {username}, {password} and {token} are filled in.",
    "Nur mit POST: JSON, oder name=wert&anderer=wert. {username}, {password} und {token} werden ausgefüllt.",
)
HEADERS_LABEL = both("Headers", "Header")
HEADERS_HELP = both(
    "Name: value, one a line. For a secret enter it under Token and write {token} here.",
    "Name: Wert, je Zeile einer. Ein Geheimnis gehört unter Token; schreib hier {token}.",
)
LOGIN_LABEL = both("Login", "Anmeldung")
LOGIN_HELP = both(
    "If the browser asks for name and password in a window of its own, it is Basic or Digest; if the device has a page "
    "for it, a login page.",
    "Wenn der Browser in einem eigenen Fenster nach Name und Passwort fragt, ist es Basic oder Digest; wenn das Gerät "
    "eine Seite dafür hat, eine Anmeldeseite.",
)
LOGIN_CHOICES = {
    "none": both("None", "Keine"),
    "basic": both("User name and password (Basic)", "Benutzername und Passwort (Basic)"),
    "digest": both("User name and password (Digest)", "Benutzername und Passwort (Digest)"),
    "bearer": both("Token (Bearer)", "Token (Bearer)"),
    "header": both("API key in a header", "API-Schlüssel in einem Header"),
    "query": both("API key in the URL", "API-Schlüssel in der URL"),
    "form": both("Login page or login request", "Anmeldeseite oder Anmeldeanfrage"),
}
USERNAME_LABEL = both("User name", "Benutzername")
USERNAME_HELP = both(
    "For Basic, Digest and a login page. It may stay empty if the device asks for a password alone.",
    "Für Basic, Digest und eine Anmeldeseite. Er kann leer bleiben, wenn das Gerät nur nach einem Passwort fragt.",
)
PASSWORD_LABEL = both("Password", "Passwort")
PASSWORD_HELP = both(
    "For Basic, Digest and a login page. It may stay empty if the device takes a user name alone.",
    "Für Basic, Digest und eine Anmeldeseite. Es kann leer bleiben, wenn dem Gerät der Benutzername genügt.",
)
TOKEN_LABEL = both("Token", "Token")
TOKEN_HELP = both(
    "The token or API key, or any other secret that {token} stands for.",
    "Das Token oder der API-Schlüssel, oder ein anderes Geheimnis, für das {token} steht.",
)
KEY_NAME_LABEL = both("Name of the key", "Name des Schlüssels")
KEY_NAME_HELP = both(
    "The header (X-API-Key if empty) or the parameter of the URL (apikey if empty) that holds the API key. For the "
    "token that a login answers with: a header such as X-Session, or ?sid for the URL; Bearer if empty.",
    "Der Header (ohne Angabe X-API-Key) oder der Parameter der URL (ohne Angabe apikey) mit dem API-Schlüssel. Für das "
    "Token aus der Antwort der Anmeldung: ein Header wie X-Session, oder ?sid für die URL; ohne Angabe Bearer.",
)
LOGIN_URL_LABEL = both("Address of the login", "Adresse der Anmeldung")
LOGIN_URL_HELP = both(
    "The page that asks for the password, such as /login; its form is read and filled in. With login fields: the "
    "address that they are sent to.",
    "Die Seite, die nach dem Passwort fragt, etwa /login; ihr Formular wird gelesen und ausgefüllt. Mit "
    "Anmeldefeldern: die Adresse, an die sie gehen.",
)
LOGIN_FIELDS_LABEL = both("Login fields", "Anmeldefelder")
LOGIN_FIELDS_HELP = both(
    "Only if the login page has no form that can be read: name={username} and so on, one a line.",
    "Nur wenn die Anmeldeseite kein lesbares Formular hat: name={username} und so weiter, je Zeile eines.",
)
LOGIN_FORMAT_LABEL = both("Login is sent as", "Anmeldung wird gesendet als")
LOGIN_FORMAT_HELP = both(
    "As JSON, the login fields are username and password unless you enter others.",
    "Als JSON heißen die Anmeldefelder username und password, wenn du keine anderen angibst.",
)
LOGIN_FORMAT_CHOICES = {"form": both("Form", "Formular"), "json": "JSON"}
LOGIN_ANSWER_LABEL = both("Token in the answer", "Token in der Antwort")
LOGIN_ANSWER_HELP = both(
    "If the login answers with a token: its place in the JSON, such as /access_token; {token} then stands for it. "
    "Empty: cookies are used.",
    "Wenn die Anmeldung mit einem Token antwortet: seine Stelle im JSON, etwa /access_token; {token} steht dann dafür. "
    "Ohne Angabe: Cookies.",
)
CONTENT_LABEL = both("What is valid", "Was gültig ist")
CONTENT_HELP = both(
    "What else comes is never stored as a backup. JSON, XML, zip, gzip, tar and text are recognised.",
    "Was anderes kommt, wird nie als Backup gespeichert. Erkannt werden JSON, XML, Zip, gzip, Tar und Text.",
)
CONTENT_CHOICES = {
    "auto": both("Recognise it, never a web page", "Erkennen, nie eine Webseite"),
    "json": "JSON",
    "xml": "XML",
    "zip": both("Zip file", "Zip-Datei"),
    "any": both("Anything but a web page", "Alles außer einer Webseite"),
    "page": both("A web page", "Eine Webseite"),
}
PATTERN_LABEL = both("Has to hold", "Muss enthalten")
PATTERN_HELP = both(
    "A regular expression that is found in a line of every good answer, at best near its end.",
    "Ein regulärer Ausdruck, der in einer Zeile jeder guten Antwort steht, am besten nahe ihrem Ende.",
)
MINIMUM_SIZE_LABEL = both("Smallest size", "Kleinste Größe")
MINIMUM_SIZE_HELP = both("Bytes; a smaller answer is no backup.", "Bytes; eine kleinere Antwort ist kein Backup.")
IGNORE_LABEL = both("Ignore in comparisons", "Beim Vergleichen ignorieren")
IGNORE_HELP = both(
    "What changes by itself, one a line: a place in JSON such as /uptime or /devices/*/seen, or a regular expression; "
    "lines in which it is found do not count.",
    "Was sich von selbst ändert, je Zeile eines: eine Stelle in JSON wie /uptime oder /devices/*/seen, oder ein "
    "regulärer Ausdruck; Zeilen, in denen er steht, zählen nicht.",
)
CERTIFICATE_LABEL = both("Trusted certificate", "Vertrauenswürdiges Zertifikat")
CERTIFICATE_HELP = both(
    "Only for https with a certificate of the device's own. Leave it empty to be shown the present one.",
    "Nur für https mit einem eigenen Zertifikat des Geräts. Wenn es leer bleibt, wird dir das jetzige gezeigt.",
)

OMITS = (
    both(
        "What the device leaves out of its download; often passwords and files beside the configuration. Look into the "
        "first backup.",
        "Was das Gerät in seinem Download weglässt; oft Passwörter und Dateien neben der Konfiguration. Sieh in das "
        "erste Backup hinein.",
    ),
)

RESTORE_GUIDE = (
    both(
        "Download the backup. If it was made of several addresses, it is a zip file: unpack it.",
        "Lade das Backup herunter. Wenn es aus mehreren Adressen entstand, ist es eine Zip-Datei: Entpacke sie.",
    ),
    both(
        "Open the page of the device and look for restore, import or upload, usually where the configuration can be "
        "downloaded. If the device is new or was reset, first bring it to the version that the backup is of.",
        "Öffne die Seite des Geräts und suche nach Wiederherstellen, Importieren oder Hochladen, meist dort, wo man "
        "die Konfiguration herunterlädt. Wenn das Gerät neu ist oder zurückgesetzt wurde, bring es zuerst auf die "
        "Version des Backups.",
    ),
    both(
        "Upload the file as it is, enter the passwords that the device asks for, and check it.",
        "Lade die Datei hoch, wie sie ist, gib die Passwörter ein, nach denen das Gerät fragt, und prüfe es.",
    ),
    both("Press “Back up now”.", "Drücke „Jetzt sichern“."),
)
