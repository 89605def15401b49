"""Regular expressions find what Python's own find, and never hang."""

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_device_backup_http.expression_syntax import LONGEST, ExpressionError
from ha_device_backup_http.expressions import Expression

ATOMS = st.sampled_from(["a", "b", "1", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-b1]", r"\.", "[]a]", "[^]b]", r"[\]\d]"])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, REPEATS).map(lambda parts: f"(?:{parts[0]}){parts[1]}"),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]}|{parts[1]})"),
    ),
    max_leaves=8,
)
TEXTS = st.text("ab1.-]", max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PATTERNS, st.sampled_from(["", "^"]), st.sampled_from(["", "$"]), TEXTS)
def test_it_finds_what_python_finds(inner: str, start: str, end: str, text: str) -> None:
    pattern = f"{start}{inner}{end}"
    assert Expression(pattern).found_in(text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "found", "other"),
    [
        (r'"uptime": \d+', '  "uptime": 12,', '  "uptime": null'),
        ("(?i)STARTED at", "started AT 9", "starting at 9"),
        ("^$", "", " "),
        ("^a|b", None, None),
        ("{a}{b", "x{a}{by", "a{b"),
        (r"a\$$", "a$", "a$b"),
        (r"a\\$", "a\\", "a\\b"),
        (r"\t\f\v", "\t\f\v", "tfv"),
        (r"[\\x]", "\\", "y"),
        ("[[a]", "[", "]"),
        ("x{,3}y", "y", "x"),
        ("()a", "a", "b"),
        ("ü+", "süß", "suss"),
    ],
)
def test_what_people_write(pattern: str, found: str | None, other: str | None) -> None:
    if found is None or other is None:
        with pytest.raises(ExpressionError, match="unsupported"):
            Expression(pattern)
    else:
        expression = Expression(pattern)
        assert (expression.found_in(found), expression.found_in(other)) == (True, False)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "syntax"),
        (")", "syntax"),
        ("a(b", "syntax"),
        ("[a", "syntax"),
        ("[b-a]", "syntax"),
        ("[a\\", "syntax"),
        ("a\\", "syntax"),
        ("*a", "syntax"),
        ("{2}a", "syntax"),
        ("a{3,2}", "syntax"),
        ("a**", "unsupported"),
        ("a*+", "unsupported"),
        (r"(a)\1", "unsupported"),
        (r"\bword", "unsupported"),
        ("(?=a)", "unsupported"),
        ("(?P<name>a)", "unsupported"),
        ("a^b", "unsupported"),
        ("(a$)", "unsupported"),
        ("a" * (LONGEST + 1), "large"),
        ("a{1001}", "large"),
        ("a{99999999}", "large"),
        ("((a{100}){100}){100}", "large"),
        ("((){1000}){1000}", "large"),
    ],
)
def test_what_cannot_be_used(pattern: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(pattern)
    assert caught.value.reason == reason


def test_deep_nesting_is_read() -> None:
    depth = LONGEST // 2 - 1
    assert Expression("(" * depth + "a" + ")" * depth).found_in("a")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", ".*.*.*.*.*.*x", "(a?){50}a{50}$", r"(\w+\s?)*;"])
def test_no_pattern_hangs(pattern: str) -> None:
    assert not Expression(pattern).found_in("a" * 20_000 + "b")


def test_many_states_do_not_fill_the_memory() -> None:
    expression = Expression("(a|b)*a(a|b){15}x")
    text = "".join(random.Random(4711).choices("ab", k=30_000))
    assert not expression.found_in(text)
    assert expression.found_in(text + "x") == (text[-16] == "a")


@pytest.mark.parametrize(("pattern", "everywhere"), [("a*", True), ("a?$", True), ("^$", False), ("a", False)])
def test_what_is_everywhere(pattern: str, everywhere: bool) -> None:
    expression = Expression(pattern)
    assert expression.is_everywhere == everywhere
    assert expression.found_in("xyz") == everywhere


def test_a_line_that_comes_again_is_found_again_and_many_lines_do_not_fill_the_memory() -> None:
    expression = Expression("^time = ")
    for number in range(25_000):
        assert expression.found_in(f"time = {number}")
        assert not expression.found_in(f"name = {number}")
        assert expression.found_in("time = 0")
    assert not expression.found_in("x" * 1_000_000)
    assert len(expression._lines) <= 10_000
    assert max(map(len, expression._lines)) <= 200
