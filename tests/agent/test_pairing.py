"""How a client gets in, and how it does not."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_agent.clients import MOST_CLIENTS, Clients
from ha_device_backup_agent.data_folder import DataFolder, DataFolderError
from ha_device_backup_agent.pairing_window import MOST_GUESSES, WINDOW_SECONDS, PairingRequest, PairingWindow
from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.agent.pair import find_agent, pair
from ha_device_backup_core.agent.pairing import ALPHABET, bare_code, new_code, new_nonce, proof, proves
from ha_device_backup_core.errors import AgentAwayError, AgentRefusedError

from .agents import HOST
from .conftest import Cellar

SHA256 = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def request_with(code: str, *, certificate: str = SHA256, client: str = "Home") -> PairingRequest:
    nonce = new_nonce()
    return PairingRequest(client=client, nonce=nonce, proof=proof(code, "client", nonce, certificate))


def test_codes() -> None:
    code = new_code()
    assert len(bare_code(code)) == 16
    assert set(bare_code(code)) <= set(ALPHABET)
    assert bare_code(f" {code.lower().replace('-', ' ')}\n") == bare_code(code)
    assert code != new_code()


def test_proofs_are_of_one_side_one_certificate_and_one_code() -> None:
    shown = proof("CODE", "client", "nonce", SHA256)
    assert proves(shown, "code", "client", "nonce", SHA256)
    assert not proves(shown, "CODE", "agent", "nonce", SHA256)
    assert not proves(shown, "CODE", "client", "other", SHA256)
    assert not proves(shown, "CODE", "client", "nonce", "cd" * 32)
    assert not proves(shown, "OTHER", "client", "nonce", SHA256)


def test_the_first_client_closes_the_window(folder: DataFolder) -> None:
    window, clients = PairingWindow(folder), Clients(folder)
    request = request_with(window.open())

    admission = window.admit(request, clients, SHA256)

    assert admission is not None
    assert proves(admission.proof, "", "agent", request.nonce, SHA256) is False
    (client,) = clients.all()
    assert clients.of_token(admission.token) == client
    assert client.token_sha256 == hashlib.sha256(admission.token.encode()).hexdigest()
    assert window.admit(request, clients, SHA256) is None
    assert len(clients.all()) == 1


def test_guesses_close_the_window(folder: DataFolder) -> None:
    window, clients = PairingWindow(folder), Clients(folder)
    code = window.open()
    for _ in range(MOST_GUESSES):
        assert window.is_open
        assert window.admit(request_with(new_code()), clients, SHA256) is None

    assert not window.is_open
    assert window.admit(request_with(code), clients, SHA256) is None
    assert window.admit(request_with(window.open()), clients, SHA256) is not None


def test_time_closes_the_window(folder: DataFolder) -> None:
    now = 1000.0
    window, clients = PairingWindow(folder, now=lambda: now), Clients(folder)
    code = window.open()
    now += WINDOW_SECONDS + 1
    assert not window.is_open
    assert window.admit(request_with(code), clients, SHA256) is None
    code = window.open()
    now -= 3600  # a clock that was set back
    assert window.admit(request_with(code), clients, SHA256) is None


def test_a_code_seen_through_somebody_in_between_is_worth_nothing(folder: DataFolder) -> None:
    window, clients = PairingWindow(folder), Clients(folder)
    assert window.admit(request_with(window.open(), certificate="cd" * 32), clients, SHA256) is None


def test_clients_come_and_go(folder: DataFolder) -> None:
    server, command = Clients(folder), Clients(folder)
    assert server.ids() == set()
    token = server.add("Home")
    (client,) = command.all()
    assert server.of_token(token) == client
    assert command.revoke(client.client_id)
    assert not command.revoke(client.client_id)
    assert server.of_token(token) is None
    for number in range(MOST_CLIENTS):
        server.add(f"Home {number}")
    with pytest.raises(DataFolderError, match="Revoke one"):
        server.add("One more")


async def test_pairing_over_the_network(cellar: Cellar) -> None:
    found = await find_agent(HOST, cellar.agent.port)
    assert (found.sha256, found.hello.name) == (cellar.agent.sha256, "Cellar")
    with pytest.raises(AgentRefusedError):
        await pair(found, new_code(), client="Home")
    code = PairingWindow(DataFolder(cellar.folder)).open()
    with pytest.raises(AgentRefusedError):
        await pair(found, new_code(), client="Home")
    with pytest.raises(AgentRefusedError):
        await pair(replace(found, hello=found.hello), f"{code}2", client="Home")

    paired = await pair(found, code.lower(), client="Home")

    assert (await AgentClient(paired).hello()).agent_id == cellar.agent.agent_id
    assert [kind.spec.kind for kind in await AgentClient(paired).kinds()] == ["example", "rsync"]
    with pytest.raises(AgentRefusedError):
        await pair(found, code, client="Home")


async def test_no_agent_is_there() -> None:
    with pytest.raises(AgentAwayError):
        await find_agent(HOST, 1)
