"""Files made to cost as much as they can: each a piece that is repeated, in every form that handlers read."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial, reduce
from types import MappingProxyType
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_device_backup_core import Artifact, ArtifactError, DeviceBackupHandler, DeviceInfo
from tests.steps import steps_of

DEVICE = DeviceInfo(unique_id="a1", name="Device")
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_EXPORT = b"**** FRITZ!Box 7590 CONFIGURATION EXPORT\n"
_END_OF_EXPORT = b"**** END OF EXPORT 00000000 ****\n"
_CFG = b"**** CFGFILE:a.cfg\n"
_END_OF_FILE = b"**** END OF FILE ****\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    """Return a tar file."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=form) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def damaged_zip(content: bytes) -> bytes:
    """Return a zip file whose checksum is wrong, which shows only when all of it is unpacked."""
    return zipped({"a": content}).replace(zlib.crc32(content).to_bytes(4, "little"), b"\0\0\0\0")


def _exported(body: bytes) -> bytes:
    return _EXPORT + _CFG + body + b"\n" + _END_OF_FILE + _END_OF_EXPORT


def _numbered(number: int, content: bytes = b"x") -> dict[str, bytes]:
    return {f"files/{each}.json": content for each in range(number)}


FILES: Mapping[str, Callable[[int], bytes]] = {
    "JSON, numbers": lambda n: b"[1" + b",1" * n + b"]",
    "JSON, objects": lambda n: b"[{}" + b',{"a":{"b":1}}' * n + b"]",
    "JSON, keys": lambda n: b"{" + b",".join(b'"%d":{"on":1,"n":"x"}' % each for each in range(n)) + b"}",
    "JSON, deep": lambda n: b"[" * n + b"]" * n,
    "JSON, deep objects": lambda n: b'{"a":' * n + b"1" + b"}" * n,
    "JSON, open": lambda n: b'{"a":[' * n,
    "JSON, a long key": lambda n: (
        b'{"' + b"k" * (4 * n) + b'":{' + b",".join(b'"%d":1' % each for each in range(n)) + b"}}"
    ),
    "JSON, a long string": lambda n: b'{"a":"' + b'\\n\\"' * n + b'"}',
    "JSON, long words": lambda n: b'{"nw":{"ins":[{"psk":"' + b"Ab1+" * n + b'"}]},"id":{"name":"' + b"Ab" * n + b'"}}',
    "JSON, networks": lambda n: (
        b'{"nw":{"ins":[' + b",".join(b'{"psk":"secret%d"}' % each for each in range(n)) + b']},"id":{"name":"x"}}'
    ),
    "JSON, a long number": lambda n: b'{"a":' + b"1" * n + b"}",
    "JSON, a key again and again": lambda n: b"{" + b'"1":{},' * n + b'"1":{}}',
    "JSON in UTF-16": lambda n: ("[1" + ",1" * n + "]").encode("utf-16"),
    "JSON that tells of errors": lambda n: b'{"error":[' + b'{"message":"no"},' * n + b'{"code":1}]}',
    "XML, wide": lambda n: b"<phonebooks>" + b"<contact><realName>a</realName></contact>" * n + b"</phonebooks>",
    "XML, deep": lambda n: b"<a>" * n + b"</a>" * n,
    "XML, attributes": lambda n: b"<list " + b" ".join(b"a%d='1'" % each for each in range(n)) + b"/>",
    "XML, entities": lambda n: (
        b"<!DOCTYPE a [<!ENTITY a 'aaaa'>"
        + b"".join(b"<!ENTITY a%d '&a;&a;'>" % each for each in range(n))
        + b"]><a>&a;</a>"
    ),
    "XML, references": lambda n: b"<list>" + b"&#x0;&amp;&" * n + b"</list>",
    "XML, open": lambda n: b"<a " * n,
    "XML, comments": lambda n: b"<!---->" * n + b"<!--",
    "XML, times with blanks": lambda n: b"<list><timestamp>" + b" " * 20 * n + b"</list>",
    "XML, one long text": lambda n: b"<list><a>" + b"a " * n + b"</a></list>",
    "a page": lambda n: b"<html>" + b"<input type " * n,
    "text, lines": lambda n: b"time = 1\n" * n,
    "text, one line": lambda n: b"xy" * n,
    "text, blanks": lambda n: b"a =" + b" \t" * n + b"x",
    "text in UTF-16": lambda n: ("x" * n).encode("utf-16"),
    "text, cut characters": lambda n: b"\xc3" * n,
    "bytes": lambda n: b"\0\xff" * n,
    "gzip, empty members": lambda n: gzip.compress(b"", mtime=0) * n,
    "gzip, members": lambda n: gzip.compress(b"a", mtime=0) * n,
    "gzip, in gzip": lambda n: reduce(lambda inner, _: gzip.compress(inner, mtime=0), range(n // 20), b"a"),
    "gzip, zeros behind": lambda n: gzip.compress(b"a", mtime=0) + b"\0" * n,
    "gzip, much": lambda n: gzip.compress(b"\n" * 20 * n, mtime=0),
    "tar, members": lambda n: tarred(_numbered(n)),
    "tar, long names": lambda n: tarred({f"{each:0200}": b"" for each in range(n)}),
    "tar, more headers": lambda n: tarred({f"{each:0200}": b"" for each in range(n)}, tarfile.PAX_FORMAT),
    "tar, gzip files": lambda n: tarred({f"{each}.gz": gzip.compress(b"", mtime=0) for each in range(n)}),
    "tar, damaged zip files": lambda n: tarred(dict.fromkeys(map(str, range(n)), damaged_zip(b"a" * 1000))),
    "zip, members": lambda n: zipped(_numbered(n)),
    "zip, long names": lambda n: zipped({f"{each:0900}/x": b"" for each in range(n)}),
    "zip, folders": lambda n: zipped({"a/" * 100 + str(each): b"" for each in range(n)}),
    "zip, gzip files": lambda n: zipped(_numbered(n, gzip.compress(b"", mtime=0))),
    "zip, zip files": lambda n: zipped({"a": zipped(_numbered(n)), "b": zipped(_numbered(n))}),
    "zip, JSON": lambda n: zipped(_numbered(n, b'{"1":{"on":1}}')),
    "zip, exports": lambda n: zipped({f"{each}.export": _exported(b"a {\n}") for each in range(n)}),
    "export, headers": lambda n: _EXPORT + b"Key=Value\n" * n + _CFG + _END_OF_FILE + _END_OF_EXPORT,
    "export, sections": lambda n: _EXPORT + (_CFG + b"a = 1;\n" + _END_OF_FILE) * n + _END_OF_EXPORT,
    "export, open sections": lambda n: _EXPORT + _CFG * n,
    "export, settings": lambda n: _exported(b'a {\n b = "c";\n}\n' * n),
    "export, deep": lambda n: _exported(b"a {\n" * n + b"}\n" * n),
    "export, blanks": lambda n: _exported((b"a = x" + b" " * 1900 + b"}y\n") * (n // 100)),
    "export, quotation marks": lambda n: _exported(b'a = "' + b'\\"' * n),
    "export, one text": lambda n: _exported(b'a = "\n' + b"x\n" * n),
    "export, backslashes": lambda n: _exported(b"\\" * n),
    "export, encrypted": lambda n: _exported(b"a = $$$$" + b"ABC1" * n + b"$$$$" * n),
    "export, devices": lambda n: _exported(b"landevices {\n landevices {\n ip = 1;\n } {\n" + b" a = 1;\n } {\n" * n),
    "export, times": lambda n: (
        _EXPORT + b"**** B64FILE:a\n" + b"PHRpbWVzdGFtcD4g\n" + b"ICAg\n" * n + _END_OF_FILE + _END_OF_EXPORT
    ),
}
"""By what they are; the number says how often a piece is repeated."""
_PIECES = st.lists(
    st.sampled_from(
        [
            *(b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b'{"a":', b'"1":{},', b"1,", b"\\n", b"\xef\xbb\xbf"),
            *(b"<", b">", b"<a>", b"</a>", b"<a b='", b"<!--", b"-->", b"<?xml", b"?>", b"&#10;", b"<html>", b"<list>"),
            *(b" ", b"\t", b"\n", b"\r\n", b"\0", b"\xc3", b"\xff\xfe", b"a = ", b";", b"x", b"$$$$A", b"<timestamp>"),
            *(_EXPORT, _CFG, b"**** B64FILE:a\n", _END_OF_FILE, _END_OF_EXPORT, b"a {\n", b"}\n", b"} {\n"),
            *(b"\x1f\x8b\x08", gzip.compress(b"a", mtime=0), b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"ustar"),
        ]
    ),
    max_size=4,
).map(b"".join)


def _repeated(start: bytes, piece: bytes, end: bytes) -> Callable[[int], bytes]:
    return lambda number: start + piece * number + end


ANY_FILE = st.builds(_repeated, _PIECES, _PIECES, _PIECES)
"""A beginning, a piece that is repeated, and an end."""
FEW_EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors]
)
_MADE_FAST = ("JSON", "XML", "a page", "text", "bytes", "gzip, empty", "export")
LARGE = tuple(name for name in FILES if name.startswith(_MADE_FAST))
"""Those of which a large file is made in no time: what searches for long would never end with them."""
MANY = 50_000
"""Of the shortest pieces."""
ENOUGH, LARGE_BYTES = 20_000, 400_000
"""Of longer ones so many that the file is as large as this: in it, too, what searches for long finds no end."""


def large_file(make: Callable[[int], bytes]) -> bytes:
    """Return a file of as many pieces as take a search without end to hours."""
    piece = len(make(200)) - len(make(100))
    return make(max(ENOUGH, min(MANY, 100 * LARGE_BYTES // max(piece, 1))))


def artifacts(
    content: bytes,
    bundles: Sequence[Mapping[str, bytes | None]],
    alone: Mapping[str, str] = _NO_ATTRIBUTES,
    bundled: Mapping[str, str] = _NO_ATTRIBUTES,
) -> list[Artifact]:
    """Return the file alone, and in the places of bundles that are left to it, with the attributes of each."""
    media_type = "application/zip" if content.startswith(b"PK") else "application/octet-stream"
    filled = ({name: content if held is None else held for name, held in bundle.items()} for bundle in bundles)
    return [
        Artifact(filename="a", content=content, media_type=media_type, attributes=alone),
        *(Artifact.bundle(files, attributes=bundled) for files in filled),
    ]


def do_pure_work(handler: type[DeviceBackupHandler], artifact: Artifact) -> None:
    """Do all that a handler does without a device."""
    for step in (handler.validate, handler.owner, handler.configured, handler.normalize, handler.redact):
        _try(partial(step, artifact))
    _try(partial(handler.describe, artifact, DEVICE))


def _try(step: Callable[[], object]) -> None:
    with suppress(ArtifactError):
        step()


def assert_cost_grows_with_input(
    handler: type[DeviceBackupHandler],
    make: Callable[[int], bytes],
    bundles: Sequence[Mapping[str, bytes | None]],
    alone: Mapping[str, str] = _NO_ATTRIBUTES,
    bundled: Mapping[str, str] = _NO_ATTRIBUTES,
) -> None:
    """Fail where four times the input takes far more than four times the work."""
    less, more = (artifacts(make(number), bundles, alone, bundled) for number in (_FEW, 4 * _FEW))
    for small, large in zip(less, more, strict=True):
        few, many = (steps_of(partial(do_pure_work, handler, artifact)) for artifact in (small, large))
        assert many <= _ALLOWED * few + _ALWAYS


_FEW = 250
_ALLOWED = 6
"""Times the steps for four times the input: what is quadratic takes sixteen times as many."""
_ALWAYS = 1_250
"""Steps for what is only done from a certain size on."""


@pytest.mark.once
class CostTests:
    """The tests of one handler: a class below it names the handler and what its artifacts carry."""

    handler: ClassVar[type[DeviceBackupHandler]]
    bundles: ClassVar[Sequence[Mapping[str, bytes | None]]]
    """Each has the file in one place for each way in which the handler reads what is there."""
    alone: ClassVar[Mapping[str, str]] = _NO_ATTRIBUTES
    bundled: ClassVar[Mapping[str, str]] = _NO_ATTRIBUTES

    @pytest.mark.parametrize("file", FILES)
    def test_cost_grows_with_the_input(self, file: str) -> None:
        assert_cost_grows_with_input(self.handler, FILES[file], self.bundles, self.alone, self.bundled)

    @FEW_EXAMPLES
    @given(ANY_FILE)
    def test_cost_grows_with_any_input(self, make: Callable[[int], bytes]) -> None:
        assert_cost_grows_with_input(self.handler, make, self.bundles, self.alone, self.bundled)

    @pytest.mark.parametrize("file", LARGE)
    def test_nothing_searches_for_long(self, file: str) -> None:
        for artifact in artifacts(large_file(FILES[file]), self.bundles, self.alone, self.bundled):
            do_pure_work(self.handler, artifact)
