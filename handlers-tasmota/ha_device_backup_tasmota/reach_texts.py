"""What of a restore could cut a device off, is refused or kept for it, in English and German."""

from ha_device_backup_core import Text

from .texts import both

OTHER_NETWORKS = both(
    "The backup does not know the Wi-Fi that the device is in, or not with its present password: the device would lose "
    "its network. If it is to change its network, restore the file config.dmp on the device's own page (Configuration, "
    "Restore Configuration).",
    "Das Backup kennt das WLAN nicht, in dem das Gerät ist, oder nicht mit dem jetzigen Passwort: Das Gerät würde sein "
    "Netz verlieren. Soll es das Netz wechseln, spiele die Datei config.dmp auf der Seite des Geräts zurück "
    "(Einstellungen, Konfiguration wiederherstellen).",
)
NO_WIFI = both(
    "The backup switches Wi-Fi off (Wifi 0), and the device is reached by Wi-Fi: nobody could reach it any more. "
    "Connect it by cable first.",
    "Das Backup schaltet WLAN aus (Wifi 0), und das Gerät ist über WLAN erreichbar: Niemand würde es noch erreichen. "
    "Verbinde es zuerst per Kabel.",
)
OTHER_CABLE = both(
    "The device is reached by network cable, and the backup has other settings for the cable (Ethernet, EthType, "
    "EthAddress, EthClockMode or its pins): nobody could reach it any more. Connect it by Wi-Fi first.",
    "Das Gerät ist über ein Netzwerkkabel erreichbar, und das Backup hat dafür andere Einstellungen (Ethernet, "
    "EthType, EthAddress, EthClockMode oder die Pins): Niemand würde es noch erreichen. Verbinde es zuerst per WLAN.",
)
NO_HTTP_API = both(
    "The backup switches the HTTP API off (SetOption128 0); then the device only answers at its own IP address, and "
    "you entered another host here. Enter the IP address of the device as host.",
    "Das Backup schaltet die HTTP-API aus (SetOption128 0); dann antwortet das Gerät nur unter seiner eigenen "
    "IP-Adresse, und hier ist ein anderer Host eingetragen. Trage die IP-Adresse des Geräts als Host ein.",
)
NO_WEB_PAGES = both(
    "The backup switches the web pages of the device off (WebServer 0 or 1): nobody could read it back. Restore the "
    "file config.dmp on the device's own page if you want that.",
    "Das Backup schaltet die Webseiten des Geräts aus (WebServer 0 oder 1): Niemand könnte es zurücklesen. Spiele die "
    "Datei config.dmp auf der Seite des Geräts zurück, wenn du das willst.",
)
OTHER_WAY = both(
    "Only one of the ways by which the device is in the network, Wi-Fi and cable, would be left: it may have another "
    "address then.",
    "Nur einer der Wege, auf denen das Gerät im Netz ist, WLAN und Kabel, bliebe übrig: Es hat dann vielleicht eine "
    "andere Adresse.",
)


def other_host_name(host: str) -> Text:
    """Say that a name may not lead to the device any more."""
    return both(
        f"The device gets the host name of the backup. If {host} is its own name, it will not be found by it any more.",
        f"Das Gerät bekommt den Hostnamen aus dem Backup. Ist {host} sein eigener Name, ist es darunter nicht mehr zu "
        "finden.",
    )


NEW_HOST_NAME = both(
    "The device now has the host name of the backup: if it is not found any more, enter that name or its IP address in "
    "the settings of this device here.",
    "Das Gerät hat jetzt den Hostnamen aus dem Backup: Wird es nicht mehr gefunden, gib diesen Namen oder die "
    "IP-Adresse hier in den Einstellungen dieses Geräts ein.",
)


def address_kept(address: str | None) -> Text:
    """Say that the device stays at its address, and what the backup has."""
    if address is None:
        return both(
            "The fixed IP address of the device is kept, so that it stays reachable; with the backup the router would "
            "give it one (IPAddress1 0.0.0.0).",
            "Die feste IP-Adresse des Geräts bleibt, damit es erreichbar ist; mit dem Backup bekäme es eine vom Router "
            "(IPAddress1 0.0.0.0).",
        )
    return both(
        f"The present IP address of the device is kept, so that it stays reachable. The backup has the fixed address "
        f"{address}: set it on the page of the device if you want it.",
        f"Die jetzige IP-Adresse des Geräts bleibt, damit es erreichbar ist. Das Backup hat die feste Adresse "
        f"{address}: Stelle sie auf der Seite des Geräts ein, wenn du sie willst.",
    )
