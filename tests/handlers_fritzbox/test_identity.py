"""Whose backup it is: another box may come to the address at any moment; and addresses of every kind."""

import socket
from collections.abc import Callable

import pytest

from ha_device_backup_core import UnexpectedResponseError, WrongDeviceError
from ha_device_backup_core.testing import run_probe
from ha_device_backup_fritzbox import FritzBoxHandler
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import BAD_URL, SERIAL, Somebody, config, failure, fetch, know_ports, succeeds

OTHER = "AABBCCDDEEFF"


def replace_when(fritz: SimulatedFritzBox, given: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """Put another box at the address as soon as this one gave that."""

    def tamper(answer: dict[str, str]) -> dict[str, str]:
        if given in answer:
            fritz.box.serial = OTHER
        return answer

    return tamper


@pytest.mark.parametrize(
    "given", ["NewPhonebookList", "NewPhonebookURL", "NewX_AVM-DE_ConfigFileUrl", "NewSerialNumber"]
)
async def test_files_of_another_box_are_never_stored(fritz: SimulatedFritzBox, given: str) -> None:
    fritz.box.tamper = replace_when(fritz, given)
    assert isinstance(await failure(fritz), WrongDeviceError)
    fritz.box.tamper = lambda answer: answer
    fritz.box.serial = SERIAL.upper()
    await succeeds(fritz)


@pytest.mark.parametrize("fault", ["drop", "hang", "busy", "truncate", "web_page"])
async def test_what_a_person_confirmed_is_not_lost_to_a_busy_moment(fritz: SimulatedFritzBox, fault: str) -> None:
    fritz.box.confirmation.enabled = True
    fritz.box.confirmation.polls_until_pressed = 0

    def spoil(answer: dict[str, str]) -> dict[str, str]:
        if "NewX_AVM-DE_ConfigFileUrl" in answer:
            fritz.faults.on = "GetInfo"
            setattr(fritz.faults, fault, 2)
        return answer

    fritz.box.tamper = spoil
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_who_never_says_who_it_is_has_no_backup(fritz: SimulatedFritzBox) -> None:
    fritz.box.tamper = lambda answer: (
        {**answer, "NewSerialNumber": ""} if "NewX_AVM-DE_ConfigFileUrl" not in answer else answer
    )
    error = await failure(fritz)
    assert isinstance(error, UnexpectedResponseError)
    assert error.detail_in() == "It does not tell its serial number."
    fritz.box.tamper = lambda answer: answer
    await succeeds(fritz)


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize(
    "changes", [{}, {"tls": False, "certificate": None}, {"host": "0:0:0:0:0:0:0:1"}, {"host": "[::1]"}]
)
async def test_a_box_may_have_an_ipv6_address(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    async with SimulatedFritzBox(host="::1") as fritz:
        fritz.box.confirmation.enabled = False
        know_ports(fritz, monkeypatch)
        await succeeds(fritz, None, **changes)
        device = await run_probe(FritzBoxHandler, config(fritz, **changes))
        assert device.configuration_url == "http://[::1]"
        fritz.url_host = "127.0.0.1"
        await succeeds(fritz, None, **changes)
        fritz.faults.foreign_url = "https://[2001:db8::1]/export"
        assert (await failure(fritz, **changes)).detail_in() == BAD_URL
        fritz.faults.foreign_url = ""
        await succeeds(fritz, None, **changes)
