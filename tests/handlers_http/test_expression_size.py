"""How large an automaton will be is known without making it."""

from hypothesis import HealthCheck, example, given, settings

from ha_device_backup_http.automaton import Automaton
from ha_device_backup_http.expression_size import size_of
from ha_device_backup_http.expression_syntax import parse_expression

from .test_expressions import PATTERNS


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PATTERNS)
@example("((a?){2,5}b*){3}")
@example("(a|b?){0}c+(d*){2,}")
@example("()*a")
def test_it_is_that_of_the_automaton(pattern: str) -> None:
    node = parse_expression(pattern).node
    made = Automaton(node)

    size = size_of(node)

    assert (size.atoms, size.first, size.last) == (len(made.atoms), made.first.bit_count(), made.last.bit_count())


def test_what_would_take_for_ever_is_counted_at_once() -> None:
    node = parse_expression("((((((((((a?){1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000}").node

    assert size_of(node).atoms == 1000**10
    assert size_of(node).is_too_large
