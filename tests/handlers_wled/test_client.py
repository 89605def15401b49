"""Answers that no controller gives, and locks that outlive their job."""

import gzip
import logging
from typing import cast

import pytest

from ha_device_backup_core import (
    CannotConnectError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerContext,
    Note,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.testing import run_probe
from ha_device_backup_core.text import _ as of_core
from ha_device_backup_wled import device_backup_handlers
from ha_device_backup_wled.client import WledClient
from ha_device_backup_wled.handler import WledHandler
from ha_device_backup_wled.timing import WledTiming
from ha_device_backup_wled.translation import _
from tests.simulators.fixed_answer import answering
from tests.simulators.wled import PIN, SimulatedWled

from .conftest import config, fetch, files_of, restore

NOT_WLED = _("No WLED controller answers at this address.")
BROKE_OFF = of_core("Its answer broke off, several times.")


@pytest.mark.parametrize(
    ("answer", "error", "detail"),
    [
        (
            b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
            UnsupportedDeviceError,
            _("Something in front of the controller asks for a login. Enter the controller's own address."),
        ),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", UnsupportedDeviceError, NOT_WLED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", UnsupportedDeviceError, NOT_WLED),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", UnsupportedDeviceError, NOT_WLED),
        (
            b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
            UnexpectedResponseError,
            _("It answered with an error of its own."),
        ),
        (b"SSH-2.0-dropbear\r\n", UnexpectedResponseError, of_core("Its answer is not understood.")),
        (b"", CannotConnectError, of_core("It closed the connection without an answer, several times.")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", UnexpectedResponseError, BROKE_OFF),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
            UnexpectedResponseError,
            BROKE_OFF,
        ),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", DeviceBusyError, None),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", DeviceBusyError, None),
    ],
)
async def test_what_no_controller_answers(answer: bytes, error: type[DeviceBackupError], detail: object) -> None:
    async with answering(answer) as port:
        with pytest.raises(error) as caught:
            await run_probe(WledHandler, {"host": "127.0.0.1", "port": port, "pin": None})
    assert caught.value.detail == detail


async def test_headers_count_however_they_are_written() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n"
    async with answering(answer) as port:
        with pytest.raises(DeviceBusyError) as caught:
            await run_probe(WledHandler, {"host": "127.0.0.1", "port": port, "pin": None})
    assert caught.value.retry_after == 7


async def test_a_redirect_to_another_host_is_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://4.3.2.1/\r\nContent-Length: 0\r\n\r\n"
    async with answering(answer) as port:
        with pytest.raises(UnexpectedResponseError, match="redirects"):
            await run_probe(WledHandler, {"host": "127.0.0.1", "port": port, "pin": None})


async def test_settings_that_cannot_be_locked_again_are_a_warning_and_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.0) as wled:
        wled.faults.path, wled.faults.drop = "/settings/lock", 100
        fetched = await fetch(wled, PIN)
        assert files_of(fetched.artifact) == wled.device.user_files
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "15 minutes" in warnings[0]


async def test_a_compressed_twin_is_found_without_a_list() -> None:
    page = gzip.compress(b"<title>mine</title>", mtime=0)
    async with SimulatedWled(has_editor=False, extra_files={"style.css.gz": page}) as wled:
        held = files_of((await fetch(wled)).artifact)
        assert held["style.css.gz"] == page
        assert "style.css" not in held


async def test_a_damaged_twin_is_named_as_missing() -> None:
    async with SimulatedWled(has_editor=False, extra_files={"2d-gaps.json.gz": b"no gzip"}) as wled:
        wled.device.files.remove("/2d-gaps.json")
        missing = (await fetch(wled)).artifact.missing
        assert missing[1:] == (
            Note(code="files_unreadable", text=_("These files could not be read: {files}.", files="2d-gaps.json")),
        )
        assert "2d-gaps.json" in str(missing[1].text)


async def test_a_file_that_breaks_off_on_its_path_is_read_with_the_editor() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.truncate = "/matrix", 100
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files, "the editor still gives it"


def test_the_package_registers_its_handler() -> None:
    assert list(device_backup_handlers()) == [WledHandler]
    assert WledHandler.spec.kind == "wled"
    assert [field.key for field in WledHandler.spec.fields] == ["host", "port", "pin"]


@pytest.mark.parametrize("pin", ["1", "12345"])
async def test_a_pin_has_four_characters(pin: str) -> None:
    async with SimulatedWled(pin=PIN) as wled:
        with pytest.raises(ConfigError) as caught:
            await fetch(wled, pin)
        assert (caught.value.field, wled.requests) == ("pin", [])
        assert (await fetch(wled, PIN)).artifact.missing == ()


async def test_the_default_port_is_that_of_the_web() -> None:
    assert config(SimulatedWled())["port"] == 0
    port = WledHandler.spec.field("port")
    assert port is not None
    assert port.default == 80


async def test_a_controller_is_reached_by_ipv6() -> None:
    async with SimulatedWled(host="::1") as wled:
        device = await run_probe(WledHandler, config(wled))
        assert device.configuration_url == f"http://[::1]:{wled.port}"
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files
        wled.device.save_preset(9, {"n": "Later"})
        assert (await restore(wled, fetched.artifact)).unproven == ()


@pytest.mark.parametrize("host", ["fe80::1", "fe80::1%eth0", "::ffff:10.0.0.7", "2001:db8::7"])
def test_any_ipv6_address_makes_an_address_for_a_browser(host: str) -> None:
    client = WledClient(context=cast("HandlerContext", None), host=host, port=80, timing=WledTiming())
    assert client.url == f"http://[{host}]"
