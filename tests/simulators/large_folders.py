"""Programs that play rsync, restic and ssh for an agent, with one device whose folder lies on this machine.

They answer as the real ones do, which tests/real_servers holds; what a test wants to go wrong stands in files beside.
"""

import base64
import hashlib
import json
import os
import shutil
import time
from pathlib import Path

from .answered_programs import Call, write_program

TOOLS = ("rsync", "restic", "ssh", "ssh-keyscan")
KEY = base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + b"k" * 32).decode()
FINGERPRINT = hashlib.sha256(base64.b64decode(KEY)).hexdigest()


class LargeFolders:
    """A machine with the programs, and a device with a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.state = folder / "state"
        self.tree = folder / "device"
        for made in (self.bin, self.state, self.tree):
            made.mkdir(parents=True)
        for name in TOOLS:
            write_program(self.bin / name, self._answer, ("RESTIC_REPOSITORY", "RESTIC_PASSWORD_FILE"))

    def fails(self, program: str, status: int, told: str) -> None:
        """Have a program end so from now on, and for the next test of it not any more by `works`."""
        (self.state / f"{program}-fails").write_text(f"{status}\n{told}\n")

    def works(self, program: str) -> None:
        (self.state / f"{program}-fails").unlink(missing_ok=True)

    def set(self, name: str, *, value: bool) -> None:
        """Switch `refused`, `restricted`, `read_only` or `slow`: a repository is not made before that ends."""
        file = self.state / name
        file.touch() if value else file.unlink(missing_ok=True)

    def _answer(self, call: Call) -> int:
        if call.arguments[0] in {"version", "--version", "-V"}:
            call.print(f"{call.program} 99.1, protocol version 32")
            return 0
        failing = self.state / f"{call.program}-fails"
        if failing.exists():
            status, _, told = failing.read_text().partition("\n")
            call.told += told
            return int(status)
        return {"ssh-keyscan": _scan, "ssh": _ssh, "rsync": _rsync, "restic": _restic}[call.program](self.folder, call)


def _scan(folder: Path, call: Call) -> int:
    call.print("# a comment")
    call.print(f"[host]:22 ssh-ed25519 {KEY}\n[host]:22 ssh-rsa damaged")
    return 0


def _ssh(folder: Path, call: Call) -> int:
    state = folder / "state"
    if (state / "refused").exists():
        call.told += "keeper@host: Permission denied (publickey).\n"
        return 255
    if (state / "restricted").exists():
        call.told += "rrsync error: --server option is not the first arg\n"
        return 1
    call.print("rsync  version 3.4.1  protocol version 32")
    return 0 if Path(call.arguments[-1].split(" ")[-1]).is_dir() else 1


def _rsync(folder: Path, call: Call) -> int:
    def place(given: str) -> Path:
        restricted = (folder / "state/restricted").exists()
        return Path(str(folder / "device") if restricted and given == "device:/" else given.removeprefix("device:"))

    source, target = map(place, call.arguments[-2:])
    pushes = call.arguments[-1].startswith("device:")
    if pushes and (folder / "state/read_only").exists():
        call.told += "rsync error: sending to read-only server is not allowed\n"
        return 12
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if path.is_file():
            _send(folder, call, path, target / name, name)
        elif "--dry-run" not in call.arguments:
            (target / name).mkdir(exist_ok=True)
    if "--delete" in call.arguments:
        _delete_what_is_not_in(source, target)
    return 0


def _send(folder: Path, call: Call, path: Path, other: Path, name: Path) -> None:
    same = other.is_file() and other.read_bytes() == path.read_bytes()
    if same and other.stat().st_mtime_ns == path.stat().st_mtime_ns:
        return
    if "--dry-run" in call.arguments:
        flags = ".f..t......" if same else "<f.st......" if other.is_file() else "<f+++++++++"
        call.print(f"{flags} {path.stat().st_size} {name}")
    elif not (folder / "state/loses").exists():
        shutil.copyfile(path, other)
        os.utime(other, ns=(path.stat().st_mtime_ns,) * 2)
        call.out += f"{path.stat().st_size:,}  50%   1.00MB/s    0:00:01\r"


def _delete_what_is_not_in(source: Path, target: Path) -> None:
    for path in sorted(target.rglob("*"), reverse=True):
        if not (source / path.relative_to(target)).exists():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _restic(folder: Path, call: Call) -> int:
    repository = Path(call.environment["RESTIC_REPOSITORY"])
    config, locks = repository / "config", repository / "locks"
    _json, command, *rest = call.arguments
    password = Path(call.environment["RESTIC_PASSWORD_FILE"]).read_text()
    if command == "init":
        return _init(folder, call, repository, password)
    if not config.is_file():
        return _ends(call, 10, "Fatal: repository does not exist")
    if json.loads(config.read_text())["password"] != password:
        return _ends(call, 12, "Fatal: wrong password or no key found")
    if command in {"check", "forget", "prune"} and list(locks.iterdir()):
        message = "unable to create lock in backend: repository is already locked by PID 1 on cellar"
        return _ends(call, 11, message)
    if command in _COMMANDS:
        _COMMANDS[command](call, repository, rest)
    return 0


def _ends(call: Call, code: int, message: str) -> int:
    call.told += json.dumps({"message_type": "exit_error", "code": code, "message": message}) + "\n"
    return code


def _init(folder: Path, call: Call, repository: Path, password: str) -> int:
    if repository.exists():
        return _ends(call, 1, "Fatal: create key in repository failed: repository already contains keys")
    (repository / "snapshots").mkdir(parents=True)
    (folder / "state/begun").touch()
    while (folder / "state/slow").exists():
        time.sleep(0.02)
    (repository / "locks").mkdir()
    found = hashlib.sha256(os.urandom(8)).hexdigest()
    (repository / "config").write_text(json.dumps({"id": found, "password": password}))
    call.print(json.dumps({"message_type": "initialized", "id": found, "repository": str(repository)}))
    return 0


def _unlock(call: Call, repository: Path, rest: list[str]) -> None:
    if rest == ["--remove-all"]:
        for lock in (repository / "locks").iterdir():
            lock.unlink()


def _list(call: Call, repository: Path, rest: list[str]) -> None:
    call.print("\n".join(lock.name for lock in (repository / "locks").iterdir()))


def _cat(call: Call, repository: Path, rest: list[str]) -> None:
    call.print((repository / "config" if rest == ["config"] else repository / "locks" / rest[1]).read_text())


def _forget(call: Call, repository: Path, rest: list[str]) -> None:
    for name in rest:
        (repository / "snapshots" / name).unlink(missing_ok=name.startswith("-"))


def _snapshots(call: Call, repository: Path, rest: list[str]) -> None:
    listed = [json.loads(one.read_text()) for one in (repository / "snapshots").iterdir()]
    call.print(json.dumps([one for one in listed if len(rest) < 2 or rest[1] in one["tags"]]))


def _backup(call: Call, repository: Path, rest: list[str]) -> None:
    name, snapshots = hashlib.sha256(os.urandom(8)).hexdigest(), repository / "snapshots"
    shutil.copytree(call.folder / rest[-1], repository / "trees" / name)
    tags = [rest[place + 1] for place, word in enumerate(rest) if word == "--tag"]
    (snapshots / name).write_text(json.dumps({"id": name, "tags": tags, "time": str(len(list(snapshots.iterdir())))}))
    call.print(json.dumps({"message_type": "summary", "snapshot_id": name}))


def _restore(call: Call, repository: Path, rest: list[str]) -> None:
    target = Path(rest[2]) / rest[0].rpartition(":")[2].replace(rest[0], "tree")
    shutil.copytree(repository / "trees" / rest[0], target, dirs_exist_ok=True)
    call.print("no JSON")
    call.print(json.dumps({"message_type": "status", "bytes_restored": 5_000_000, "total_bytes": 9_000_000}))


_COMMANDS = {
    "unlock": _unlock,
    "list": _list,
    "cat": _cat,
    "forget": _forget,
    "snapshots": _snapshots,
    "backup": _backup,
    "restore": _restore,
}
