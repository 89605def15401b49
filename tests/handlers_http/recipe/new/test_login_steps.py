"""The form of a login page as steps: what is sent where, and what is taken anew each time."""

import pytest

from ha_device_backup_http.recipe.new.login_steps import FormLogin, form_login, session_in

FIELDS = '<input name="user"><input type="password" name="pass">'


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f"<form method=post action=do>{FIELDS}</form>", "POST /ui/do"),
        (f"<form method=post action=/do?x=1>{FIELDS}</form>", "POST /do?x=1"),
        (f"<form method=get action=do>{FIELDS}</form>", "GET /ui/do"),
        (f"<form>{FIELDS}</form>", "POST /ui/login"),
    ],
)
def test_where_it_is_sent(page: str, found: str) -> None:
    login = form_login(page.encode(), "/ui/login", "http://pump")

    assert login == FormLogin(page="/ui/login", request=found, fields={"user": "{username}", "pass": "{password}"})
    assert login.is_sent_in_address == found.startswith("GET ")


def test_what_is_sent() -> None:
    page = (
        "<form method=post action=/do><input type=hidden name=csrf value=4711><input type=hidden name=empty>"
        f"{FIELDS}<input type=checkbox name=stay checked><input type=checkbox name=off>"
        "<input type=image name=map><button name=go value=1></form>"
    )

    assert form_login(page.encode(), "/", "http://pump") == FormLogin(
        page="/",
        request="POST /do",
        fields={
            "csrf": "{hidden_1}",
            "empty": "",
            "user": "{username}",
            "pass": "{password}",
            "stay": "on",
        },
        captures={"hidden_1": "html:input[name=csrf]@value"},
    )


@pytest.mark.parametrize(
    "page",
    [
        "<form><input name=words></form>",
        f"<form action=https://other/>{FIELDS}</form>",
        f"<form action=http://[/>{FIELDS}</form>",
        "",
    ],
)
def test_no_form(page: str) -> None:
    assert form_login(page.encode(), "/", "http://pump") is None


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        (b'{"session": {"valid": true, "sid": "x"}}', "json:/session/sid"),
        (b'{"data": {"accessToken": "x"}, "token": "y"}', "json:/token"),
        (b'{"token": "", "id": "x"}', ""),
        (b"OK", ""),
    ],
)
def test_where_the_session_is(answer: bytes, source: str) -> None:
    assert session_in(answer) == source
