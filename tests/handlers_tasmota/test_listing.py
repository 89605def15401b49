"""The page of the files, as versions of many years write it."""

from urllib.parse import quote

import pytest

from ha_device_backup_core.toolkit import Body, Response
from ha_device_backup_tasmota.file_system import upload_failed
from ha_device_backup_tasmota.listing import (
    Entry,
    entries,
    is_listing,
    is_of_card,
    is_plain,
    is_sendable,
    is_understood,
)

NEW = (
    "<pre><a href='ufsd?download=/' file='/sub'>..</a></pre>"
    "<pre class='hf'><a href='ufsd?download=/.drvset027' file='.drvset027'>.drvset027              </a>"
    " 2024-05-06T07:08:09      380 <a href='ufsd?delete=/.drvset027&download=/'>x</a> "
    "<a href='ufse?file=/.drvset027'>y</a></pre>"
    "<pre><a href='ufsd?download=/my%20script.be' file='my%20script.be'>my script.be</a>"
    " 1970-01-01T00:00:00        0   </pre>"
    "<pre><a href='ufsd?download=/sub' file='sub'>sub                     </a>                            0   </pre>"
)
OLD = (
    "<pre><a href='http://192.168.2.4/ufsd?download=//autoexec.be' file='autoexec.be'>autoexec.be</a>"
    " 2021-01-20T12:00:00       12 <a href=http://192.168.2.4/ufsd?delete=//autoexec.be>x</a></pre>"
    "<pre><a href='http://192.168.2.4/ufsd?download=//sub' file='sub'>sub</a>         0 </pre>"
)
LONG = "灯" * 15
CUT = f"ufsd?download=/lamps/{quote(LONG)}"[:127]


def test_the_list_of_new_firmware() -> None:
    assert list(entries(NEW)) == [
        Entry("/.drvset027", 380, is_folder=False),
        Entry("/my script.be", 0, is_folder=False),
        Entry("/sub", 0, is_folder=True),
    ]


def test_the_list_of_old_firmware() -> None:
    assert list(entries(OLD)) == [Entry("/autoexec.be", 12, is_folder=False), Entry("/sub", 0, is_folder=True)]


@pytest.mark.parametrize(
    ("page", "failed"),
    [
        (
            "<b>Hochladen <font color='#008000'>erfolgreich</font></b><br><br><div style='text-align:center;'>Neustart",
            False,
        ),
        ("<b>Upload <font color='#008000'>Successful</font></b><br></div><br>", False),
        ("<b>Upload <font color='#ff0000'>Failed</font></b><br><br>File invalid</div><br>", True),
        ("<b>Hochladen <font color='#ff0000'>fehlgeschlagen</font></b><br><br>Datei ungültig</div><br>", True),
    ],
)
def test_the_page_after_an_upload(page: str, failed: bool) -> None:
    assert upload_failed(Response(200, {}, page.encode())) is failed


def test_a_link_that_the_firmware_cuts_is_made_whole_by_the_name() -> None:
    page = f"<pre><a href='{CUT}' file='{quote(LONG)}'>{LONG}</a> 2024-05-06T07:08:09      380 </pre>"
    assert list(entries(page, "/lamps")) == [Entry(f"/lamps/{LONG}", 380, is_folder=False)]


def test_a_name_that_is_no_utf_8_keeps_its_bytes() -> None:
    page = "<pre><a href='ufsd?download=/K%FCche.be' file='K%FCche.be'>K\udcfcche.be</a> 2024-05-06T07:08:09  1 </pre>"
    (entry,) = entries(page)
    assert entry == Entry("/K\udcfcche.be", 1, is_folder=False)
    assert quote(entry.path, errors="surrogateescape") == "/K%FCche.be"


def test_a_line_that_is_not_understood_is_noticed() -> None:
    odd = "<pre><a href='ufsd?download=/it's.be' file='it's.be'>it's.be</a> 2024-05-06T07:08:09  1 </pre>"
    assert is_understood(NEW)
    assert is_understood(OLD)
    assert not is_understood(NEW + odd)


def test_another_page_is_no_list_and_neither_is_half_of_one() -> None:
    assert is_listing("<form method='post' action='ufsu?fsz='></html>")
    assert not is_listing("<form method='post' action='ufsu?fsz='>")
    assert not is_listing("<html>Please log in</html>")
    assert list(entries("<html><pre>nothing</pre></html>")) == []


def test_a_page_without_end_takes_no_time() -> None:
    start = "<a href='ufsd?download=/a' file='a'>a</a>"
    assert list(entries((start + " " * 2000) * 200)) == []
    assert not upload_failed(Response(200, {}, b"</font></b><br><br>" * 100_000))


def test_the_page_of_a_memory_card_offers_the_flash_memory() -> None:
    assert is_of_card("&nbsp;<a href='/ufsd?dir=2'>SDCard</a>")
    assert not is_of_card("&nbsp;<a href='/ufsd?dir=1'>FlashFS</a>")


@pytest.mark.parametrize(
    "path",
    ["/autoexec.be", "/.extensions/a b.tapp", "/größe.txt", "/" + "x" * 46, "/no\u00a0break\u3000\u200d.be"],
)
def test_usable_paths(path: str) -> None:
    assert is_plain(path)
    assert is_sendable(path)


@pytest.mark.parametrize("path", ['/a"b', "/a;b", "/a'b", "/" + "x" * 47, "/" + "ü" * 24, "/K\udcfcche.be"])
def test_paths_that_can_be_read_and_not_sent(path: str) -> None:
    assert is_plain(path)
    assert not is_sendable(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "autoexec.be", "/../x", "/a//b", "/a/", "/.", "/a\\b", "/a\nb"],
)
def test_paths_that_mean_something_else(path: str) -> None:
    assert not is_plain(path)


def test_uploads_are_written_as_a_browser_does() -> None:
    body = Body.file("config.dmp", b"\0\1device-backup-0", field="u2")
    assert body.content_type == "multipart/form-data; boundary=device-backup-1"
    assert body.content == (
        b'--device-backup-1\r\nContent-Disposition: form-data; name="u2"; filename="config.dmp"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\0\1device-backup-0\r\n--device-backup-1--\r\n"
    )
    body = Body.multipart({"name": "/a/b", "content": ""})
    assert body.content_type == "multipart/form-data; boundary=device-backup-0"
    assert body.content == (
        b'--device-backup-0\r\nContent-Disposition: form-data; name="name"\r\n\r\n/a/b\r\n'
        b'--device-backup-0\r\nContent-Disposition: form-data; name="content"\r\n\r\n\r\n--device-backup-0--\r\n'
    )
