"""Login pages as people find them, sent as browsers send them."""

from urllib.parse import parse_qsl

import pytest
from yarl import URL

from ha_device_backup_http.login_form import LoginForm, leads_to, read_login_form

PAGE_URL = URL("http://192.0.2.1/admin/login.html?from=start#top")
PASSWORD = '<input name="pw" type="password">'
PATH = "/admin/login.html"


def read(page: str | bytes, username: str = "me", charset: str = "") -> LoginForm:
    """Return the form that is sent."""
    form = read_login_form(page if isinstance(page, bytes) else page.encode(), PAGE_URL, username, "secret", charset)
    assert form is not None
    return form


def pairs(form: LoginForm) -> list[tuple[str, str]]:
    """Return what is sent, in its order."""
    sent = form.url.raw_query_string if form.body is None else form.body.decode()
    return parse_qsl(sent, keep_blank_values=True, strict_parsing=True)


@pytest.mark.parametrize(
    ("page", "path", "sent"),
    [
        (
            f'<form method=post action=" /go "><input name="user">{PASSWORD}</form>',
            "/go",
            {"user": "me", "pw": "secret"},
        ),
        (f"<form>{PASSWORD}</form>", PATH, {"pw": "secret"}),
        (f"{PASSWORD}<button name=go value=1>", PATH, {"pw": "secret", "go": "1"}),
        (f"<form><input name=q></form><form method=post action=x>{PASSWORD}", "/admin/x", {"pw": "secret"}),
        (
            (
                f'<form><INPUT TYPE=HIDDEN NAME=csrf VALUE="&lt;1&gt;"><input type=tel name=a><input type=email name=b>'
                f"<input name=c>{PASSWORD}<input name=after type=text value=1></form>"
            ),
            PATH,
            {"csrf": "<1>", "a": "", "b": "", "c": "me", "pw": "secret", "after": "1"},
        ),
        (
            (
                f"<form>{PASSWORD}<input type=checkbox name=stay checked><input type=checkbox name=no>"
                "<input type=checkbox name=level value=2 checked><input type=submit name=ok value=OK>"
                "<button name=cancel value=1></button><input type=submit></form>"
            ),
            PATH,
            {"pw": "secret", "stay": "on", "level": "2", "ok": "OK"},
        ),
        (
            (
                f"<!-- <form action=/old>{PASSWORD}</form> --><SCRIPT>'<form action=/js>{PASSWORD}'</SCRIPT>"
                f"<form method=post action='/a?b=1&amp;c=\"2\"'\n data-x='1 > 0' >{PASSWORD}"
            ),
            "/a",
            {"pw": "secret"},
        ),
        (f"İ<!-- x --><form method=post action=/go>{PASSWORD}", "/go", {"pw": "secret"}),
        (
            (
                f"<form><input name=area value=house><select name=realm><option value=a>A<option value=b selected>B"
                f"</select><input type=radio name=mode value=x><input type=radio name=mode value=y checked>"
                f"<input name=user>{PASSWORD}"
            ),
            PATH,
            {"area": "house", "realm": "b", "mode": "y", "user": "me", "pw": "secret"},
        ),
        (
            (
                f"<form><select name=a><option disabled>no</option><option> two\n words </option></select>"
                "<select name=b></select><select multiple name=c><option>1<option selected>2</select>"
                f"<select name=d><option selected>1<option selected>2</select>{PASSWORD}</form>"
            ),
            PATH,
            {"a": "two words", "c": "2", "d": "2", "pw": "secret"},
        ),
        (
            f"<form>{PASSWORD}<textarea name=t>\n1 &amp; 2\n3</textarea><textarea name=u></textarea></form>",
            PATH,
            {"pw": "secret", "t": "1 & 2\r\n3", "u": ""},
        ),
        (
            (
                f"<form><input name=off disabled value=1><fieldset disabled><input name=off2></fieldset>{PASSWORD}"
                "<input type=button name=b value=1><input type=reset name=r value=1><input type=file name=f></form>"
            ),
            PATH,
            {"pw": "secret", "f": ""},
        ),
        (
            f"<form>{PASSWORD}<input type=image name=go src=x></form>",
            PATH,
            {"pw": "secret", "go.x": "0", "go.y": "0"},
        ),
        (
            (
                "<input type=hidden name=csrf value=1 form=f>"
                f"<form id=f method=post action=/go>{PASSWORD}</form><button form=f name=b value=2>"
            ),
            "/go",
            {"pw": "secret", "csrf": "1", "b": "2"},
        ),
        (f"<base href=/other/><form method=post action=go>{PASSWORD}</form>", "/other/go", {"pw": "secret"}),
        (f"<base href=/other/><form>{PASSWORD}</form>", PATH, {"pw": "secret"}),
        (
            f"<form method=post action=/a>{PASSWORD}<button formaction=/b name=x value=1></button></form>",
            "/b",
            {"pw": "secret", "x": "1"},
        ),
        (
            (
                f"<form method=post action=/new><input name=u>{PASSWORD}<input type=password name=again></form>"
                f"<form method=post action=/own><input type=password name=n autocomplete=new-password></form>"
                f"<form method=post action=/go><input name=u>{PASSWORD}</form>"
            ),
            "/go",
            {"u": "me", "pw": "secret"},
        ),
        (f"<form>{PASSWORD}<input type=password name=code></form>", PATH, {"pw": "secret", "code": ""}),
        ("<form><input name=user><input name=passwd></form>", PATH, {"user": "me", "passwd": "secret"}),
        (
            f"<template><form action=/t>{PASSWORD}</form></template><form method=post action=/go>{PASSWORD}</form>",
            "/go",
            {"pw": "secret"},
        ),
        (
            (
                f"<form>{PASSWORD}<input type=checkbox name=terms value=yes required><input type=radio name=r value=1>"
                "<input type=radio name=r value=2 required><input type=radio name=s value=1 checked>"
                "<input type=radio name=s value=2 checked><input type=radio name=t value=1>"
                "<select name=l required><option value=''>choose<option value=de>de</select></form>"
            ),
            PATH,
            {"pw": "secret", "terms": "yes", "r": "1", "s": "2", "l": "de"},
        ),
        (
            (
                f"<form>{PASSWORD}<select name=s><optgroup disabled><option>a</optgroup><optgroup><option>b</select>"
                "<select name=t><option>c</select></form>"
            ),
            PATH,
            {"pw": "secret", "s": "b", "t": "c"},
        ),
        (
            f"<form accept-charset=latin1><input type=hidden name=_charset_>{PASSWORD}<input type=submit name=ok>",
            PATH,
            {"pw": "secret", "_charset_": "latin1", "ok": "Submit"},
        ),
        (f"<form>{PASSWORD}<input type=hidden name=t value='a\nb'></form>", PATH, {"pw": "secret", "t": "a\r\nb"}),
        (f"<base href='http://[/'><form method=post action=go>{PASSWORD}</form>", "/admin/go", {"pw": "secret"}),
        (f"<base href=../b/><form method=post action=go>{PASSWORD}</form>", "/b/go", {"pw": "secret"}),
    ],
)
def test_forms(page: str, path: str, sent: dict[str, str]) -> None:
    form = read(page)
    assert (form.method, form.url.path, dict(pairs(form))) == ("POST", path, sent)
    assert form.content_type == "application/x-www-form-urlencoded"


