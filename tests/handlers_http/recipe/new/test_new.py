"""A recipe that was begun with a device works with it at once, and holds nothing that was entered as a secret."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.handlers_http.conftest import assert_no_canary
from tests.simulators.http_service import KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService
from tests.simulators.http_service.logins import LOGIN_PATH

from .conftest import Author

NAMED = ("--name", "Acme Pump", "--manufacturer", "Acme", "--info", "-")
BY_PASSWORD = {"username": USERNAME, "password": PASSWORD}
LOGINS: dict[LoginStyle, tuple[tuple[str, ...], dict[str, str]]] = {
    LoginStyle.NONE: (("--login", "none"), {}),
    LoginStyle.BASIC: (("--login", "basic", "--username", USERNAME, "--password", PASSWORD), BY_PASSWORD),
    LoginStyle.DIGEST: (("--login", "digest", "--username", USERNAME, "--password", PASSWORD), BY_PASSWORD),
    LoginStyle.BEARER: (("--login", "bearer", "--token", KEY), {"token": KEY}),
    LoginStyle.HEADER: (("--login", "header", "--token-name", "X-API-Key", "--token", KEY), {"token": KEY}),
    LoginStyle.QUERY: (("--login", "query", "--token-name", "apikey", "--token", KEY), {"token": KEY}),
    LoginStyle.PAGE: (
        ("--login", "form", "--login-page", LOGIN_PATH, "--username", USERNAME, "--password", PASSWORD),
        BY_PASSWORD,
    ),
}


@pytest.fixture(params=LOGINS)
async def locked(request: pytest.FixtureRequest) -> AsyncIterator[SimulatedService]:
    """A service with each login."""
    async with SimulatedService(request.param) as found:
        yield found


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    """A service without a login that tells who it is."""
    async with SimulatedService() as found:
        found.answers["/info"] = lambda _request: web.json_response({"serial": "ABC-0815", "fw_version": "1.4.2"})
        yield found


async def test_by_options(author: Author, locked: SimulatedService) -> None:
    options, entered = LOGINS[locked.logins.style]
    ended = await author.new(*NAMED, "--url", locked.origin + SETTINGS_PATH, *options)

    assert (ended.status, len(ended.said)) == (0, 1)
    assert await ended.is_steady({"url": locked.origin, **entered})
    assert (await author.run("check", str(ended.file))).status == 0
    assert_no_canary(ended.text, *ended.said)
    assert locked.logins.refused == 0


async def test_by_answers(author: Author, service: SimulatedService, capsys: pytest.CaptureFixture[str]) -> None:
    answers = f"Acme Pump\n\n{service.origin}\n{SETTINGS_PATH}\nmagic\nnone\n/info\n9\n1\n"
    ended = await author.new(answers=answers)
    fetched = await ended.backs_up({"url": service.origin})

    assert ended.status == 0
    assert (fetched.device.unique_id, fetched.device.version) == ("ABC-0815", "1.4.2")
    assert 'tested = "1.4.2"' in ended.text
    assert "untested" not in ended.text
    assert "1  json:/serial  ABC-0815" in capsys.readouterr().err


async def test_secret_by_answer(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    async with SimulatedService(LoginStyle.BASIC) as service:
        options = (*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "basic")
        ended = await author.new(*options, answers=f"{USERNAME}\n{PASSWORD}\n")

        assert ended.status == 0
        assert await ended.is_steady({"url": service.origin, **BY_PASSWORD})
        assert_no_canary(ended.text, capsys.readouterr())


async def test_what_was_seen_is_in_it(author: Author, service: SimulatedService) -> None:
    ended = await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")

    for line in (
        'form = "json"  # what it has to be, whatever the device says of it',
        'required = ["/wifi", "/times"]',
        'json = ["/times/*/last_run", "/uptime"]',
        'json = ["/wifi/password"]',
    ):
        assert line in ended.text.splitlines()


@pytest.mark.parametrize(("wish", "unique_id"), [(None, "ABC-0815"), ("/serial", "ABC-0815"), ("-", None)])
async def test_unique_id(author: Author, service: SimulatedService, wish: str | None, unique_id: str | None) -> None:
    options = ("--name", "Pump", "--manufacturer", "", "--url", service.origin + SETTINGS_PATH, "--info", "/info")
    chosen = () if wish is None else ("--unique-id", wish)
    ended = await author.new(*options, "--login", "none", *chosen)

    assert (await ended.backs_up({"url": service.origin})).device.unique_id == unique_id


async def test_secrets_in_addresses_become_fields(author: Author) -> None:
    async with SimulatedService(LoginStyle.QUERY) as service:
        url = f"{service.origin}{SETTINGS_PATH}?apikey={KEY}"
        ended = await author.new(*NAMED, "--url", url, "--login", "none")

        assert ended.status == 0
        assert 'request = "GET /api/settings?apikey={apikey}"' in ended.text
        assert_no_canary(ended.text, *ended.said)
        assert await ended.is_steady({"url": service.origin, "apikey": KEY})


async def test_login_in_the_address(author: Author) -> None:
    async with SimulatedService(LoginStyle.BASIC) as service:
        service.logins.password = "canary-key-0815"
        url = service.origin.replace("//", f"//{USERNAME}:canary-key-0815@") + SETTINGS_PATH
        ended = await author.new(*NAMED, "--url", url)

        assert ended.status == 0
        assert_no_canary(ended.text, *ended.said)


async def test_secret_from_a_file(author: Author, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"\ufeff{KEY}\r\n", encoding="utf-8")
    async with SimulatedService(LoginStyle.BEARER) as service:
        options = ("--url", service.origin + SETTINGS_PATH, "--login", "bearer")
        missing = await author.new(*NAMED, *options, "--token", f"@{tmp_path}/none")
        ended = await author.new(*NAMED, *options, "--token", f"@{tmp_path}/token")

        assert (missing.status, ended.status) == (2, 0)


async def test_certificate_that_nobody_trusts(author: Author) -> None:
    async with SimulatedService(tls=True) as service:
        options = (*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")
        refused = await author.new(*options)
        ended = await author.new(*options, "--certificate", service.sha256)

        assert (refused.status, refused.said[-1]) == (1, f"If it is the right one: --certificate {service.sha256}")
        assert (ended.status, service.sha256 in ended.text) == (0, False)


async def test_existing_file_stays(author: Author, service: SimulatedService) -> None:
    author.file.write_text("mine")
    ended = await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")

    assert (ended.status, ended.text, service.requests) == (2, "mine", [])
    assert ended.said == (f"{author.file} is there already. Choose another name.",)


async def test_file_is_called_as_the_kind(
    author: Author, service: SimulatedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = (*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none", "--pause", "0")

    written = tmp_path / "acme_pump.toml"
    first, again = await author.run("new", *options), await author.run("new", *options)
    assert (first.status, first.said, written.exists()) == (
        0,
        ("acme_pump.toml is written: look through it, above all for secrets.",),
        True,
    )
    assert (again.status, again.said) == (2, ("acme_pump.toml is there already. Choose another name.",))


async def test_wrong_password_leaves_no_file(author: Author, locked: SimulatedService) -> None:
    options, _entered = LOGINS[locked.logins.style]
    wrong = ["wrong" if option in {PASSWORD, KEY} else option for option in options]
    ended = await author.new(*NAMED, "--url", locked.origin + SETTINGS_PATH, *wrong)

    assert ended.status == (0 if locked.logins.style is LoginStyle.NONE else 1)
    assert ended.file.exists() == (locked.logins.style is LoginStyle.NONE)
    assert locked.logins.refused <= 1
    ended.file.unlink(missing_ok=True)
    assert (await author.new(*NAMED, "--url", locked.origin + SETTINGS_PATH, *options)).status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--login", "magic"),
        ("--colour", "red"),
        ("--pause", "long"),
        ("--url", "ftp://pump"),
        ("--url", "http://pump:99999"),
        ("--kind", "No Kind"),
        ("--url", "pump", "--path", "/a", "--login", "basic"),
        ("--url", "pump", "--path", "/a", "--login", "header"),
        ("--url", "pump", "--path", "/a", "--login", "form"),
        ("--url", "pump"),
        (),
    ],
)
async def test_wrong_usage(author: Author, arguments: tuple[str, ...]) -> None:
    ended = await author.new(*NAMED, *arguments)

    assert (ended.status, len(ended.said), ended.file.exists()) == (2, 1, False)


async def test_login_page_without_a_form(author: Author, service: SimulatedService) -> None:
    service.answers["/login"] = lambda _request: web.Response(
        text="<html><p>Hello</p></html>", content_type="text/html"
    )
    ended = await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, *LOGINS[LoginStyle.PAGE][0])

    assert (ended.status, ended.said) == (2, ("There is no form with a password at /login.",))


async def test_file_that_is_another_each_time(author: Author, service: SimulatedService) -> None:
    numbers = iter(range(100))
    service.answers["/backup"] = lambda _request: web.Response(body=b"\0\xff" + bytes([next(numbers)]))
    ended = await author.new(*NAMED, "--url", f"{service.origin}/backup", "--login", "none")

    assert ended.status == 0
    assert "# Two fetches had too little in common" in ended.text
    assert ended.said[1].startswith("A third fetch differed once more")


async def test_folder_that_cannot_be_written(author: Author, service: SimulatedService, tmp_path: Path) -> None:
    options = (*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none", "--pause", "0")
    ended = await author.run("new", f"{tmp_path}/none/a.toml", *options)

    assert (ended.status, ended.said) == (2, (f"{tmp_path}/none/a.toml: No such file or directory",))


async def test_help(author: Author) -> None:
    assert (await author.run("new", "--help")).said[0].startswith("Usage: ha-device-backup recipe new [FILE]")


async def test_try(author: Author, service: SimulatedService) -> None:
    await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")
    good = await author.run("try", str(author.file), "--set", f"url={service.origin}")
    author.file.write_text(author.file.read_text().replace('"/uptime"', '"/other"'))
    differs = await author.run("try", str(author.file), "--set", f"url={service.origin}")

    assert (good.status, good.said[-1]) == (0, "A second backup is equal.")
    assert (differs.status, differs.said[-1].split(":")[0]) == (1, "A second backup differs in settings.json")


@pytest.mark.parametrize(
    ("setting", "status"), [("url=http://127.0.0.1:1", 1), ("url", 2), ("urls=x", 2), ("url=@/none", 2), ("url=x y", 2)]
)
async def test_try_with_something_wrong(author: Author, service: SimulatedService, setting: str, status: int) -> None:
    await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")

    assert (await author.run("try", str(author.file), "--set", setting)).status == status


async def test_try_asks_for_secrets(author: Author) -> None:
    async with SimulatedService(LoginStyle.BEARER) as service:
        options: Any = LOGINS[LoginStyle.BEARER][0]
        await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, *options)
        ended = await author.run("try", str(author.file), "--set", f"url={service.origin}", answers=f"{KEY}\n")

        assert ended.status == 0


async def test_names_that_no_recipe_takes(author: Author, service: SimulatedService) -> None:
    answer = '{"": {"a": 1}, "\\ud800": {"token": "x"}, "a\\"b\\u007f": {"c": 1}}'
    service.answers["/odd"] = lambda _request: web.Response(text=answer, content_type="application/json")
    ended = await author.new(*NAMED, "--url", f"{service.origin}/odd", "--login", "none")

    assert (ended.status, (await author.run("check", str(ended.file))).status) == (0, 0)


async def test_it_speaks_the_language_of_the_terminal(
    author: Author, service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    url = f"url={service.origin}"
    await author.new(*NAMED, "--url", service.origin + SETTINGS_PATH, "--login", "none")
    equal = await author.run("try", str(author.file), "--set", url)
    wrong = await author.run("try", str(author.file), "--set", "ulr=x")
    begun = await author.run("new", str(author.file))
    author.file.write_text(author.file.read_text().replace(SETTINGS_PATH, "/nothing"), encoding="utf-8")
    failed = await author.run("try", str(author.file), "--set", url)

    assert equal.said[-1] == "Ein zweites Backup ist gleich."
    assert wrong.said == (f"{author.file}: „ulr“ ist kein Feld mit einem Wert; es gibt url, certificate.",)
    assert begun.said == (f"{author.file} gibt es schon. Wähle einen anderen Namen.",)
    assert failed.said == (
        "Das Gerät hat unerwartet geantwortet. HTTP 404: Unter /nothing gibt es nichts. Prüfe die Adresse.",
    )
