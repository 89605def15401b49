"""What code does to the world outside is seen; reading installed files does not count."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ha_device_backup_core.testing import side_effects
from ha_device_backup_core.testing.import_probe import acts_of_import
from ha_device_backup_core.testing.side_effects import watched


def test_what_is_done_is_seen(tmp_path: Path) -> None:
    with watched() as seen:
        (tmp_path / "new").write_text("x")
        (tmp_path / "new").read_text()
        Path(side_effects.__file__).read_text()
        (tmp_path / "new").unlink()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
        time.sleep(0)
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        subprocess.run([sys.executable, "-c", ""], check=True)
    time.sleep(0)
    assert seen[:5] == [
        f"writes {tmp_path / 'new'}",
        f"reads {tmp_path / 'new'}",
        f"removes {tmp_path / 'new'}",
        "listens on ('127.0.0.1', 0)",
        "sleeps 0 s",
    ]
    assert "starts a thread" in seen
    assert f"starts the program {sys.executable}" in seen


def test_the_hook_itself(tmp_path: Path) -> None:
    """Called by hand as well: coverage sees nothing of what Python calls while it audits."""
    with watched() as seen:
        side_effects._hook("open", (str(tmp_path / "a"), "r", os.O_RDONLY))
        side_effects._hook("open", (str(tmp_path / "a").encode(), "w", os.O_WRONLY | os.O_CREAT))
        side_effects._hook("open", (side_effects.__file__, "r", os.O_RDONLY))
        side_effects._hook("open", (3, "r", os.O_RDONLY))
        side_effects._hook("socket.connect", (None, ("192.0.2.1", 80)))
        side_effects._hook("os.fork", ())
        side_effects._hook("object.__getattr__", ())
    side_effects._hook("os.fork", ())
    assert seen == [f"reads {tmp_path / 'a'}", f"writes {tmp_path / 'a'}", "connects to ('192.0.2.1', 80)", "forks"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where compiled code is kept: to compile all that is imported takes seconds."""
    return tmp_path_factory.mktemp("compiled")


@pytest.mark.parametrize("keeps", ["", "1"])
def test_compiled_code_kept_elsewhere_is_read(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, keeps: str
) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(elsewhere))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", keeps)
    package = tmp_path / "quiet"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    subprocess.run(
        [sys.executable, "-c", "import quiet"],
        check=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""},
    )
    assert list(elsewhere.joinpath(*package.parts[1:]).glob("*.pyc"))

    assert acts_of_import("quiet") == []
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'data')!r}, 'w').close()")
    assert acts_of_import("quiet") == [f"writes {tmp_path / 'data'}"]
