"""The file in which the administrator allows programs: read at the start of the agent, and by nothing else."""

import re
import stat
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core import Text
from ha_device_backup_core.host import MAX_ARTIFACT_BYTES, MEBIBYTE

from ..translation import _
from .forms import OutputForm

FILE = "programs.toml"
_HEADER = re.compile(r"\s*\[\[\s*program\s*\]\]\s*(#.*)?")
_ID = re.compile(r"[a-z0-9_]{1,24}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_TIMEOUT = 6 * 3600
_LINE = re.compile(r"\(at line (\d+),")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedProgram:
    """A program whose output is a backup."""

    name_in_kind: str
    name: str
    argv: tuple[str, ...]
    form: OutputForm = OutputForm.ANY
    filename: str = "output"
    timeout: float = 600.0
    max_bytes: int = MAX_ARTIFACT_BYTES
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    restore: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return the kind of device that it is to the other side."""
        return f"command_{self.name_in_kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramsFile:
    """What a file allows, and what is wrong with the rest of it."""

    programs: tuple[AllowedProgram, ...] = ()
    faults: tuple[Text, ...] = ()


class _FaultError(ValueError):
    """A value that cannot be used, with the key whose line is to be named."""

    def __init__(self, key: str, what: Text) -> None:
        super().__init__(str(what))
        self.key = key
        self.what = what


def read_programs(path: Path) -> ProgramsFile:
    """Return what the file allows, nothing where there is none; blocking."""
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            content = file.read(MEBIBYTE)
    except FileNotFoundError:
        return ProgramsFile()
    except OSError as error:
        return ProgramsFile(faults=(_("{file}: {reason}", file=str(path), reason=error.strerror or ""),))
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        return ProgramsFile(faults=(_("{file}: others may write to it. Forbid that: chmod 600", file=str(path)),))
    return programs_of(content, str(path))


def programs_of(content: bytes, file: str) -> ProgramsFile:
    """Return what a file with this content allows; pure."""
    try:
        # Some editors begin with a mark of the encoding.
        text = content.decode("utf-8-sig")
        document = tomllib.loads(text)
    except ValueError as error:
        found = _LINE.search(str(error))
        return ProgramsFile(faults=(_fault(file, int(found[1]) if found else 1, _("This is no TOML.")),))
    lines = text.splitlines()
    tables = document.get("program", [])
    unknown = next((key for key in document if key != "program"), None)
    faults: list[Text] = []
    if unknown is not None or not isinstance(tables, list):
        faults.append(_fault(file, _line_of(lines, -1, unknown or "program"), _("There is only [[program]].")))
    programs: dict[str, AllowedProgram] = {}
    for number, table in enumerate(tables if isinstance(tables, list) else ()):
        try:
            program = _program(table, programs)
            programs[program.name_in_kind] = program
        except _FaultError as error:
            faults.append(_fault(file, _line_of(lines, number, error.key), error.what))
    return ProgramsFile(programs=tuple(programs.values()), faults=tuple(faults))


def _fault(file: str, line: int, what: Text) -> Text:
    return _("{file}, line {line}: {what}", file=file, line=line, what=what)


def _line_of(lines: list[str], number: int, key: str) -> int:
    """Return the line of a key in the table with that number, or of its beginning."""
    starts = [line for line, text in enumerate(lines, start=1) if _HEADER.fullmatch(text)]
    start = starts[number] if 0 <= number < len(starts) else 0
    end = next((line for line in starts if line > start), len(lines) + 1) if number >= 0 else len(lines) + 1
    wanted = re.compile(rf"\s*\[?\[?\s*{re.escape(key)}\b")
    return next((line for line in range(start + 1, end) if wanted.match(lines[line - 1])), max(start, 1))


def _program(table: object, others: Container[str]) -> AllowedProgram:
    if not isinstance(table, dict):
        raise _FaultError("program", _("There is only [[program]]."))
    known = {"id", "name", "argv", "form", "filename", "timeout", "max_bytes", "environment", "restore", "guide"}
    for key in table:
        if key not in known:
            raise _FaultError(key, _("There is no {key}. Known are {known}.", key=key, known=", ".join(sorted(known))))
    form = _string(table, "form", OutputForm.ANY)
    if form not in set(OutputForm):
        raise _FaultError("form", _("It has to be one of: {known}", known=", ".join(OutputForm)))
    return AllowedProgram(
        name_in_kind=_id(table, others),
        name=_string(table, "name"),
        argv=_argv(table, "argv", needed=True),
        form=OutputForm(form),
        filename=_filename(table),
        timeout=float(_number(table, "timeout", 600, _LONGEST_TIMEOUT)),
        max_bytes=_number(table, "max_bytes", MAX_ARTIFACT_BYTES, MAX_ARTIFACT_BYTES),
        environment=dict(_environment(table)),
        restore=_argv(table, "restore"),
        guide=_strings(table, "guide"),
    )


def _string(table: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise _FaultError(key, _("“{key}” has to be a text.", key=key))
    return value


def _id(table: Mapping[str, object], others: Container[str]) -> str:
    value = _string(table, "id")
    if not _ID.fullmatch(value):
        raise _FaultError("id", _("It has to be 1 to 24 small letters, digits and _."))
    if value in others:
        raise _FaultError("id", _("There is another program with this id."))
    return value


def _filename(table: Mapping[str, object]) -> str:
    value = _string(table, "filename", "output")
    if "/" in value or "\\" in value or value in {".", ".."}:
        raise _FaultError("filename", _("It has to be a name without folders."))
    return value


def _number(table: Mapping[str, object], key: str, default: int, most: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise _FaultError(key, _("It has to be a whole number from 1 to {most}.", most=most))
    return value


def _strings(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and "\0" not in item for item in value):
        raise _FaultError(key, _("It has to be a list of texts."))
    return tuple(value)


def _argv(table: Mapping[str, object], key: str, *, needed: bool = False) -> tuple[str, ...]:
    value = _strings(table, key)
    if (needed and not value) or (value and not value[0].startswith("/")):
        raise _FaultError(key, _("It has to begin with the whole path of a program, such as /usr/bin/pg_dump."))
    return value


def _environment(table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    value = table.get("environment", {})
    if not isinstance(value, dict):
        raise _FaultError("environment", _("It has to be a table of texts."))
    for name, content in value.items():
        if not _VARIABLE.fullmatch(name) or not isinstance(content, str) or "\0" in content:
            raise _FaultError("environment", _("It has to be a table of texts."))
        yield name, content
