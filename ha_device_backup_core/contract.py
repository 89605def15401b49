"""The handler contract: all that a handler author needs to know.

A handler knows one kind of device. It is a class below `DeviceBackupHandler`, registered by a handler package through
the entry point group `ha_device_backup` (see `hookspecs`). One instance lives for one job and talks to one device.
"""

import abc
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Protocol

import aiohttp

from .errors import RestoreUnsupportedError
from .file_facts import FileFacts
from .matchers import Matcher
from .restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from .text import Text, check_text
from .zip_files import pack, unpack

type ConfigValue = str | int | bool | tuple[str, ...] | None
type Config = Mapping[str, ConfigValue]
"""The checked configuration of a device: every declared field is present, None where nothing was entered."""

type Progress = Callable[[float | None, Text], None]
"""Called with the share that is done (0 to 1, or None where unknown) and what is going on."""

WELL_KNOWN_FIELDS = frozenset({"host", "port", "username", "password", "token", "verify_ssl", "url"})
"""Keys of fields whose labels Home Assistant has in every language, and help where the handler gives none."""

MEBIBYTE = 1024 * 1024
MAX_ARTIFACT_BYTES = 64 * MEBIBYTE
MAX_FIELDS = 16
MAX_PROMPT_SECONDS = 600
_KEPT_UNPACKED = 16 * MEBIBYTE
"""Bytes of files that stay in memory with their bundle, because each step looks at them; more is unpacked each time."""

ASKED = "asked"
"""An attribute of an artifact by which a handler tells what a person asked for: JSON with a word for each file by name.

One name alone stands for the artifact as a whole. Where a word is another than in the backup before, the person asked
for something else, so that another form or size of that file is no loss.
"""

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ApiVersion(NamedTuple):
    """A version of this contract: a package of another major, or of a newer minor, is not loaded."""

    major: int
    minor: int


