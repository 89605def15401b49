"""What is fetched, and what it is called."""

import json

import pytest
from aiohttp import web

from ha_device_backup_core import ArtifactTooLargeError, ConfigError, DeviceInfo, InvalidArtifactError, Note
from ha_device_backup_core.testing import run_job, run_probe
from ha_device_backup_http import HttpHandler, laid_out
from ha_device_backup_http.free import artifact
from ha_device_backup_http.free.rules import Rules, rules_of
from ha_device_backup_http.recognise import Form
from tests.simulators.http_service import SETTINGS_PATH, LoginStyle, SimulatedService
from tests.simulators.http_service.faults import without_length

from .conftest import config, failure, fetch, succeeds
from .test_normalize import zipped

MORE = ("zones.xml = /zones.xml", "?rain log = /log?days=7")
UNKNOWN = "application/octet-stream"
ZONES = web.Response(text="<zones/>", content_type="application/xml")


async def test_who_answers(service: SimulatedService) -> None:
    device = await run_probe(HttpHandler, config(service))
    origin = service.origin
    assert device == DeviceInfo(unique_id=None, name=f"127.0.0.1:{service.port}", configuration_url=origin)
    size = len(json.dumps(service.settings))
    assert device.notices == (Note(code="received", text=""),)
    assert str(device.notices[0].text) == f"This came: settings.json (JSON), {size} bytes."


@pytest.mark.parametrize("style", [LoginStyle.PAGE, LoginStyle.DIGEST])
@pytest.mark.parametrize("tls", [False, True])
async def test_a_device_with_an_ipv6_address(style: LoginStyle, tls: bool) -> None:
    async with SimulatedService(style, tls=tls, host="::1") as service:
        service.files["/zones.xml"] = ZONES
        entered = config(service, files=(f"zones.xml = {service.origin}/zones.xml",))
        device = await run_probe(HttpHandler, entered)
        assert (device.name, device.configuration_url) == (f"[::1]:{service.port}", service.origin)
        fetched = await run_job(HttpHandler, entered)
        assert fetched.artifact.filename == "1.zip"
        service.answers["/old"] = lambda _request: web.Response(status=302, headers={"Location": SETTINGS_PATH})
        if style is LoginStyle.PAGE:
            await succeeds(service, "/old", ignore=("/uptime",))


async def test_a_login_in_clear_is_told() -> None:
    async with SimulatedService(LoginStyle.BASIC) as service:
        device = await run_probe(HttpHandler, config(service))
        assert [note.code for note in device.notices] == ["received", "not_encrypted"]
    async with SimulatedService(LoginStyle.BASIC, tls=True) as service:
        device = await run_probe(HttpHandler, config(service))
        assert [note.code for note in device.notices] == ["received"]


async def test_what_the_backups_will_lack_is_told_before_they_are_relied_on(service: SimulatedService) -> None:
    rain = "?rain.csv = /rain.csv"
    device = await run_probe(HttpHandler, config(service, files=(rain,)))
    assert device.notices[1:] == (await fetch(service, files=(rain,))).remarks
    assert [str(note.text) for note in device.notices[1:]] == ["rain.csv: the device does not have this file."]

    service.answers["/menu.txt"] = without_length(b"menu\n" * 40)
    device = await run_probe(HttpHandler, config(service, "/menu.txt"))
    assert device.notices[1:] == (await fetch(service, "/menu.txt")).doubts
    assert [note.code for note in device.notices[1:]] == ["end_unknown_menu_txt"]


async def test_a_job_asks_once(service: SimulatedService) -> None:
    await succeeds(service)
    assert service.requests == [f"GET {SETTINGS_PATH}"]


@pytest.mark.parametrize(
    ("headers", "name", "media_type"),
    [
        ({"Content-Type": "application/json"}, "settings.json", "application/json"),
        ({"Content-Type": "text/plain; charset=utf-8"}, "settings.json", "application/json"),
        ({"Content-Type": "no type/at all"}, "settings.json", "application/json"),
        ({"Content-Disposition": 'attachment; filename="../My pump.cfg"'}, "My_pump.cfg", "application/json"),
        ({"Content-Disposition": "attachment; filename*=UTF-8''M%C3%A4rz"}, "März.json", "application/json"),
    ],
)
async def test_the_name_and_type_of_a_file(
    service: SimulatedService, headers: dict[str, str], name: str, media_type: str
) -> None:
    service.answers[SETTINGS_PATH] = lambda _request: web.Response(body=b'{"a": 1}', headers=headers)
    fetched = await fetch(service)
    assert (fetched.artifact.filename, fetched.artifact.media_type) == (name, media_type)
    assert fetched.artifact.content == b'{"a": 1}'


