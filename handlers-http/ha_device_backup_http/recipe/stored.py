"""What the steps of a restore take out of the files of a backup; pure."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ha_device_backup_core import RestoreRejectedError
from ha_device_backup_core.toolkit import Response, canonical, decoded

from ..json_files import read_json
from ..pointers import parse_pointer, without
from ..translation import _
from .entries import entries_of
from .naming import file_name, free_name, value_in_name
from .recipe import StoredValue
from .sources import EACH, Answer, NotOfFormError, Source, found_in, values_at
from .templates import Template, UnknownValueError, Value

_PIECE = 1024
"""Bytes of a piece of a text, as small devices take them."""


def stored_values(wanted: Sequence[StoredValue], files: Mapping[str, bytes]) -> dict[str, Value]:
    """Return the values; those of a file that a backup does not hold are not known.

    Raises RestoreRejectedError for a file of another form: taken for an empty list, the device would lose all;
    UnknownValueError for an entry of a list whose file is not there.
    """
    found: dict[str, Value] = {}
    for value in wanted:
        if value.each:
            found |= _files_of_entries(value, found, files)
            continue
        names = [name for name in sorted(files) if fnmatchcase(name, value.file)]
        if value.list and names:
            found[value.list] = [_entry(value.file, name, files[name]) for name in names]
        for name, sources in value.capture.items() if names else ():
            captured = [one for file in names for one in _first(sources, _rest(value, files[file]))]
            if not captured:
                _refuse_other_forms(sources, names, files)
            found[name] = captured[0] if captured else []
    return found


def _files_of_entries(
    value: StoredValue, known: Mapping[str, Value], files: Mapping[str, bytes]
) -> dict[str, list[dict[str, Value]]]:
    """Return the list of the files that belong to entries, by the names that they got when they were saved."""
    ((name, listed),) = value.each.items()
    if listed not in known:
        return {}
    found: dict[str, dict[str, Value]] = {}
    for entry in entries_of(listed, known):
        path = free_name(file_name(Template.of(value.file), {name: entry}), found)
        if path not in files:
            raise UnknownValueError(path)
        found[path] = {**_texts(path, files[path]), name: entry}
    return {value.list: list(found.values())}


def _refuse_other_forms(sources: Sequence[Source], names: Sequence[str], files: Mapping[str, bytes]) -> None:
    for name in names:
        if not any(_is_null(source, files[name]) for source in sources):
            raise RestoreRejectedError(
                _("{file} in this backup has not the form that putting it back needs.", file=name)
            )


def _is_null(source: Source, content: bytes) -> bool:
    """Return whether null stands where the list would be, as some devices write an empty one."""
    pointer = parse_pointer(source.argument) or ()
    try:
        return source.is_list and values_at(read_json(content), pointer[: pointer.index(EACH)]) == [None]
    except NotOfFormError:
        return False


def _rest(wanted: StoredValue, content: bytes) -> bytes:
    value = read_json(content) if wanted.without else None
    return canonical(without(value, wanted.without)) if isinstance(value, dict | list) else content


def _entry(pattern: str, path: str, content: bytes) -> dict[str, Value]:
    """Return a file as an entry of a list; its name is what the * stands for."""
    before, star, after = pattern.partition("*")
    name = path[len(before) : len(path) - len(after)] if star else path
    return {"name": value_in_name(name), **_texts(path, content)}


def _texts(path: str, content: bytes) -> dict[str, Value]:
    return {"path": path, "text": decoded(content), "pieces": list(_pieces(content))}


def _pieces(content: bytes) -> Iterator[str]:
    at = 0
    while at < len(content):
        end = min(at + _PIECE, len(content))
        # No piece ends within a character.
        while at + 1 < end < len(content) and content[end] & 0xC0 == 0x80:
            end -= 1
        yield decoded(content[at:end])
        at = end


def _first(sources: Sequence[Source], content: bytes) -> list[Value]:
    answer = Answer(Response(200, {}, content), {})
    for source in sources:
        try:
            if found := found_in(source, answer):
                return found
        except NotOfFormError:
            continue
    return []
