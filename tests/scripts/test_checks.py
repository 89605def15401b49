"""What `scripts/test` prepares for a part, and what it runs when none is named."""

import ast
from pathlib import Path

import pytest

from scripts.bootstrap.checks import OLDEST_PYTHON, PARTS, part_of
from scripts.bootstrap.checks import SESSIONS as RUN
from scripts.bootstrap.interpreters import CORE_MINIMUM

pytestmark = pytest.mark.once
SESSIONS = {
    function.name: ast.unparse(function.decorator_list[0])
    for function in ast.parse((Path(__file__).parents[2] / "noxfile.py").read_text()).body
    if isinstance(function, ast.FunctionDef)
    and any(ast.unparse(decorator).startswith("nox.session(") for decorator in function.decorator_list)
}
"""Each session of the noxfile, and how it is declared."""


def test_each_part_is_a_session() -> None:
    assert set(PARTS) == set(SESSIONS)


def test_each_part_alone_has_its_python() -> None:
    assert {name for name, declared in SESSIONS.items() if f"'{CORE_MINIMUM.series}'" in declared} == OLDEST_PYTHON


def test_all_but_what_depends_on_tomorrow_runs_without_a_name() -> None:
    assert set(PARTS) - {part_of(session) for session in RUN} == {"nightly"}
