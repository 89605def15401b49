"""What all tests have in common."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

from .again import COSTLY, FIFTH, OF_OTHERS, ONCE, TOLD_ONCE, WITHOUT_COSTLY, but_every_fifth, function_of

# Commands speak the language of whoever runs the tests.
os.environ["LC_ALL"] = "C.UTF-8"

IMPORT_CHECK = "test_import_does_no_io"
with suppress(ModuleNotFoundError):  # the environments of real programs have none
    from hypothesis import HealthCheck, settings

    # A machine may be busy: no example is judged by its time.
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: packed files hold the time of packing, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what is asked for where all cases run in another environment, too."""
    parser.addoption(FIFTH, action="store_true", help="of the cases of each function run the first and every fifth")
    parser.addoption(WITHOUT_COSTLY, action="store_true", help=f"leave out what {COSTLY.name} names")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Import each module of handlers once for all its suites; examples of Hypothesis are the same in every Python."""
    left = set(_repeated_imports(items))
    for item in items:
        of_hypothesis = isinstance(item, pytest.Function) and getattr(item.function, "is_hypothesis_test", False)
        if of_hypothesis or item.nodeid.startswith(TOLD_ONCE):
            item.add_marker(ONCE)
    if config.getoption(FIFTH):
        left |= {item for item in items if OF_OTHERS.match(item.nodeid)}
        left |= set(but_every_fifth([item for item in items if item not in left]))
    if config.getoption(WITHOUT_COSTLY):
        costly = set(COSTLY.read_text(encoding="utf-8").splitlines())
        left |= {item for item in items if function_of(item.nodeid) in costly}
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for cycles only in what tests make: the tests themselves and what they import stay."""
    gc.collect()
    gc.freeze()


def _repeated_imports(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname == IMPORT_CHECK:
            module = item.cls.handler.__module__
            if module in seen:
                yield item
            seen.add(module)
