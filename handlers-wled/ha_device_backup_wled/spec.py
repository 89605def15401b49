"""What a person is told and asked about a controller before anything is done."""

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, KnownDevices, Zeroconf

from .translation import _

_FIELDS = (
    ConfigField(
        key="host",
        kind=FieldKind.HOST,
        label=_("Host"),
        help=_("The IP address or name of the controller, as shown in the WLED app or in your router."),
        required=True,
    ),
    ConfigField(
        key="port", kind=FieldKind.PORT, label=_("Port"), help=_("80, unless a proxy is in between."), default=80
    ),
    ConfigField(
        key="pin",
        kind=FieldKind.SECRET,
        label=_("Settings PIN"),
        help=_(
            "Only if the settings of the controller are locked by a PIN (WLED: Config, Security &"
            " Updates). Without it the backup holds the files with well-known names, but nobody can tell"
            " whether there are others. While a backup runs the settings are open; they are locked again"
            " after it."
        ),
        minimum=4,
        maximum=4,
    ),
)

WLED = HandlerSpec(
    kind="wled",
    name="WLED",
    api_version=ApiVersion(1, 0),
    fields=_FIELDS,
    unique_id_form=r"[0-9a-f]{12}",
    discovery=(
        Zeroconf(
            type="_wled._tcp.local.",
            fields={"host": "host", "port": "port"},
            unique_id="properties.mac",
        ),
        KnownDevices(integration="wled", fields={"host": "entry.data.host"}, unique_id="device.mac"),
    ),
    fetch_timeout=600.0,
    manufacturer="WLED",
    documentation="https://github.com/ha-device-backups/ha-device-backups/blob/main/handlers-wled/README.md",
    omits=(
        _(
            "Passwords (Wi-Fi, access point, MQTT, firmware updates, Philips Hue key): the controller"
            " never gives them out. Restored to the same controller they are still there; after a reset"
            " and on a new one they have to be entered again."
        ),
        _("The settings PIN."),
        _("What is only running: colour, brightness, effect and segments that were not saved as a preset."),
    ),
)
