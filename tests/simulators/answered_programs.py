"""Programs whose calls a thread of the test answers: a shell passes each on, as an interpreter takes long to start."""

import shlex
import shutil
import socketserver
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread

_PROGRAM = """\
#!{bash}
exec 3<>/dev/tcp/127.0.0.1/{port}
printf '%s\\0' {place} {environment} "$PWD" "$#" "$@" >&3
for name in status out told; do IFS= read -r -d '' -u 3 "$name"; done
printf %s "$out"
printf %s "$told" >&2
exit "$status"
"""


@dataclass(kw_only=True)
class Call:
    """One call of a program, and what it says."""

    program: str
    arguments: list[str]
    folder: Path
    environment: Mapping[str, str]
    out: str = ""
    told: str = ""
    """What goes to the standard error."""

    def print(self, line: str) -> None:
        self.out += f"{line}\n"


type Answer = Callable[[Call], int]
"""Returns the status that the program ends with."""


def write_program(file: Path, answer: Answer, variables: tuple[str, ...] = ()) -> None:
    """Write a program; of its environment the variables are passed on."""
    server = _server()
    server.programs[str(file)] = (answer, variables)
    script = _PROGRAM.format(
        bash=shutil.which("bash"),
        port=server.server_address[1],
        place=shlex.quote(str(file)),
        environment=" ".join(f'"${{{name}-}}"' for name in variables),
    )
    file.write_text(script)
    file.chmod(0o755)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.programs: dict[str, tuple[Answer, tuple[str, ...]]] = {}


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        file = Path(self._word())
        answer, variables = self.server.programs[str(file)]
        environment = {name: self._word() for name in variables}
        folder = Path(self._word())
        arguments = [self._word() for _ in range(int(self._word()))]
        call = Call(program=file.name, arguments=arguments, folder=folder, environment=environment)
        try:
            status = answer(call)
        except Exception:  # noqa: BLE001 - as an interpreter ends with what nobody caught
            status, call.told = 1, traceback.format_exc()
        self.wfile.write(f"{status}\0{call.out}\0{call.told}\0".encode())

    def _word(self) -> str:
        word = bytearray()
        while (letter := self.rfile.read(1)) != b"\0":
            if not letter:
                raise EOFError
            word += letter
        return word.decode()


@cache
def _server() -> _Server:
    server = _Server()
    Thread(target=server.serve_forever, name="programs", daemon=True).start()
    return server