async def test_a_name_for_an_address_without_one(service: SimulatedService) -> None:
    service.answers["/"] = lambda _request: web.Response(text="k=1\nm=2\n")
    assert (await fetch(service, "/")).artifact.filename == "backup"
    assert (await fetch(service, "")).artifact.filename == "backup"


async def test_a_zip_file_is_one_file_whose_files_are_compared(service: SimulatedService) -> None:
    years = iter((2020, 2021))
    service.answers["/b"] = lambda _request: web.Response(body=zipped({"a.json": b"[1]"}, next(years)))
    first, second = await fetch(service, "/b"), await fetch(service, "/b")
    assert (first.artifact.filename, first.artifact.media_type) == ("b.zip", "application/zip")
    assert first.artifact.content != second.artifact.content
    assert first.fingerprint == second.fingerprint
    service.answers["/b"] = lambda _request: web.Response(body=zipped({"a": b"1"})[:-4])
    assert isinstance(await failure(service, "/b"), InvalidArtifactError)
    service.answers["/b"] = lambda _request: web.Response(body=zipped({"a": b"1"}))
    await succeeds(service, "/b", content="zip")
    assert (await fetch(service, "/b", content="any")).artifact.files() == {"a": b"1"}


async def test_several_addresses_are_one_artifact(service: SimulatedService) -> None:
    service.files["/zones.xml"] = ZONES
    service.files["/log"] = web.Response(text="dry")
    fetched = await succeeds(service, files=MORE, pattern="hour", minimum_size=10)
    artifact = fetched.artifact
    assert (artifact.filename, artifact.media_type) == ("127.0.0.1.zip", "application/zip")
    files = dict(artifact.files())
    assert json.loads(files.pop("settings"))["name"] == "pump"
    assert files == {"zones.xml": b"<zones/>", "rain log": b"dry"}
    assert rules_of(artifact) == Rules(
        main="settings",
        bundled=True,
        forms={"settings": Form.JSON, "zones.xml": Form.XML, "rain log": Form.TEXT},
        pattern="hour",
        minimum_size=10,
        ignore=("/uptime", "/times/*/last_run"),
    )
    assert service.requests[-1] == "GET /log"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_file_that_may_be_missing(service: SimulatedService, status: int) -> None:
    service.files["/zones.xml"] = ZONES
    service.files["/log"] = web.Response(status=status)
    fetched = await fetch(service, files=MORE)
    assert fetched.remarks == (Note(code="file_missing_rain_log", text=""),)
    assert (fetched.artifact.missing, fetched.doubts) == ((), ()), "the person said that it may be missing"
    assert str(fetched.remarks[0].text) == "rain log: the device does not have this file."
    assert sorted(fetched.artifact.files()) == ["settings", "zones.xml"]
    service.files["/log"] = web.Response(text="dry")
    whole = await succeeds(service, files=MORE)
    assert whole.fingerprint != fetched.fingerprint


async def test_a_file_that_may_not_be_missing(service: SimulatedService) -> None:
    service.files["/log"] = web.Response(text="dry")
    error = await failure(service, files=MORE)
    assert error.detail_in() == "HTTP 404: there is nothing at /zones.xml. Check the address."
    service.files["/zones.xml"] = ZONES
    await succeeds(service, files=MORE)


async def test_a_request_with_a_body(service: SimulatedService) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"asked": request.headers["X-Scope"]}, status=201)

    service.answers["/export"] = answer
    service.files["/zones.xml"] = ZONES
    await succeeds(
        service,
        "/export",
        method="post",
        body=('{"full": true}',),
        headers=("X-Scope: all",),
        files=("zones.xml = /zones.xml",),
    )
    assert service.requests == ["POST /export", "GET /zones.xml"]
    assert service.bodies == [("application/json", b'{"full": true}'), ("application/octet-stream", b"")]
    assert [headers["X-Scope"] for headers in service.seen_headers] == ["all", "all"]


