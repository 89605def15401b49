"""What all tests have in common."""

import gc
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

# Commands speak the language of whoever runs the tests.
os.environ["LC_ALL"] = "C.UTF-8"

IMPORT_CHECK = "test_import_does_no_io"
ONCE = "once"
TOLD_ONCE = (
    "tests/core/test_architecture.py",
    "tests/core/test_documentation.py",
    "tests/core/test_languages.py",
    "tests/core/test_quotation_marks.py",
    "tests/core/test_words_for_people.py",
    "tests/core/testing/test_conformance.py::test_what_is_wrong",
    "tests/handlers_http/recipes/test_conformance.py",
    "tests/scripts/",
)
"""What is on trial there is a text, a check or a recipe; code meets every Python in the tests beside it."""
OF_OTHERS = re.compile(
    r"tests/(agent/trees/|agent/test_deaths\.py|core/packages/test_install_transaction\.py"  # restic, rsync, kill, uv
    r"|core/store/kill/|.*/test_(every_step|cost)\.py)"  # the operating system, and where something ends or grows
)
"""What takes a third of all time and asks other programs more than Python: in another environment it runs weekly."""
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
        left |= {item for item in items if OF_OTHERS.match(item.nodeid)}
        left |= set(but_every_fifth([item for item in items if item not in left]))
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for cycles only in what tests make: the tests themselves and what they import stay."""
    gc.collect()
    gc.freeze()


def but_every_fifth(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the cases between: what a function does right with some in another environment, it does with all.

    The suites of a file that run one function for one device each are its cases.
    """
    cases = Counter[tuple[str, str]]()
    for item in items:
        path, _, function = item.nodeid.partition("[")[0].partition("::")
        case = path, function.rpartition("::")[2]
        if cases[case] % 5:
            yield item
        cases[case] += item.get_closest_marker(ONCE) is None


def _repeated_imports(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname == IMPORT_CHECK:
            module = item.cls.handler.__module__
            if module in seen:
                yield item
            seen.add(module)
