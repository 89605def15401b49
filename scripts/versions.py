"""One version for everything that is published together.

`python -m scripts.versions` checks that every place says the same, with `--tag v0.2.0` also that this tag may be
published, and `python -m scripts.versions raise 0.2.0` writes a version into all of them.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGELOG = "CHANGELOG.md"
UNRELEASED = "(unreleased)"
PROJECTS = ("pyproject.toml", "agent/pyproject.toml", "handlers-*/pyproject.toml")
PLACES = (
    *PROJECTS,
    "agent/app/config.yaml",
    "agent/app/requirements.txt",
    "custom_components/*/*.json",
    "custom_components/*/translations/*.json",
    "scripts/translations/*.json",
    "docs/*.md",
    "docs/*-template/pyproject.toml",
)
VERSION = r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.dev)\d+)?"


@dataclass(frozen=True)
class Statement:
    """What one place says of the version."""

    file: str
    start: int
    end: int
    text: str
    expected: str


def breaks_at(version: str) -> str:
    """Return the next version that may break what was made for this one: before 1.0 each minor version may."""
    major, minor = _numbers(version)
    return str(major + 1) if major else f"0.{minor + 1}"


def bounds(version: str) -> str:
    """Return what a package of somebody else requires; one made for a pre-release wants that or a later one."""
    major, minor = _numbers(version)
    least = f"{major}.{minor}" if re.fullmatch(r"[\d.]+", version) else version
    return f">={least},<{breaks_at(version)}"


def current(root: Path) -> str:
    """Return the version of the core, which all others follow."""
    return str(_project(root / "pyproject.toml")["version"])


def statements(root: Path, version: str) -> Iterator[Statement]:
    """Return all that the repository says of its version, with what it should say."""
    names = "|".join(re.escape(str(_project(file)["name"])) for file in _files(root, PROJECTS))
    package = rf"(?<![\w-])(?:{names})(?:\[\w+\])?"
    for file in _files(root, PLACES):
        name, content = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        rules = [
            (rf"{package}==({VERSION})", version),
            (rf"/device-backup-agent:({VERSION})", version),
            (rf"{package}(>={VERSION},<[\d.]+)", bounds(version)),
        ]
        if "template" not in name:
            rules += [(rf'^version(?: =|:) "({VERSION})"$', version), (rf'^ *"version": "({VERSION})",?$', version)]
        for pattern, expected in rules:
            for found in re.finditer(pattern, content, re.MULTILINE):
                yield Statement(name, found.start(1), found.end(1), found[1], expected)


def faults(root: Path, tag: str | None = None) -> Iterator[str]:
    """Return what keeps the repository from being published, as the tag if one is given."""
    version = current(root)
    for said in statements(root, version):
        if said.text != said.expected:
            yield f"{said.file} says {said.text}, not {said.expected}."
    title = (root / CHANGELOG).read_text(encoding="utf-8").split("\n## ", 1)[1].splitlines()[0]
    if title.split()[0] != version:
        yield f"{CHANGELOG} begins with {title}, not with {version}."
    if tag is not None and tag != f"v{version}":
        yield f"The tag is {tag}, the version {version}."
    if tag is not None and UNRELEASED in title:
        yield f"{CHANGELOG} calls {version} unreleased: write the date of the release there."


def raise_to(root: Path, version: str) -> list[str]:
    """Write a version into every place, and return the files that changed."""
    if not re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", version):
        raise SystemExit(f"{version} is no version such as 0.2.0 or 0.2.0rc1.")
    wrong: dict[str, list[Statement]] = {}
    for said in statements(root, version):
        if said.text != said.expected:
            wrong.setdefault(said.file, []).append(said)
    for name, found in wrong.items():
        file = root / name
        content = file.read_text(encoding="utf-8")
        for said in sorted(found, key=lambda said: said.start, reverse=True):
            content = content[: said.start] + said.expected + content[said.end :]
        file.write_text(content, encoding="utf-8")
    return [*wrong, *_begin_changes(root / CHANGELOG, version)]


def _begin_changes(file: Path, version: str) -> list[str]:
    content = file.read_text(encoding="utf-8")
    before, after = content.split("\n## ", 1)
    title = after.splitlines()[0]
    if title.split()[0] == version:
        return []
    head = f"\n## {version} {UNRELEASED}\n"
    rest = after.removeprefix(title) if UNRELEASED in title else f"\n\n## {after}"
    file.write_text(f"{before}{head.rstrip()}{rest}", encoding="utf-8")
    return [file.name]


def _files(root: Path, patterns: Sequence[str]) -> list[Path]:
    return [file for pattern in patterns for file in sorted(root.glob(pattern))]


def _project(file: Path) -> dict[str, object]:
    project: dict[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    return project


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def main(words: Sequence[str], root: Path = ROOT) -> int:
    """Check, or raise and check; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.versions", description=__doc__)
    parser.add_argument("--tag", help="check that this tag may be published")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("raise", help="write a version into every place").add_argument("version")
    arguments = parser.parse_args(words)
    if arguments.command == "raise":
        print("\n".join(raise_to(root, arguments.version)))
    found = list(faults(root, arguments.tag))
    print("\n".join(found) or f"Everything is of version {current(root)}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
