"""Bytes in words."""

from ha_device_backup_agent.trees.transferred import PAUSE_SECONDS, pulled, sent, shown_as, stored
from ha_device_backup_core import Text, in_language


def test_once_a_second_is_enough() -> None:
    told: list[tuple[float | None, str]] = []
    now = 0.0

    def progress(share: float | None, text: Text) -> None:
        told.append((share, in_language(text)))

    show = shown_as(progress, stored, clock=lambda: now)
    for number, megabytes in enumerate(range(0, 9, 2)):
        now = number * PAUSE_SECONDS / 3
        show(megabytes * 1_000_000, 8_000_000)

    assert told == [(0.0, "0 of 8 MB are in the repository."), (0.75, "6 of 8 MB are in the repository.")]


def test_shares() -> None:
    told: list[tuple[float | None, str]] = []

    def progress(share: float | None, text: Text) -> None:
        told.append((share, in_language(text)))

    shown_as(progress, pulled)(5_000_000, 0)
    shown_as(progress, sent, begin=0.5, end=0.9)(2_000_000, 4_000_000)
    shown_as(progress, sent, begin=0.5, end=0.9)(5_000_000, 4_000_000)
    shown_as(progress, sent, begin=0.5, end=0.9)(0, 0)

    assert told == [
        (None, "5 MB came from the device."),
        (0.7, "2 of 4 MB are sent."),
        (0.9, "5 of 5 MB are sent."),
        (0.5, "0 of 0 MB are sent."),
    ]
