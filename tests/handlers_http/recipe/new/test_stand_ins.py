"""Recipes that were begun with stand-ins of real devices back these up, and see changes and nothing else."""

import pytest

from tests.simulators.recipes import StandIn, stand_ins
from tests.simulators.recipes.stand_in import PASSWORD

from .conftest import Author

OPNSENSE = (
    *("--name", "OPNsense", "--manufacturer", "Deciso", "--path", "/api/core/backup/download/this"),
    *("--info", "/api/diagnostics/system/system_information"),
    *("--login", "basic", "--username", "abc", "--password", PASSWORD),
)


PIHOLE = (
    *("--name", "Pi-hole", "--manufacturer", "Pi-hole", "--path", "/api/teleporter", "--info", "/api/info/version"),
    *("--login", "json", "--login-page", "/api/auth", "--username", "", "--password", PASSWORD),
    *("--token-name", "X-FTL-SID", "--logout", "DELETE /api/auth"),
)


@pytest.mark.parametrize(
    ("name", "options", "entered", "seats"),
    [
        ("opnsense", OPNSENSE, {"username": "abc", "password": PASSWORD}, 0),
        # The answer to the very first login only shows where the session is.
        ("pihole", PIHOLE, {"password": PASSWORD}, 1),
    ],
)
async def test_it_backs_up(
    author: Author, name: str, options: tuple[str, ...], entered: dict[str, str], seats: int
) -> None:
    device: StandIn
    async with stand_ins()[name]() as device:
        ended = await author.new("--url", device.url, *options)
        given = {"url": device.url, **entered}

        assert ended.status == 0, ended.said
        assert await ended.is_steady(given)
        before = await ended.backs_up(given)
        device.change()
        assert (await ended.backs_up(given)).fingerprint != before.fingerprint
        assert not [secret for secret in (PASSWORD, *device.secrets) if secret in ended.text]
        assert len(device.sessions) == seats
