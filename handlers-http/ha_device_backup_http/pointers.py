"""Places in a JSON text: `/version`, `/devices/*/last_seen` (* stands for each); pure."""

from collections.abc import Sequence

type Pointer = tuple[str, ...]

_EACH = "*"
_LONGEST_NUMBER = 9


def parse_pointer(text: str) -> Pointer | None:
    """Return the keys of a pointer, None for what is none."""
    if not text.startswith("/") or text == "/":
        return None
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text[1:].split("/"))


def without(value: object, pointers: Sequence[Pointer]) -> object:
    """Return the value without what is at these places; an entry of a list becomes null, so that the others stay."""
    here = {pointer[0] for pointer in pointers if len(pointer) == 1}
    deeper = [pointer for pointer in pointers if len(pointer) > 1]
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not here & {key, _EACH}}
        return {key: without(inner, _below(key, deeper)) for key, inner in kept.items()}
    if isinstance(value, list):
        return [
            None if here & {str(number), _EACH} else without(inner, _below(str(number), deeper))
            for number, inner in enumerate(value)
        ]
    return value


def found_at(value: object, pointer: Pointer) -> object:
    """Return what is at a place, None where nothing is."""
    for key in pointer:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list):
            value = value[int(key)] if _is_number(key) and int(key) < len(value) else None
        else:
            return None
    return value


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) <= _LONGEST_NUMBER


def _below(key: str, pointers: Sequence[Pointer]) -> list[Pointer]:
    return [pointer[1:] for pointer in pointers if pointer[0] in {key, _EACH}]
