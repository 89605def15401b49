"""What all tests have in common."""

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: packed files hold the time of packing, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None
