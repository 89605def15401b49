"""Choices, lines of text and switches of forms that no handler declares."""

from collections.abc import Iterable, Mapping

from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)


def choose_many(options: Mapping[str, str]) -> SelectSelector:
    """Return check boxes, or where they are too many a list with search; value to label."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in options.items()],
            multiple=True,
            mode=SelectSelectorMode.LIST if len(options) <= 50 else SelectSelectorMode.DROPDOWN,
        )
    )


def choose_one(options: Mapping[str, str]) -> SelectSelector:
    """Return one choice; value to label."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in options.items()],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def choose_by_search(options: Iterable[str] | Mapping[str, str]) -> SelectSelector:
    """Return one choice with search, of values or of values to labels.

    Home Assistant searches only where values of one's own are allowed.
    """
    labels = options if isinstance(options, Mapping) else {value: value for value in options}
    return SelectSelector(
        SelectSelectorConfig(
            options=[SelectOptionDict(value=value, label=label) for value, label in labels.items()],
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def enter_text() -> TextSelector:
    """Return a line of text."""
    return TextSelector()


def yes_or_no() -> BooleanSelector:
    """Return a switch."""
    return BooleanSelector()
