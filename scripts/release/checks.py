"""What has to be true of every distribution before it is published."""

import email
import re
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from . import ROOT

REPOSITORY = "https://github.com/ha-device-backups/ha-device-backups"
URLS = {"Homepage", "Documentation", "Source", "Issues", "Changelog"}
CLASSIFIERS = {"Typing :: Typed", "Topic :: Home Automation", "Topic :: System :: Archiving :: Backup"}
MOST_BYTES = 2_000_000
NOT_OURS = re.compile(
    r"^(?:[^/]+-[\d.]+/)?tests/|(?:^|/)(?:\.tools|node_modules|__pycache__|backups)/|(?:^|/)password\.txt$"
)
INTO_REPOSITORY = re.compile(rf"{REPOSITORY}/(?:blob|tree)/main/([^#\s)\"]+)")
LINK = re.compile(r"\]\(([^)\s]+)|(?:src|href)=\"([^\"]+)\"")


def faults(distribution: Path, version: str) -> Iterator[str]:
    """Return what is wrong with a wheel or an archive of sources."""
    read = _wheel if distribution.suffix == ".whl" else _sources
    members, metadata = read(distribution)
    for fault in (*_of_members(members), *_of_metadata(metadata, version)):
        yield f"{distribution.name}: {fault}"
    if distribution.stat().st_size > MOST_BYTES:
        yield f"{distribution.name}: it has more than {MOST_BYTES} bytes."


def dead_links(text: str) -> list[str]:
    """Return the links of a description that lead nowhere from PyPI: all but whole addresses and headings."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    links = [first or second for first, second in LINK.findall(plain)]
    return [link for link in links if not link.startswith(("https://", "#"))]


def lost_files(text: str, root: Path = ROOT) -> list[str]:
    """Return what addresses within the repository name, and what is not there."""
    return sorted({name for name in INTO_REPOSITORY.findall(text) if not (root / name).exists()})


def _of_members(members: list[str]) -> Iterator[str]:
    for wanted in ("py.typed", "LICENSE"):
        if not any(name.endswith(f"/{wanted}") for name in members):
            yield f"{wanted} is missing."
    yield from (f"{name} does not belong into it." for name in members if NOT_OURS.search(name))


def _of_metadata(metadata: Message, version: str) -> Iterator[str]:
    said = {str(line).partition(",")[0] for line in metadata.get_all("Project-URL", ())}
    classifiers = {str(line) for line in metadata.get_all("Classifier", ())}
    if metadata["Version"] != version:
        yield f"its version is {metadata['Version']}, not {version}."
    if missing := sorted(URLS - said):
        yield f"it has no address of {', '.join(missing)}."
    if strange := [str(line) for line in metadata.get_all("Project-URL", ()) if REPOSITORY not in line]:
        yield f"these addresses are not of the project: {strange}."
    if missing := sorted(CLASSIFIERS - classifiers):
        yield f"it lacks {missing}."
    if metadata["License-Expression"] != "Apache-2.0":
        yield "it has no licence."
    description = str(metadata.get_payload())
    if str(metadata["Name"]) not in description:
        yield "its description does not speak of it."
    if dead := dead_links(description):
        yield f"links of its description lead nowhere on PyPI: {dead}."
    if lost := lost_files("\n".join((*map(str, metadata.get_all("Project-URL", ())), description))):
        yield f"it leads to what is not in the repository: {lost}."


def _wheel(file: Path) -> tuple[list[str], Message]:
    with zipfile.ZipFile(file) as archive:
        members = archive.namelist()
        (name,) = (member for member in members if member.endswith(".dist-info/METADATA"))
        return members, email.message_from_bytes(archive.read(name))


def _sources(file: Path) -> tuple[list[str], Message]:
    with tarfile.open(file) as archive:
        members = archive.getnames()
        (name,) = (member for member in members if member.count("/") == 1 and member.endswith("/PKG-INFO"))
        content = archive.extractfile(name)
        if content is None:
            raise SystemExit(f"{file.name} has no metadata.")
        return members, email.message_from_bytes(content.read())
