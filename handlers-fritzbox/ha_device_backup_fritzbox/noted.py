"""Times and counters that a box notes by itself, known by their form and by their names; pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .settings import Setting

_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)
"""Before, a number of so many digits is hardly a time."""
_LEEWAY = timedelta(days=1)
_MILLISECONDS = 13
_LINE = re.compile(r"(\s*[\w.-]+\s*=\s*)(\"?)([^\";]{0,40})\2(?=\s*(?:;|\Z))", re.ASCII)
_DATE_AND_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s?(?P<zone>Z|[+-]\d\d:?\d\d)?"
    r"|(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>(?:20)?\d\d),? (?P<at>\d\d:\d\d(?::\d\d)?)",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{10}|\d{13}", re.ASCII)
_KEPT_BY_THE_BOX = frozenset(
    {
        "LastInformReq",
        "LastSuccessfulContact",
        "atok_expire",
        "auto_update_last_check_time",
        "bpjm_update_check_successful",
        "checked_time",
        "fwupdatehintmail_time",
        "googleauth_setupdate",
        "last_check",
        "next_keepalive",
        "no_update_found_time",
        "strato_hidrive_atok_expire",
        "tcom_hidrive_atok_expire",
        "ticket_valid_time",
        "timestamp",
        "update_found_time",
        "update_time",
    }
)
"""Times that the box writes by itself, of the future too; another one counts if it was still to come at the export."""
_OF_LAST_TIME = re.compile(
    r"(?:\w+_)?[Ll]ast(?:_(?!name)|(?=[A-Z])(?!Name))\w*|last(?:seen|used?|login|contact|access|change|sync|update)"
    r"|\w+_(?:seen|since|timestamp)",
    re.ASCII,
)
"""Names of what was when something happened last, and where, and how often."""
_NEVER = frozenset({"", "0", "never", "-"})
_PLAIN = re.compile(
    r"-?\d{1,20}|0x[0-9A-Fa-f]{1,16}|\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}", re.ASCII
)
"""Numbers and addresses."""
_COUNTER = re.compile(
    r"(?:\w+_)?next_?u?id|(?:re)?boots|(?:re)?boot_?count(?:er)?|(?:system_?)?up_?time\w*|(?:\w+_)?counter"
    r"|(?:(?:total|today|month|week|year|all)_?)?(?:(?:bytes|packets|pkts)_?(?:sent|received|rcvd|in|out|rx|tx|up|down)?"
    r"|(?:sent|received|rx|tx)_?(?:bytes|packets|pkts))_?(?:high|low|total)?|phyconntime\w*",
    re.ASCII | re.IGNORECASE,
)
"""Names of what only counts up."""
_COUNTERS = re.compile(
    r"inetstat\w*|online_?(?:monitor|counters?|statistics?)|dhcp_?leases?|traffic_?(?:counters?|statistics?)|statistics?"
    r"|counters?",
    re.ASCII | re.IGNORECASE,
)
"""Names of blocks in which only the box writes."""
_ATTRIBUTE = re.compile(rb"\s([A-Za-z_][\w-]{0,40})\s{0,4}=\s{0,4}(?:\"[\d\s:.TZ+-]{0,40}\"|'[\d\s:.TZ+-]{0,40}')")
_SAVED = frozenset({"firstsave", "lastsave", "modtime", "mod_time", "timestamp"})


def is_counter(setting: Setting) -> bool:
    """Return whether only the box writes it: a number that counts up, or anything in a list of such numbers."""
    if any(map(_COUNTERS.fullmatch, setting.path)):
        return True
    if not _COUNTER.fullmatch(setting.key):
        return False
    found = _LINE.fullmatch(setting.line.rstrip().removesuffix(";"))
    return found is not None and _PLAIN.fullmatch(found[3]) is not None


def without_time(setting: Setting, written: datetime | None) -> str:
    """Return the line with a mark in place of a time that is no setting: one that was past, or that the box writes."""
    line, key = setting.line, setting.key
    found = _LINE.match(line)
    if found is None:
        return line
    mark = _mark(key, found[3], written, is_text=bool(found[2]))
    return f"{found[1]}{found[2]}{mark}{found[2]}{line[found.end() :]}" if mark else line


def without_counters(data: bytes) -> bytes:
    """Return XML without the numbers and times in its tags that count up; anything else as it is."""
    return _ATTRIBUTE.sub(_kept, data) if data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else data


def _kept(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("ascii", "replace")
    return b"" if name in _SAVED or _COUNTER.fullmatch(name) or _OF_LAST_TIME.fullmatch(name) else found[0]


def _mark(key: str, value: str, written: datetime | None, *, is_text: bool) -> str:
    of_last_time = _OF_LAST_TIME.fullmatch(key) is not None
    at = _time_of(value, of_number=not is_text or of_last_time)
    if at is not None:
        is_over = written is not None and (at < written + _LEEWAY if _NUMBER.fullmatch(value) else at <= written)
        return "(time)" if key in _KEPT_BY_THE_BOX or of_last_time or is_over else ""
    if of_last_time:
        return "(time)" if value in _NEVER else "(noted)" if _PLAIN.fullmatch(value) else ""
    return ""


def _time_of(value: str, *, of_number: bool) -> datetime | None:
    """Return the time that is written there, None for what is none."""
    try:
        if found := _DATE_AND_TIME.fullmatch(value):
            return _of_parts(found.group)
        if of_number and _NUMBER.fullmatch(value):
            at = datetime.fromtimestamp(int(value) / (1000 if len(value) == _MILLISECONDS else 1), UTC)
            return at if at > _OLDEST else None
    except (ValueError, OverflowError):
        return None
    return None


def _of_parts(part: Callable[[str], str | None]) -> datetime:
    if date := part("date"):
        # What the clock of the box shows, whatever the zone.
        return datetime.fromisoformat(f"{date} {part('time')}").replace(tzinfo=UTC)
    day = f"20{part('year')}"[-4:], part("month"), part("day"), (part("at") or "")[:5]
    return datetime.strptime("-".join(map(str, day)), "%Y-%m-%d-%H:%M").replace(tzinfo=UTC)
