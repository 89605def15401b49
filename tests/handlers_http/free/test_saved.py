"""Save as recipe: a file that passes the check, holds no secret, and backs up what the form did."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from ha_device_backup_core import AuthenticationError, DeviceBackupError, in_language
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.testing import run_job
from ha_device_backup_http import HttpHandler, RecipeHandler
from ha_device_backup_http.recipe import handler_of, load_recipe
from tests.simulators.http_service import KEY, PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService

from ..conftest import assert_no_canary
from .conftest import config

MORE: dict[str, Any] = {"files": ("zones.xml = /zones.xml", "?notes = /notes"), "pattern": "hour", "minimum_size": 10}
LOGINS = [style for style in LoginStyle if style is not LoginStyle.NONE]
BY_PASSWORD = {LoginStyle.BASIC, LoginStyle.DIGEST, LoginStyle.PAGE, LoginStyle.TOKEN}


def saved(entered: Mapping[str, Any], **more: Any) -> type[RecipeHandler]:  # noqa: ANN401 - what the hook takes
    """Return the handler of the recipe that is made of what was entered."""
    ((file, content),) = HttpHandler.kind_files(
        parse_config(HttpHandler.spec, entered), "My Pump", more.get("artifact")
    ).items()
    assert file == "my_pump.toml"
    assert_no_canary(content.decode())
    return handler_of(load_recipe(file, content), __name__)


@pytest.mark.parametrize("style", LoginStyle)
async def test_recipe_backs_up_what_the_form_did(style: LoginStyle) -> None:
    async with SimulatedService(style) as service:
        service.files["/zones.xml"] = web.Response(text="<zones><zone>Lawn</zone></zones>", content_type="text/xml")
        entered = config(service, **MORE)
        before = await run_job(HttpHandler, entered)
        handler = saved(entered, artifact=before.artifact)
        assert handler.spec.kind == "my_pump"
        given = {"url": service.origin}
        given |= {"username": USERNAME, "password": PASSWORD} if style in BY_PASSWORD else {}
        given |= {"token": KEY} if style in {LoginStyle.BEARER, LoginStyle.HEADER, LoginStyle.QUERY} else {}
        asked = {field.key for field in handler.spec.fields} - {"certificate"}
        assert asked == given.keys()
        first, second = await run_job(handler, given), await run_job(handler, given)
        assert first.artifact.files().keys() == before.artifact.files().keys()
        assert first.artifact.files()["zones.xml"] == before.artifact.files()["zones.xml"]
        assert first.fingerprint == second.fingerprint
        assert [file.form for file in handler.recipe.files] == ["json", "xml", "auto"]


@pytest.mark.parametrize("style", LOGINS)
async def test_recipe_tells_a_wrong_login(style: LoginStyle) -> None:
    async with SimulatedService(style) as service:
        entered = config(service)
        wrong = {"password": "wrong"} if style in BY_PASSWORD else {"token": "wrong"}
        given = {key: value for key, value in entered.items() if key in {"username", "password", "token"}}
        with pytest.raises(DeviceBackupError) as caught:
            await run_job(saved(entered), {**given, **wrong, "url": service.origin})
        assert isinstance(caught.value, AuthenticationError)
        assert service.logins.refused == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "post", "body": ('{"key": "{token}", "ask": "{ users {name} }", "none": null}',), "token": KEY},
        {"method": "post", "body": ("a=1&key={token}",), "headers": ("X-Scope: {all}", "X-Key: {token}"), "token": KEY},
        {"url": f"http://pump.local/{{token}}/export?a={{x}}&k={KEY[:3]}", "token": KEY},
        {"ignore": ("/uptime", r'^# "\d+" \\ ü'), "content": "any"},
        {"content": "page", "pattern": "</html>", "login": "header", "token": KEY, "key_name": "X-Session"},
        {"files": ("a b.json = /x?y=1", "c = /c")},
    ],
)
def test_whatever_was_entered_passes_the_check(changes: dict[str, Any]) -> None:
    entered = {"url": "http://pump.local/settings", **changes}
    assert saved(entered).recipe.base.source == "{url}"


def test_keys_in_addresses_become_a_field() -> None:
    key = "83b7780291a6ceffbe0bd049104df"
    entered = {"url": f"http://pump.local/api/{key}/lights?x={key}", "files": (f"a = /api/{key}",)}
    recipe = saved(entered)
    assert [step.target.source for step in recipe.recipe.fetch] == [
        "GET /api/{address_key}/lights?x={address_key}".removeprefix("GET "),
        "/api/{address_key}",
    ]
    assert [field.key for field in recipe.spec.fields] == ["url", "address_key", "certificate"]
    assert in_language(recipe.spec.fields[1].label, "de") == "Schlüssel in der Adresse"
    assert SETTINGS_PATH not in str(recipe.recipe.fetch)
