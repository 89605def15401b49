"""What a box knows of the phone and gives without a confirmation: phone books, barred numbers, call diversions."""

from dataclasses import dataclass, field

from yarl import URL

from ha_device_backup_core import DeviceBusyError, Note, RunBlocking, UnexpectedResponseError

from . import faults, files, texts
from .client import BoxClient
from .description import PHONE
from .soap import SoapFaultError
from .xml_parts import XmlError, descendants, local_name, parse_xml, xml_file

_MOST_BOOKS = 64
_DEFAULT_MOST_CONTACTS = 999
"""More are sent only to those who ask for more."""
_MANY_CONTACTS = "100000"
_ROOTS = frozenset({"phonebooks", "list"})


@dataclass(slots=True, kw_only=True)
class PhoneLists:
    """The files, and what could not be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[Note] = field(default_factory=list)


class PhoneCollector:
    """Reads one list after the other; one that cannot be read costs only itself."""

    def __init__(self, client: BoxClient, run_blocking: RunBlocking) -> None:
        """Keep both; no I/O."""
        self._client = client
        self._run_blocking = run_blocking
        self._lists = PhoneLists()

    async def collect(self) -> PhoneLists:
        """Return the lists, none for a box without a phone."""
        if not await self._client.has(PHONE):
            return self._lists
        steps = (
            (self._phonebooks, Note(code="phonebooks", text=texts.PHONEBOOKS_MISSING)),
            (self._call_barring, Note(code="call_barring", text=texts.BARRING_MISSING)),
            (self._deflections, Note(code="deflections", text=texts.DEFLECTIONS_MISSING)),
        )
        for step, note in steps:
            try:
                await step()
            except SoapFaultError:
                self._lists.missing = [Note(code="phone_right", text=texts.PHONE_RIGHT_MISSING)]
                break
            except (UnexpectedResponseError, DeviceBusyError):
                self._lists.missing.append(note)
        return self._lists

    async def _phonebooks(self) -> None:
        listed = (await self._ask("GetPhonebookList")).get("NewPhonebookList", "")
        numbers = [number.strip() for number in listed.split(",")]
        unread = []
        for number in [number for number in numbers if _is_number(number)][:_MOST_BOOKS]:
            answer = await self._ask("GetPhonebook", {"NewPhonebookID": number})
            try:
                content = await self._phonebook(number, answer.get("NewPhonebookURL", ""))
                self._lists.files[files.phonebook(number)] = content
            except (UnexpectedResponseError, DeviceBusyError):
                unread.append(answer.get("NewPhonebookName", "") or number)
        if unread:
            self._lists.missing.append(Note(code="phonebooks", text=texts.phonebooks_missing(unread)))

    async def _phonebook(self, number: str, url: str) -> bytes:
        content = await self._contacts(url)
        if await self._run_blocking(_count, content) != _DEFAULT_MOST_CONTACTS:
            return content
        again = (await self._ask("GetPhonebook", {"NewPhonebookID": number})).get("NewPhonebookURL", "")
        try:
            more = await self._contacts(_asking_for_all(again))
        except (UnexpectedResponseError, DeviceBusyError):
            return content
        return await self._run_blocking(_longer, content, more)

    async def _call_barring(self) -> None:
        if url := (await self._ask("GetCallBarringList")).get("NewPhonebookURL", ""):
            self._lists.files[files.CALL_BARRING] = await self._contacts(url)

    async def _deflections(self) -> None:
        if listed := (await self._ask("GetDeflections")).get("NewDeflectionList", ""):
            self._lists.files[files.DEFLECTIONS] = _checked(xml_file(listed))

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
        answer = await self._client.download(url, with_login=False, seconds=self._client.timing.download)
        return await self._run_blocking(_checked, answer.body)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def _asking_for_all(url: str) -> str:
    try:
        return str(URL(url, encoded=True).update_query(max=_MANY_CONTACTS))
    except ValueError:
        return url


def _checked(content: bytes) -> bytes:
    """Return a list that can be read; raise UnexpectedResponseError for anything else."""
    try:
        root = parse_xml(content)
    except XmlError:
        raise UnexpectedResponseError(texts.NO_SENSE) from None
    if local_name(root).lower() not in _ROOTS:
        raise UnexpectedResponseError(texts.NO_SENSE)
    return content


def _longer(first: bytes, second: bytes) -> bytes:
    return max(first, second, key=_count)


def _count(content: bytes) -> int:
    return sum(1 for _ in descendants(parse_xml(content), "contact"))
