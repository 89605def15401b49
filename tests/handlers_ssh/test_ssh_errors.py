"""What the library for SSH says, in the words of people."""

import asyncio

import asyncssh
import pytest

from ha_device_backup_core import CannotConnectError, DeviceBackupError
from ha_device_backup_ssh import session
from ha_device_backup_ssh.ssh_errors import ssh_errors
from tests.simulators.ssh import SimulatedLinux

from .conftest import HANDLERS, config, failure

LINUX = HANDLERS["linux_ssh"]
LATE, ENDED = "It did not answer in time.", "The connection ended in the middle."


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (asyncssh.ConnectionLost("Login timeout expired"), LATE),
        (asyncssh.ConnectionLost("Server not responding to keepalive"), LATE),
        (TimeoutError(), LATE),
        (asyncssh.ConnectionLost("Connection lost"), ENDED),
        (ConnectionResetError(), ENDED),
    ],
)
def test_a_device_that_is_late_did_not_end_anything(raised: Exception, told: str) -> None:
    with pytest.raises(DeviceBackupError) as caught, ssh_errors():
        raise raised
    assert (type(caught.value), caught.value.detail_in()) == (CannotConnectError, told)


async def test_a_device_that_takes_a_connection_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_LOGIN_SECONDS", 0.2)
    connected = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await _reader.read()
        writer.close()

    async with SimulatedLinux() as computer, await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(LINUX, config(computer, port=port))
        assert connected.is_set()
    assert (type(error), error.detail_in()) == (CannotConnectError, LATE)
