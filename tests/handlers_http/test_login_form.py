"""Login pages as people find them."""

import pytest

from ha_device_backup_http.login_form import LoginForm, read_login_form

PASSWORD = '<input name="pw" type="password">'


@pytest.mark.parametrize(
    ("page", "action", "fields"),
    [
        (f'<form action=" /go "><input name="user">{PASSWORD}</form>', "/go", {"user": "me", "pw": "secret"}),
        (f"<form>{PASSWORD}</form>", "", {"pw": "secret"}),
        (f"{PASSWORD}<button name=go value=1>", "", {"pw": "secret", "go": "1"}),
        (f"<form><input name=q></form><form action=x>{PASSWORD}", "x", {"pw": "secret"}),
        (
            (
                f'<form><INPUT TYPE=HIDDEN NAME=csrf VALUE="&lt;1&gt;"><input type=tel name=a><input type=email name=b>'
                f"<input name=c>{PASSWORD}<input name=after type=text></form>"
            ),
            "",
            {"csrf": "<1>", "c": "me", "pw": "secret"},
        ),
        (
            (
                f"<form>{PASSWORD}<input type=checkbox name=stay checked><input type=checkbox name=no>"
                "<input type=checkbox name=level value=2 checked><input type=submit name=ok value=OK>"
                "<button name=cancel value=1></button><input type=submit></form>"
            ),
            "",
            {"pw": "secret", "stay": "on", "level": "2", "ok": "OK"},
        ),
        (
            (
                f"<!-- <form action=/old>{PASSWORD}</form> --><SCRIPT>'<form action=/js>{PASSWORD}'</SCRIPT>"
                f"<form action='/a?b=1&amp;c=\"2\"'\n data-x='1 > 0' >{PASSWORD}<!-- open {PASSWORD}"
            ),
            '/a?b=1&c="2"',
            {"pw": "secret"},
        ),
        (f"İ<!-- x --><form action=/go>{PASSWORD}", "/go", {"pw": "secret"}),
    ],
)
def test_forms(page: str, action: str, fields: dict[str, str]) -> None:
    assert read_login_form(page.encode(), "me", "secret") == LoginForm(action, fields)


@pytest.mark.parametrize(
    "page",
    ["", "<form><input name=user></form>", "<form><input type=password></form>", "\xff\xfe<form", "<form " * 5000],
)
def test_no_form(page: str) -> None:
    assert read_login_form(page.encode("latin-1"), "me", "secret") is None


def test_no_secret_in_its_repr() -> None:
    form = read_login_form(PASSWORD.encode(), "me", "secret")
    assert form is not None
    assert "secret" not in repr(form)
