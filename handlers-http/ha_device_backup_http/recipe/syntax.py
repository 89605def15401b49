"""What is wrong with one string of a recipe, told in words; pure."""

import re
from pathlib import PurePosixPath

from ha_device_backup_core.toolkit import is_raw_name

from ..headers import is_header_name
from ..pointers import parse_pointer
from ..translation import _
from .problems import Mistake, known_names, listed, shown
from .sources import parse_source
from .templates import FILTERS, GAP, NAME, Template
from .xml_places import parse_place

WEBSOCKET = "WS"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", WEBSOCKET)
_REQUEST = re.compile(r"(\S+) (\S.*)")
_ALMOST_A_GAP = re.compile(r"\{\s*[A-Za-z_][\w./~-]*\s*(?:[*|][^{}]*)?\}")
_LITERAL = re.compile(r"\{\{[^{}]*\}\}")
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_PATH = 200


def fault_of_template(text: str) -> Mistake | None:
    """Return what is wrong with the gaps of a string."""
    unknown = [name for gap in Template.of(text).gaps for name in gap.filters if name not in FILTERS]
    if len(unknown) == 1:
        return Mistake(_("there is no filter “{name}”", name=shown(unknown[0])), known_names(unknown[0], FILTERS))
    if unknown:
        return Mistake(_("there are no filters {names}", names=listed(unknown)), known_names("", FILTERS))
    text = _LITERAL.sub("\0", text)
    known = {found[0] for found in re.finditer(GAP, text)}
    odd = next((found[0] for found in _ALMOST_A_GAP.finditer(text) if found[0] not in known), None)
    return None if odd is None else _no_gap(odd)


def fault_of_gaps(text: str) -> Mistake | None:
    """Return what is wrong with the gaps of a path, in which no other braces make sense."""
    rest = re.sub(GAP, "\0", _LITERAL.sub("\0", text))
    odd = re.search(r"\{[^{}]*\}?|\}", rest)
    return fault_of_template(text) if odd is None else _no_gap(odd[0])


def _no_gap(text: str) -> Mistake:
    return Mistake(_("“{text}” is no name of a value", text=shown(text)), _("write “{gap}”", gap="{name}"))


def fault_of_request(text: str) -> Mistake | None:
    """Return what is wrong with a request line."""
    found = _REQUEST.fullmatch(text)
    if found is None:
        return Mistake(_("“{text}” is no request", text=shown(text)))
    method, target = found[1], found[2]
    if method not in METHODS:
        return Mistake(_("there is no method “{method}”", method=shown(method)), known_names(method.upper(), METHODS))
    if names_a_host(target):
        wrong = _("“{text}” names a host", text=shown(text))
        return Mistake(wrong, _("write the path alone: all requests go to the base"))
    return fault_of_gaps(target) or _fault_of_target(target)


def _fault_of_target(target: str) -> Mistake | None:
    if not target.startswith(("/", "{")):
        return Mistake(_("“{text}” is no path", text=shown(target)))
    if any(sign.isspace() for sign in target):
        return Mistake(_("“{text}” holds a blank", text=shown(target)), _("write %20 in its place, or drop it"))
    if "#" in target:
        return Mistake(_("what is behind # is never sent"), _("write %23 in its place, or drop it"))
    return None


def names_a_host(target: str) -> bool:
    """Return whether a target is an address of another kind than a path."""
    return _HOST.match(target) is not None


def fault_of_base(text: str) -> Mistake | None:
    """Return what is wrong with the base of all requests."""
    if re.fullmatch(
        rf"\{{{NAME}\}}|https?://(?:\{{{NAME}\}}|[\w.-]+)(?::(?:\{{{NAME}\}}|\d{{1,5}}))?(?:/[\w./-]*)?", text
    ):
        return None
    return Mistake(_("“{text}” is no address", text=shown(text)))


def fault_of_path(text: str) -> Mistake | None:
    """Return what is wrong with the path of a file in the bundle."""
    return place_in_bundle(text) or fault_of_gaps(text)


