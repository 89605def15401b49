"""From the bytes of a recipe to its tables, or to why they are no TOML; pure."""

import re
import tomllib
from collections.abc import Iterator, Sequence

from ha_device_backup_core import Text

from ..translation import _
from .problems import RecipeError, RecipeProblem, shown
from .templates import Value

LARGEST = 1024 * 1024
"""Bytes of the text of a recipe."""
DEEPEST = 32
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_AT_END = "(at end of document)"
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_KEY_PART}\.[ \t]*+){{100}}")
"""With more parts than any key has."""
_LONG_NUMBER = re.compile(r"[0-9a-zA-Z_]{3000}")
_MOST_MISTAKES = 20
_MOST_READ = 1024 * 1024
"""Characters in all: each mistake costs one more look at the whole text."""
_OVER_LINES = ("Unclosed", "Unterminated")
"""What says nothing about where it began."""
_QUOTED = re.compile(r"""(?<!["'])(?:"(?:[^"\\]|\\.)*+"|'[^']*+')(?!["'])""")
_HEADER = re.compile(r"[ \t]*+(\[\[?)[ \t]*+([\w-]++(?:\.[\w-]++)*+)[ \t]*+(\]?\]?)")
_KEY_ALONE = re.compile(r"[ \t]*+[\w.-]++[ \t]*+")
_NEVER_CLOSED = "Expected \"'"
_WRONG_VALUE = "Invalid value"
_SEE_TOML = "https://toml.io"
_REASONS: Sequence[tuple[str, Text, Text]] = (
    ("Cannot overwrite a value", _("this key stands twice"), _("drop one of the two")),
    ("Duplicate inline table key", _("this key stands twice"), _("drop one of the two")),
    (
        "Cannot declare",
        _("this table stands twice"),
        _("write all of it in one place, or each as {example}", example="[[…]]"),
    ),
    (
        "Cannot mutate immutable namespace",
        _("this table or list was written as a whole before"),
        _("write all of it in one place"),
    ),
    ("Expected '='", _("there is no = behind a key"), _("write {example}", example="key = value")),
    (
        "Invalid initial character for a key part",
        _("there is no key"),
        _("write {example}; a table in braces stands on one line", example="key = value"),
    ),
    ("Invalid statement", _("there is no key"), _("write {example}", example="key = value")),
    ("Illegal character '\\n'", _("a text has no end on its line"), _("close it with a quotation mark")),
    ("Illegal character '\\r'", _("a line ends as on old computers"), _("save it with line breaks of Unix or Windows")),
    (f"{_NEVER_CLOSED}''", _("a text has no end"), _("close it with quotation marks as it begins")),
    (_NEVER_CLOSED, _("a text has no end on its line"), _("close it with a quotation mark")),
    ("Found invalid character '\\n'", _("a text has no end on its line"), _("close it with a quotation mark")),
    ("Unterminated string", _("a text has no end"), _("close it with quotation marks as it begins")),
    ("Unclosed array", _("a list has no end"), _("close it with {example}", example="]")),
    ("Unclosed inline table", _("a table in braces has no end"), _("close it with {example}", example="}")),
    ("Expected ']", _("the name of a table has no end"), _("write {example}", example="[device], [[fetch]]")),
    ("Unescaped '\\'", _("a backslash stands alone"), _("write two of them, or put the text in single quotes")),
    ("Invalid hex value", _("a backslash stands alone"), _("write two of them, or put the text in single quotes")),
    ("Invalid date", _("there is no such date"), _("put a text in quotes")),
    (_WRONG_VALUE, _("this is no value"), _("put a text in quotes; numbers, true and false stand without")),
    ("Expected newline", _("something stands behind a value"), _("write one key a line")),
)
"""How Python begins to say what is wrong, and what that means for who wrote it."""


