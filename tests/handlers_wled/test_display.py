"""What comes from a device can be shown, whatever it is."""

from ha_device_backup_wled.display import names, shown


def test_what_is_shown_has_no_hidden_characters() -> None:
    assert shown("a\u3000b\u200d\u202ec\x07\udce4") == "a b\u200dc"


def test_names_in_texts_are_printable_and_not_endless() -> None:
    listed = names(["a\ud800\n", "x" * 1000, *"bcdefghij"])
    listed.encode()
    assert listed == "a, b, c, d, e, f, g, h …"
