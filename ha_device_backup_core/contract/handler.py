"""The class that knows one kind of device, and what a job hands to it."""

import abc
import logging
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import aiohttp

from ..errors import RestoreUnsupportedError
from ..file_facts import FileFacts
from ..restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from ..text import Text
from .artifact import Artifact, DeviceInfo, Note
from .spec import Config, HandlerSpec

MAX_PROMPT_SECONDS = 600

type Progress = Callable[[float | None, Text], None]
"""Called with the share that is done (0 to 1, or None where unknown) and what is going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An instruction for the person who started the job, and the seconds it may take (600 at most)."""

    text: Text
    seconds: float


class Person(Protocol):
    """Whoever started a job and waits for it."""

    def show(self, prompt: Prompt | None) -> None:
        """Show the instruction, replace the one before or (None) clear it; the job's limit grows by its seconds."""


class RunBlocking(Protocol):
    """Runs a blocking function in a worker thread."""

    def __call__[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Return what the function returns."""


def unheard(_share: float | None, _text: Text) -> None:
    """Stand in where nobody wants to know how far a job is."""


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
    progress: Progress = unheard
    """For a fetch that takes minutes: how far it is; about once a second is enough."""
    kept: frozenset[str] | None = None
    """In a fetch: what the stored backups of the device name by the attribute `kept`; None where nobody knows."""
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

    @classmethod
    def kind_files(cls, config: Config, name: str, artifact: Artifact | None) -> Mapping[str, bytes]:
        """Return files by which others have devices such as this one as a kind of its own; pure, without any secret.

        `artifact` is the newest backup. Only a handler that can do this has to say so.
        """
        return {}