API_VERSION = ApiVersion(1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something a person should know about an artifact; equal when the codes are equal."""

    code: str
    text: Text = field(compare=False)
    needs_person: bool = field(default=False, compare=False)
    """In `missing`: it is missing only because no person was there to confirm something at the device."""
    is_remark: bool = field(default=False, compare=False)
    """From `validate`: a lasting fact that nobody can mend; stored and shown, and the backup is whole with it."""

    def __post_init__(self) -> None:
        """Refuse a text without English."""
        check_text(self.text)


class FieldKind(StrEnum):
    """What is entered into a field, and the type that `Config` holds for it."""

    TEXT = "text"  # str
    SECRET = "secret"  # noqa: S105 - str, never shown, logged or exported
    HOST = "host"  # str: host name or IP address, nothing else
    PORT = "port"  # int, 1 to 65535
    INTEGER = "integer"  # int
    BOOLEAN = "boolean"  # bool
    CHOICE = "choice"  # str: a key of `choices`
    URL = "url"  # str: http or https
    LINES = "lines"  # tuple[str, ...]
    CERTIFICATE = "certificate"  # str: SHA-256 of the trusted certificate, 64 lower-case hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigField:
    """One thing a person enters to add a device."""

    key: str
    kind: FieldKind
    label: Text
    help: Text = ""
    required: bool = False
    default: ConfigValue = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    """Limits of the number; of a TEXT or SECRET its characters, of LINES their count."""

    def __post_init__(self) -> None:
        """Refuse a field that no form could show."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", self.key):
            raise ValueError(f"the key of a field is lower case, digits and _, got {self.key!r}")
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError(f"field {self.key}: choices go with kind CHOICE, and only with it")
        if self.kind is FieldKind.SECRET and self.default is not None:
            raise ValueError(f"field {self.key}: a secret has no default")
        for text in (self.label, self.help, *self.choices.values()):
            check_text(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerSpec:
    """The static facts of a handler, readable without an instance."""

    kind: str
    """Stable and stored: lower case, digits and _, 2 to 32 characters."""
    name: Text
    api_version: ApiVersion
    """The contract the handler was written for, as a literal of its own: `ApiVersion(1, 0)`."""
    fields: tuple[ConfigField, ...]
    discovery: tuple[Matcher, ...] = ()
    fetch_timeout: float = 120.0
    """Seconds a whole job may take, a restore five times as many; what a person is asked to do comes on top."""
    max_artifact_bytes: int = 16 * MEBIBYTE
    documentation: str = ""
    """URL of a page for people who own such a device."""
    omits: tuple[Text, ...] = ()
    """What a backup of this kind can never hold; people see it before they rely on it."""
    restore_guide: tuple[Text, ...] = ()
    """The steps, in order, by which a person puts a backup back where the handler does not."""
    unique_id_form: str = ""
    """A regular expression for the whole `unique_id` of any such device; without one there may be any."""

    def __post_init__(self) -> None:
        """Refuse what the product could not work with."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,31}", self.kind):
            raise ValueError(f"a kind is lower case, digits and _, 2 to 32 characters, got {self.kind!r}")
        keys = [declared.key for declared in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError(f"handler {self.kind}: two fields have the same key")
        if len(set(keys) - WELL_KNOWN_FIELDS) > MAX_FIELDS:
            raise ValueError(f"handler {self.kind}: at most {MAX_FIELDS} fields beside the well-known ones")
        if not 0 < self.max_artifact_bytes <= MAX_ARTIFACT_BYTES:
            raise ValueError(f"handler {self.kind}: max_artifact_bytes is 1 to {MAX_ARTIFACT_BYTES}")
        if not self.fetch_timeout > 0:
            raise ValueError(f"handler {self.kind}: fetch_timeout is a number of seconds above 0")
        try:
            re.compile(self.unique_id_form)
        except re.error as error:
            raise ValueError(f"handler {self.kind}: unique_id_form is no regular expression ({error})") from error
        for text in (self.name, *self.omits, *self.restore_guide):
            check_text(text)

    def field(self, key: str) -> ConfigField | None:
        """Return the field of that key."""
        return next((declared for declared in self.fields if declared.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """Who answered."""

    unique_id: str | None
    """The device's own (MAC, serial number), never an address; None where the kind has none.

    1 to 255 printable characters.
    """
    name: str
    manufacturer: str | None = None
    model: str | None = None
    version: str | None = None
    """Of the firmware, as people know it."""
    connections: tuple[tuple[str, str], ...] = ()
    """Pairs as ("mac", "aa:bb:cc:dd:ee:ff"), by which Home Assistant links devices."""
    configuration_url: str | None = None
    notices: tuple[Note, ...] = field(default=(), compare=False)
    """What a person should know before relying on backups of this very device; shown when it is added, not stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """What a handler fetched: one file, byte for byte as the device sent it, or several as a bundle."""

    filename: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    attributes: Mapping[str, str] = _NOTHING
    """Facts to find again in validate, normalize and a restore; stored in the clear, so no secrets.

    A file that a person handed in has none. `ASKED` is read by the product itself.
    """
    missing: tuple[Note, ...] = ()
    """What the fetch should have held and could not get."""
    _unpacked: Mapping[str, bytes] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a name that is more than a name."""
        if not self.filename or "/" in self.filename or "\\" in self.filename or self.filename in {".", ".."}:
            raise ValueError(f"the file name of an artifact has no folder, got {self.filename!r}")

    @classmethod
    def bundle(
        cls,
        files: Mapping[str, bytes],
        *,
        filename: str = "backup.zip",
        attributes: Mapping[str, str] = _NOTHING,
        missing: tuple[Note, ...] = (),
    ) -> "Artifact":
        """Make one artifact of several files (relative path to content); the same files make the same bytes."""
        return cls(
            filename=filename,
            content=pack(files),
            media_type="application/zip",
            attributes=attributes,
            missing=missing,
        )

    def files(self) -> Mapping[str, bytes]:
        """Return the files by name, one for a plain artifact: by its own name, which a person may have chosen.

        Raises InvalidArtifactError for a bundle that is no zip, is damaged, unpacks to too much or names paths outside.
        """
        if self.media_type != "application/zip":
            return {self.filename: self.content}
        if self._unpacked is not None:
            return dict(self._unpacked)
        files = unpack(self.filename, self.content)
        if sum(map(len, files.values())) <= _KEPT_UNPACKED:
            object.__setattr__(self, "_unpacked", dict(files))
        return files


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An instruction for the person who started the job, and the seconds it may take (600 at most)."""

    text: Text
    seconds: float


class Person(Protocol):
    """Whoever started a job and waits for it."""

    def tell(self, prompt: Prompt | None) -> None:
        """Show the instruction, replace the one before or (None) clear it; the job's limit grows by its seconds."""


class RunBlocking(Protocol):
    """Runs a blocking function in a worker thread."""

    def __call__[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Return what the function returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerContext:
    """What a handler gets from its host; it makes no sessions, threads or files of its own."""

    http: aiohttp.ClientSession
    """For this job alone: own cookies, redirects to another host are refused, closed by the host."""
    read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]]
    """Reads a body; raises ArtifactTooLargeError beyond `max_artifact_bytes`."""
    tls: ssl.SSLContext | aiohttp.Fingerprint | bool
    """What to pass as `ssl=`: True verifies, a fingerprint pins the certificate of the CERTIFICATE field."""
    run_blocking: RunBlocking
    logger: logging.LoggerAdapter[logging.Logger]
    """Masks the secrets of the configuration."""
    person: Person | None = None
    """None in unattended jobs: then take what can be had and name the rest in `missing`, with `needs_person`."""


