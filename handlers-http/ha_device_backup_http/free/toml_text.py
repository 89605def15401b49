"""A recipe that is data, as the text of a file; pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 110


def toml_text(document: Mapping[str, Any]) -> str:
    """Return a document as TOML: plain values first, then its tables; within those, everything is on a line."""
    plain = {key: value for key, value in document.items() if not _is_table(value)}
    lines = [*_pairs(plain)]
    for key, value in document.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]", *_pairs(value)]
        elif _is_table(value):
            for table in value:
                lines += ["", f"[[{_key(key)}]]", *_pairs(table)]
    # What a device says may hold halves of characters, which no file takes.
    return ("\n".join(lines) + "\n").encode("utf-8", "replace").decode()


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        line = f"{_key(key)} = {_value(value)}"
        if isinstance(value, list) and len(line) > _WIDTH:
            yield f"{_key(key)} = [\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
        else:
            yield line


def _value(value: Any) -> str:  # noqa: ANN401 - whatever a recipe holds
    match value:
        case bool():
            return "true" if value else "false"
        case Mapping():
            return f"{{ {', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case int() | float():
            return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)
