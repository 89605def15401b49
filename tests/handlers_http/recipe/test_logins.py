"""What recipes say of logins: pages whose form is filled in, doubts that later answers settle, conditions."""

import pytest

from ha_device_backup_core import AuthenticationError, DeviceBackupError, PermissionDeniedError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse

from .conftest import Answers, device, fetch, files

PAGE = b"<html><form method=post action=/in><input name=u value=me><input name=t value=7 type=hidden>"
PAGE += b"<input type=password name=p></form></html>"
LOGIN = """
[[open]]
request = "GET /login"
fill_in = { password = "{password}" }
goes_on = true
expect.status = [200, 302]
[[open.error]]
status = 400
means = "auth"
text = "Look at the password."
later = true
[[fetch]]
request = "GET /config"
save = "config.json"
[[fetch.error]]
asks_password = true
means = "auth"
text = "It asks again."
"""
GOOD = SimulatedResponse(body=b'{"a": 1}')


def answering(**by_path: SimulatedResponse) -> Answers:
    """Return what answers each path, the last part of it being the name."""

    def answers(request: SimulatedRequest) -> SimulatedResponse:
        return by_path.get(request.raw_target.strip("/"), SimulatedResponse(status=404))

    return answers


async def failure(answers: Answers, steps: str) -> DeviceBackupError:
    async with device(answers) as found:
        with pytest.raises(DeviceBackupError) as caught:
            await fetch(found, steps)
    return caught.value


async def test_form_of_login_page_is_filled_in() -> None:
    led = SimulatedResponse(status=302, headers={"Location": "/home"})
    async with device(answering(login=SimulatedResponse(body=PAGE), **{"in": led}, config=GOOD)) as found:
        assert files(await fetch(found, LOGIN)) == {"config.json": b'{"a": 1}'}
    assert found.lines == ["GET /login", "POST /in", "GET /home", "GET /config"]
    assert found.asked[1].body == b"u=me&t=7&p=canary%2Fpass%2B1"


async def test_doubt_is_told_where_the_login_is_refused_later() -> None:
    doubtful = {"login": SimulatedResponse(body=PAGE), "in": SimulatedResponse(status=400)}
    async with device(answering(**doubtful, config=GOOD)) as found:
        assert files(await fetch(found, LOGIN)) == {"config.json": b'{"a": 1}'}
    error = await failure(answering(**doubtful, config=SimulatedResponse(body=PAGE)), LOGIN)
    assert (type(error), error.detail_in()) == (AuthenticationError, "Look at the password.")
    answered = {"login": SimulatedResponse(body=PAGE), "in": SimulatedResponse()}
    error = await failure(answering(**answered, config=SimulatedResponse(body=PAGE)), LOGIN)
    assert (type(error), error.detail_in()) == (AuthenticationError, "It asks again.")


async def test_page_without_form() -> None:
    error = await failure(answering(login=SimulatedResponse(body=b"<html>Hello</html>"), config=GOOD), LOGIN)
    assert (type(error), error.detail_in()) == (
        UnexpectedResponseError,
        "The login page has no form with a password.",
    )


CONDITIONS = """
[[fetch]]
request = "GET /config"
redirects = true
save = "config.txt"
[[fetch.error]]
{condition}
means = "permission"
"""


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("only_error = true", SimulatedResponse(body=b'{"error": "no"}')),
        ('led_to = "/login"', SimulatedResponse(status=302, headers={"Location": "/login"})),
        ('header = { "X-Reason" = "^no$" }', SimulatedResponse(body=b"a\nb\n", headers={"X-Reason": "no"})),
        ("asks_password = true", SimulatedResponse(body=PAGE)),
    ],
)
async def test_conditions_of_errors(condition: str, answer: SimulatedResponse) -> None:
    steps = CONDITIONS.replace("{condition}", condition)
    error = await failure(answering(config=answer, login=SimulatedResponse(body=b"<html>Log in</html>")), steps)
    assert type(error) is PermissionDeniedError
    async with device(answering(config=SimulatedResponse(body=b"a\nb\n", headers={"X-Reason": "now"}))) as found:
        assert files(await fetch(found, steps)) == {"config.txt": b"a\nb\n"}


async def test_braces_and_values_in_bodies() -> None:
    steps = """
[[fetch]]
request = "POST /config?a={{x}}"
body = '{{name}} {"key": "{password|json}", "form": "{password|form}"}'
save = "config.json"
"""
    async with device(lambda _request: GOOD) as found:
        await fetch(found, steps, password='a"b c')
    assert found.asked[0].body == b'{name} {"key": "a\\"b c", "form": "a%22b+c"}'


LAID_OUT = """
[[fetch]]
request = "GET /config"
save = "config"
form = "auto"
[[compare]]
file = "*"
json = "/up"
laid_out = "^# "
"""


async def test_form_and_lines_of_files_of_which_little_is_known() -> None:
    first = SimulatedResponse(body=rb'{"up": 1, "text": "# 12:00\na=1\n"}')
    second = SimulatedResponse(body=rb'{"up": 2, "text": "# 12:01\na=1\n"}')
    changed = SimulatedResponse(body=rb'{"up": 2, "text": "# 12:01\na=2\n"}')
    fingerprints = []
    for answer in (first, second, changed):
        async with device(answering(config=answer)) as found:
            fingerprints.append((await fetch(found, LAID_OUT)).fingerprint)
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]
    for wrong in (b"<html>Hello</html>", b"\x00\x01", b"All is well", b'{"error": "busy"}', b""):
        error = await failure(answering(config=SimulatedResponse(body=wrong)), LAID_OUT)
        assert error.code == "invalid_artifact"
