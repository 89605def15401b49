"""Takes values out of answers, within limits: they go into further requests; pure."""

import json
from collections.abc import Sequence

from ha_device_backup_core import Text, UnexpectedResponseError

from ..translation import _
from .sources import Answer, NotOfFormError, Source, found_in
from .templates import Value

_LONGEST_VALUE = 4096
_LARGEST_VALUE = 256 * 1024


class NotCapturedError(UnexpectedResponseError):
    """An answer without a value that is needed."""

    def __init__(self, detail: Text, *, is_of_form: bool) -> None:
        """Take the sentence, and whether the answer has the form in which the value was looked for."""
        super().__init__(detail)
        self.is_of_form = is_of_form


def captured_value(name: str, sources: Sequence[Source], answer: Answer) -> Value:
    """Return the first value that is there."""
    is_of_form = False
    for source in sources:
        try:
            found = found_in(source, answer)
        except NotOfFormError:
            continue
        is_of_form = True
        if found:
            return _checked_value(name, found[0])
    raise NotCapturedError(_("Its answer has no {name}.", name=name), is_of_form=is_of_form)


def _checked_value(name: str, value: Value) -> Value:
    """Return a value that can go into a request."""
    if isinstance(value, str):
        is_right = len(value) <= _LONGEST_VALUE and not any(sign in value for sign in "\r\n\0")
    elif isinstance(value, list):
        for inner in value:
            _checked_value(name, inner)
        is_right = True
    else:
        is_right = not isinstance(value, dict) or len(json.dumps(value)) <= _LARGEST_VALUE
    if not is_right:
        detail = _("What its answer has as {name} is too long, or has line breaks.", name=name)
        raise NotCapturedError(detail, is_of_form=True)
    return value