def place_in_bundle(path: str) -> Mistake | None:
    """Return why a path is none in a bundle."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or _DRIVE.match(path) or ".." in parts:
        return Mistake(_("“{text}” leads out of the bundle", text=shown(path)))
    if any(part in {"", "."} for part in parts):
        return Mistake(_("“{text}” has an empty part", text=shown(path)))
    if len(path) > _LONGEST_PATH:
        return Mistake(
            _("“{text}” is too long", text=shown(path)), _("write {most} characters at most", most=_LONGEST_PATH)
        )
    if not is_raw_name(path):
        return Mistake(_("“{text}” holds what names of files do not hold", text=shown(path)))
    return None


def fault_of_file_pattern(text: str) -> Mistake | None:
    """Return what is wrong with what names files: `compare/*.json`, `a.zip!member`, `a.sbk!b.tar.gz!c`."""
    path, *members = text.split("!")
    if any(not member for member in members):
        return Mistake(_("“{text}” names no member after !", text=shown(text)))
    return fault_of_path(path)


def fault_of_source(text: str) -> Mistake | None:
    """Return what is wrong with where a value comes from."""
    source = parse_source(text)
    return source if isinstance(source, Mistake) else None


def fault_of_requirement(text: str) -> Mistake | None:
    """Return what is wrong with a place that a file has to have."""
    if text.startswith("/"):
        return fault_of_pointer(text)
    kind = text.partition(":")[0]
    if kind not in {"json", "xml"}:
        return Mistake(_("“{text}” is no place in a file", text=shown(text)))
    return fault_of_source(text)


def fault_of_pointer(text: str) -> Mistake | None:
    """Return what is wrong with a place in JSON."""
    return None if parse_pointer(text) is not None else Mistake(_("“{text}” is no place in JSON", text=shown(text)))


def fault_of_place_led_to(text: str) -> Mistake | None:
    """Return what is wrong with the path that a device leads to."""
    is_right = text.startswith("/") and not re.search(r"[\s?#]", text)
    return None if is_right else Mistake(_("“{text}” is no path", text=shown(text)))


def fault_of_content(text: str) -> Mistake | None:
    """Return what is wrong with the part of the answer that is saved; an empty one is all of it."""
    return None if not text else fault_of_pointer(text)


def fault_of_xml_place(text: str) -> Mistake | None:
    """Return what is wrong with a place in XML."""
    place = parse_place(text)
    return place if isinstance(place, Mistake) else None


def fault_of_header(text: str) -> Mistake | None:
    """Return what is wrong with the name of a header."""
    return None if is_header_name(text) else Mistake(_("“{text}” is no header that can be set", text=shown(text)))


def fault_of_header_text(text: str) -> Mistake | None:
    """Return what is wrong with what a header says."""
    if any(sign in text for sign in "\r\n\0"):
        return Mistake(_("no header has a line break"), _("write it on one line"))
    return fault_of_template(text)


def fault_of_name(text: str) -> Mistake | None:
    """Return what is wrong with the name of a value."""
    return None if re.fullmatch(rf"{NAME}", text) and len(text) <= 40 else no_name_of_a_value(text)


def no_name_of_a_value(text: str) -> Mistake:
    """Return that something is no name."""
    return Mistake(_("“{text}” is no name of a value", text=shown(text)))


def fault_of_list(text: str) -> Mistake | None:
    """Return what is wrong with the name of a list, or of a part of a value that is one."""
    is_right = re.fullmatch(rf"{NAME}(?:/[\w~.-]+)*", text) and len(text) <= 80
    return None if is_right else Mistake(_("“{text}” is no name of a list", text=shown(text)))


def fault_of_kind(text: str) -> Mistake | None:
    """Return what is wrong with the kind."""
    is_right = re.fullmatch(r"[a-z][a-z0-9_]{1,31}", text)
    return None if is_right else Mistake(_("“{text}” is no kind", text=shown(text)))


def fault_of_field_key(text: str) -> Mistake | None:
    """Return what is wrong with the key of a field."""
    is_right = re.fullmatch(r"[a-z][a-z0-9_]{0,31}", text)
    return None if is_right else Mistake(_("“{text}” is no key of a field", text=shown(text)))


def fault_of_url(text: str) -> Mistake | None:
    """Return what is wrong with the address of a page."""
    is_right = re.fullmatch(r"https://[^\s/]+(/\S*)?", text)
    return None if is_right else Mistake(_("“{text}” is no https address", text=shown(text)))


def suffix_of(path: str) -> str:
    """Return the ending of a name, that of a packed tar file as a whole."""
    name = PurePosixPath(path).name.lower()
    return ".tar.gz" if name.endswith(".tar.gz") else PurePosixPath(name).suffix