class DeviceBackupHandler(abc.ABC):
    """Knows one kind of device; an instance lives for one job.

    A job calls test_connection, then at most one of fetch_backup, plan_restore and restore_backup, then close; keep on
    the instance what the later ones need. After fetch_backup test_connection may be called again: answer from the
    device, never from what was kept.

    Every method may raise the errors of `ha_device_backup_core.errors`; a TimeoutError counts as CannotConnectError,
    anything else as a crash of the handler. `client_errors` turns what aiohttp raises into the right ones.
    """

    spec: ClassVar[HandlerSpec]

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Keep both; no I/O here. Raises ConfigError(field) for values that do not go together."""
        self.context = context
        self.config = config

    @abc.abstractmethod
    async def test_connection(self) -> DeviceInfo:
        """Return who is there.

        Raises CannotConnectError, AuthenticationError, CertificateNotTrustedError, UnsupportedDeviceError for no device
        of this kind, ConfigError(field) for a value it does not know, InvalidArtifactError where it fetches the backup.
        """

    @abc.abstractmethod
    async def fetch_backup(self) -> Artifact:
        """Return the configuration of the device, complete, or with `missing` naming what is not in it.

        Raises DeviceError of any kind; CannotConnectError, DeviceBusyError and UnexpectedResponseError are tried again.
        """

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        """Ask the device and return what a restore of a validated artifact would do; nothing is changed.

        Raises RestoreRejectedError where `restore_backup` would, DeviceError as above.
        """
        names = sorted(artifact.files())
        return RestorePlan(files=tuple(PlannedFile(name=name, change=FileChange.UNKNOWN) for name in names))

    async def restore_backup(self, artifact: Artifact, progress: Progress) -> RestoreReport:
        """Put a validated artifact on the device and read it back; a handler that overrides this can restore.

        Raises RestoreRejectedError before anything was changed, RestoreNotVerifiedError after, DeviceError as above.
        """
        raise RestoreUnsupportedError

    async def close(self) -> None:  # noqa: B027 - most handlers have nothing to close
        """Let go of what the job holds (a login); called once, also after an error."""

    @classmethod
    @abc.abstractmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts and remarks about an artifact; pure, runs in a worker thread, without any device.

        Raises InvalidArtifactError when it is no backup of this kind, naming the file and the reason. This and the
        methods below have 60 seconds together; a regular expression that searches for long halts Home Assistant.
        """

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        """Return whether this shows by its content, without doubt, that it is of a device of this kind; pure.

        Asked before `validate` of files that come without a word about their kind. By default they can be handed in at
        their device only. Raises InvalidArtifactError for a damaged zip file, as `files` does.
        """
        return False

    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        """Return the unique id of the device that a valid artifact is of; pure. None where the artifact does not tell.

        Asked of each fetch (another device may have come to the address; where it does not tell, test_connection is
        called again) and of files handed in. What counts is what the device said during the fetch, not what
        test_connection kept; a name only where the device or a known tool writes its identity into it.
        """
        return None

    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        """Return what a valid file that a person handed in for the device tells of itself; pure.

        It is kept in place of what the device is today. Raises ForeignFileError for what it can never take.
        """
        return None

    @classmethod
    def part(cls, artifact: Artifact, names: Collection[str]) -> Artifact:
        """Return a valid artifact with only these of its files, to be put back without the others; pure.

        Without it a backup goes back as a whole. What tells where the files are from stays in it, and `validate` takes
        it. Raises RestoreRejectedError for the name of none of its files, with those that there are.
        """
        raise RestoreUnsupportedError

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return whether a valid artifact holds the work of a person; pure.

        False only for a device that was reset or never set up: no restore begins with it. None where it cannot be told.
        """
        return None

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return its files without what changes by itself; pure and idempotent. Equal results mean nothing changed.

        Names count: use constant ones, so that a file that was handed in equals the same one as fetched.
        """
        return artifact.files()

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return texts to show and compare, by the names of the files, with `hidden(secret)` for each secret; pure."""
        return {}
