"""Joins the pages of an answer; pure."""

from dataclasses import replace

from ha_device_backup_core import UnexpectedResponseError
from ha_device_backup_core.toolkit import compact, encoded

from ..pointers import Pointer
from ..translation import _
from .sources import Answer, NotOfFormError, values_at
from .steps import Pages
from .templates import Value

_MOST_PAGES = 1_000
_MOST_DIGITS = 15


class Paging:
    """The pages that came so far."""

    def __init__(self, pages: Pages, first: Answer, limit: int) -> None:
        """Begin with the first page; raise UnexpectedResponseError for what is none."""
        self._pages = pages
        self._first = self._last = first
        self._left = limit
        self._items = _items(pages.items, first)
        self._count = 1
        self._offset = 0
        self._announced: int | None = None
        """How many there are, or are left, as the page before said."""

    def next_offset(self) -> int | None:
        """Return where the next page begins, None after the last; raise UnexpectedResponseError without progress."""
        offset = self._wanted()
        if offset is None:
            return None
        if offset <= self._offset or self._count >= _MOST_PAGES:
            raise UnexpectedResponseError(_("Its pages do not come to an end."))
        self._offset = offset
        return offset

    def _wanted(self) -> int | None:
        if self._pages.next is not None:
            return _number(self._pages.next, self._last) or None
        size = len(encoded(self._items)) if isinstance(self._items, str) else len(self._items)
        announced = _number(self._pages.left or self._pages.total or (), self._last)
        if announced is None and self._announced is not None:
            if self._pages.left is not None:
                raise UnexpectedResponseError(_("Its pages do not go together."))
            # Said once, it holds for all pages.
            announced = self._announced
        self._announced = announced
        has_more = bool(announced) if self._pages.left is not None else size < (announced or 0)
        return size if has_more else None

    def add(self, answer: Answer) -> None:
        """Add the next page."""
        more = _items(self._pages.items, answer)
        if type(more) is not type(self._items):
            raise UnexpectedResponseError(_("Its pages do not go together."))
        self._items = {**self._items, **more} if isinstance(more, dict) else self._items + more
        self._last = answer
        self._count += 1
        self._left -= len(answer.response.body)
        if self._left < 0:
            raise UnexpectedResponseError(_("Its pages do not come to an end."))

    def whole(self) -> Answer:
        """Return the first page with all that the others have."""
        if self._count == 1:
            return self._first
        document = _with(self._first.json(), self._pages.items, self._items)
        return Answer(replace(self._first.response, body=compact(document)), self._first.cookies)


def _items(pointer: Pointer, answer: Answer) -> Value:
    try:
        found = values_at(answer.json(), pointer)
    except NotOfFormError:
        found = []
    if not found or not isinstance(found[0], list | dict | str):
        raise UnexpectedResponseError(_("Its answer has nothing at {place}.", place="/" + "/".join(pointer)))
    return found[0]


def _number(pointer: Pointer, answer: Answer) -> int | None:
    """Return a number, None where there is none; raise UnexpectedResponseError for what is no number."""
    try:
        found = values_at(answer.json(), pointer)
    except NotOfFormError:
        return None
    value = found[0] if found else None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or type(value) is int:
        return value
    # Taken for none, it would make a whole list of its first page.
    raise UnexpectedResponseError(_("Its answer has no number at {place}.", place="/" + "/".join(pointer)))


def _with(value: Value, pointer: Pointer, replaced: Value) -> Value:
    if not pointer:
        return replaced
    key, rest = pointer[0], pointer[1:]
    if isinstance(value, dict):
        return {name: _with(inner, rest, replaced) if name == key else inner for name, inner in value.items()}
    if isinstance(value, list):
        return [_with(inner, rest, replaced) if str(number) == key else inner for number, inner in enumerate(value)]
    return value
