"""The form: what a person enters about a device."""

from ha_device_backup_core import ConfigField, FieldKind

from . import field_texts as texts

_LARGEST = 32 * 1024 * 1024
_MOST_LINES = 20
_MOST_IGNORED = 10

FIELDS = (
    ConfigField(key="url", kind=FieldKind.URL, label=texts.URL_LABEL, help=texts.URL_HELP, required=True),
    ConfigField(
        key="login",
        kind=FieldKind.CHOICE,
        label=texts.LOGIN_LABEL,
        help=texts.LOGIN_HELP,
        choices=texts.LOGIN_CHOICES,
        default="none",
    ),
    ConfigField(key="username", kind=FieldKind.TEXT, label=texts.USERNAME_LABEL, help=texts.USERNAME_HELP),
    ConfigField(key="password", kind=FieldKind.SECRET, label=texts.PASSWORD_LABEL, help=texts.PASSWORD_HELP),
    ConfigField(key="token", kind=FieldKind.SECRET, label=texts.TOKEN_LABEL, help=texts.TOKEN_HELP),
    ConfigField(key="key_name", kind=FieldKind.TEXT, label=texts.KEY_NAME_LABEL, help=texts.KEY_NAME_HELP, maximum=100),
    ConfigField(key="login_url", kind=FieldKind.TEXT, label=texts.LOGIN_URL_LABEL, help=texts.LOGIN_URL_HELP),
    ConfigField(
        key="login_fields",
        kind=FieldKind.LINES,
        label=texts.LOGIN_FIELDS_LABEL,
        help=texts.LOGIN_FIELDS_HELP,
        maximum=_MOST_LINES,
    ),
    ConfigField(
        key="login_format",
        kind=FieldKind.CHOICE,
        label=texts.LOGIN_FORMAT_LABEL,
        help=texts.LOGIN_FORMAT_HELP,
        choices=texts.LOGIN_FORMAT_CHOICES,
        default="form",
    ),
    ConfigField(key="login_answer", kind=FieldKind.TEXT, label=texts.LOGIN_ANSWER_LABEL, help=texts.LOGIN_ANSWER_HELP),
    ConfigField(key="files", kind=FieldKind.LINES, label=texts.FILES_LABEL, help=texts.FILES_HELP, maximum=_MOST_LINES),
    ConfigField(
        key="method",
        kind=FieldKind.CHOICE,
        label=texts.METHOD_LABEL,
        help=texts.METHOD_HELP,
        choices={"get": "GET", "post": "POST"},
        default="get",
    ),
    ConfigField(key="body", kind=FieldKind.LINES, label=texts.BODY_LABEL, help=texts.BODY_HELP),
    ConfigField(
        key="headers", kind=FieldKind.LINES, label=texts.HEADERS_LABEL, help=texts.HEADERS_HELP, maximum=_MOST_LINES
    ),
    ConfigField(
        key="content",
        kind=FieldKind.CHOICE,
        label=texts.CONTENT_LABEL,
        help=texts.CONTENT_HELP,
        choices=texts.CONTENT_CHOICES,
        default="auto",
    ),
    ConfigField(key="pattern", kind=FieldKind.TEXT, label=texts.PATTERN_LABEL, help=texts.PATTERN_HELP),
    ConfigField(
        key="minimum_size",
        kind=FieldKind.INTEGER,
        label=texts.MINIMUM_SIZE_LABEL,
        help=texts.MINIMUM_SIZE_HELP,
        minimum=0,
        maximum=_LARGEST,
    ),
    ConfigField(
        key="ignore", kind=FieldKind.LINES, label=texts.IGNORE_LABEL, help=texts.IGNORE_HELP, maximum=_MOST_IGNORED
    ),
    ConfigField(
        key="certificate", kind=FieldKind.CERTIFICATE, label=texts.CERTIFICATE_LABEL, help=texts.CERTIFICATE_HELP
    ),
)
