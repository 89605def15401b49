"""What the installer does in the Python that it runs in, command by command."""

import io
import json
import ssl
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from ha_device_backup_core.packages import installer_process
from tests.simulators.wheels import write_wheel

OF_OTHERS = "lamp_space/part.py"


class Uv:
    """Stands for uv: notes what it is asked, and does what a test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.said = ""
        self.does: Callable[[Sequence[str]], None] = lambda _: None

    def __call__(self, command: str, *arguments: str) -> str:
        self.asked.append((command, *arguments))
        self.does(arguments)
        return self.said


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> Uv:
    uv = Uv()
    monkeypatch.setattr(installer_process, "_uv", uv)
    monkeypatch.setattr(installer_process, "_target", lambda into: [into])
    return uv


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of packages, from which is imported, too."""
    site = tmp_path / "site-packages"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    return site


def unpack(site: Path, name: str, **about: object) -> Path:
    """Put a package there, as an installer would; return its record."""
    wheel = write_wheel(site.parent, name, **about)  # type: ignore[arg-type] # as its own keywords say
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (record,) = site.glob(f"{name.replace('-', '_')}-*.dist-info/RECORD")
    return record


def test_what_is_installed_is_told_with_what_it_needs(site: Path) -> None:
    unpack(site, "acme-lamp", version="2.1", requires=("yarl>=1",))
    assert installer_process.installed()["acme-lamp"] == {"version": "2.1", "needs": ["yarl>=1"]}


def test_what_is_installed_in_the_old_form_is_told_too(site: Path) -> None:
    egg = site / "old_lamp.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: old-lamp\nVersion: 0.9\n")
    assert installer_process.installed()["old-lamp"] == {"version": "0.9", "needs": []}
    (egg / "requires.txt").write_text("yarl>=1\n\n[extra]\nidna\n")
    assert installer_process.installed()["old-lamp"] == {
        "version": "0.9",
        "needs": ["yarl>=1", 'idna; extra == "extra"'],
    }


def test_whose_a_file_a_module_and_a_command_are(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack(site, "acme-lamp", more={OF_OTHERS: "", "acme_code/__init__.py": ""})
    (site / "by_hand.py").write_text("")
    (tmp_path / "by-hand").write_text("")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))

    assert installer_process.owners(
        files=["acme_lamp.py", "acme_lamp/../acme_code/__init__.py", "nobodys.py"],
        modules=["acme_code", "json", "by_hand", "lamp_space", "no_such_module", "broken..name"],
        scripts=["by-hand", "absent"],
        into=str(site),
    ) == {
        "files": {"acme_lamp.py": "acme-lamp", "acme_lamp/../acme_code/__init__.py": "acme-lamp"},
        "modules": {"acme_code": "acme-lamp", "json": "", "by_hand": ""},
        "shared": {"lamp_space": "acme-lamp"},
        "scripts": {"by-hand": ""},
    }


def test_what_would_come_is_read_from_the_words_of_uv(uv: Uv) -> None:
    uv.said = "Resolved 3 packages\n + acme-lamp==1.0\n ~ yarl==1.22\n - old==1\nWould install\n"
    assert installer_process.resolve(["acme-lamp==1.0"], "limits.txt", "--here") == ["acme-lamp==1.0", "yarl==1.22"]
    ((command, *arguments),) = uv.asked
    assert (command, arguments[:2], arguments[-3:]) == (
        "install",
        ["--dry-run", "--here"],
        ["--constraint", "limits.txt", "acme-lamp==1.0"],
    )


