"""What all tests have in common."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

IMPORT_CHECK = "test_import_does_no_io"
ONCE = "once"
TOLD_ONCE = (
    "tests/core/testing/test_conformance.py::test_what_is_wrong",
    "tests/handlers_http/recipes/test_conformance.py",
)
"""What is on trial there is a check or a recipe; the code that runs it meets every Python in the tests beside it."""
FIFTH = "--fifth"

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Import each module of handlers once for all its suites; examples of Hypothesis are the same in every Python."""
    left = set(_repeated_imports(items))
    for item in items:
        of_hypothesis = isinstance(item, pytest.Function) and getattr(item.function, "is_hypothesis_test", False)
        if of_hypothesis or item.nodeid.startswith(TOLD_ONCE):
            item.add_marker(ONCE)
    if config.getoption(FIFTH):
        left |= set(but_every_fifth([item for item in items if item not in left]))
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def but_every_fifth(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the cases between: what a function does right with some in another environment, it does with all."""
    cases = Counter[str]()
    for item in items:
        function = item.nodeid.partition("[")[0]
        if cases[function] % 5:
            yield item
        cases[function] += item.get_closest_marker(ONCE) is None


def _repeated_imports(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname == IMPORT_CHECK:
            module = item.cls.handler.__module__
            if module in seen:
                yield item
            seen.add(module)