def test_what_is_sent_keeps_its_order_and_its_repeats() -> None:
    page = f"<form><input type=hidden name=a value=1>{PASSWORD}<input type=hidden name=a value=2></form>"
    assert pairs(read(page)) == [("a", "1"), ("pw", "secret"), ("a", "2")]


@pytest.mark.parametrize(
    ("page", "username", "sent"),
    [
        (f"<form><input name=user value=admin>{PASSWORD}", "", {"user": "admin"}),
        (f"<form><input name=user value=admin>{PASSWORD}", "me", {"user": "me"}),
        (f"<form><input name=login><input name=domain>{PASSWORD}", "me", {"login": "me", "domain": ""}),
        (
            f"<form><input name=x autocomplete='section-a username'><input name=user>{PASSWORD}",
            "me",
            {"x": "me", "user": ""},
        ),
        (f"<form>{PASSWORD}<input name=code>", "me", {"code": ""}),
        (f"<form>{PASSWORD}<input name=code><input name=username>", "me", {"code": "", "username": "me"}),
        (f"<form><input type=hidden name=username>{PASSWORD}", "me", {"username": "me"}),
        (f"<form><input type=hidden name=username value=admin>{PASSWORD}", "me", {"username": "admin"}),
        (f"<form><input name=user value=admin readonly>{PASSWORD}", "me", {"user": "admin"}),
        (f"<form><input type=username name=un>{PASSWORD}", "me", {"un": "me"}),
        (
            f"<form><input name=u><input name=url style='display: none'><input name=x hidden>{PASSWORD}",
            "me",
            {"u": "me", "url": "", "x": ""},
        ),
        (
            f"<form><input type=radio name=who value=Guest checked><input type=radio name=who value=Me>{PASSWORD}",
            "me",
            {"who": "Me"},
        ),
        (f"<form><select name=who><option value=1>Guest<option value=2>Me </select>{PASSWORD}", "me", {"who": "2"}),
        (f"<form><select name=who><option value=1>Guest<option value=2>Me</select>{PASSWORD}", "", {"who": "1"}),
        (f"<form><select name=who><option>guest<option>admin</select>{PASSWORD}", "me", {"who": "guest"}),
    ],
)
def test_where_the_user_name_goes(page: str, username: str, sent: dict[str, str]) -> None:
    assert dict(pairs(read(page, username))) == sent | {"pw": "secret"}


