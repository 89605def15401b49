"""What a box knows of the phone and gives without a confirmation: phone books, barred numbers, call diversions."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from yarl import URL

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    Message,
    Note,
    RunBlocking,
    Text,
    UnexpectedResponseError,
    joined,
)
from ha_device_backup_core.toolkit import shown

from . import faults, files
from .client import BoxClient
from .contacts import count_contacts, is_whole_list
from .description import PHONE
from .soap import SoapFaultError
from .translation import _
from .xml_parts import xml_file

_MOST_BOOKS = 64
_MOST_NAMED = 8
"""So many of them people read in a sentence."""
_LONGEST_NAME = 50
_DEFAULT_MOST_CONTACTS = 999
"""More are sent only to those who ask for more."""
_MANY_CONTACTS = "100000"
_PATIENCE = 2
"""After so many lists that brought no answer the others are not asked for: the export must still get its time."""
_END_ALL = (AuthenticationError, CertificateNotTrustedError, ConfigError)
"""Nothing may be asked any more."""


@dataclass(slots=True, kw_only=True)
class PhoneLists:
    """The files, and what could not be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[Note] = field(default_factory=list)


class PhoneCollector:
    """Reads one list after the other; whatever goes wrong with one costs only this one."""

    def __init__(self, client: BoxClient, run_blocking: RunBlocking) -> None:
        """Keep both; no I/O."""
        self._client = client
        self._run_blocking = run_blocking
        self._lists = PhoneLists()
        self._silent = 0

    async def collect(self) -> PhoneLists:
        """Return the lists, none for a box without a phone; raises only what ends the whole job."""
        if not await self._client.has(PHONE):
            return self._lists
        lists = (
            ("phonebooks", _("Phone books"), self._phonebooks),
            ("call_barring", _("Call barring"), self._call_barring),
            ("deflections", _("Call diversions"), self._deflections),
        )
        refused = []
        for code, name, read in lists:
            try:
                reason = await self._reason(read)
            except SoapFaultError:
                refused.append(name)
                continue
            if reason is not None:
                self._lists.missing.append(Note(code=code, text=joined((name, reason), ": ")))
        if refused:
            self._lists.missing.append(Note(code="phone_right", text=_right_missing(refused)))
        return self._lists

    async def _reason(self, read: Callable[[], Awaitable[None]]) -> Text | None:
        """Return why a list could not be read, None where it was; raises SoapFaultError without the right to it."""
        if self._silent >= _PATIENCE:
            return _("It was not asked for any more, because the FRITZ!Box did not answer before.")
        try:
            await read()
        except _END_ALL:
            raise
        except DeviceBackupError as error:
            self._silent += isinstance(error, CannotConnectError)
            return error.detail or _("Its answer does not belong to the question.")
        return None

    async def _phonebooks(self) -> None:
        listed = (await self._ask("GetPhonebookList")).get("NewPhonebookList", "")
        numbers = [number.strip() for number in listed.split(",")]
        unread: list[tuple[str, Text]] = []
        for number in [number for number in numbers if _is_number(number)][:_MOST_BOOKS]:
            book = _Book(number)
            reason = await self._reason(lambda book=book: self._phonebook(book))  # type: ignore[misc]
            if reason is not None:
                unread.append((book.name or number, reason))
        if unread:
            self._lists.missing.append(Note(code="phonebooks", text=_books_unread(unread)))

    async def _phonebook(self, book: "_Book") -> None:
        answer = await self._ask("GetPhonebook", {"NewPhonebookID": book.number})
        book.name = answer.get("NewPhonebookName", "")
        if not answer:
            return
        content = await self._contacts(answer.get("NewPhonebookURL", ""))
        if count_contacts(content) == _DEFAULT_MOST_CONTACTS:
            content = await self._all_contacts(book.number, content)
        self._lists.files[files.phonebook(book.number)] = content

    async def _all_contacts(self, number: str, first: bytes) -> bytes:
        """Return the longer one of what was sent by itself and of what is sent to those who ask for more."""
        again = (await self._ask("GetPhonebook", {"NewPhonebookID": number})).get("NewPhonebookURL", "")
        try:
            more = await self._contacts(_asking_for_all(again))
        except _END_ALL:
            raise
        except DeviceBackupError:
            return first
        return max(first, more, key=count_contacts)

    async def _call_barring(self) -> None:
        if url := (await self._ask("GetCallBarringList")).get("NewPhonebookURL", ""):
            self._lists.files[files.CALL_BARRING] = await self._contacts(url)

    async def _deflections(self) -> None:
        if listed := (await self._ask("GetDeflections")).get("NewDeflectionList", ""):
            self._lists.files[files.DEFLECTIONS] = await self._run_blocking(_checked, xml_file(listed))

    async def _ask(self, action: str, arguments: dict[str, str] | None = None) -> dict[str, str]:
        """Return the answer, an empty one where the box has nothing of the kind.

        Raises SoapFaultError without the right to it.
        """
        try:
            return await self._client.call(
                PHONE, action, arguments, expected=faults.NOTHING_THERE | {faults.NOT_ALLOWED}
            )
        except SoapFaultError as error:
            if error.fault == faults.NOT_ALLOWED:
                raise
            return {}

    async def _contacts(self, url: str) -> bytes:
        answer = await self._client.download(url, with_login=False, seconds=self._client.timing.list_download)
        return await self._run_blocking(_checked, answer.body)


@dataclass(slots=True)
class _Book:
    """A phone book; its name is known when the box was asked for it."""

    number: str
    name: str = ""


def _right_missing(lists: Sequence[Message]) -> Message:
    """Name the lists that the user may not read, and the right."""
    return _(
        "{lists}: give the FRITZ!Box user the right to voice messages, fax messages, FRITZ!App Fon and call list.",
        lists=joined(lists, ", "),
    )


def _books_unread(books: Sequence[tuple[str, Text]]) -> Message:
    """Name phone books by their names in the box, and why each could not be read."""
    listed: list[Text] = [joined((shown(name, _LONGEST_NAME), reason), ": ") for name, reason in books[:_MOST_NAMED]]
    return _("Phone books: {books}", books=joined([*listed, "…"] if len(books) > _MOST_NAMED else listed, " "))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def _asking_for_all(url: str) -> str:
    try:
        return str(URL(url, encoded=True).update_query(max=_MANY_CONTACTS))
    except ValueError:
        return url


def _checked(content: bytes) -> bytes:
    """Return a list that came whole, as it came; raise UnexpectedResponseError for anything else."""
    if not is_whole_list(content):
        raise UnexpectedResponseError(_("What it sent is no whole list."))
    return content
