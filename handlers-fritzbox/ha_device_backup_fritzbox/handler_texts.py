"""What people read before anything is asked: fields, limits and the way back, in English and German."""

from .texts import both

HOST_LABEL = both("Host", "Host")
HOST_HELP = both(
    "IP address or name of the FRITZ!Box, such as fritz.box.", "IP-Adresse oder Name der FRITZ!Box, etwa fritz.box."
)
TLS_LABEL = both("Encrypted connection", "Verschlüsselte Verbindung")
TLS_HELP = both(
    "Leave it on. You see the certificate of the FRITZ!Box once; from then on only this one is accepted. Without "
    "encryption, everybody in the network can read the export.",
    "Lass sie eingeschaltet. Du siehst das Zertifikat der FRITZ!Box einmal; von da an gilt nur dieses. Ohne "
    "Verschlüsselung kann jeder im Netzwerk den Export mitlesen.",
)
PORT_LABEL = both("Port", "Port")
PORT_HELP = both("Leave it empty: the FRITZ!Box names it.", "Lass ihn leer: Die FRITZ!Box nennt ihn selbst.")
USERNAME_LABEL = both("User name", "Benutzername")
USERNAME_HELP = both(
    "Of a FRITZ!Box user with the rights “FRITZ!Box Settings” and “Voice messages, fax messages, FRITZ!App Fon and "
    "call list” (System, FRITZ!Box Users). Leave it empty if you log in to the FRITZ!Box or repeater with a password "
    "only.",
    "Eines FRITZ!Box-Benutzers mit den Rechten „FRITZ!Box Einstellungen“ und „Sprachnachrichten, Faxnachrichten, "
    "FRITZ!App Fon und Anrufliste“ (System, FRITZ!Box-Benutzer). Lass ihn leer, wenn du dich an der FRITZ!Box oder am "
    "Repeater nur mit einem Passwort anmeldest.",
)
PASSWORD_LABEL = both("Password", "Passwort")
PASSWORD_HELP = both(
    "The one with which you log in to the FRITZ!Box as this user.",
    "Das, mit dem du dich als dieser Benutzer an der FRITZ!Box anmeldest.",
)
EXPORT_PASSWORD_LABEL = both("Export password", "Export-Passwort")
EXPORT_PASSWORD_HELP = both(
    "Make up one that you use nowhere else, and write it down: it is needed to restore. It encrypts the passwords in "
    "the backups. Without one, a backup restores only on the very same FRITZ!Box.",
    "Denk dir eines aus, das du sonst nirgends benutzt, und schreib es auf: Zum Wiederherstellen brauchst du es. Es "
    "verschlüsselt die Passwörter in den Backups. Ohne eines lässt sich ein Backup nur auf genau derselben FRITZ!Box "
    "wiederherstellen.",
)
CERTIFICATE_LABEL = both("Trusted certificate", "Vertrauenswürdiges Zertifikat")
CERTIFICATE_HELP = both(
    "SHA-256 fingerprint of the certificate of the FRITZ!Box. If it stays empty, you are shown the present one.",
    "SHA-256-Fingerabdruck des Zertifikats der FRITZ!Box. Bleibt das Feld leer, wird dir das jetzige gezeigt.",
)

OMITS = (
    both(
        "Recordings of the answering machine, faxes, greetings of your own, pictures of contacts and files on USB "
        "storage.",
        "Aufnahmen des Anrufbeantworters, Faxe, eigene Ansagen, Bilder von Kontakten und Dateien auf USB-Speichern.",
    ),
    both("The events and statistics that the FRITZ!Box records.", "Die Ereignisse und Statistiken der FRITZ!Box."),
    both(
        "Whether a password was only replaced by another one: passwords are encrypted anew in each export, so such a "
        "change alone may not make a new backup.",
        "Ob ein Passwort nur durch ein anderes ersetzt wurde: Passwörter werden in jedem Export neu verschlüsselt, "
        "darum "
        "führt eine solche Änderung allein manchmal zu keinem neuen Backup.",
    ),
)

RESTORE_GUIDE = (
    both(
        "Download the backup and unpack it: the file ending in .export holds the settings. Compare its first lines "
        "(model, FirmwareVersion) "
        "with the FRITZ!Box: on the same model everything is taken over, on another one you choose what. If its "
        "FRITZ!OS is older "
        "than that of the backup, update it first.",
        "Lade das Backup herunter und entpacke es: Die Datei mit der Endung .export enthält die Einstellungen. "
        "Vergleiche "
        "ihre ersten Zeilen (Modell, FirmwareVersion) mit der FRITZ!Box: Bei demselben Modell wird alles übernommen, "
        "bei "
        "einem anderen wählst du aus. Wenn ihr FRITZ!OS älter ist als das des Backups, aktualisiere es zuerst.",
    ),
    both(
        "Open the page of the FRITZ!Box (http://fritz.box) from a device that is connected to it by cable, and log in.",
        "Öffne die Seite der FRITZ!Box (http://fritz.box) mit einem Gerät, das per Kabel an ihr hängt, und melde "
        "dich an.",
    ),
    both(
        "Choose System, Backup, Restore (System, Sicherung, Wiederherstellen). Choose the .export file and enter the "
        "export password "
        "with which it was made; without one the field stays empty.",
        "Wähle System, Sicherung, Wiederherstellen. Wähle die .export-Datei und gib das Export-Passwort ein, mit dem "
        "sie "
        "erstellt wurde; ohne eines bleibt das Feld leer.",
    ),
    both(
        "Start it, and confirm it at the FRITZ!Box if you are asked to. It restarts; internet and phone are off for "
        "some minutes. From then "
        "on the address, Wi-Fi and logins are those of the backup.",
        "Starte es und bestätige es an der FRITZ!Box, wenn sie danach fragt. Sie startet neu; Internet und Telefon "
        "fallen "
        "einige Minuten aus. Danach gelten Adresse, WLAN und Anmeldungen des Backups.",
    ),
    both(
        "If only a phone book is lost: Telephony, Telephone Book, Restore takes a phonebook-….xml of the backup, and "
        "changes nothing "
        "else.",
        "Wenn nur ein Telefonbuch fehlt: Telefonie, Telefonbuch, Wiederherstellen nimmt eine phonebook-….xml des "
        "Backups "
        "und ändert sonst nichts.",
    ),
    both(
        "Check the internet connection, the phone numbers and the Wi-Fi, and press “Back up now”.",
        "Prüfe Internetverbindung, Rufnummern und WLAN, und drücke „Jetzt sichern“.",
    ),
)