def test_a_form_in_parts() -> None:
    form = read(
        f"<form enctype=multipart/form-data><input name='a\"b' type=hidden value=1>{PASSWORD}<input type=file name=f>"
    )
    boundary = form.content_type.removeprefix("multipart/form-data; boundary=")
    assert (
        form.body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\n1\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="pw"\r\n\r\nsecret\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename=""\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n"
        ).encode()
    )


def test_forms_of_other_kinds() -> None:
    plain = read(f"<form enctype=text/plain><input name=user>{PASSWORD}")
    assert (plain.body, plain.content_type) == (b"user=me\r\npw=secret\r\n", "text/plain")
    own = read(f"<form>{PASSWORD}<button formenctype=text/plain>")
    assert own.content_type == "text/plain"
    for attributes in ("method=GET action=/go?old=1", "action=/go"):
        get = read(f"<form {attributes}>{PASSWORD}")
        assert (get.method, get.body, str(get.url)) == ("GET", None, "http://192.0.2.1/go?pw=secret")
    assert read(f"<form action=/go onsubmit='send()'>{PASSWORD}").method == "POST"


@pytest.mark.parametrize(
    ("page", "charset", "body"),
    [
        ("<form><input name=user>", "iso-8859-1", b"user=J%FCrgen"),
        ('<meta charset="ISO-8859-1"><form><input name=user>', "", b"user=J%FCrgen"),
        (
            '<meta http-equiv=Content-Type content="text/html; charset=latin1"><form><input name=user>',
            "",
            b"user=J%FCrgen",
        ),
        ('<form accept-charset="ISO-8859-1 UTF-8"><input name=user>', "", b"user=J%FCrgen"),
        ("<form><input name=user>", "", b"user=J%C3%BCrgen"),
        ("<form><input name=user>", "no-charset", b"user=J%C3%BCrgen"),
        ("<form><input name=user>", "rot13", b"user=J%C3%BCrgen"),
        ("<form><input name=user>", "utf-16", b"user=J%C3%BCrgen"),
    ],
)
def test_forms_are_sent_in_the_encoding_of_the_page(page: str, charset: str, body: bytes) -> None:
    assert read(page + PASSWORD, "Jürgen", charset).body == body + b"&pw=secret"


def test_a_page_in_latin_1() -> None:
    page = f"<meta charset=latin-1><form><input type=hidden name=k value=ü>{PASSWORD}".encode("latin-1")
    assert read(page).body == b"k=%FC&pw=secret"


@pytest.mark.parametrize(
    "page",
    [
        *("", "<form><input name=user></form>", "<form><input type=password></form>", "\xff\xfe<form", "<form " * 5000),
        *(f"<form method=post action='http://[/'>{PASSWORD}", f"<form>{PASSWORD.replace('name', 'disabled name')}"),
    ],
)
def test_no_form(page: str) -> None:
    assert read_login_form(page.encode("latin-1"), PAGE_URL, "me", "secret") is None


@pytest.mark.parametrize(
    ("content", "leads"),
    [
        ("0; url=/login", "http://192.0.2.1/login"),
        ("0;URL='in?a=1&amp;b=2#top'", "http://192.0.2.1/admin/in?a=1&b=2"),
        ("1.5 , Url = x", "http://192.0.2.1/admin/x"),
        ("; /x", "http://192.0.2.1/x"),
        ("300", None),
        ("", None),
        ("0; url=http://[/", None),
    ],
)
def test_where_a_page_leads_to_by_itself(content: str, leads: str | None) -> None:
    page = f'<meta http-equiv="Refresh" content="{content}">'.encode()
    found = leads_to(page, PAGE_URL)
    assert (None if found is None else str(found)) == leads
    assert leads_to(b"<meta name=refresh content='0; url=/x'>", PAGE_URL) is None


def test_no_secret_in_its_repr() -> None:
    form = read(PASSWORD)
    assert "secret" not in repr(form)
    assert "secret" not in repr(read(f"<form method=get>{PASSWORD}"))