async def test_a_web_page_only_where_it_is_wanted(service: SimulatedService) -> None:
    service.answers["/page"] = lambda _request: web.Response(text="<html>Zones</html>", content_type="text/html")
    for content in ("auto", "json", "xml", "zip", "any"):
        error = await failure(service, "/page", content=content)
        assert isinstance(error, InvalidArtifactError)
        assert "is a web page" in error.detail_in()
    fetched = await succeeds(service, "/page", content="page")
    assert fetched.artifact.filename == "page.html"


@pytest.mark.parametrize("text", ["Please log in", "<center>Log in</center>"])
async def test_what_is_declared_as_a_page_is_one(service: SimulatedService, text: str) -> None:
    service.answers["/page"] = lambda _request: web.Response(text=text, content_type="text/html")
    error = await failure(service, "/page")
    assert isinstance(error, InvalidArtifactError)
    assert "is a web page" in error.detail_in()
    service.answers["/json"] = lambda _request: web.Response(text='{"a": 1}', content_type="text/html")
    await succeeds(service, "/json")
    service.answers["/ini"] = lambda _request: web.Response(text="a=1\nb=2\n", content_type="text/html")
    assert isinstance(await failure(service, "/ini"), InvalidArtifactError)
    await succeeds(service, "/ini", content="any")


async def test_something_unknown_only_where_it_is_wanted(service: SimulatedService) -> None:
    service.answers["/b"] = lambda _request: web.Response(body=b"\x00\x01\x02")
    error = await failure(service, "/b")
    assert isinstance(error, InvalidArtifactError)
    assert "Anything but a web page" in error.detail_in()
    assert (await succeeds(service, "/b", content="any")).artifact.filename == "b"


async def test_something_has_to_be_left_to_compare(service: SimulatedService) -> None:
    error = await failure(service, ignore=(r".", "/name"))
    assert isinstance(error, ConfigError)
    assert error.field == "ignore"
    assert error.detail_in() == "Nothing of file is left to compare: changes would never be noticed."
    await succeeds(service)


async def test_expressions_are_not_looked_for_in_too_much(
    service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (laid_out, artifact):
        monkeypatch.setattr(module, "LARGEST_SEARCHED", 40)
    service.answers["/log"] = lambda _request: web.Response(text="line\n" * 10)
    error = await failure(service, "/log", ignore=("x",))
    assert isinstance(error, ConfigError)
    assert error.field == "ignore"
    assert error.detail_in() == (
        "In more than 40 bytes, regular expressions would take too long. Use places in JSON, such as /uptime."
    )
    service.answers["/log"] = lambda _request: web.Response(text="line\n" * 8)
    await succeeds(service, "/log", ignore=("x",))
    await succeeds(service)


async def test_places_are_not_looked_for_in_too_much(service: SimulatedService) -> None:
    service.answers["/log"] = lambda _request: web.Response(body=b'{"up": [1' + b",1" * 300_000 + b"]}")
    error = await failure(service, "/log", ignore=("/up",))
    assert isinstance(error, ConfigError)
    assert error.field == "ignore"
    assert error.detail_in() == (
        "log.json is too large to look for places in it. Use regular expressions, or ask for less."
    )
    await succeeds(service, "/log")


async def test_what_is_empty_on_the_device_is_kept(service: SimulatedService) -> None:
    service.answers[SETTINGS_PATH] = lambda _request: web.json_response([])
    assert (await succeeds(service)).artifact.content == b"[]"


async def test_all_files_together_are_bounded(service: SimulatedService, monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"x" * (HttpHandler.spec.max_artifact_bytes // 2)
    service.answers["/large"] = lambda _request: web.Response(body=large)
    error = await failure(service, files=("a = /large", "b = /large?2", "c = /large?3"))
    assert isinstance(error, ArtifactTooLargeError)
    assert error.detail_in() == f"All files together have more than {HttpHandler.spec.max_artifact_bytes} bytes."
    assert service.requests[-1] == "GET /large"
    await succeeds(service, files=("a = /large",))
