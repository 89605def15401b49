"""What older environments can do without costs much, and others run all its lines there."""

import re

import pytest

from scripts.costly_tests import costly
from scripts.live.folder import ROOT
from tests.again import COSTLY

FIRST, SECOND, THIRD = ("a.py", 1), ("a.py", 2), ("b.py", 1)
ALL_SOURCES = (*(ROOT / "tests").rglob("*.py"), *(ROOT / "ha_device_backup_core/testing").rglob("*.py"))


@pytest.mark.parametrize(
    ("seconds", "lines", "found"),
    [
        pytest.param(
            {"x.py::dear": 3.0, "x.py::cheap": 0.2},
            {"x.py::dear": {FIRST}, "x.py::cheap": {FIRST, SECOND}},
            ["x.py::dear"],
            id="its line is run by another",
        ),
        pytest.param(
            {"x.py::dear": 3.0, "x.py::cheap": 0.2},
            {"x.py::dear": {FIRST, THIRD}, "x.py::cheap": {FIRST}},
            ["x.py::cheap"],
            id="it runs a line that nobody else runs",
        ),
        pytest.param(
            {"x.py::dear": 3.0, "x.py::middling": 2.0, "x.py::cheap": 0.01},
            {"x.py::dear": {FIRST}, "x.py::middling": {FIRST}, "x.py::cheap": set()},
            ["x.py::dear"],
            id="who is left runs the line, however dear",
        ),
        pytest.param(
            {"tests/core/plugins/x.py::dear": 3.0, "tests/core/plugins/x.py::cheap": 0.2},
            {},
            [],
            id="its lines run in another process",
        ),
        pytest.param({"x.py::alone": 3.0}, {}, [], id="a file keeps one"),
        pytest.param({"x.py::one": 0.05, "x.py::other": 0.02}, {}, [], id="neither costs much"),
    ],
)
def test_what_is_found(seconds: dict[str, float], lines: dict[str, set[tuple[str, int]]], found: list[str]) -> None:
    assert costly(seconds, lines, much=0.1) == found


def test_what_is_named_is_there() -> None:
    functions = {name for path in ALL_SOURCES for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))}
    names = COSTLY.read_text(encoding="utf-8").splitlines()
    assert names == sorted(set(names))
    for name in names:
        path, *_, function = name.split("::")
        assert (ROOT / path).is_file(), name
        assert function in functions, name
