"""Tell a backup from what is none, by the rules that it came with; pure."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from ha_device_backup_core import Artifact, InvalidArtifactError, Message, Note, Text, joined

from ..recipe.steps import SavedFile
from ..recipe.templates import NOTHING
from ..recipe.validity import RefusedFileError, check_file, is_in_lines, lines_of_text
from ..recognise import Form, ends_by_itself, form_of, holds_nothing
from ..translation import _
from .rules import Rules, rules_of

_LAST_LINES = 20
"""Where the expected text shows that a text is not cut off."""
_PACKED_TAR = (".tar.gz", ".tgz", ".taz")
_WAYS_ON: Mapping[str, Message] = {
    "page": _("If that is what you want to keep, choose it under “What is valid”."),
    "unknown": _("If it is a backup all the same, choose “Anything but a web page” under “What is valid”."),
    "form": _("If you want to keep it, say under “What is valid” what it is."),
    "line": _("If it is the backup, enter under “Has to hold” what stands in it."),
}
"""What to change in the form, by the reason why a file is no backup."""


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the notes about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    rules = rules_of(artifact)
    if rules is None:
        return _check_without_rules(artifact.files())
    check_files(_files(artifact, rules), rules)
    return gaps(artifact, rules)


def gaps(artifact: Artifact, rules: Rules) -> tuple[Note, ...]:
    """Return what a valid backup lacks with the leave of the person, and what may be cut off in it."""
    absent = (
        Note(
            code=f"file_missing_{_code(name)}",
            text=_("{name}: the device does not have this file.", name=name),
            is_remark=True,
        )
        for name in rules.absent
    )
    files = _files(artifact, rules)
    return (*absent, *_bare(files.get(rules.main, b""), rules), *_open_ends(files, rules))


def _files(artifact: Artifact, rules: Rules) -> Mapping[str, bytes]:
    """Return the files; a zip file that the device sent is one file."""
    return artifact.files() if rules.bundled else {rules.main: artifact.content}


def with_way_on(error: InvalidArtifactError) -> InvalidArtifactError:
    """Return the error with what a person can change in the form."""
    if not isinstance(error, RefusedFileError) or error.detail is None:
        return error
    return InvalidArtifactError(joined((error.detail, _WAYS_ON[error.reason]), " "))


def check_files(files: Mapping[str, bytes], rules: Rules) -> None:
    """Refuse what breaks a rule."""
    for name in sorted({rules.main, *rules.forms}):
        if name not in files:
            raise InvalidArtifactError(_("{name} is missing in it.", name=name))
    for name, content in files.items():
        file = replace(_saved(name, rules.forms.get(name, Form.OTHER)), at_least=1)
        if name == rules.main:
            file = replace(file, contains=(rules.pattern,) if rules.pattern else (), at_least=rules.minimum_size)
        _check(name, content, file)


def _check(name: str, content: bytes, file: SavedFile) -> None:
    try:
        check_file(name, content, file)
    except RefusedFileError as error:
        raise with_way_on(error) from error


def _saved(name: str, form: Form) -> SavedFile:
    """Return what makes a file valid that came in a form."""
    if form is Form.GZIP and name.lower().endswith(_PACKED_TAR):
        return SavedFile(path=NOTHING, form="tgz")
    return SavedFile(path=NOTHING, form={Form.OTHER: "any", Form.UNKNOWN: "auto"}.get(form, form.value))


def _bare(content: bytes, rules: Rules) -> Iterator[Note]:
    """Return a doubt for JSON without anything in it, unless a person said what is right."""
    if not (rules.pattern or rules.minimum_size) and holds_nothing(content):
        text = _(
            "Nothing is in {name}. If that is right, enter under “Has to hold” what stands in it, such as ^.",
            name=rules.main,
        )
        yield Note(code=f"holds_nothing_{_code(rules.main)}", text=text)


def _open_ends(files: Mapping[str, bytes], rules: Rules) -> Iterator[Note]:
    """Return a doubt for each file that may be cut off: nobody told its length, and it does not show its end."""
    for name in rules.without_end:
        content = files.get(name, b"")
        if ends_by_itself(content):
            continue
        is_main = name == rules.main
        if is_main and rules.pattern and is_in_lines(rules.pattern, deque(lines_of_text(content), maxlen=_LAST_LINES)):
            continue
        yield Note(code=f"end_unknown_{_code(name)}", text=_end_unknown(name, is_main=is_main))


def _end_unknown(name: str, *, is_main: bool) -> Text:
    if not is_main:
        return _("The device did not tell where {name} ends: it may be cut off.", name=name)
    return _(
        "The device did not tell where {name} ends: it may be cut off. Enter under “Has to hold”"
        " something that stands in one of its last lines.",
        name=name,
    )


def _check_without_rules(files: Mapping[str, bytes]) -> tuple[Note, ...]:
    """Check files that a person handed in by what they are; where that shows nothing, it is in doubt."""
    shows = True
    for name, content in files.items():
        form = form_of(content, "", PurePosixPath(name).name)
        form = Form.OTHER if form in {Form.PAGE, Form.UNKNOWN} else form
        _check(name, content, replace(_saved(name, form), at_least=1))
        shows = shows and form not in {Form.OTHER, Form.TEXT}
    return (
        Note(
            code="no_rules",
            text=_("It came without the rules of this device: only what can be seen without them was checked."),
            is_remark=shows,
        ),
    )


def _code(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())
