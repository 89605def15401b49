"""What a person is told and asked about a platform before anything is done."""

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, Text

from .platform import FileTree, SshPlatform
from .translation import _

_PAGES = "https://github.com/ha-device-backups/ha-device-backups/blob/main/handlers-ssh/docs"
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_KEY = 20_000
_MOST_LINES = 200
_UNTESTED: Text = _("Nobody has tried this with a real device yet. Look into the first backup.")


def spec_of(platform: SshPlatform) -> HandlerSpec:
    """Return the spec of the handler of a platform."""
    return HandlerSpec(
        kind=platform.kind,
        name=platform.name,
        api_version=ApiVersion(1, 0),
        fields=(
            *_where(platform.username),
            *_by_what(),
            *(_as_root() if platform.asks_sudo else ()),
            *(() if platform.tree is None else _which(platform.tree)),
            *_trust(),
        ),
        fetch_timeout=platform.seconds,
        max_artifact_bytes=_MOST_BYTES,
        manufacturer=platform.manufacturer,
        documentation=f"{_PAGES}/{platform.page}.md" if platform.page else "",
        omits=(*platform.omits, *((_UNTESTED,) if platform.is_untested else ())),
        restore_guide=platform.guide,
    )


def _where(username: str) -> tuple[ConfigField, ...]:
    return (
        ConfigField(key="host", kind=FieldKind.HOST, label=_("Host"), required=True),
        ConfigField(key="port", kind=FieldKind.PORT, label=_("Port"), help=_("22, unless it was changed."), default=22),
        ConfigField(
            key="username", kind=FieldKind.TEXT, label=_("User name"), default=username, required=True, maximum=64
        ),
    )


def _by_what() -> tuple[ConfigField, ...]:
    return (
        ConfigField(
            key="password",
            kind=FieldKind.SECRET,
            label=_("Password"),
            help=_("Leave password and private key empty to get a key made for this device."),
            maximum=512,
        ),
        ConfigField(
            key="private_key",
            kind=FieldKind.SECRET,
            label=_("Private key"),
            help=_("The whole file, from -----BEGIN to PRIVATE KEY-----. It is used in place of the password."),
            maximum=_LONGEST_KEY,
        ),
        ConfigField(
            key="passphrase",
            kind=FieldKind.SECRET,
            label=_("Passphrase of the private key"),
            help=_("Only if it has one."),
            maximum=512,
            advanced=True,
        ),
    )


def _as_root() -> tuple[ConfigField, ...]:
    return (
        ConfigField(
            key="sudo",
            kind=FieldKind.BOOLEAN,
            label=_("Use sudo"),
            help=_("For files that this user may not read. Not needed for root."),
            default=False,
        ),
        ConfigField(
            key="sudo_password",
            kind=FieldKind.SECRET,
            label=_("Password for sudo"),
            help=_("Only if sudo asks for one, and it is not the password above."),
            maximum=512,
            advanced=True,
        ),
    )


def _which(tree: FileTree) -> tuple[ConfigField, ...]:
    return (
        ConfigField(
            key="files",
            kind=FieldKind.LINES,
            label=_("Files and folders"),
            help=_("One a line, each beginning with /. Folders count with all that is in them."),
            default=tree.paths,
            required=True,
            maximum=_MOST_LINES,
        ),
        ConfigField(
            key="excludes",
            kind=FieldKind.LINES,
            label=_("Leave out"),
            help=_("Whole paths such as /etc/ssl/certs, or names at any depth such as *.log or node_modules."),
            default=tree.excludes,
            maximum=_MOST_LINES,
            advanced=True,
        ),
        ConfigField(
            key="after_restore",
            kind=FieldKind.TEXT,
            label=_("Command after a restore"),
            help=_("So that restored files are used, such as: systemctl restart nginx"),
            maximum=1000,
            advanced=True,
        ),
    )


def _trust() -> tuple[ConfigField, ...]:
    return (
        ConfigField(
            key="old_algorithms",
            kind=FieldKind.BOOLEAN,
            label=_("Allow old algorithms"),
            help=_("Only for devices that know no others: somebody in the network could read along."),
            default=False,
            advanced=True,
        ),
        ConfigField(
            key="host_key",
            kind=FieldKind.HOST_KEY,
            label=_("Host key"),
            help=_("The fingerprint that is trusted: SHA256 and 43 characters."),
        ),
    )
