"""Whatever a file holds, checking and comparing it costs no more than its size is worth."""

from collections.abc import Callable

import pytest
from hypothesis import given

from ha_device_backup_wled import WledHandler
from tests.hostile_files import (
    ANY_FILE,
    FEW_EXAMPLES,
    FILES,
    LARGE,
    MANY,
    artifacts,
    assert_cost_grows_with_input,
    do_pure_work,
)


@pytest.mark.parametrize("file", FILES)
def test_cost_grows_with_the_input(file: str) -> None:
    assert_cost_grows_with_input(WledHandler, FILES[file])


@FEW_EXAMPLES
@given(ANY_FILE)
def test_cost_grows_with_any_input(make: Callable[[int], bytes]) -> None:
    assert_cost_grows_with_input(WledHandler, make)


@pytest.mark.parametrize("file", LARGE)
def test_nothing_searches_for_long(file: str) -> None:
    for artifact in artifacts(FILES[file](MANY)):
        do_pure_work(WledHandler, artifact)
