"""What is in an archive, whatever it is called: zip, tar, or either packed by gzip; within a budget; pure."""

from collections.abc import Iterator

from ..gzip_files import Budget, TooMuchError, gunzip
from ..recognise import declared_size, is_zip, members_of
from ..tar_files import is_tar_start, read_tar

_FILE = b"0"


def members_in(content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]] | None:
    """Return each file in an archive, None for what is none; raise TooMuchError."""
    if (inner := gunzip(content, budget)) is not None:
        content = inner
    if is_tar_start(content):
        tar = read_tar(content)
        return None if tar is None else ((_name(m.name), bytes(m.content)) for m in tar.members if m.kind == _FILE)
    if is_zip(content) and (size := declared_size(content)) <= budget.unpacked:
        budget.spend(unpacked=size)
        files = members_of(content, size)
        if files is not None:
            budget.spend(members=len(files))
            return iter(files.items())
    return None


def files_within(content: bytes, most: int) -> list[bytes] | None:
    """Return what is in an archive or a packed file, None for what is none, cannot be read, or is more than so much."""
    budget = Budget(unpacked=most)
    try:
        inner = gunzip(content, budget)
        files = members_in(content if inner is None else inner, budget)
        if files is None:
            return None if inner is None else [inner]
        return [file for _name, file in files]
    except TooMuchError:
        return None


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape").removeprefix("./")
