"""One request of a recipe, and what becomes of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ha_device_backup_core import Text

from ..pointers import Pointer
from .positions import Place
from .sources import Source
from .templates import Template, Value

GOOD = frozenset({200, 201, 202, 204})
"""Statuses of answers that are no error, where a recipe does not say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a good answer looks like."""

    status: frozenset[int] = frozenset()
    json: Mapping[Pointer, Value] = field(default_factory=dict)
    body: str = ""
    closed: frozenset[int] = frozenset()
    """Codes with which the device closes a websocket."""
    header: Mapping[str, str] = field(default_factory=dict)
    asks_password: bool = False
    """Whether it is a web page that asks for a password."""
    led_to: str = ""
    """The path that it came from, as a web page."""
    only_error: bool = False
    """Whether it tells of an error, and of nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRule:
    """An answer that tells of an error, and what it means."""

    condition: Expectation
    means: str
    text: Text = ""
    retry_after: float | None = None
    is_later: bool = False
    """Whether good answers may look so, too: then what comes afterwards decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How the other pages of an answer are asked for."""

    offset: str
    items: Pointer
    total: Pointer | None = None
    left: Pointer | None = None
    next: Pointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A request that is repeated until something holds."""

    until: Expectation
    every: float = 2.0
    tries: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Whether a value is in a list: a captured one, or one that is written here."""

    value: Template
    listed: str | tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """A file of the backup, and what makes it valid."""

    path: Template
    form: str
    root: str = ""
    required: tuple[Source, ...] = ()
    members: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    at_least: int = 0
    multiple_of: int = 1
    content: Pointer | None = None
    decode: str = ""
    is_compared: bool = True
    is_one_of_many: bool = False
    """Whether it comes from an `each`: then an empty file is a file, too."""
    is_optional: bool = False

    @property
    def pattern(self) -> str:
        """The names that it can have, with * in each gap."""
        return "".join(piece if isinstance(piece, str) else "*" for piece in self.path.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request; `place` is where it stands in the file."""

    method: str
    target: Template
    query: Mapping[str, Template] = field(default_factory=dict)
    headers: Mapping[str, Template] = field(default_factory=dict)
    body_kind: str = ""
    body: Value = None
    send: Value = None
    until: Expectation = Expectation()
    redirects: bool = False
    goes_on: bool = False
    """Whether to go where the answer leads to, once it was looked at."""
    timeout: float | None = None
    expect: Expectation = Expectation()
    capture: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    set: Mapping[str, Template] = field(default_factory=dict)
    is_optional: bool = False
    may_be_absent: bool = False
    otherwise: "Step | None" = None
    each: Mapping[str, str | tuple[Value, ...]] = field(default_factory=dict)
    unless: "Membership | None" = None
    """An entry is left out where this holds."""
    only: "Membership | None" = None
    """An entry is left out where this does not hold."""
    then: tuple["Step", ...] = ()
    upload: str = ""
    part: str = ""
    puts_back: str = ""
    """The file of a backup that it is about, where no value out of it says so."""
    pages: Pages | None = None
    wait: Wait | None = None
    save: SavedFile | None = None
    errors: tuple[ErrorRule, ...] = ()
    place: Place = ()

    @property
    def may_change(self) -> bool:
        """Whether the device may be another afterwards: by GET, too, some are told what to do."""
        looks = self.method == "GET" and bool(self.capture or self.wait)
        return self.place[:1] == ("restore",) and not looks

    @property
    def is_passable(self) -> bool:
        """Whether the job goes on without it."""
        return self.is_optional or self.may_be_absent
