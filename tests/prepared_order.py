"""Orders a program of a starter; from a shell, with the streams that it makes: `... SOCKET MODULE ARGUMENTS`."""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from os import PathLike


def order(
    address: PathLike[str] | str,
    module: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: PathLike[str] | str,
    streams: Sequence[int],
) -> socket.socket:
    """Order `python -m module` of a starter, which says on the connection its id, and in the end how it ended.

    The program gets the streams for what it reads, says and complains of; here they are closed.
    """
    document = {
        "module": module,
        "arguments": list(arguments),
        "environment": dict(environment),
        "folder": str(folder),
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(address))
    line = json.dumps(document).encode() + b"\n"
    sent = socket.send_fds(connection, [line], streams)
    connection.sendall(line[sent:])
    for stream in streams:
        os.close(stream)
    return connection


def main(address: str, module: str, *arguments: str) -> int:
    """Return how the program ended."""
    with (
        order(address, module, arguments, environment=os.environ, folder=".", streams=(0, 1, 2)) as connection,
        connection.makefile("rb") as report,
    ):
        _, status = report
        return int(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
