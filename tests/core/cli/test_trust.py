"""A certificate or a key that nobody trusts yet: the command says how it is trusted."""

import pytest
import typer

from ha_device_backup_core import CertificateNotTrustedError, DeviceBackupError, HostKeyNotTrustedError
from ha_device_backup_core.cli import back_up
from ha_device_backup_core.cli.output import FAILED, fail

from .conftest import Command

SHA256 = "ab" * 32
ERRORS = [(CertificateNotTrustedError(SHA256), "certificate"), (HostKeyNotTrustedError(SHA256), "host_key")]


@pytest.mark.parametrize(("error", "key"), ERRORS)
def test_it_is_told_behind_the_error(error: DeviceBackupError, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        fail(error, document=None)
    assert ended.value.exit_code == FAILED
    assert capsys.readouterr().err.splitlines() == [
        str(error),
        f"If the fingerprint is that of the device: --set {key}={SHA256}",
    ]


@pytest.mark.parametrize(("error", "key"), ERRORS)
def test_a_backup_tells_it_too(
    error: DeviceBackupError, key: str, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    async def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(back_up, "_back_up", refuse)
    answer = command("back-up", "example", "--store", f"{tmp_path}/store", "--set", "host=127.0.0.1")
    assert answer.status == FAILED
    assert answer.errors.splitlines()[-1] == f"If the fingerprint is that of the device: --set {key}={SHA256}"
