"""Where all tests run a second time, it is a fifth of the cases of each function."""

import pytest

from tests.again import but_every_fifth


class CountedTest(pytest.Item):
    """A test that is only counted."""

    def runtest(self) -> None:
        """Do nothing."""


def test_the_first_and_every_fifth_case_stay(request: pytest.FixtureRequest) -> None:
    names = [*(f"test_many[{number}]" for number in range(11)), "test_two[a]", "test_two[b]", "test_alone"]
    tests = [CountedTest.from_parent(request.session, name=name) for name in names]
    left = {test.name for test in but_every_fifth(tests)}
    assert [name for name in names if name not in left] == [
        "test_many[0]",
        "test_many[5]",
        "test_many[10]",
        "test_two[a]",
        "test_alone",
    ]
