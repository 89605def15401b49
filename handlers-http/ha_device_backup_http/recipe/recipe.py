"""A recipe: one kind of device, and how its configuration is fetched, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ha_device_backup_core import HandlerSpec

from ..pointers import Pointer
from .sources import Source
from .steps import ErrorRule, SavedFile, Step
from .templates import NOTHING, Template
from .xml_places import XmlPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """A login that goes along with each request."""

    scheme: str = "none"
    username: Template = NOTHING
    password: Template = NOTHING
    token: Template = NOTHING
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """Who it is, made of captured values."""

    unique_id: Template | None = None
    name: Template | None = None
    model: Template | None = None
    version: Template | None = None
    mac: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places in files of one name: of JSON, of XML, and lines."""

    file: str
    """The pattern of the file itself."""
    members: tuple[str, ...] = ()
    """The patterns of members in it, from the outside in."""
    skip: bool = False
    json: tuple[Pointer, ...] = ()
    xml: tuple[XmlPlace, ...] = ()
    lines: tuple[str, ...] = ()
    laid_out: tuple[str, ...] = ()
    """Expressions for lines of what is laid out: JSON a value a line, XML an element a line."""
    unordered: tuple[Pointer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredValue:
    """What the steps of a restore take out of a file of the backup."""

    file: str
    capture: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    list: str = ""
    each: Mapping[str, str] = field(default_factory=dict)
    """A list taken before, and what an entry is called in the name of its file."""
    without: tuple[Pointer, ...] = ()
    """Places that are left out before anything is taken."""

    @property
    def pattern(self) -> str:
        """The names that the files can have, with * in each gap."""
        return "".join(piece if isinstance(piece, str) else "*" for piece in Template.of(self.file).pieces)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all that is taken."""
        return (*self.capture, *filter(None, (self.list,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeRestore:
    """How a backup goes back by itself."""

    covers: tuple[str, ...] = ()
    restarts: bool = False
    values: tuple[StoredValue, ...] = ()
    steps: tuple[Step, ...] = ()

    def puts_back(self, name: str) -> bool:
        """Return whether the steps put a file back."""
        return any(fnmatchcase(name, pattern) for pattern in self.covers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that a recipe says."""

    spec: HandlerSpec
    base: Template
    tested: str = ""
    is_untested: bool = False
    pause: float = 0.0
    auth: Auth = Auth()
    headers: Mapping[str, Template] = field(default_factory=dict)
    open: tuple[Step, ...] = ()
    identify: tuple[Step, ...] = ()
    fetch: tuple[Step, ...] = ()
    close: tuple[Step, ...] = ()
    device: DeviceFacts = DeviceFacts()
    errors: tuple[ErrorRule, ...] = ()
    compare: tuple[Places, ...] = ()
    secrets: tuple[Places, ...] = ()
    restore: RecipeRestore = RecipeRestore()

    @property
    def files(self) -> tuple[SavedFile, ...]:
        """All that may be in a backup."""
        return tuple(step.save for step in self.all_fetched() if step.save is not None)

    @property
    def single(self) -> SavedFile | None:
        """The one file that a backup is; None where it is a bundle."""
        files = self.files
        # Another request for the same file does not make a bundle of it.
        if len({file.path.source for file in files}) == 1 and not files[0].is_one_of_many:
            return None if "/" in files[0].path.source or files[0].path.gaps else files[0]
        return None

    def all_fetched(self) -> Iterator[Step]:
        """Return each step that may save a file, those within others too."""
        for step in self.fetch:
            yield from inner_steps(step)


def inner_steps(step: Step) -> Iterator[Step]:
    """Return a step, what stands in for it, and those that are made for each entry."""
    yield step
    if step.otherwise is not None:
        yield from inner_steps(step.otherwise)
    for inner in step.then:
        yield from inner_steps(inner)
