"""Names as a box tells them, in a sentence."""

from ha_device_backup_fritzbox.shown import listed, quoted


def test_a_name_is_shown_as_far_as_it_can_be() -> None:
    assert quoted("Büro\x00\x1b {names}") == "“Büro {names}”"
    assert quoted("x" * 60) == f"“{'x' * 50}”"


def test_not_endlessly_many_names_are_listed() -> None:
    assert listed(()) == ""
    assert listed(["a", "b"]) == "“a”, “b”"
    assert listed(str(number) for number in range(20)) == "“0”, “1”, “2”, “3”, “4”, “5”, “6”, “7”"
