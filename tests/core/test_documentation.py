"""What the pages say is so: their code runs, and nothing that people meet is left out."""

import json
import re
import socket
import tomllib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import cast

import aiohttp
import aiohttp.web
import pytest
from aiohttp.abc import AbstractCookieJar, AbstractResolver, ResolveResult

import ha_device_backup_core
from ha_device_backup_core import errors
from ha_device_backup_core.cli.application import app
from ha_device_backup_core.cli.device_list_file import read_devices
from ha_device_backup_core.contract import (
    API_VERSION,
    Artifact,
    ConfigField,
    DeviceBackupHandler,
    DeviceInfo,
    FieldKind,
)
from ha_device_backup_core.errors import CannotConnectError, ConfigError, DeviceBackupError, InvalidArtifactError
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.runner import fetch, probe
from ha_device_backup_core.plugins.registry import RegisteredHandler

ROOT = Path(__file__).parents[2]
PICTURE_BYTES = 150_000
MOST_WORDS = 1_000
"""Words of people and of code, on a page that is read from its beginning."""
MOST_OF_A_README = 550
LOOKED_UP = {"contract.md", "CHANGELOG.md"}
"""All names of the contract on one page, where a browser searches them; what each version changed."""
PAGES = (
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("handlers-*/*.md")),
    *sorted(ROOT.glob("handlers-*/docs/*.md")),
    *sorted(ROOT.glob("agent/**/*.md")),
    *ROOT.glob("ha_*/README.md"),
)
FIELDS = "docs/handler-fields.md"
ENGLISH = "custom_components/ha_device_backups/translations/en.json"
ROOMS = {"core:": "ha_device_backup_core/", "ha:": "custom_components/ha_device_backups/"}
PAGE_WITH_A_HANDLER = "docs/smallest-handler.md"
LOGIN = (
    ConfigField(key="username", kind=FieldKind.TEXT, label="User name"),
    ConfigField(key="password", kind=FieldKind.SECRET, label="Password"),
)


def code_blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.DOTALL | re.MULTILINE)


def without_code(text: str) -> str:
    """Return a page without its code blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def all_errors(base: type[DeviceBackupError]) -> Iterator[type[DeviceBackupError]]:
    """Return every class below the base."""
    for error in base.__subclasses__():
        if error.__module__ == errors.__name__:
            yield error
            yield from all_errors(error)


def handler_of(page: str) -> RegisteredHandler:
    """Return the handler that the page shows."""
    (source,) = code_blocks(page, "python")
    module = ModuleType("clock_handler")
    exec(compile(source, page, "exec"), module.__dict__)
    (handler,) = module.device_backup_handlers()
    assert issubclass(handler, DeviceBackupHandler)
    return RegisteredHandler(handler=handler, distribution="ha-device-backup-clock", version="0.1.0")


class OnePort(AbstractResolver):
    """Resolves every name to one port of this machine: the pages speak to port 80."""

    def __init__(self, port: int) -> None:
        """Take the port."""
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the one address."""
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


def sessions_to(port: int) -> SessionFactory:
    """Return what makes sessions that reach that port whatever they ask for."""

    def open_session(
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(resolver=OnePort(port))
        return aiohttp.ClientSession(
            connector=connector, middlewares=middlewares, cookie_jar=cookie_jar, timeout=timeout
        )

    return open_session


@pytest.fixture
async def clock() -> AsyncIterator[int]:
    """Serve a word clock and return its port."""
    pages = {"/serial": "4711", "/settings.ini": "[clock]\nface=round\nuptime=7\n[end]\n"}

    async def answer(request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text=pages[request.path])

    application = aiohttp.web.Application()
    application.add_routes([aiohttp.web.get(path, answer) for path in pages])
    runner = aiohttp.web.AppRunner(application)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_the_handler_of_the_page_works(clock: int, unused_tcp_port: int) -> None:
    """The handler as printed says that nobody answers, backs up a clock, and refuses what is none."""
    registered = handler_of(PAGE_WITH_A_HANDLER)
    assert registered.spec.api_version == API_VERSION
    config = {"host": "clock.local"}

    with pytest.raises(CannotConnectError):
        await probe(registered, config, sessions=sessions_to(unused_tcp_port))
    fetched = await fetch(registered, config, expected_unique_id="4711", sessions=sessions_to(clock))

    assert fetched.device == DeviceInfo(unique_id="4711", name="Word clock")
    assert fetched.artifact.content == b"[clock]\nface=round\nuptime=7\n[end]\n"
    with pytest.raises(InvalidArtifactError):
        registered.handler.validate(Artifact(filename="settings.ini", content=b"<html>"))


@pytest.mark.parametrize(("password", "wrong"), [(None, True), ("hunter2", False)])
async def test_the_check_across_fields_of_the_page_works(password: str | None, wrong: bool, clock: int) -> None:
    """Put into the handler of the page, it names the field, and lets the right values pass."""
    (check,) = (block for block in code_blocks(FIELDS, "py") if "def __init__" in block)
    registered = handler_of(PAGE_WITH_A_HANDLER)
    spec = replace(registered.spec, fields=(*registered.spec.fields, *LOGIN))
    names = {**vars(ha_device_backup_core), "Base": registered.handler, "spec_with_login": spec}
    exec(compile(f"class Checked(Base):\n    spec = spec_with_login\n{check}", FIELDS, "exec"), names)
    checked = replace(registered, handler=cast("type[DeviceBackupHandler]", names["Checked"]))
    config = {"host": "clock.local", "username": "admin", "password": password}

    if wrong:
        with pytest.raises(ConfigError, match="Enter the password of this user") as caught:
            await probe(checked, config, sessions=sessions_to(clock))
        assert caught.value.field == "password"
    else:
        assert (await probe(checked, config, sessions=sessions_to(clock))).unique_id == "4711"


def test_every_error_is_explained() -> None:
    """The page on errors has one row for each code, with the sentence by which people know it."""
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.*?) \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE))
    assert sorted(rows) == sorted(error.code for error in all_errors(DeviceBackupError))
    said = json.loads((ROOT / ENGLISH).read_text())["exceptions"]
    sentences = {code: said[code]["message"].replace(" {detail}", "") for code in rows if code in said}
    assert {code: rows[code] for code in sentences} == {
        code: sentence.replace("{distribution} {version}", "…") for code, sentence in sentences.items()
    }