def test_the_wheel_for_this_computer_is_fetched(uv: Uv, tmp_path: Path) -> None:
    here = write_wheel(tmp_path, "acme-lamp")
    other = write_wheel(tmp_path, "acme-lamp", tag="cp39-cp39-win32")
    folder = tmp_path / "fetched"
    folder.mkdir()

    def lock(_: Sequence[str]) -> None:
        wheels = f'[{{url = "{other.as_uri()}"}}, {{path = "{here}"}}]'
        (folder / "pylock.toml").write_text(f'[[packages]]\nname = "acme-lamp"\nwheels = {wheels}\n')

    uv.does = lock
    installer_process.fetch(["acme-lamp==1.0"], str(folder))
    assert (folder / "wanted.txt").read_text() == "acme-lamp==1.0"
    assert (folder / here.name).read_bytes() == here.read_bytes()
    assert not (folder / other.name).exists()


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_files_of_others_are_no_longer_in_the_record_of_what_goes(uv: Uv, site: Path, command: str) -> None:
    record = unpack(site, "acme-lamp", more={OF_OTHERS: ""}, also_listed=("../../../elsewhere.txt",))
    unpack(site, "other-lamp", more={OF_OTHERS: ""})
    before = record.read_text().splitlines()

    if command == "install":
        installer_process.install(["Acme.Lamp==1.0"], "folder", str(site))
        assert uv.asked[0][-1] == "Acme.Lamp==1.0"
    else:
        installer_process.uninstall(["acme-lamp"], str(site))
        assert uv.asked == [("uninstall", "--quiet", str(site), "acme-lamp")]

    spared = {line for line in before if line.startswith((OF_OTHERS, "../"))}
    assert len(spared) == 2
    assert set(record.read_text().splitlines()) == set(before) - spared
    assert not record.with_name("RECORD.new").exists()
    installer_process.uninstall(["other-lamp"], str(site))
    assert set(record.read_text().splitlines()) == set(before) - spared


@pytest.mark.parametrize("said", ["error: bad.example: 503", "error: no such package"])
def test_an_extra_index_that_fails_is_left_out_once(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", "https://good.example/simple https://bad.example/simple")
    tried: list[str] = []

    def run(_: object, *, env: dict[str, str], **__: object) -> object:
        tried.append(env["UV_EXTRA_INDEX_URL"])
        failed = "bad.example" in env["UV_EXTRA_INDEX_URL"]
        return SimpleNamespace(returncode=int(failed), stderr=said if failed else "fine")

    monkeypatch.setattr(subprocess, "run", run)
    if "bad.example" in said:
        assert installer_process._uv("install", "x") == "fine"
        assert tried == ["https://good.example/simple https://bad.example/simple", "https://good.example/simple"]
    else:
        with pytest.raises(installer_process.FailedError, match="no such package"):
            installer_process._uv("install", "x")
        assert len(tried) == 1


@pytest.mark.parametrize("has_certificates", [True, False])
def test_certificates_of_home_assistant_are_taken_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, has_certificates: bool
) -> None:
    loaded: list[str] = []
    context: object = SimpleNamespace(get_ca_certs=lambda: [1] * has_certificates, load_verify_locations=loaded.append)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert installer_process._tls() == context
    assert len(loaded) == (not has_certificates)


def test_packages_go_where_the_host_says() -> None:
    assert installer_process._target("/elsewhere") == ["--python", sys.executable, "--target", "/elsewhere"]
    assert installer_process._folder("/elsewhere") == "/elsewhere"
    assert installer_process._target("") == []
    assert installer_process._folder("") == sysconfig.get_path("purelib")


def test_what_is_asked_on_standard_input_is_answered_on_standard_output(
    uv: Uv, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(command: str, **arguments: object) -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(arguments)))
        return installer_process.main(command)

    uv.said = " + acme-lamp==1.0\n"
    assert ask("resolve", options=["acme-lamp"], constraints="limits.txt", into="") == 0
    assert json.loads(capsys.readouterr().out) == ["acme-lamp==1.0"]
    assert ask("uninstall", names=["no-such-lamp"], into="") == 0
    assert capsys.readouterr().out == "null"

    def fail(_: Sequence[str]) -> None:
        raise installer_process.FailedError("error: no such package")

    uv.does = fail
    assert ask("resolve", options=["acme-lamp"], constraints="limits.txt", into="") == 1
    assert capsys.readouterr() == ("", "error: no such package")
