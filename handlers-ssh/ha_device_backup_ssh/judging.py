"""Whether a backup is one, what of it counts as a change, and what of it people are shown; pure."""

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping

from ha_device_backup_core import Artifact, ArtifactTooLargeError, InvalidArtifactError, hidden
from ha_device_backup_core.toolkit import decoded, encoded, is_web_page, readable

from .contents import INDEX, Contents, contents_of, written
from .entries import PathKind
from .paths import fits, name_of, quoted_path
from .platform import Output, SshPlatform
from .tar_contents import TarContents
from .translation import _

_MOST_UNPACKED = 64 * 1024 * 1024
_BROKEN = (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, KeyError, OverflowError, RecursionError)


def check(artifact: Artifact, platform: SshPlatform) -> Contents:
    """Return what a backup holds; raises InvalidArtifactError naming the file and the reason."""
    contents = contents_of(artifact, platform)
    for output in platform.outputs:
        if output.name in contents.outputs:
            check_output(output, contents.outputs[output.name])
        elif output.is_required:
            raise InvalidArtifactError(_("{name} is not in it.", name=output.name))
    if platform.tree is not None and not contents.entries:
        raise InvalidArtifactError(_("It holds no files."))
    return contents


def check_output(output: Output, content: bytes) -> None:
    """Raise InvalidArtifactError unless that is what the command gives."""
    if not content.strip():
        raise InvalidArtifactError(_("{name} is empty.", name=output.name))
    if is_web_page(content) or not content.startswith(output.begins):
        raise InvalidArtifactError(_("{name} is something else.", name=output.name))
    if output.members:
        _check_members(output, content)
    if output.contains or output.ends:
        text = decoded(content)
        if not all(pattern.search(text) for pattern in output.contains):
            raise InvalidArtifactError(_("{name} is something else.", name=output.name))
        if output.ends is not None and not output.ends.search(text[-1000:]):
            raise InvalidArtifactError(_("{name} ends too early.", name=output.name))


def _check_members(output: Output, content: bytes) -> None:
    if output.members not in (found := members_of(output.name, content)):
        raise InvalidArtifactError(
            _("{name} lacks {member}.", name=output.name, member=output.members)
            if found
            else _("{name} is something else.", name=output.name)
        )


def members_of(name: str, content: bytes) -> dict[str, tuple[str, bytes]]:
    """Return the files and links of a compressed tar file, each with its rights; raises InvalidArtifactError."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacking:
            plain = unpacking.read(_MOST_UNPACKED + 1)
        if len(plain) > _MOST_UNPACKED:
            raise ValueError
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:", errors="surrogateescape") as archive:
            return dict(_members(archive))
    except (ArtifactTooLargeError, *_BROKEN) as error:
        raise InvalidArtifactError(_("{name} is no readable tar file.", name=name)) from error


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, tuple[str, bytes]]]:
    contents = TarContents(archive)
    for member in archive:
        path = member.name.removeprefix("./").lstrip("/")
        if member.isreg() or member.islnk():
            yield path, (f"{member.mode & 0o7777:04o}", contents.of(member))
        elif member.issym():
            yield path, ("link", encoded(member.linkname))


def normalized(artifact: Artifact, platform: SshPlatform) -> dict[str, bytes]:
    """Return what counts as a change, by constant names."""
    contents = contents_of(artifact, platform)
    counted: dict[str, bytes] = {}
    for output in platform.outputs:
        if output.is_compared and output.name in contents.outputs:
            counted |= _of_output(output, contents.outputs[output.name])
    tree = platform.tree
    if tree is not None:
        entries = [entry for entry in contents.entries if not fits(entry.path, tree.volatile)]
        said = [entry.without_content() for entry in entries]
        index = {"kind": platform.kind, "outputs": {}, "entries": said}
        files = {name_of(entry.path): entry.content for entry in entries if entry.kind is PathKind.FILE}
        return {INDEX: written(index), **files}
    return counted


def _of_output(output: Output, content: bytes) -> dict[str, bytes]:
    if output.members and content[:2] == b"\x1f\x8b":
        members = members_of(output.name, content)
        said = sorted((quoted_path(path), mode, quoted_path(decoded(data))) for path, (mode, data) in members.items())
        return {output.name: written(said)}
    if output.ignore:
        text = decoded(content)
        for pattern in output.ignore:
            text = pattern.sub("", text)
        return {output.name: encoded(text)}
    return {output.name: content}


def shown_texts(artifact: Artifact, platform: SshPlatform) -> Mapping[str, str]:
    """Return the texts in which secrets can be told; of files of any kind only what they are."""
    contents = contents_of(artifact, platform)
    texts = {
        output.name: _hidden(readable(contents.outputs[output.name]), output.secret)
        for output in platform.outputs
        if output.secret and output.name in contents.outputs
    }
    if contents.entries:
        lines = (
            f"{quoted_path(entry.path)} {entry.mode:04o} {entry.uid}:{entry.gid}"
            + (f" -> {quoted_path(entry.target)}" if entry.kind is PathKind.LINK else "")
            for entry in contents.entries
        )
        texts[INDEX] = "\n".join(lines) + "\n"
    return texts


def _hidden(text: str, secret: tuple[re.Pattern[str], ...]) -> str:
    for pattern in secret:
        text = pattern.sub(_replaced, text)
    return text


def _replaced(found: re.Match[str]) -> str:
    start, end = found.span(1)
    whole = found[0]
    return whole[: start - found.start()] + str(hidden(found[1])) + whole[end - found.start() :]
