"""No test of these handlers shows a secret."""

import logging
from collections.abc import Iterator

import pytest

from tests.simulators.http_service import CANARIES


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert_no_canary(caplog.text)


def assert_no_canary(*texts: object) -> None:
    """Fail when a secret is in one of them."""
    for text in texts:
        assert not [canary for canary in CANARIES if canary in str(text)]
