"""Compares what is public with the newest release: `python -m scripts.api_changes` in an environment with griffe."""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import griffe

from .released import newest_release

ROOT = Path(__file__).parents[1]
PACKAGES = tuple(f"ha_device_backup_core{part}" for part in ("", ".host", ".testing", ".toolkit"))
ROOT_PACKAGE = "ha_device_backup_core"


def may_break(released: str, now: str) -> bool:
    """Return whether the version says that something public went: a new major, before 1.0 a new minor."""
    before, after = _numbers(released), _numbers(now)
    return after[0] > before[0] or (before[0] == after[0] == 0 and after[1] > before[1])


def breaking_changes(root: Path, tag: str) -> Iterator[str]:
    """Return what is public at the tag and is gone or different now."""
    before = griffe.load_git(ROOT_PACKAGE, ref=tag, repo=root, resolve_aliases=True)
    after = griffe.load(ROOT_PACKAGE, search_paths=[root], resolve_aliases=True)
    public: set[str] = set()
    for package in filter(lambda name: _inner(name) in {"", *before.members}, PACKAGES):
        names = _exports(before, package)
        yield from (f"{package}.{name}: it is no longer exported" for name in sorted(names - _exports(after, package)))
        public |= {_member(before, package)[name].canonical_path for name in names}
    for change in griffe.find_breaking_changes(before, after):
        path = change.obj.canonical_path
        if any(path == name or path.startswith(f"{name}.") for name in public):
            yield f"{path}: {change.kind.value} ({change.old_value} -> {change.new_value})"


def _exports(tree: griffe.Object | griffe.Alias, package: str) -> set[str]:
    return {str(name) for name in _member(tree, package).exports or ()}


def _member(tree: griffe.Object | griffe.Alias, package: str) -> griffe.Object | griffe.Alias:
    inner = _inner(package)
    return tree[inner] if inner else tree


def _inner(package: str) -> str:
    return package.removeprefix(ROOT_PACKAGE).removeprefix(".")


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.removeprefix("v").split(".")[:2]
    return int(major), int(minor)


def main() -> int:
    """Print the changes, and fail when the version does not allow them."""
    tag = newest_release()
    if tag is None:
        sys.stdout.write("Nothing is released yet: there is nothing to compare with.\n")
        return 0
    now = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = list(breaking_changes(ROOT, tag))
    return _report(changes, tag, now)


def _report(changes: Iterable[str], tag: str, now: str) -> int:
    listed = sorted(set(changes))
    sys.stdout.write("".join(f"{change}\n" for change in listed))
    sys.stdout.write(f"{len(listed)} breaking changes of what is public since {tag}.\n")
    if listed and not may_break(tag, now):
        sys.stdout.write(f"Version {now} does not allow them: keep the old form beside the new one, or raise it.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
