"""The page of the files, as versions of many years write it."""

import pytest

from ha_device_backup_tasmota.client import Answer
from ha_device_backup_tasmota.file_system import upload_failed
from ha_device_backup_tasmota.listing import Entry, entries, is_listing, is_of_card, is_plain
from ha_device_backup_tasmota.multipart import form_body, upload_body

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
    assert upload_failed(Answer(200, {}, page.encode())) is failed


def test_another_page_is_no_list() -> None:
    assert is_listing("<form method='post' action='ufsu?fsz='>")
    assert not is_listing("<html>Please log in</html>")
    assert list(entries("<html><pre>nothing</pre></html>")) == []


def test_a_page_without_end_takes_no_time() -> None:
    start = "<a href='ufsd?download=/a' file='a'>a</a>"
    assert list(entries((start + " " * 2000) * 200)) == []
    assert not upload_failed(Answer(200, {}, b"</font></b><br><br>" * 100_000))


def test_the_page_of_a_memory_card_offers_the_flash_memory() -> None:
    assert is_of_card("&nbsp;<a href='/ufsd?dir=2'>SDCard</a>")
    assert not is_of_card("&nbsp;<a href='/ufsd?dir=1'>FlashFS</a>")


@pytest.mark.parametrize("path", ["/autoexec.be", "/.extensions/a b.tapp", "/größe.txt", "/" + "x" * 46])
def test_usable_paths(path: str) -> None:
    assert is_plain(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "autoexec.be", "/../x", "/a//b", "/a/", "/.", "/a\\b", '/a"b', "/a;b", "/a'b", "/a\nb", "/" + "x" * 47],
)
def test_paths_that_mean_something_else(path: str) -> None:
    assert not is_plain(path)


def test_uploads_are_written_as_a_browser_does() -> None:
    body, kind = upload_body("u2", "config.dmp", b"\0\1device-backup-0")
    assert kind == "multipart/form-data; boundary=device-backup-1"
    assert body == (
        b'--device-backup-1\r\nContent-Disposition: form-data; name="u2"; filename="config.dmp"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\0\1device-backup-0\r\n--device-backup-1--\r\n"
    )
    body, kind = form_body({"name": "/a/b", "content": ""})
    assert kind == "multipart/form-data; boundary=device-backup-0"
    assert body == (
        b'--device-backup-0\r\nContent-Disposition: form-data; name="name"\r\n\r\n/a/b\r\n'
        b'--device-backup-0\r\nContent-Disposition: form-data; name="content"\r\n\r\n\r\n--device-backup-0--\r\n'
    )
