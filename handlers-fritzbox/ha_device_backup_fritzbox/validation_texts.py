"""What people read about a file that is no backup, or a doubtful one, in English and German."""

from ha_device_backup_core import Text

EMPTY: Text = {"en": "The file is empty.", "de": "Die Datei ist leer."}
WEB_PAGE: Text = {
    "en": "It is a web page, not the export of the settings.",
    "de": "Es ist eine Webseite, nicht der Export der Einstellungen.",
}
NO_EXPORT: Text = {
    "en": "It does not begin as the export of a FRITZ!Box does (“**** … CONFIGURATION EXPORT”).",
    "de": "Sie beginnt nicht wie der Export einer FRITZ!Box („**** … CONFIGURATION EXPORT“).",
}
CUT_OFF: Text = {
    "en": "The export is cut off: its last line is missing.",
    "de": "Der Export ist abgeschnitten: Seine letzte Zeile fehlt.",
}
NO_SECTIONS: Text = {"en": "The export holds no settings.", "de": "Der Export enthält keine Einstellungen."}
MORE_BEHIND_END: Text = {
    "en": "Something follows behind the end of the export.",
    "de": "Hinter dem Ende des Exports folgt noch etwas.",
}
SEVERAL_EXPORTS: Text = {"en": "It holds more than one export.", "de": "Es enthält mehr als einen Export."}
NO_CONFIGURATION: Text = {
    "en": "The export of the settings is missing in it, and nothing says why.",
    "de": "Der Export der Einstellungen fehlt darin, und nichts sagt, warum.",
}
NO_RECORD: Text = {
    "en": "device.json is missing or cannot be read.",
    "de": "device.json fehlt oder ist nicht lesbar.",
}
CHECKSUM: Text = {
    "en": "The checksum in the export does not fit its content, although it is complete. The FRITZ!Box may refuse it.",
    "de": "Die Prüfsumme im Export passt nicht zum Inhalt, obwohl er vollständig ist. Die FRITZ!Box könnte ihn "
    "ablehnen.",
}


def damaged_line(number: int) -> Text:
    """Name the line that no export has."""
    return {"en": f"The export is damaged in line {number}.", "de": f"Der Export ist in Zeile {number} beschädigt."}


def no_list(name: str) -> Text:
    """Name a file of which a part is missing."""
    return {
        "en": f"{name} is no whole list. The rest of the backup is good.",
        "de": f"{name} ist keine ganze Liste. Der Rest des Backups ist in Ordnung.",
    }


def odd_list(name: str) -> Text:
    """Name a file that is odder than XML allows."""
    return {
        "en": f"{name} is kept as the FRITZ!Box sent it, but is no correct XML. Other programs may not read it.",
        "de": f"{name} ist so aufgehoben, wie die FRITZ!Box es gesendet hat, aber kein richtiges XML. Andere Programme "
        "lesen es vielleicht nicht.",
    }


def other_model(theirs: str, ours: str) -> Text:
    """Say that a file is of a device of another model."""
    return {
        "en": f"It is of a {theirs}; this device is a {ours}.",
        "de": f"Sie ist von einer {theirs}; dieses Gerät ist eine {ours}.",
    }
