"""Works on the packages of the Python that it runs in: `list`, `owners`, `resolve`, `download`, `install`, `uninstall`.

In a process of its own its words can be read, it can be ended, and nothing that it is told by the environment reaches
anybody else. It decides nothing.
"""

import base64
import csv
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from ssl import SSLContext

SECONDS_PER_REQUEST = 60
MOST_BYTES = 512 * 1024 * 1024
INDEXES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")
STRATEGY = ("--index-strategy", "unsafe-first-match")
"""As Home Assistant's own installer has it."""


class FailedError(Exception):
    """What uv or the network said; the parent explains it."""


def resolve(options: Sequence[str], constraints: str, into: str) -> list[str]:
    """Return what an installation would bring, as `name==version`; nothing is changed."""
    said = _uv("install", "--dry-run", *_target(into), *STRATEGY, "--constraint", constraints, *options)
    return re.findall(r"^\s*[+~]\s+(\S+==\S+)", said, re.MULTILINE)


def download(options: Sequence[str], constraints: str, folder: str, into: str) -> list[str]:
    """Download into a folder what an installation would bring; return it, as `name==version`."""
    wanted = resolve(options, constraints, into)
    fetch(wanted, folder)
    return wanted


def fetch(wanted: Sequence[str], folder: str) -> None:
    """Download the wheels of `name==version` into a folder, unpacking nothing."""
    import tomllib  # noqa: PLC0415 - each command starts a Python, most of them in order to list what is there

    from packaging.tags import sys_tags  # noqa: PLC0415
    from packaging.utils import parse_wheel_filename  # noqa: PLC0415

    asked = Path(folder) / "wanted.txt"
    asked.write_text("\n".join(wanted), encoding="utf-8")
    format_ = ("--format", "pylock.toml", "--quiet", "--no-header", "--no-deps", "--only-binary", ":all:")
    locked = Path(folder) / "pylock.toml"
    _uv("compile", *format_, "--python", sys.executable, *STRATEGY, "--output-file", str(locked), str(asked))
    ranks = {tag: rank for rank, tag in enumerate(sys_tags())}

    def rank(url: str) -> int:
        return min(ranks.get(tag, len(ranks)) for tag in parse_wheel_filename(_filename(url))[3])

    for package in tomllib.loads(locked.read_text(encoding="utf-8"))["packages"]:
        wheel = min(package["wheels"], key=lambda one: rank(_url(one)))
        _download(_url(wheel), wheel.get("hashes", {}).get("sha256"), Path(folder) / _filename(_url(wheel)))


def install(wanted: Sequence[str], folder: str, into: str) -> dict[str, dict[str, object]]:
    """Install exactly the wheels of a folder, fetching nothing; return everything that is installed then."""
    names = {_name(one) for one in wanted}
    _spare_files_of_others([one for one in distributions() if _name(str(one.name)) in names], names, into)
    source = ("--no-deps", "--no-index", "--find-links", folder, "--only-binary", ":all:")
    _uv("install", "--quiet", *_target(into), *source, *wanted)
    return installed()


def uninstall(names: Sequence[str], into: str) -> None:
    """Remove packages from where they were put, and no file that others own."""
    going = set(names)
    _spare_files_of_others([one for one in distributions() if _name(str(one.name)) in going], going, into)
    _uv("uninstall", "--quiet", *_target(into), *names)


def installed() -> dict[str, dict[str, object]]:
    """Return version and requirements of everything that is installed."""
    found: dict[str, dict[str, object]] = {}
    for distribution in distributions():
        said = distribution.metadata  # parsed at each look
        about: dict[str, object] = {"version": str(said["Version"]), "needs": _needs(distribution, said)}
        found.setdefault(_name(str(said["Name"])), about)
    return found


def _needs(distribution: Distribution, said: PackageMetadata) -> list[str]:
    listed = said.get_all("Requires-Dist")
    if listed is None and distribution.read_text("requires.txt"):  # as in eggs
        listed = distribution.requires
    return list(listed or ())


def owners(
    files: Sequence[str], modules: Sequence[str], scripts: Sequence[str], into: str
) -> dict[str, dict[str, str]]:
    """Return who has files below the folder of packages, modules by their first names, and commands."""
    root, commands = _folder(into), sysconfig.get_path("scripts")
    owned: dict[str, str] = {}
    folders: dict[str, str] = {}
    for distribution in distributions():
        name = _name(str(distribution.name))
        for path in _files(distribution):
            owned.setdefault(path, name)
            with suppress(ValueError):
                folders.setdefault(Path(path).relative_to(root).parts[0], name)
    return {
        "files": _found(files, lambda path: owned.get(os.path.normpath(Path(root, path)))),
        "modules": _found(modules, lambda name: _module_owner(name, owned)),
        "shared": {name: folders[name] for name in modules if name in folders and not _has_code(name)},
        "scripts": _found(scripts, lambda name: _script_owner(str(Path(commands, name)), owned)),
    }


def _found(names: Iterable[str], owner: Callable[[str], str | None]) -> dict[str, str]:
    return {name: found for name in names if (found := owner(name)) is not None}


def _module_owner(name: str, owned: Mapping[str, str]) -> str | None:
    """Return who has the module that is imported by this name: a package, or "" for what none brought."""
    return owned.get(os.path.normpath(origin), "") if (origin := _origin(name)) is not None else None


def _has_code(name: str) -> bool:
    """Return whether a name is a module or a regular package, not a folder that several packages share."""
    return _origin(name) is not None


