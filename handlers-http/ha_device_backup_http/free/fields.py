"""The form: what a person enters about a device."""

from ha_device_backup_core import ConfigField, FieldKind

from ..translation import _
from .placeholders import placeholder

SECONDS = 180
"""For a whole job."""
LARGEST_MIB = 32
"""Of all files together."""
_LARGEST = LARGEST_MIB * 1024 * 1024
_FORM = {"login": ("form",)}
_BY_PASSWORD = ("basic", "digest", "form")
_BY_TOKEN = ("bearer", "header", "query")
_MOST_LINES = 20
_MOST_IGNORED = 10

FIELDS = (
    ConfigField(
        key="url",
        kind=FieldKind.URL,
        label=_("URL"),
        help=_("The address that downloads the configuration when you open it in a browser."),
        required=True,
    ),
    ConfigField(
        key="login",
        kind=FieldKind.CHOICE,
        label=_("Login"),
        help=_(
            "If the browser asks for name and password in a window of its own, it is Basic or Digest; if"
            " the device has a page for it, a login page."
        ),
        choices={
            "none": _("None"),
            "basic": _("User name and password (Basic)"),
            "digest": _("User name and password (Digest)"),
            "bearer": _("Token (Bearer)"),
            "header": _("API key in a header"),
            "query": _("API key in the URL"),
            "form": _("Login page or login request"),
        },
        default="none",
    ),
    ConfigField(
        key="username",
        kind=FieldKind.TEXT,
        label=_("User name"),
        help=_("For Basic, Digest and a login page. It may stay empty if the device asks for a password alone."),
        advanced={"login": ("none", *_BY_TOKEN)},
    ),
    ConfigField(
        key="password",
        kind=FieldKind.SECRET,
        label=_("Password"),
        help=_("For Basic, Digest and a login page. It may stay empty if the device takes a user name alone."),
        advanced={"login": ("none", *_BY_TOKEN)},
    ),
    ConfigField(
        key="token",
        kind=FieldKind.SECRET,
        label=_("Token"),
        help=_("The token or API key, or any other secret that {token} stands for.", token=placeholder("token")),
        advanced={"login": ("none", *_BY_PASSWORD)},
    ),
    ConfigField(
        key="key_name",
        kind=FieldKind.TEXT,
        label=_("Name of the key"),
        help=_(
            "The header (X-API-Key if empty) or the parameter of the URL (apikey if empty) that holds the"
            " API key. For the token that a login answers with: a header such as X-Session, or ?sid for"
            " the URL; Bearer if empty."
        ),
        maximum=100,
        shown_when={"login": ("header", "query", "form")},
        advanced=_FORM,
    ),
    ConfigField(
        key="login_url",
        kind=FieldKind.TEXT,
        label=_("Address of the login"),
        help=_(
            "The page that asks for the password, such as /login; its form is read and filled in. With"
            " login fields: the address that they are sent to."
        ),
        shown_when=_FORM,
    ),
    ConfigField(
        key="login_fields",
        kind=FieldKind.LINES,
        label=_("Login fields"),
        help=_(
            "Only if the login page has no form that can be read: name={username} and so on, one a line.",
            username=placeholder("username"),
        ),
        maximum=_MOST_LINES,
        shown_when=_FORM,
        advanced=True,
    ),
    ConfigField(
        key="login_format",
        kind=FieldKind.CHOICE,
        label=_("Login is sent as"),
        help=_("As JSON, the login fields are username and password unless you enter others."),
        choices={"form": _("Form"), "json": "JSON"},
        default="form",
        shown_when=_FORM,
        advanced=True,
    ),
    ConfigField(
        key="login_answer",
        kind=FieldKind.TEXT,
        label=_("Token in the answer"),
        help=_(
            "If the login answers with a token: its place in the JSON, such as /access_token; {token} then"
            " stands for it. Empty: cookies are used.",
            token=placeholder("token"),
        ),
        shown_when=_FORM,
        advanced=True,
    ),
    ConfigField(
        key="files",
        kind=FieldKind.LINES,
        label=_("More addresses"),
        help=_(
            "One a line: name.json = /path. They go into the same backup. Write ?name.json = /path for a"
            " file that may be missing."
        ),
        maximum=_MOST_LINES,
        advanced=True,
    ),
    ConfigField(
        key="method",
        kind=FieldKind.CHOICE,
        label=_("Method"),
        help=_("How the URL is asked for. GET is what a browser does."),
        choices={"get": "GET", "post": "POST"},
        default="get",
        advanced=True,
    ),
    ConfigField(
        key="body",
        kind=FieldKind.LINES,
        label=_("Body"),
        help=_(
            "With POST only: JSON, or name=value&other=value. {username}, {password} and {token} are filled in.",
            username=placeholder("username"),
            password=placeholder("password"),
            token=placeholder("token"),
        ),
        advanced=True,
    ),
    ConfigField(
        key="headers",
        kind=FieldKind.LINES,
        label=_("Headers"),
        help=_(
            "Name: value, one a line. For a secret enter it under Token and write {token} here.",
            token=placeholder("token"),
        ),
        maximum=_MOST_LINES,
        advanced=True,
    ),
    ConfigField(
        key="content",
        kind=FieldKind.CHOICE,
        label=_("What is valid"),
        help=_("What else comes is never stored as a backup. JSON, XML, zip, gzip, tar and text are recognised."),
        choices={
            "auto": _("Recognise it, never a web page"),
            "json": "JSON",
            "xml": "XML",
            "zip": _("Zip file"),
            "any": _("Anything but a web page"),
            "page": _("A web page"),
        },
        default="auto",
        advanced=True,
    ),
    ConfigField(
        key="pattern",
        kind=FieldKind.TEXT,
        label=_("Has to hold"),
        help=_("A regular expression that is found in a line of every good answer, at best near its end."),
        advanced=True,
    ),
    ConfigField(
        key="minimum_size",
        kind=FieldKind.INTEGER,
        label=_("Smallest size"),
        help=_("Bytes; a smaller answer is no backup."),
        minimum=0,
        maximum=_LARGEST,
        advanced=True,
    ),
    ConfigField(
        key="ignore",
        kind=FieldKind.LINES,
        label=_("Ignore in comparisons"),
        help=_(
            "What changes by itself, one a line: a place in JSON such as /uptime or /devices/*/seen, or a"
            " regular expression; lines in which it is found do not count."
        ),
        maximum=_MOST_IGNORED,
        advanced=True,
    ),
    ConfigField(
        key="certificate",
        kind=FieldKind.CERTIFICATE,
        label=_("Trusted certificate"),
        help=_("Only for https with a certificate of the device's own. Leave it empty to be shown the present one."),
    ),
)
