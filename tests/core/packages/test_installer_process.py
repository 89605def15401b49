"""What is fetched is what the index promised, and the login of an index goes to that index alone."""

import hashlib
from pathlib import Path

import pytest

from ha_device_backup_core.packages import installer_process

CONTENT = b"a wheel"


@pytest.mark.parametrize("sha256", [hashlib.sha256(CONTENT).hexdigest(), None])
def test_a_file_as_promised(tmp_path: Path, sha256: str | None) -> None:
    source, target = tmp_path / "source.whl", tmp_path / "target.whl"
    source.write_bytes(CONTENT)

    installer_process._download(source.as_uri(), sha256, target)

    assert target.read_bytes() == CONTENT


def test_another_file_than_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "source.whl", tmp_path / "target.whl"
    source.write_bytes(CONTENT)

    with pytest.raises(installer_process.FailedError, match="invalid package format"):
        installer_process._download(source.as_uri(), "0" * 64, target)
    with pytest.raises(installer_process.FailedError, match="Failed to download"):
        installer_process._download((tmp_path / "missing.whl").as_uri(), None, target)
    with pytest.raises(installer_process.FailedError, match="Failed to download"):
        installer_process._download("ftp://example.com/a.whl", None, target)
    monkeypatch.setattr(installer_process, "MOST_BYTES", len(CONTENT))
    with pytest.raises(installer_process.FailedError, match="invalid package format"):
        installer_process._download(source.as_uri(), None, target)


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://index.example/files/a.whl", "Basic bWU6Y2FuYXJ5QA=="),
        ("https://index.example:8443/files/a.whl", None),
        ("http://index.example/files/a.whl", None),
        ("https://other.example/files/a.whl", None),
    ],
)
def test_login(monkeypatch: pytest.MonkeyPatch, url: str, login: str | None) -> None:
    for name in installer_process.INDEXES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", "https://third.example/simple https://me:canary%40@index.example/simple")

    assert installer_process._login(url) == login
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("UV_INDEX", "home=https://me:canary%40@index.example/simple")
    assert installer_process._login(url) == login
