"""The digest login where several logins are offered, and challenges as devices write them."""

import pytest
from aiohttp import web
from multidict import CIMultiDict

from ha_device_backup_core import AuthenticationError
from ha_device_backup_http.digest import digest_challenge
from tests.simulators.http_service import LoginStyle, SimulatedService

from .free.conftest import failure, succeeds

OWN = 'Digest realm="r", nonce="1"'


@pytest.mark.parametrize(
    ("headers", "chosen"),
    [
        ([OWN], OWN),
        (['Basic realm="x"', OWN], OWN),
        (['Basic realm="Digest realm=1, nonce=2", Digest realm="r",nonce="1"'], OWN),
        (['digest Realm = "r" , Nonce = "1",'], OWN),
        (["Negotiate", "NTLM TlRMTVNTUAAC==", OWN], OWN),
        (['Digest realm="r", nonce="0", algorithm=SHA-512-256', OWN], OWN),
        (['Digest realm="a \\"b\\", c=d", nonce="1", algorithm="md5-sess"'],) * 2,
        (['Digest realm="r", realm="s", nonce="1"'], OWN),
        (["Digest"], None),
        (['Digest realm="r"'],) * 2,
        (['Basic realm="x"'], None),
        (['Digest realm="r", nonce="1", algorithm=token'],) * 2,
        (["", "\"'=,=,"], None),
        (["Basic x, " * 1000 + OWN], None),
        ([], None),
    ],
)
def test_the_challenge_that_can_be_answered(headers: list[str], chosen: str | list[str] | None) -> None:
    assert digest_challenge(headers) == (chosen[0] if isinstance(chosen, list) else chosen)


@pytest.mark.parametrize("other", ["Basic realm=x", "Digest realm=x, nonce=1, algorithm=SHA-512-256", "Negotiate"])
async def test_another_login_is_offered_first(other: str) -> None:
    async with SimulatedService(LoginStyle.DIGEST) as service:

        def answer(request: web.Request) -> web.StreamResponse:
            refusal = service.logins.refuse(request)
            if refusal is None:
                return web.json_response({"pump": 1})
            offered = CIMultiDict([("WWW-Authenticate", other), *refusal.headers.items()])
            return web.Response(status=401, headers=offered)

        service.answers["/export"] = answer
        await succeeds(service, "/export")
        assert isinstance(await failure(service, "/export", password="wrong one"), AuthenticationError)
        assert service.logins.refused == 1
        await succeeds(service, "/export")
