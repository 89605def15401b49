"""One artifact of the files of one device, with the rules that it came by; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ha_device_backup_core import ASKED, Artifact, ConfigError
from ha_device_backup_core.toolkit import Response

from ..json_files import is_cheap
from ..laid_out import LARGEST_SEARCHED, LARGEST_UNPACKED
from ..pointers import parse_pointer
from ..recipe.collected import Collected
from ..recognise import ZIP, Form, found_form, members_of, promised_form
from ..safe_names import safe_name
from ..translation import _
from .entered import EnteredForm
from .rules import Rules, normalize

_TELL_AN_END = ("Content-Length", "Transfer-Encoding")
_FORMS = {"any": Form.OTHER, "tgz": Form.GZIP}
_MEDIA_TYPES: Mapping[Form, str] = {
    Form.JSON: "application/json",
    Form.XML: "application/xml",
    Form.GZIP: "application/gzip",
    Form.TAR: "application/x-tar",
    Form.TEXT: "text/plain",
    Form.PAGE: "text/html",
}
_EXTENSIONS: Mapping[Form, str] = {
    Form.JSON: ".json",
    Form.XML: ".xml",
    Form.ZIP: ".zip",
    Form.GZIP: ".gz",
    Form.TAR: ".tar",
    Form.PAGE: ".html",
}
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_UNKNOWN_TYPE = "application/octet-stream"


def make_artifact(wanted: EnteredForm, collected: Collected) -> Artifact:
    """Return the artifact; raise ConfigError where nothing is left to compare."""
    artifact = _bundle(wanted, collected) if wanted.more else _single(wanted, collected)
    if wanted.ignore:
        _refuse_ignored(artifact, wanted.ignore)
    return artifact


def _refuse_ignored(artifact: Artifact, ignore: Sequence[str]) -> None:
    """Refuse to ignore all there is in a file; what is empty on the device itself is no mistake."""
    whole = normalize(replace(artifact, attributes={}))
    files = artifact.files() if artifact.media_type == ZIP else {artifact.filename: artifact.content}
    large = [name for name, content in files.items() if found_form(content) is Form.JSON and not is_cheap(content)]
    if large and any(parse_pointer(line) is not None for line in ignore):
        raise ConfigError(
            "ignore",
            _("{name} is too large to look for places in it. Use regular expressions, or ask for less.", name=large[0]),
        )
    has_expressions = any(parse_pointer(line) is None for line in ignore)
    if has_expressions and sum(map(len, whole.values())) > LARGEST_SEARCHED:
        raise ConfigError(
            "ignore",
            _(
                "In more than {limit} bytes, regular expressions would take too long. Use places in JSON, such"
                " as /uptime.",
                limit=LARGEST_SEARCHED,
            ),
        )
    for name, content in normalize(artifact).items():
        if _is_bare(content) and not _is_bare(whole[name]):
            raise ConfigError(
                "ignore", _("Nothing of {name} is left to compare: changes would never be noticed.", name=name)
            )


def _is_bare(content: bytes) -> bool:
    return not content.strip(b" \t\r\n{}[]")


def _single(wanted: EnteredForm, collected: Collected) -> Artifact:
    came, content = collected.came[wanted.main.name], collected.files[wanted.main.name]
    name = _suggested_name(wanted, came.response.filename) or wanted.main.name
    form = _form(came.form)
    if not PurePosixPath(name).suffix:
        name += _EXTENSIONS.get(form, "")
    rules = _rules(wanted, collected, {wanted.main.name: name})
    return Artifact(
        filename=name,
        content=content,
        media_type=_media_type(form, content, came.response),
        attributes=_attributes(wanted, rules),
        missing=collected.missing,
    )


def _suggested_name(wanted: EnteredForm, filename: str) -> str:
    """Return the name that the device gives the file, empty where that promises something else than was asked for.

    One that holds a secret is left out too: names are stored in the clear.
    """
    name = safe_name(filename)
    if promised_form(wanted.main.name) not in {None, promised_form(name)}:
        return ""
    return "" if any(secret in filename for secret in wanted.secrets) else name


def _media_type(form: Form, content: bytes, response: Response) -> str:
    """Return the type by what the file is; where the files in a zip file can be read, they are compared one by one."""
    found = form if form is not Form.OTHER else found_form(content)
    if found is Form.ZIP:
        return ZIP if members_of(content, LARGEST_UNPACKED) is not None else _UNKNOWN_TYPE
    if found is not None and found in _MEDIA_TYPES:
        return _MEDIA_TYPES[found]
    media_type = response.media_type
    return media_type if _MEDIA_TYPE.fullmatch(media_type) and media_type != ZIP else _UNKNOWN_TYPE


def _bundle(wanted: EnteredForm, collected: Collected) -> Artifact:
    main = wanted.main.name
    rules = replace(_rules(wanted, collected, {}), bundled=True, absent=collected.absent)
    return Artifact.bundle(
        collected.files,
        filename=f"{safe_name(wanted.origin.host or '') or main}.zip",
        attributes=_attributes(wanted, rules),
        missing=collected.missing,
    )


def _attributes(wanted: EnteredForm, rules: Rules) -> dict[str, str]:
    return rules.attributes() | {ASKED: json.dumps(wanted.asked, ensure_ascii=False, sort_keys=True)}


def _rules(wanted: EnteredForm, collected: Collected, names: Mapping[str, str]) -> Rules:
    """Return the rules, with the names that files got in place of those that they were asked for by."""
    came = {names.get(name, name): came for name, came in collected.came.items()}
    return Rules(
        main=names.get(wanted.main.name, wanted.main.name),
        forms={name: _form(found.form) for name, found in came.items()},
        pattern=wanted.pattern,
        minimum_size=wanted.minimum_size,
        ignore=wanted.ignore,
        without_end=tuple(name for name, found in came.items() if not _has_end(found.response)),
    )


def _form(form: str) -> Form:
    return _FORMS[form] if form in _FORMS else Form(form)


def _has_end(response: Response) -> bool:
    """Return whether the device told where the answer ends: without, one that was cut off looks like a whole one."""
    return not response.body or any(name in response.headers for name in _TELL_AN_END)
