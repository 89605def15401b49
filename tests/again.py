"""What runs a second time, in an older Python or Home Assistant."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

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
WITHOUT_COSTLY = "--without-costly"
COSTLY = Path(__file__).with_name("costly.txt")
"""Functions that cost much and run only lines that others run in the older Python: `scripts/costly_tests.py`."""


def function_of(node_id: str) -> str:
    """Return what all cases of a test have in common."""
    return node_id.partition("[")[0]


def but_every_fifth(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the cases between: what a function does right with some in another environment, it does with all.

    The suites of a file that run one function for one device each are its cases.
    """
    cases = Counter[tuple[str, str]]()
    for item in items:
        path, _, function = function_of(item.nodeid).partition("::")
        case = path, function.rpartition("::")[2]
        if cases[case] % 5:
            yield item
        cases[case] += item.get_closest_marker(ONCE) is None
