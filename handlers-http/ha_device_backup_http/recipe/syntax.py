"""What is wrong with one string of a recipe, told in words; pure."""

import re
from pathlib import PurePosixPath

from ha_device_backup_core.toolkit import is_raw_name

from ..headers import is_header_name
from ..pointers import parse_pointer
from .captures import fault_of_expression
from .problems import known_names
from .sources import parse_source
from .templates import FILTERS, GAP, NAME, Template
from .xml_places import parse_place

WEBSOCKET = "WS"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", WEBSOCKET)
_REQUEST = re.compile(r"(\S+) (\S.*)")
_ALMOST_A_GAP = re.compile(r"\{\s*[A-Za-z_][\w.-]*\s*(?:[*|][^{}]*)?\}")
_LITERAL = re.compile(r"\{\{[^{}]*\}\}")
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_PATH = 200


def fault_of_template(text: str) -> str | None:
    """Return what is wrong with the gaps of a string."""
    template = Template.of(text)
    for gap in template.gaps:
        for name in gap.filters:
            if name not in FILTERS:
                return f"there is no filter “{name}”: {known_names(name, list(FILTERS))}"
    text = _LITERAL.sub("\0", text)
    known = {found[0] for found in re.finditer(GAP, text)}
    odd = next((found[0] for found in _ALMOST_A_GAP.finditer(text) if found[0] not in known), None)
    return None if odd is None else f"“{odd}” is no name of a value"


def fault_of_request(text: str) -> str | None:
    """Return what is wrong with a request line."""
    found = _REQUEST.fullmatch(text)
    if found is None:
        return f"“{text}” is no request"
    method, target = found[1], found[2]
    if method not in METHODS:
        return f"there is no method “{method}”: {known_names(method, METHODS)}"
    if _HOST.match(target):
        return f"“{text}” names a host: all requests go to the base"
    if not target.startswith(("/", "{")):
        return f"“{target}” is no path"
    if any(sign.isspace() for sign in target):
        return f"“{target}” holds a blank"
    return fault_of_template(target)


def fault_of_base(text: str) -> str | None:
    """Return what is wrong with the base of all requests."""
    if re.fullmatch(
        rf"\{{{NAME}\}}|https?://(?:\{{{NAME}\}}|[\w.-]+)(?::(?:\{{{NAME}\}}|\d{{1,5}}))?(?:/[\w./-]*)?", text
    ):
        return None
    return f"“{text}” is no address"


def fault_of_path(text: str) -> str | None:
    """Return what is wrong with the path of a file in the bundle."""
    if text.startswith("/") or "\\" in text or _DRIVE.match(text):
        return f"“{text}” leads out of the bundle"
    parts = text.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return f"“{text}” leads out of the bundle" if ".." in parts else f"“{text}” has an empty part"
    if len(text) > _LONGEST_PATH or not is_raw_name(text):
        return f"“{text}” is too long, or holds what names of files do not hold"
    return fault_of_template(text)


def fault_of_file_pattern(text: str) -> str | None:
    """Return what is wrong with what names files: `compare/*.json`, `a.zip!member`, `a.sbk!b.tar.gz!c`."""
    path, *members = text.split("!")
    if any(not member for member in members):
        return f"“{text}” names no member after !"
    return fault_of_path(path)


def fault_of_source(text: str) -> str | None:
    """Return what is wrong with where a value comes from."""
    source = parse_source(text)
    return source if isinstance(source, str) else None


def fault_of_requirement(text: str) -> str | None:
    """Return what is wrong with a place that a file has to have."""
    if text.startswith("/"):
        return fault_of_pointer(text)
    kind = text.partition(":")[0]
    if kind not in {"json", "xml"}:
        return f"“{text}” is no place in a file"
    return fault_of_source(text)


def fault_of_pointer(text: str) -> str | None:
    """Return what is wrong with a place in JSON."""
    return None if parse_pointer(text) is not None else f"“{text}” is no place in JSON"


def fault_of_place_led_to(text: str) -> str | None:
    """Return what is wrong with the path that a device leads to."""
    return None if text.startswith("/") and not re.search(r"[\s?#]", text) else f"“{text}” is no path"


def fault_of_content(text: str) -> str | None:
    """Return what is wrong with the part of the answer that is saved; an empty one is all of it."""
    return None if not text else fault_of_pointer(text)


def fault_of_xml_place(text: str) -> str | None:
    """Return what is wrong with a place in XML."""
    place = parse_place(text)
    return place if isinstance(place, str) else None


def fault_of_lines(text: str) -> str | None:
    """Return what is wrong with an expression for lines."""
    return fault_of_expression(text)


def fault_of_header(text: str) -> str | None:
    """Return what is wrong with the name of a header."""
    return None if is_header_name(text) else f"“{text}” is no header that can be set"


def fault_of_name(text: str) -> str | None:
    """Return what is wrong with the name of a value."""
    return None if re.fullmatch(rf"{NAME}", text) and len(text) <= 40 else f"“{text}” is no name of a value"


def fault_of_list(text: str) -> str | None:
    """Return what is wrong with the name of a list, or of a part of a value that is one."""
    is_right = re.fullmatch(rf"{NAME}(?:/[\w~.-]+)*", text) and len(text) <= 80
    return None if is_right else f"“{text}” is no name of a list"


def fault_of_kind(text: str) -> str | None:
    """Return what is wrong with the kind."""
    return None if re.fullmatch(r"[a-z][a-z0-9_]{1,31}", text) else f"“{text}” is no kind"


def fault_of_field_key(text: str) -> str | None:
    """Return what is wrong with the key of a field."""
    return None if re.fullmatch(r"[a-z][a-z0-9_]{0,31}", text) else f"“{text}” is no key of a field"


def fault_of_url(text: str) -> str | None:
    """Return what is wrong with the address of a page."""
    return None if re.fullmatch(r"https://[^\s/]+(/\S*)?", text) else f"“{text}” is no https address"


def suffix_of(path: str) -> str:
    """Return the ending of a name, that of a packed tar file as a whole."""
    name = PurePosixPath(path).name.lower()
    return ".tar.gz" if name.endswith(".tar.gz") else PurePosixPath(name).suffix
