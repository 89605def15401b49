"""Which file of one backup is which of another, whatever each of a handler's views calls it; pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFiles:
    """The files of a backup as they are, as they are shown, and as they count."""

    raw: Mapping[str, bytes] = field(repr=False)
    shown: Mapping[str, str] = field(repr=False)
    normal: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file in all views; None where a view has none."""

    name: str
    raw: bytes | None = field(repr=False)
    shown: str | None = field(repr=False)
    normal: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of a backup by the names under which they are compared."""

    files: Mapping[str, File]
    apart: Mapping[str, bytes]
    """What counts and belongs to no file in particular."""


def files_of(view: ComparedFiles) -> Files:
    """Return the files; a name that counts is the same in each backup, the name of a file may hold a date."""
    to_normal = _linked(view.raw, view.normal)
    to_shown = _linked(view.raw, view.shown)
    files = {
        to_normal.get(name, name): File(
            name=name,
            raw=content,
            shown=view.shown.get(to_shown.get(name, "")),
            normal=view.normal.get(to_normal.get(name, "")),
        )
        for name, content in view.raw.items()
    }
    for name in view.shown.keys() - set(to_shown.values()) - files.keys():
        files[name] = File(name=name, raw=None, shown=view.shown[name], normal=None)
    apart = {name: content for name, content in view.normal.items() if name not in set(to_normal.values())}
    return Files(files=files, apart=apart)


def pairs_of(before: Files, after: Files) -> dict[str, tuple[File | None, File | None]]:
    """Return the files that belong together, by the newer name."""
    olds, news = dict(before.files), dict(after.files)
    left, come = _real(olds, news), _real(news, olds)
    if len(left) == len(come) == 1 and len(_real(olds, {})) == len(_real(news, {})) == 1:
        olds[come[0]] = olds.pop(left[0])
    pairs = {}
    for key in sorted(olds.keys() | news.keys()):
        old, new = olds.get(key), news.get(key)
        named = new or old
        pairs[key if named is None else named.name] = (old, new)
    return pairs


def _real(files: Mapping[str, File], others: Collection[str]) -> list[str]:
    return [name for name, file in files.items() if file.raw is not None and name not in others]


def _linked(names: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return which name stands for which: the same, one that alone ends alike, or the only one that is left."""
    left, free = set(names), set(others)
    found = {name: name for name in left & free}
    left, free = left - found.keys(), free - found.keys()
    for ending in (_last, _suffix):
        alone = _unique(left, ending)
        for sign, other in _unique(free, ending).items():
            if sign and sign in alone:
                found[alone[sign]] = other
        left, free = left - found.keys(), free - set(found.values())
    if len(left) == len(free) == 1:
        found[left.pop()] = free.pop()
    return found


def _unique(names: Collection[str], sign_of: Callable[[str], str]) -> dict[str, str]:
    """Return the names whose sign no other has, by that sign."""
    signs = Counter(map(sign_of, names))
    return {sign_of(name): name for name in names if signs[sign_of(name)] == 1}


def _last(name: str) -> str:
    return PurePosixPath(name).name


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
