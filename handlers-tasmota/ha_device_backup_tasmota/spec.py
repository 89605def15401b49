"""What a person is told and asked about a device before anything is done."""

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, KnownDevices, Zeroconf

from .translation import _

DEFAULT_USER = "admin"
_FIELDS = (
    ConfigField(
        key="host",
        kind=FieldKind.HOST,
        label=_("Host"),
        help=_("The IP address or name of the device, as shown on its page Information or in your router."),
        required=True,
    ),
    ConfigField(
        key="port", kind=FieldKind.PORT, label=_("Port"), help=_("80, unless a proxy is in between."), default=80
    ),
    ConfigField(
        key="password",
        kind=FieldKind.SECRET,
        label=_("Web admin password"),
        help=_("Only if you set one (Tasmota: Configuration, Configure Other)."),
        maximum=128,
    ),
    ConfigField(
        key="username",
        kind=FieldKind.TEXT,
        label=_("User name"),
        help=_("admin, unless you compiled the firmware yourself with another one."),
        default=DEFAULT_USER,
        maximum=32,
    ),
)

TASMOTA = HandlerSpec(
    kind="tasmota",
    name="Tasmota",
    api_version=ApiVersion(1, 0),
    fields=_FIELDS,
    unique_id_form=r"[0-9a-f]{12}",
    discovery=(
        KnownDevices(integration="tasmota", fields={"host": "device.configuration_url.host"}, unique_id="device.mac"),
        Zeroconf(
            type="_http._tcp.local.",
            properties={"devicetype": "tasmota"},
            fields={"host": "host", "port": "port"},
        ),
    ),
    fetch_timeout=1500.0,
    manufacturer="Tasmota",
    documentation="https://github.com/ha-device-backups/ha-device-backups/blob/main/handlers-tasmota/README.md",
    omits=(
        _("Files on a memory card. Those in the flash memory of the device are in it."),
        _(
            "The firmware itself, and what other chips on the board keep: a Zigbee coordinator, a Tuya "
            "MCU, an RF bridge."
        ),
        _(
            "What only another program knows: retained messages of the MQTT broker, pairings kept in a "
            "Matter controller."
        ),
    ),
)
