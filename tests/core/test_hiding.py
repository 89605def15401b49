from ha_device_backup_core import hidden
from ha_device_backup_core.hiding import HIDDEN, distinguishable, for_people, hides


def test_one_text_stands_for_every_secret() -> None:
    assert {hidden("one"), hidden("two"), hidden(3)} == {HIDDEN}


def test_a_comparison_tells_secrets_apart() -> None:
    with distinguishable():
        one, again, other = hidden("one"), hidden("one"), hidden("two")
    assert one == again != other
    assert hides(one)
    assert {for_people(f"a {text} b") for text in (one, other, HIDDEN)} == {f"a {HIDDEN} b"}
    assert for_people(one[:-6]) == HIDDEN
    with distinguishable():
        assert hidden("one") != one
    assert hidden("one") == HIDDEN


def test_other_texts_stay() -> None:
    assert for_people("nothing") == "nothing"
    assert not hides("nothing")
