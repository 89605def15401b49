"""What a person is told and asked about a tree before anything is done."""

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec
from ha_device_backup_core.host import MEBIBYTE

from ..translation import _

_PAGE = "https://github.com/ha-device-backups/ha-device-backups/blob/main/docs/agent-large-data.md"
_SECONDS = 12 * 3600.0

SPEC = HandlerSpec(
    kind="rsync",
    name=_("Large folder (rsync)"),
    api_version=ApiVersion(1, 0),
    fields=(
        ConfigField(key="host", kind=FieldKind.HOST, label=_("Host"), required=True),
        ConfigField(key="port", kind=FieldKind.PORT, label=_("Port"), help=_("22, unless it was changed."), default=22),
        ConfigField(
            key="username", kind=FieldKind.TEXT, label=_("User name"), default="root", required=True, maximum=64
        ),
        ConfigField(
            key="folder",
            kind=FieldKind.TEXT,
            label=_("Folder"),
            help=_("With all that is in it, beginning with /. Another folder needs another line in authorized_keys."),
            required=True,
            maximum=1000,
        ),
        ConfigField(
            key="excludes",
            kind=FieldKind.LINES,
            label=_("Leave out"),
            help=_("As rsync takes it: /cache/ for a folder in the folder, *.tmp for names at any depth."),
            maximum=200,
            advanced=True,
        ),
        ConfigField(
            key="bandwidth",
            kind=FieldKind.INTEGER,
            label=_("Bandwidth"),
            help=_("In KiB a second at most. Empty for as much as there is."),
            minimum=8,
            maximum=10_000_000,
            advanced=True,
        ),
        ConfigField(
            key="private_key",
            kind=FieldKind.SECRET,
            label=_("Private key"),
            help=_("Leave it empty to get a key that can read this folder and nothing else."),
            maximum=20_000,
        ),
        ConfigField(
            key="host_key",
            kind=FieldKind.HOST_KEY,
            label=_("Host key"),
            help=_("The fingerprint that is trusted: SHA256 and 43 characters."),
        ),
    ),
    fetch_timeout=_SECONDS,
    max_artifact_bytes=MEBIBYTE // 2,
    documentation=_PAGE,
    omits=(
        _("The files themselves: they stay in the repository of the agent, and the backup says which they are"),
        _("Devices, sockets and pipes, access lists and extended attributes"),
    ),
)