def _origin(name: str) -> str | None:
    if name in sys.stdlib_module_names:
        return name
    with suppress(ImportError, ValueError, AttributeError):
        spec = importlib.util.find_spec(name)
        return None if spec is None else spec.origin
    return None


def _script_owner(path: str, owned: Mapping[str, str]) -> str | None:
    return owned.get(os.path.normpath(path), "" if os.path.lexists(path) else None)


def _files(distribution: Distribution) -> Iterator[str]:
    """Return the full paths of the files of a distribution."""
    for line in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        if line:
            yield os.path.normpath(str(distribution.locate_file(line[0])))


def _spare_files_of_others(going: Iterable[Distribution], names: set[str], into: str) -> None:
    """Take out of the records of what goes which files others have as well, and what is nowhere near."""
    staying = {
        path
        for distribution in distributions()
        if _name(str(distribution.name)) not in names
        for path in _files(distribution)
    }
    prefixes = tuple(f"{os.path.normpath(path)}{os.sep}" for path in (sys.prefix, _folder(into)))
    for distribution in going:
        lines = list(csv.reader((distribution.read_text("RECORD") or "").splitlines()))
        kept = [
            line
            for line in lines
            if line
            and (path := os.path.normpath(str(distribution.locate_file(line[0])))) not in staying
            and path.startswith(prefixes)
        ]
        record = next((path for path in distribution.files or () if path.name == "RECORD"), None)
        if kept != lines and record is not None:
            file = Path(str(record.locate()))
            beside = file.with_name("RECORD.new")
            with beside.open("w", encoding="utf-8", newline="") as target:
                csv.writer(target, lineterminator="\n").writerows(kept)
            beside.replace(file)


def _uv(command: str, *arguments: str) -> str:
    """Run uv and return what it said; an extra index that fails is left out at a second try."""
    environment = os.environ | {"HTTP_TIMEOUT": str(SECONDS_PER_REQUEST), "UV_HTTP_TIMEOUT": str(SECONDS_PER_REQUEST)}
    while True:
        finished = subprocess.run(  # noqa: S603 - what is asked for was checked
            [sys.executable, "-m", "uv", "pip", command, *arguments],
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
        if finished.returncode == 0:
            return finished.stderr
        extra = environment.get("UV_EXTRA_INDEX_URL", "").split()
        healthy = [url for url in extra if (urlsplit(url).hostname or url) not in finished.stderr]
        if healthy == extra:
            raise FailedError(finished.stderr)
        environment["UV_EXTRA_INDEX_URL"] = " ".join(healthy)


def _download(url: str, sha256: str | None, file: Path) -> None:
    """Download a file of bounded size, with the digest that the index tells."""
    import urllib.request  # noqa: PLC0415

    if urlsplit(url).scheme not in {"http", "https", "file"}:
        raise FailedError(f"Failed to download {file.name}")
    request = urllib.request.Request(url)  # noqa: S310 - looked at above
    if (login := _login(url)) is not None:
        request.add_unredirected_header("Authorization", login)
    digest, left = hashlib.sha256(), MOST_BYTES
    try:
        opened = urllib.request.urlopen(request, timeout=SECONDS_PER_REQUEST, context=_tls())  # noqa: S310
        with opened as answer, file.open("wb") as target:
            while left > 0 and (part := answer.read(min(1 << 20, left))):
                digest.update(part)
                target.write(part)
                left -= len(part)
    except OSError as error:
        raise FailedError(f"Failed to download {file.name}: {error}") from error
    if left <= 0 or digest.hexdigest() != (sha256 or digest.hexdigest()):
        raise FailedError(f"invalid package format: {file.name}")


def _tls() -> "SSLContext":
    import ssl  # noqa: PLC0415

    context = ssl.create_default_context()
    if not context.get_ca_certs() and "SSL_CERT_FILE" not in os.environ:
        with suppress(ImportError):
            import certifi  # noqa: PLC0415 - not everybody has it

            context.load_verify_locations(certifi.where())
    return context


def _login(url: str) -> str | None:
    """Return the login of the index on the same host, which only the environment knows."""
    wanted = urlsplit(url)
    for index in " ".join(os.environ.get(name, "") for name in INDEXES).split():
        known = urlsplit(index.rpartition("=")[2] if "://" not in index.partition("=")[0] else index)
        if known.username and (known.scheme, known.hostname, known.port) == (
            wanted.scheme,
            wanted.hostname,
            wanted.port,
        ):
            login = f"{unquote(known.username)}:{unquote(known.password or '')}"
            return f"Basic {base64.b64encode(login.encode()).decode()}"
    return None


def _url(wheel: Mapping[str, str]) -> str:
    return wheel.get("url") or Path(wheel["path"]).absolute().as_uri()


def _filename(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2]


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0] if match else "").lower()


def _target(into: str) -> list[str]:
    """Return how uv is told of a folder other than that of this Python."""
    return ["--python", sys.executable, "--target", into] if into else []


def _folder(into: str) -> str:
    return into or sysconfig.get_path("purelib")


def main(command: str) -> int:
    """Do what the arguments on standard input say, and write the answer to standard output."""
    asked = json.load(sys.stdin)
    done = {"list": installed, "owners": owners, "resolve": resolve, "download": download, "install": install}
    try:
        answer = (done | {"uninstall": uninstall})[command](**asked)  # type: ignore[operator] # by their names
    except (FailedError, OSError) as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