def text_of(name: str, content: bytes) -> str:
    """Return the text of a recipe; raise RecipeError."""
    if len(content) > LARGEST:
        raise RecipeError(
            name, [_problem(_("the file has more than {limit} bytes", limit=LARGEST), _("write less"), line=1)]
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecipeError(name, [_problem(_("this is no text in UTF-8"), _("save it as UTF-8"), line=line)]) from error


def document_of(name: str, text: str) -> dict[str, Value]:
    """Return the tables of a recipe; raise RecipeError for what is no TOML."""
    # Python up to 3.13 reads a key in memory that grows with the square of its parts.
    if "." in text and (found := _LONG_KEY.search(text)):
        line = _line_of(text, found.start())
        raise RecipeError(name, [_problem(_("a key has too many parts"), too_deep(), line=line)])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(name, list(_no_toml(text, str(error)))) from error
    except ValueError as error:
        found = _LONG_NUMBER.search(text)
        line = _line_of(text, found.start()) if found else 1
        raise RecipeError(name, [_problem(*too_long(), line=line)]) from error
    except RecursionError as error:
        rows = text.split("\n")
        line = max(range(len(rows)), key=lambda at: rows[at].count("[") + rows[at].count("{")) + 1
        raise RecipeError(name, [_problem(_("it is nested too deep"), too_deep(), line=line)]) from error


def too_deep() -> Text:
    """Return how deep it may be nested."""
    return _("nest at most {most} levels", most=DEEPEST)


def too_long() -> tuple[Text, Text]:
    """Return what is said of a number that no TOML can hold, and what would be right."""
    return _("a number is too long"), _("write fewer digits")


def _no_toml(text: str, said: str) -> Iterator[RecipeProblem]:
    """Return what is wrong, line by line: each is left out in turn, as long as it is certain where the next begins."""
    lines = text.split("\n")
    for number in range(min(_MOST_MISTAKES, _MOST_READ // len(text) + 1)):
        at = _AT_LINE.search(said)
        line = int(at[1]) if at else _line_of(text, _unclosed(text, said))
        yield _mistake(said, line)
        is_in_list = lines[line - 1].lstrip().startswith("[") and said.startswith(_WRONG_VALUE)
        is_certain = at is not None and not is_in_list and not said.startswith(_OVER_LINES)
        left_out = _left_out(lines[line - 1], said, number) if is_certain else None
        if left_out is None:
            return
        lines[line - 1] = left_out
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            said = str(error)
        except (ValueError, RecursionError):
            return
        else:
            return


def _unclosed(text: str, said: str) -> int:
    """Return where a mistake is that shows at the end of the text only."""
    return text.rindex("'") if said.startswith(_NEVER_CLOSED) else len(text.rstrip())


def _left_out(line: str, said: str, number: int) -> str | None:
    """Return what stands in for a line with a mistake; None where it may go on in the next one, or end one before."""
    if line.lstrip().startswith("["):
        header = _HEADER.match(line)
        if header is None or said.startswith("Cannot"):
            return f"[left-out-{number}]"
        depth = max(len(header[1]), len(header[3]))
        return "[" * depth + header[2] + "]" * depth
    bare = _QUOTED.sub("", line).partition("#")[0]
    is_whole = "=" in bare or _KEY_ALONE.fullmatch(bare) is not None
    is_open = any(bare.count(opening) != bare.count(closing) for opening, closing in ("[]", "{}"))
    return "" if is_whole and not is_open and not any(sign in bare for sign in ("'''", '"""')) else None


def _mistake(said: str, line: int) -> RecipeProblem:
    said = _AT_LINE.sub("", said).replace(_AT_END, "").strip()
    why, right = next(
        ((why, right) for begin, why, right in _REASONS if said.startswith(begin)),
        (shown(said), _("see {address}", address=_SEE_TOML)),
    )
    return _problem(_("this is no TOML: {why}", why=why), right, line=line)


def _line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _problem(wrong: Text, right: Text, *, line: int) -> RecipeProblem:
    return RecipeProblem(place=(), wrong=wrong, right=right, line=line)
