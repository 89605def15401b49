"""From the words of the installer to what a person can do about them; pure."""

import re
from collections.abc import Mapping

from packaging.utils import canonicalize_name

from .requirement import PackageError, PackageVersion

_LONGEST = 600
_NAME = r"(?<![A-Za-z0-9._-])[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_VERSIONS = r"(?:[=<>!~]=|[<>])[A-Za-z0-9.,*+=<>!~-]*[A-Za-z0-9*]"
_NAMED = re.compile(rf"({_NAME})({_VERSIONS})")
_UNKNOWN = re.compile(rf"({_NAME}) was not found in the package registry")
_NO_WHEEL = re.compile(rf"({_NAME}(?:{_VERSIONS})?) has no (?:usable )?wheels")
_OTHER_PYTHON = re.compile(rf"requires Python ({_VERSIONS})")
_DAMAGED = ("invalid package format", "Failed to unzip", "Failed to read from zip")
_UNREACHABLE = ("network was disabled", "failed to fetch", "failed to download", "error sending request")


def explain(package: PackageVersion, words: str, installed: Mapping[str, str]) -> PackageError:
    """Return the error for what the installer said about a package."""
    said = " ".join(words.split())
    if any(sign in said.lower() for sign in _UNREACHABLE):
        return PackageError("unreachable", package=str(package))
    if f"there is no version of {package.requirement}" in said:
        return PackageError("version_not_found", name=package.name, version=package.version)
    if any(sign in said for sign in _DAMAGED):
        return PackageError("damaged", package=str(package))
    found = _unknown(package, said) or _no_wheel(package, said) or _other_python(package, said)
    found = found or _conflict(package, said, installed)
    return found or PackageError("failed", package=str(package), detail=_without_addresses(said)[:_LONGEST])


def _unknown(package: PackageVersion, said: str) -> PackageError | None:
    if (match := _UNKNOWN.search(said)) is None:
        return None
    if canonicalize_name(match[1]) == package.name:
        return PackageError("not_found", name=package.name)
    return PackageError("needs_unknown", package=str(package), name=match[1])


def _no_wheel(package: PackageVersion, said: str) -> PackageError | None:
    match = _NO_WHEEL.search(said)
    return match and PackageError("no_wheel", package=str(package), without=match[1])


def _other_python(package: PackageVersion, said: str) -> PackageError | None:
    match = _OTHER_PYTHON.search(said)
    return match and PackageError("other_python", package=str(package), versions=match[1])


def _conflict(package: PackageVersion, said: str, installed: Mapping[str, str]) -> PackageError | None:
    """Return which installed package stands in the way, and what was wanted instead."""
    for name, versions in _NAMED.findall(said):
        normal = str(canonicalize_name(name))
        if normal != package.name and normal in installed and versions != f"=={installed[normal]}":
            has = f"{normal} {installed[normal]}"
            return PackageError("conflict", package=str(package), needs=f"{name}{versions}", has=has)
    return None


def _without_addresses(text: str) -> str:
    """Leave out addresses: those of an index may hold a password."""
    return re.sub(r"\b[a-z+]+://\S+", "…", text)
