"""What all tests have in common."""

from collections.abc import Iterator

import pytest

IMPORT_CHECK = "test_import_does_no_io"
ONCE = "once"


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: packed files hold the time of packing, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Import each module of handlers once for all its suites; examples of Hypothesis are the same in every Python."""
    repeated = set(_repeated_imports(items))
    config.hook.pytest_deselected(items=[item for item in items if item in repeated])
    items[:] = [item for item in items if item not in repeated]
    for item in items:
        if isinstance(item, pytest.Function) and getattr(item.function, "is_hypothesis_test", False):
            item.add_marker(ONCE)


def _repeated_imports(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname == IMPORT_CHECK:
            module = item.cls.handler.__module__
            if module in seen:
                yield item
            seen.add(module)
