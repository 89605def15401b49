"""From the text of a platform to the platform, or to all that is wrong with it; pure."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ha_device_backup_core import Text, message_of

from .platform import Device, FileTree, Output, Putting, Question, SshPlatform
from .shell import words

type PlatformTable = Mapping[str, Any]

_KEYS: Mapping[str, Mapping[str, type]] = {
    "platform": {
        "kind": str,
        "name": object,
        "manufacturer": str,
        "username": str,
        "page": str,
        "shell": bool,
        "untested": bool,
        "seconds": int,
        "omits": list,
        "guide": list,
        "ask": list,
        "device": dict,
        "output": list,
        "tree": dict,
        "put": dict,
    },
    "ask": {"command": str, "files": list, "expect": str, "capture": dict},
    "device": {"unique_id": list, "name": list, "model": list, "version": list, "private": bool},
    "output": {
        "name": str,
        "command": str,
        "otherwise": str,
        "left_as": str,
        "begins": str,
        "contains": list,
        "ends": str,
        "members": str,
        "ignore": list,
        "secret": list,
        "compared": bool,
        "required": bool,
        "sudo": bool,
    },
    "tree": {"paths": list, "excludes": list, "volatile": list, "careful": list},
    "put": {"command": str, "apply": str, "restarts": bool, "generated": list},
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "platform": ("kind", "name"),
    "output": ("name", "command"),
    "tree": ("paths",),
    "put": ("command",),
}


class PlatformError(ValueError):
    """A platform that cannot be used; says all that is wrong with it."""

    def __init__(self, name: str, faults: list[str]) -> None:
        """Take the name of the file and its faults."""
        super().__init__("\n".join(f"{name}: {fault}" for fault in faults))


def load_platform(name: str, content: bytes) -> SshPlatform:
    """Return the platform; raise PlatformError with everything that is wrong with it."""
    try:
        document = tomllib.loads(content.decode())
    except ValueError as error:
        raise PlatformError(name, [f"this is no TOML ({error})"]) from error
    if faults := list(_faults(document)):
        raise PlatformError(name, faults)
    try:
        platform = _built(document)
    except (re.error, ValueError) as error:
        raise PlatformError(name, [str(error)]) from error
    if faults := list(_faults_of(platform)):
        raise PlatformError(name, faults)
    return platform


def _faults(document: PlatformTable) -> Iterator[str]:
    yield from _faults_of_table("platform", document, "")
    for key in ("ask", "output"):
        for number, table in enumerate(_list(document, key), start=1):
            yield from _faults_of_table(key, table, f"{key} {number}: ")
            if key == "ask" and isinstance(table, dict) and ("command" in table) == ("files" in table):
                yield f"ask {number}: either command or files"
    for key in ("device", "tree", "put"):
        if key in document:
            yield from _faults_of_table(key, document[key], f"{key}: ")
    for key in ("omits", "guide"):
        yield from (f"{key}: each is a table with en" for text in _list(document, key) if not _is_text(text))
    if not _is_text(document.get("name")):
        yield "name: a text, or a table with en"


def _faults_of_table(kind: str, table: object, place: str) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{place}this has to be a table"
        return
    keys = _KEYS[kind]
    for key, value in table.items():
        if key not in keys:
            yield f"{place}there is no key {key}; known are {', '.join(keys)}"
        elif not isinstance(value, keys[key]):
            yield f"{place}{key} has to be {keys[key].__name__}"
    yield from (f"{place}{key} is missing" for key in _NEEDED.get(kind, ()) if key not in table)


def _faults_of(platform: SshPlatform) -> Iterator[str]:
    known = {name for question in platform.questions for name, _ in question.captures}
    device = platform.device
    for name in (*device.unique_id, *device.name, *device.model, *device.version):
        if name not in known:
            yield f"device: nothing captures {name}"
    for output in platform.outputs:
        if not re.fullmatch(r"[A-Za-z0-9._-]+", output.name) or output.name.startswith("."):
            yield f"output {output.name}: a name has letters, digits, . _ and -"
    if (platform.tree is None) == (not platform.outputs):
        yield "either tree or output says what is kept"
    if platform.putting is not None and len(platform.outputs) != 1:
        yield "put needs exactly one output"
    if not platform.can_restore and not platform.guide:
        yield "guide is missing: how a person puts a backup back"
    for path in () if platform.tree is None else platform.tree.paths:
        if not path.startswith("/"):
            yield f"tree: {path} has to begin with /"


def _list(document: PlatformTable, key: str) -> list[Any]:
    value = document.get(key, [])
    return value if isinstance(value, list) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, dict) and "en" in value and all(isinstance(said, str) for said in value.values())
    )


def _built(document: PlatformTable) -> SshPlatform:
    kind = document["kind"]

    def text(value: str | Mapping[str, str]) -> Text:
        return value if isinstance(value, str) else message_of(value, f"platform:{kind}")

    return SshPlatform(
        kind=kind,
        name=text(document["name"]),
        manufacturer=document.get("manufacturer", ""),
        username=document.get("username", "root"),
        page=document.get("page", ""),
        has_shell=document.get("shell", True),
        is_untested=document.get("untested", False),
        seconds=float(document.get("seconds", 300)),
        omits=tuple(map(text, document.get("omits", ()))),
        guide=tuple(map(text, document.get("guide", ()))),
        questions=tuple(map(_question, document.get("ask", ()))),
        device=_device(document.get("device", {})),
        outputs=tuple(map(_output, document.get("output", ()))),
        tree=_tree(document["tree"]) if "tree" in document else None,
        putting=_putting(document["put"]) if "put" in document else None,
    )


def _question(table: PlatformTable) -> Question:
    files = tuple(map(str, table.get("files", ())))
    return Question(
        command=table["command"] if "command" in table else f"cat {words(*files)} 2>/dev/null",
        files=files,
        captures=tuple((name, _with_group(pattern)) for name, pattern in table.get("capture", {}).items()),
        expect=_pattern(table["expect"]) if "expect" in table else None,
    )


def _device(table: PlatformTable) -> Device:
    names = {key: tuple(table.get(key, ())) for key in ("unique_id", "name", "model", "version")}
    return Device(**names, is_private=table.get("private", False))


def _output(table: PlatformTable) -> Output:
    return Output(
        name=table["name"],
        command=table["command"],
        otherwise=table.get("otherwise", ""),
        left_as=table.get("left_as", ""),
        begins=table.get("begins", "").encode("latin-1"),
        contains=_patterns(table, "contains", _pattern),
        ends=re.compile(table["ends"]) if "ends" in table else None,
        members=table.get("members", ""),
        ignore=_patterns(table, "ignore", _pattern),
        secret=_patterns(table, "secret", _with_group),
        is_compared=table.get("compared", True),
        is_required=table.get("required", True),
        with_sudo=table.get("sudo", False),
    )


def _tree(table: PlatformTable) -> FileTree:
    return FileTree(**{key: tuple(table.get(key, ())) for key in ("paths", "excludes", "volatile", "careful")})


def _putting(table: PlatformTable) -> Putting:
    return Putting(
        command=table["command"],
        apply=table.get("apply", ""),
        restarts=table.get("restarts", False),
        generated=tuple(table.get("generated", ())),
    )


def _patterns(table: PlatformTable, key: str, make: Callable[[str], re.Pattern[str]]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(make, table.get(key, ())))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


def _with_group(text: str) -> re.Pattern[str]:
    pattern = _pattern(text)
    if pattern.groups != 1:
        raise ValueError(f"{text} needs exactly one group")
    return pattern