def test_every_repair_is_explained() -> None:
    """The page on troubleshooting names it as its title does."""
    page = (ROOT / "docs/troubleshooting.md").read_text()
    titles = [issue["title"] for issue in json.loads((ROOT / ENGLISH).read_text())["issues"].values()]
    assert [title for title in titles if re.sub(r"\{\w+\}", "…", title) not in page] == []


def test_every_state_is_explained() -> None:
    page = (ROOT / "docs/troubleshooting.md").read_text()
    states = json.loads((ROOT / ENGLISH).read_text())["entity"]["sensor"]["state"]["state"].values()
    assert [state for state in states if f"\n| {state} |" not in page] == []


def test_every_entity_is_explained() -> None:
    page = (ROOT / "docs/using.md").read_text()
    entities = json.loads((ROOT / ENGLISH).read_text())["entity"].values()
    names = [re.sub(r"\{\w+\}", "…", entity["name"]) for platform in entities for entity in platform.values()]
    assert [name for name in names if not re.search(rf"^\| (?:.*, )?{re.escape(name)}[,| (]", page, re.MULTILINE)] == []


def test_every_command_is_explained() -> None:
    """The page on the command line has one row for each command."""
    explained = re.findall(r"^\| `([a-z-]+)", (ROOT / "docs/command-line.md").read_text(), re.MULTILINE)
    commands = [command.name or (command.callback and command.callback.__name__) for command in app.registered_commands]
    assert sorted(explained) == sorted(str(command) for command in commands)


def test_the_fleet_of_the_page_is_read(tmp_path: Path) -> None:
    (fleet,) = code_blocks("docs/command-line.md", "toml")
    (tmp_path / "kitchen-pin").write_text("0815")
    (tmp_path / "fleet.toml").write_text(fleet.replace("/run/secrets", str(tmp_path)))
    assert [device.title for device in read_devices(tmp_path / "fleet.toml").devices] == ["Stairs", "Kitchen"]


def test_the_entry_point_of_the_page_is_that_of_its_module() -> None:
    (project,) = code_blocks(PAGE_WITH_A_HANDLER, "toml")
    named = tomllib.loads(project)["project"]["entry-points"]["ha_device_backup"]
    assert named == {"clock": handler_of(PAGE_WITH_A_HANDLER).handler.__module__}


def test_every_kind_of_field_is_explained() -> None:
    """The page on fields names each kind that an author can use."""
    page = (ROOT / FIELDS).read_text()
    assert [kind.name for kind in FieldKind if f"`{kind.name}`" not in page] == []


def test_links_lead_somewhere() -> None:
    """Relative links of all pages point to files that exist."""
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", without_code(page.read_text()))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def heading_names(page: Path) -> set[str]:
    """Return what links to the headings of a page name, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_links_to_headings_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}#{name}"
        for page in PAGES
        for link, name in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", without_code(page.read_text()))
        if name not in heading_names(page.parent / link if link else page)
    ]
    assert broken == []


def test_no_page_is_long() -> None:
    """But what is looked up and not read."""
    words = {page: word_count(page) for page in PAGES if page.name not in LOOKED_UP}
    assert {str(page.relative_to(ROOT)): count for page, count in words.items() if count >= MOST_WORDS} == {}
    assert words[ROOT / "README.md"] <= MOST_OF_A_README


def word_count(page: Path) -> int:
    """Return how many words are on a page, without the signs of tables and lists."""
    return sum(any(sign.isalnum() for sign in word) for word in page.read_text().split())


def test_whoever_has_backups_already_is_sent_to_what_is_there() -> None:
    ways = json.loads((ROOT / ENGLISH).read_text())["config_panel"]["way"]
    page = (ROOT / "docs/install.md").read_text()
    assert [name for name in (ways["snapshots"], ways["import"]) if f"*{name}*" not in page] == []


@pytest.mark.parametrize("name", ["architecture.md", "where-to-change.md"])
def test_every_file_that_tells_the_way_exists(name: str) -> None:
    named = set(re.findall(r"`((?:\w+:)?[\w./-]+(?:\.(?:py|yaml|md|json)|/))`", (ROOT / "docs" / name).read_text()))
    assert {
        path for path in named if not (ROOT / re.sub(r"^\w+:", lambda room: ROOMS[room[0]], path)).exists()
    } == set()
    assert {path.partition(":")[0] for path in named if ":" in path} == {"core", "ha"}


def test_every_picture_is_there_and_small() -> None:
    shown = {
        (page.parent / name).resolve()
        for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        for name in re.findall(r"!\[[^\]]*\]\((?!https:)([^)]+)\)", page.read_text())
    }

    assert shown == {path.resolve() for path in (ROOT / "docs" / "images").iterdir()}
    assert {path.name for path in shown if path.stat().st_size > PICTURE_BYTES} == set()
