"""An answer is judged by what was expected, and by whether it came whole."""

import gzip
import zlib

import pytest
from aiohttp import web

from ha_device_backup_core import ArtifactTooLargeError, InvalidArtifactError, Note, UnexpectedResponseError
from ha_device_backup_http.tar_files import TarMember, write_tar
from tests.simulators.http_service import SimulatedService
from tests.simulators.http_service.faults import raw, without_length

from .conftest import failure, fetch, succeeds
from .test_normalize import zipped

ZIP = zipped({"settings.ini": b"[a]\nb=1\n"})
TAR = write_tar([TarMember(b"etc/config", b"0", 0o600, b"", b"a=1\n" * 300)])
TGZ = gzip.compress(TAR)
JSON, XML, TEXT = b'{"ssid": "home"}', b"<config><ssid>home</ssid></config>", b"a=1\nb=2\n"
ERROR = b'{"error": {"code": 17, "message": "export already running"}}'


def answer(content: bytes, content_type: str = "application/octet-stream", name: str = "") -> web.Response:
    """Return an answer."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    return web.Response(body=content, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    ("path", "whole", "other"),
    [
        ("/backup.zip", ZIP, (TGZ, JSON, XML, TEXT, ZIP[:-1])),
        ("/backup.tar.gz", TGZ, (ZIP, JSON, TEXT, TGZ[:-1], gzip.compress(TAR[:1000]), gzip.compress(TEXT))),
        ("/backup.TGZ", TGZ, (TAR, gzip.compress(b""))),
        ("/log.gz", gzip.compress(TEXT), (TEXT, gzip.compress(TEXT)[:-1])),
        ("/backup.tar", TAR, (TGZ, TEXT, TAR[:1000])),
        ("/settings.json", JSON, (XML, TEXT, ZIP, JSON[:-1])),
        ("/settings.xml", XML, (JSON, TEXT, ZIP, XML[:-1])),
    ],
)
async def test_the_name_of_an_address_binds(
    service: SimulatedService, path: str, whole: bytes, other: tuple[bytes, ...]
) -> None:
    for content in other:
        # What the device says of what it sends does not loosen what was asked for.
        service.answers[path] = lambda _request, content=content: answer(content, name="other.txt")  # type: ignore[misc] # mypy sees no second argument
        error = await failure(service, path)
        assert isinstance(error, InvalidArtifactError)
        assert "What is valid" in error.detail_in()
    service.answers[path] = lambda _request: answer(whole)
    await succeeds(service, path)


@pytest.mark.parametrize(
    ("path", "whole", "pages"),
    [
        (
            "/settings.txt",
            b"name: kitchen\nmode: on\n",
            (b"Hello\n<b>Log in</b>\n", b"<p>Log in</p>\n", b"\n<br>\nLog in"),
        ),
        ("/export.rsc", TEXT, (b"<!-- x --><table><tr>", b"a=1\n<A HREF='/login'>b</a>")),
        (
            "/settings.xml",
            XML,
            (b"<p>Log in</p>", b"<?xml version='1.0'?><span>Log in</span>", b"<html><p>x</p></html>"),
        ),
        ("/settings.json", JSON, (b"<p>Log in</p>", TEXT)),
    ],
)
async def test_a_file_that_is_named_so_may_be_sent_as_a_page(
    service: SimulatedService, path: str, whole: bytes, pages: tuple[bytes, ...]
) -> None:
    for content in pages:
        service.answers[path] = lambda _request, content=content: answer(content, "text/html")  # type: ignore[misc] # mypy sees no second argument
        assert isinstance(await failure(service, path), InvalidArtifactError)
    service.answers[path] = service.answers["/cgi"] = lambda _request: answer(whole, "text/html")
    assert (await succeeds(service, path)).artifact.content == whole
    if whole != JSON:
        assert isinstance(await failure(service, "/cgi"), InvalidArtifactError)


@pytest.mark.parametrize(
    ("content_type", "whole", "other"),
    [
        ("application/zip", ZIP, (JSON, XML, TEXT)),
        ("application/gzip", TGZ, (JSON, TEXT)),
        ("application/x-tar", TAR, (JSON, TEXT)),
        ("application/json", JSON, (TEXT,)),
        ("application/xml", XML, (TEXT,)),
        # These say nothing of it, or what is nearly always wrong.
        ("application/json", ZIP, ()),
        ("text/plain", JSON, ()),
        ("application/octet-stream", TGZ, ()),
        ("application/gzip", ZIP, ()),
    ],
)
async def test_what_a_type_promises_binds_too(
    service: SimulatedService, content_type: str, whole: bytes, other: tuple[bytes, ...]
) -> None:
    for content in other:
        service.answers["/get"] = lambda _request, content=content: answer(content, content_type)  # type: ignore[misc] # mypy sees no second argument
        assert isinstance(await failure(service, "/get"), InvalidArtifactError)
    service.answers["/get"] = lambda _request: answer(whole, content_type)
    await succeeds(service, "/get")


async def test_the_name_that_the_device_gives_binds_where_the_address_has_none(service: SimulatedService) -> None:
    service.answers["/cgi"] = lambda _request: answer(TEXT, name="backup.tar.gz")
    assert isinstance(await failure(service, "/cgi"), InvalidArtifactError)
    service.answers["/cgi"] = lambda _request: answer(TGZ, name="backup.tar.gz")
    assert (await succeeds(service, "/cgi")).artifact.media_type == "application/gzip"


@pytest.mark.parametrize("content", ["auto", "json", "any"])
@pytest.mark.parametrize("told", [ERROR, b"<error>busy</error>", b"Session expired"])
async def test_an_error_told_with_a_good_status_is_no_backup(
    service: SimulatedService, content: str, told: bytes
) -> None:
    service.answers["/export"] = lambda _request: answer(told)
    service.files["/zones"] = answer(told)
    for files in ((), ("zones = /zones",)):
        error = await failure(service, "/export" if not files else "/api/settings", content=content, files=files)
        assert isinstance(error, InvalidArtifactError)
        assert "only tells of an error" in error.detail_in()
        assert error.detail_in().startswith("zones" if files else "export")
    service.answers["/export"] = lambda _request: answer(JSON)
    await succeeds(service, "/export", content=content)


@pytest.mark.parametrize("line", [b"k=1", b"ready", b"All is well\r\n"])
async def test_one_line_is_a_backup_only_where_it_is_expected(service: SimulatedService, line: bytes) -> None:
    service.answers["/export"] = lambda _request: answer(line)
    error = await failure(service, "/export")
    assert error.detail_in() == (
        "export is one line of text, as errors are. If it is the backup, enter under “Has to hold” what stands in it."
    )
    await succeeds(service, "/export", pattern=r"[a-z]")
    await succeeds(service, "/export", minimum_size=3)
    service.answers["/export"] = lambda _request: answer(TEXT)
    await succeeds(service, "/export")


async def test_a_sentence_where_anything_will_do(service: SimulatedService) -> None:
    service.answers["/export"] = lambda _request: answer(b"The export runs")
    assert isinstance(await failure(service, "/export", content="any"), InvalidArtifactError)
    service.answers["/export"] = lambda _request: answer(b"U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y=")
    await succeeds(service, "/export", content="any")


async def test_half_an_archive_within_a_whole_one(service: SimulatedService) -> None:
    for inner, is_whole in ((TGZ[:-9], False), (TGZ, True)):
        tar = write_tar([TarMember(b"usr_local.tar.gz", b"0", 0o600, b"", inner)])
        service.answers["/backup"] = lambda _request, tar=tar: answer(tar)  # type: ignore[misc] # mypy sees no second argument
        if is_whole:
            assert (await succeeds(service, "/backup")).artifact.filename == "backup.tar"
        else:
            assert isinstance(await failure(service, "/backup"), InvalidArtifactError)


# Whether it came whole


@pytest.mark.parametrize("body", [TEXT, b"\x00\x01" * 50])
async def test_nobody_told_where_it_ends(service: SimulatedService, body: bytes) -> None:
    service.answers["/export"] = without_length(body, "application/octet-stream")
    fetched = await fetch(service, "/export", content="any")
    assert fetched.doubts == (Note(code="end_unknown_export", text=""),)
    assert str(fetched.doubts[0].text) == (
        "The device did not tell where export ends: it may be cut off. Enter under “Has to hold” something that stands "
        "in one of its last lines."
    )
    service.answers["/export"] = lambda _request: answer(body)
    await succeeds(service, "/export", content="any")


async def test_the_expected_text_shows_that_it_is_whole(service: SimulatedService) -> None:
    text = b"[start]\n" + b"a=1\n" * 100 + b"[end]\n"
    service.answers["/export"] = without_length(text)
    assert len((await fetch(service, "/export", pattern=r"\[start\]")).doubts) == 1
    await succeeds(service, "/export", pattern=r"\[end\]")
    service.answers["/export"] = without_length(text[:200])
    assert isinstance(await failure(service, "/export", pattern=r"\[end\]"), InvalidArtifactError)


@pytest.mark.parametrize("body", [JSON, XML, ZIP, TGZ, TAR + bytes(1024)])
async def test_what_shows_its_end_needs_no_length(service: SimulatedService, body: bytes) -> None:
    service.answers["/export"] = without_length(body, "application/octet-stream")
    await succeeds(service, "/export")


async def test_one_of_several_without_a_length(service: SimulatedService) -> None:
    service.answers["/log"] = without_length(TEXT)
    fetched = await fetch(service, files=("rain log = /log",))
    assert fetched.doubts == (Note(code="end_unknown_rain_log", text=""),)
    assert str(fetched.doubts[0].text) == "The device did not tell where rain log ends: it may be cut off."


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na=1\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\na=1\nb=2\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n80\r\na=1\nb=2\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(TEXT)[:-4],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\nnonsense",
    ],
)
async def test_what_is_cut_off_is_no_backup(service: SimulatedService, cut: bytes) -> None:
    service.answers["/export"] = raw(cut)
    error = await failure(service, "/export")
    assert type(error) is UnexpectedResponseError
    assert error.detail_in() in {"The answer ended too early.", "Its answer broke off, several times."}
    service.answers["/export"] = lambda _request: answer(TEXT)
    await succeeds(service, "/export")


# What is packed


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
@pytest.mark.parametrize(
    ("path", "content_type", "name", "body", "kept"),
    [
        ("/backup.tar.gz", "application/octet-stream", "", TGZ, TGZ),
        ("/backup", "application/x-gzip", "", TGZ, TGZ),
        ("/backup", "application/octet-stream", "b.tgz", TGZ, TGZ),
        ("/backup.tar.gz", "application/gzip", "", gzip.compress(TGZ), TGZ),
        ("/settings.json", "application/json", "", gzip.compress(JSON), JSON),
        ("/settings.json", "application/json", "", JSON, JSON),
    ],
)
async def test_a_file_is_kept_as_the_device_would_store_it(
    service: SimulatedService, encoding: str, path: str, content_type: str, name: str, body: bytes, kept: bytes
) -> None:
    disposition = f"Content-Disposition: attachment; filename={name}\r\n" if name else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Encoding: {encoding}\r\n{disposition}"
    service.answers[path] = raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert (await succeeds(service, path)).artifact.content == kept
    assert service.seen_headers[-1]["Accept-Encoding"] == "identity"


async def test_other_ways_to_pack_for_the_way(service: SimulatedService) -> None:
    for encoding, body in (
        ("deflate", zlib.compress(JSON)),
        ("deflate", zlib.compress(JSON, wbits=-15)),
        *((word, JSON) for word in ("identity", "none", "UTF-8", "binary", "7bit", "")),
    ):
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
        service.answers["/export"] = raw(head + body)
        assert (await succeeds(service, "/export")).artifact.content == JSON
    for encoding in ("br", "gzip, " * 300 + "gzip"):
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
        service.answers["/export"] = raw(head + gzip.compress(JSON))
        error = await failure(service, "/export")
        assert error.detail_in() == f"It packed the answer with {encoding[:20]}, which was not asked for."
    service.answers["/export"] = lambda _request: answer(JSON)
    await succeeds(service, "/export")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_what_unpacks_to_too_much(service: SimulatedService, encoding: str) -> None:
    bomb = gzip.compress(bytes(40_000_000)) if encoding == "gzip" else zlib.compress(bytes(40_000_000))
    service.answers["/export"] = raw(f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode() + bomb)
    assert isinstance(await failure(service, "/export"), ArtifactTooLargeError)
    service.answers["/export"] = lambda _request: answer(JSON)
    await succeeds(service, "/export")
