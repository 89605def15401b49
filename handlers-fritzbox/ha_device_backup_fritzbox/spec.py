"""What a person is told and asked about a box before anything is done."""

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, KnownDevices, Ssdp

from .translation import _

_FIELDS = (
    ConfigField(
        key="host",
        kind=FieldKind.HOST,
        label=_("Host"),
        help=_("IP address or name of the FRITZ!Box, such as fritz.box."),
        required=True,
        default="fritz.box",
    ),
    ConfigField(
        key="username",
        kind=FieldKind.TEXT,
        label=_("User name"),
        help=_(
            "Of a FRITZ!Box user with the rights “FRITZ!Box Settings” and “Voice messages, fax messages, "
            "FRITZ!App Fon and call list” (System, FRITZ!Box Users). Leave it empty if you log in to the "
            "FRITZ!Box or repeater with a password only."
        ),
    ),
    ConfigField(
        key="password",
        kind=FieldKind.SECRET,
        label=_("Password"),
        help=_("The one with which you log in to the FRITZ!Box as this user."),
        required=True,
    ),
    ConfigField(
        key="export_password",
        kind=FieldKind.SECRET,
        label=_("Export password"),
        help=_(
            "Make up one that you use nowhere else, and write it down: it is needed to restore. It "
            "encrypts the passwords in the backups. Without one, a backup restores only on the very same "
            "FRITZ!Box."
        ),
    ),
    ConfigField(
        key="tls",
        kind=FieldKind.BOOLEAN,
        label=_("Encrypted connection"),
        help=_(
            "Leave it on. You see the certificate of the FRITZ!Box once; from then on only this one is "
            "accepted. Without encryption, everybody in the network can read the export."
        ),
        default=True,
    ),
    ConfigField(key="port", kind=FieldKind.PORT, label=_("Port"), help=_("Leave it empty: the FRITZ!Box names it.")),
    ConfigField(
        key="certificate",
        kind=FieldKind.CERTIFICATE,
        label=_("Trusted certificate"),
        help=_(
            "SHA-256 fingerprint of the certificate of the FRITZ!Box. If it stays empty, you are shown the present one."
        ),
    ),
)

FRITZBOX = HandlerSpec(
    kind="fritzbox",
    name="FRITZ!Box",
    api_version=ApiVersion(1, 0),
    fields=_FIELDS,
    unique_id_form=r"[0-9a-z._]{3,64}",
    # The UDN ends with the MAC address, which is the serial number.
    # Only the box itself has an address for a browser; the devices in its network are known by the same entry.
    discovery=(
        Ssdp(st="urn:schemas-upnp-org:device:fritzbox:1", unique_id="udn.mac"),
        KnownDevices(
            integration="fritz",
            fields={"host": "device.configuration_url.host", "username": "entry.data.username"},
            secrets={"password": "entry.data.password"},
            unique_id="device.mac",
        ),
    ),
    fetch_timeout=300.0,
    manufacturer="AVM",
    documentation="https://github.com/ha-device-backups/ha-device-backups/blob/main/handlers-fritzbox/README.md",
    omits=(
        _(
            "Recordings of the answering machine, faxes, greetings of your own, pictures of contacts and "
            "files on USB storage."
        ),
        _("The events and statistics that the FRITZ!Box records."),
        _(
            "Whether a password was only replaced by another one: passwords are encrypted anew in each "
            "export, so such a change alone may not make a new backup."
        ),
    ),
    restore_guide=(
        _(
            "Download the backup and unpack it: the file ending in .export holds the settings. Compare its "
            "first lines (model, FirmwareVersion) with the FRITZ!Box: on the same model everything is "
            "taken over, on another one you choose what. If its FRITZ!OS is older than that of the "
            "backup, update it first."
        ),
        _(
            "Open the page of the FRITZ!Box (http://fritz.box) from a device that is connected to it by "
            "cable, and log in."
        ),
        _(
            "Choose System, Backup, Restore (System, Sicherung, Wiederherstellen). Choose the .export file "
            "and enter the export password with which it was made; without one the field stays empty."
        ),
        _(
            "Start it, and confirm it at the FRITZ!Box if you are asked to. It restarts; internet and "
            "phone are off for some minutes. From then on the address, Wi-Fi and logins are those of the "
            "backup."
        ),
        _(
            "If only a phone book is lost: Telephony, Telephone Book, Restore takes a phonebook-….xml of "
            "the backup, and changes nothing else."
        ),
        _("Check the internet connection, the phone numbers and the Wi-Fi, and press “Back up now”."),
    ),
)
