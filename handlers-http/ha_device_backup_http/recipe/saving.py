"""What of an answer becomes the file; pure."""

import base64
import binascii

from ha_device_backup_core import InvalidArtifactError
from ha_device_backup_core.toolkit import compact, encoded

from ..json_files import read_json
from ..translation import _
from .sources import Answer, NotOfFormError, values_at
from .steps import SavedFile


def content_of(file: SavedFile, answer: Answer) -> bytes:
    """Return the file; raise InvalidArtifactError where the answer does not hold it."""
    content = answer.response.body
    if file.content is not None:
        content = _part(file, answer)
    match file.decode:
        case "base64":
            try:
                return base64.b64decode(b"".join(content.split()), validate=True)
            except (binascii.Error, ValueError) as error:
                raise InvalidArtifactError(_("What it sent is not packed in Base64.")) from error
        case "json":
            value = read_json(content)
            if not isinstance(value, str):
                raise InvalidArtifactError(_("What it sent is no text in JSON."))
            return encoded(value)
    return content


def _part(file: SavedFile, answer: Answer) -> bytes:
    try:
        found = values_at(answer.json(), file.content or ())
    except NotOfFormError:
        found = []
    if not found or found[0] is None:
        place = "/" + "/".join(file.content or ())
        raise InvalidArtifactError(_("Its answer has nothing at {place}.", place=place))
    value = found[0]
    return encoded(value) if isinstance(value, str) else compact(value)
