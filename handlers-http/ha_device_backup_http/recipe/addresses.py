"""Where the requests of a recipe go: to the origin of its base and nowhere else; pure."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote

from yarl import URL

from ha_device_backup_core import ConfigError, UnexpectedResponseError
from ha_device_backup_core.toolkit import encoded

from ..translation import _
from .templates import Gap, Template, Value, text_of_value

_STAYS = "/?&=:@!$'()*+,;~%-._[]"
_DOTS = frozenset({".", ".."})
NO_ADDRESS = _("It named an address that is none.")
REDIRECTED = _("It redirects to another address, which is not followed.")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def base_of(template: Template, values: Mapping[str, Value]) -> URL:
    """Return the base of a device, made of what a person entered; raise ConfigError."""
    text = template.text({**values, "host": _in_brackets(text_of_value(values.get("host")))})
    # A port that was not entered is that of the scheme.
    text = re.sub(r":(?=/|$)(?!//)", "", text)
    field = next((gap.name for gap in template.gaps), "url")
    try:
        base = URL(text)
        if base.scheme in {"http", "https"} and base.host and base.port:
            return base.with_query(None).with_fragment(None)
    except ValueError:
        pass
    raise ConfigError(field, _("“{entered}” is no address.", entered=text))


def address_of(base: URL, target: Template, values: Mapping[str, Value], as_written: Collection[str]) -> URL:
    """Return the address of a request.

    Values are percent-encoded, `/` too, but for those that the recipe itself writes or wants raw, and for one that
    is the path itself: nothing but values stands before it. Raises UnexpectedResponseError for another host.
    """
    written = ""
    is_beginning = True
    for piece in target.pieces:
        if isinstance(piece, Gap):
            text = text_of_value(piece.filled(values))
            if is_beginning:
                text = _at_base(base, text)
            is_path = is_beginning and text.startswith("/")
            stays = piece.is_raw or piece.name in as_written or is_path
            if not stays and text in _DOTS:
                # Devices take these for a way up, encoded or not.
                raise UnexpectedResponseError(NO_ADDRESS)
            written += _as_it_is(text) if stays else quote(encoded(text), safe="")
        else:
            is_beginning = False
            written += piece if piece.isascii() else _as_it_is(piece)
    if not written.startswith("/"):
        raise UnexpectedResponseError(NO_ADDRESS)
    return URL(f"{base.origin()}{_prefix(base)}{written}", encoded=True)


def at_origin(url: URL, location: str) -> URL:
    """Return where a redirect leads to at the same device; raise UnexpectedResponseError for elsewhere."""
    try:
        target = url.join(URL(location)).with_fragment(None)
        if target.scheme in {"http", "https"} and target.origin() == url.origin():
            return target
    except ValueError:
        pass
    raise UnexpectedResponseError(REDIRECTED)


def _prefix(base: URL) -> str:
    return base.raw_path.rstrip("/")


def _at_base(base: URL, text: str) -> str:
    """Return an absolute address of the device itself as its path."""
    if not re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//", text):
        return text
    try:
        named = URL(text)
        url = base.join(named)
        if named.host and url.origin() == base.origin():
            return url.raw_path_qs
    except ValueError:
        pass
    raise UnexpectedResponseError(_("It named an address at another host or port, where nothing is asked."))


def _as_it_is(text: str) -> str:
    return quote(encoded(_LONE_PERCENT.sub("%25", text)), safe=_STAYS)


def _in_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
