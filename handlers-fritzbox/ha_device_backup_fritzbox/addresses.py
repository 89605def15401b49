"""Whether an address that a box names is its own; what is fetched comes from the configured host in any case."""

import asyncio
import socket

from yarl import URL

from ha_device_backup_core import RunBlocking

type _Addresses = set[tuple[int, str]]
"""Each with its family."""


async def own_url(
    url: str, host: str, *, encrypted_only: bool, run_blocking: RunBlocking, seconds: float
) -> URL | None:
    """Return the address at the configured host, None where it is of another box, not encrypted or no address.

    The box may call itself by another name than the person does; a name that nobody here knows leads nowhere else.
    """
    named = _address(url, encrypted_only=encrypted_only)
    if named is None or named.host is None:
        return None
    if named.host != host:
        theirs, ours = await asyncio.gather(
            _resolved(named.host, run_blocking, seconds), _resolved(host, run_blocking, seconds)
        )
        if _are_others(theirs, ours):
            return None
    return named.with_host(host)


def _address(url: str, *, encrypted_only: bool) -> URL | None:
    try:
        named = URL(url, encoded=True)
        usable = named.port is not None and named.host and named.user is None and named.password is None
    except ValueError:
        return None
    allowed = {"https"} if encrypted_only else {"http", "https"}
    has_only_marks = url.isascii() and url.isprintable() and " " not in url
    return named if usable and named.scheme in allowed and has_only_marks else None


def _are_others(theirs: _Addresses, ours: _Addresses) -> bool:
    """Return whether they are of two boxes; one that is reached by IPv6 may name itself by IPv4."""
    comparable = {family for family, _ in theirs} & {family for family, _ in ours}
    return bool(comparable) and theirs.isdisjoint(ours)


async def _resolved(host: str, run_blocking: RunBlocking, seconds: float) -> _Addresses:
    try:
        async with asyncio.timeout(seconds):
            found = await run_blocking(socket.getaddrinfo, host, None)
    except (OSError, TimeoutError, UnicodeError):
        return set()
    return {(int(family), str(address[0]).partition("%")[0]) for family, _, _, _, address in found}
