"""What checking and comparing the heaviest files costs: seconds, memory, and how long the event loop stands still."""

import argparse
import asyncio
import gzip
import io
import json
import random
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from yarl import URL

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.suspicion import Extent
from ha_device_backup_core.toolkit import Response
from ha_device_backup_http import HttpHandler
from ha_device_backup_http.free.artifact import make_artifact
from ha_device_backup_http.free.entered import wanted_of
from ha_device_backup_http.free.handler import recipe_of
from ha_device_backup_http.recipe.collected import Came, Collected
from ha_device_backup_http.recipe.validity import check_file

MEBIBYTE = 1024 * 1024
SIZE = 31 * MEBIBYTE
TICK = 0.001
NOISE = random.Random(4711).randbytes(MEBIBYTE)


def _zip(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def _tar(number: int, content: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in range(number):
            member = tarfile.TarInfo(f"{name:0200}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def _sum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little")


def _filled(start: bytes, piece: bytes, end: bytes, size: int = SIZE) -> bytes:
    return start + piece * ((size - len(start) - len(end)) // len(piece)) + end


FILES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "31 MB of JSON, lists": ("f.json", lambda: _filled(b"[[]", b",[]", b"]")),
    "31 MB of JSON, objects": ("f.json", lambda: _filled(b"[{}", b',{"a":{}}', b"]")),
    "31 MB of JSON, numbers": ("f.json", lambda: _filled(b"[1", b",1", b"]")),
    "31 MB of JSON, one string": ("f.json", lambda: _filled(b'["', b"ab\\n", b'"]')),
    "8 MB of JSON, strings": ("f.json", lambda: _filled(b'["', b"ab\\n" * 100 + b'","', b'"]', 8 * MEBIBYTE - 1)),
    "1 MB of JSON, lists": ("f.json", lambda: _filled(b"[[]", b",[]", b"]", 400_000)),
    "15 MB of XML": ("f.xml", lambda: _filled(b"<a>", b"<b/>", b"</a>", 15 * MEBIBYTE)),
    "31 MB of XML, attributes": ("f.xml", lambda: _filled(b"<a>", b"<b c='' d=''/>", b"</a>")),
    "8 MB of XML, deep": ("f.xml", lambda: b"<a>" * MEBIBYTE + b"</a>" * MEBIBYTE),
    "31 MB of text, short lines": ("f.txt", lambda: b"a\n" * (SIZE // 2)),
    "8 MB of text, short lines": ("f.txt", lambda: b"a\n" * (4 * MEBIBYTE - 1)),
    "31 MB of text, one line": ("f.txt", lambda: "é".encode() + b"a" * SIZE),
    "a gzip file of empty ones": ("f.gz", lambda: gzip.compress(b"") * 1_500_000),
    "a zip file with a gzip file of empty ones": ("f.zip", lambda: _zip({"f": gzip.compress(b"") * 4_000_000})),
    "a gzip file of 2 GB": ("f.gz", lambda: gzip.compress(bytes(64 * MEBIBYTE)) * 32),
    "a zip file of gzip files of 16 MB": (
        "f.zip",
        lambda: _zip({f"{n}": gzip.compress(bytes(16 * MEBIBYTE)) for n in range(200)}),
    ),
    "a tar.gz file of 60 MB": ("f.tar.gz", lambda: gzip.compress(_tar(9_000, b"ab" * 2500), compresslevel=1)),
    "a tar.gz file of 30 MB": ("f.tar.gz", lambda: gzip.compress(_tar(30, NOISE), compresslevel=1)),
    "a tar.gz file of 45 MB": ("f.tar.gz", lambda: gzip.compress(_tar(45, b"ab" * (MEBIBYTE // 2)), compresslevel=1)),
    "a zip file of a tar.gz file of 45 MB": (
        "f.zip",
        lambda: _zip({"a.tgz": gzip.compress(_tar(45, b"ab" * (MEBIBYTE // 2)), compresslevel=1)}),
    ),
    "a tar file of 30 MB": ("f.tar", lambda: _tar(30, NOISE)),
    "a zip file of 45 MB": ("f.zip", lambda: _zip({f"{n}": b"ab" * (MEBIBYTE // 2) + b"%d" % n for n in range(45)})),
    "a tar file of damaged zip files of 16 MB": (
        "f.tar",
        lambda: _tar(1500, _zip({"f": bytes(16 * MEBIBYTE)}).replace(_sum(bytes(16 * MEBIBYTE)), bytes(4))),
    ),
    "a tar file of 20,000 files": ("f.tar", lambda: _tar(20_000, b"")),
    "a zip file of 120 MB": ("f.zip", lambda: _zip({f"{n}": bytes(n % 7 + 12 * MEBIBYTE) for n in range(10)})),
}
"""The name says what is expected of each."""


def _memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(what)))


def _memory_now() -> int:
    """Return what is in use, and forget the peak before."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _work(name: str, content: bytes) -> str:
    """Do what a job does with what it fetched."""
    raw = {
        "url": f"http://192.0.2.1/{name}",
        "ignore": ("/up", "^time", "(x|y)+z")
        if len(content) < 8 * MEBIBYTE and name[1:] in {".json", ".txt", ".xml"}
        else (),
    }
    wanted = wanted_of(parse_config(HttpHandler.spec, raw))
    response = Response(200, {}, content, url=URL(f"http://192.0.2.1/{name}"))
    try:
        (file,) = recipe_of(wanted).files
        came = Came(form=check_file(wanted.main.name, content, file, response), response=response)
        files = {wanted.main.name: content}
        artifact = make_artifact(wanted, Collected(files=files, came={wanted.main.name: came}, missing=(), absent=()))
        HttpHandler.validate(artifact)
        Extent.of(artifact, configured=None)
        compared = HttpHandler.normalize(artifact)
    except DeviceBackupError:
        return "refused"
    return f"{sum(map(len, compared.values()))} bytes compared"


async def _stalls(until: asyncio.Future[str]) -> float:
    longest = 0.0
    while not until.done():
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, time.perf_counter() - begun - TICK)
    return longest


async def measure(case: str) -> dict[str, object]:
    """Return what one file costs."""
    name, make = FILES[case]
    content = make()
    before, begun = _memory_now(), time.perf_counter()
    working = asyncio.ensure_future(asyncio.to_thread(_work, name, content))
    stall = await _stalls(working)
    return {
        "case": case,
        "bytes": len(content),
        "result": await working,
        "seconds": round(time.perf_counter() - begun, 2),
        "more_memory_mib": (_memory("VmHWM") - before) // 1024,
        "longest_stall_ms": round(stall * 1000),
    }


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=sorted(FILES), help="only this file; else each in an interpreter of its own")
    return parser.parse_args(given)


if __name__ == "__main__":
    chosen = arguments()
    if chosen.case:
        print(json.dumps(asyncio.run(measure(chosen.case))))
    else:
        for each in FILES:
            subprocess.run([sys.executable, "-m", __spec__.name, "--case", each], check=True)
