"""Tell a backup from what is none, by the rules that it came with; pure."""

import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from ha_device_backup_core import Artifact, InvalidArtifactError, Message, Note, Text
from ha_device_backup_core.toolkit import is_web_page

from .decoding import encoding_of
from .expression_syntax import ExpressionError
from .expressions import Expression
from .gzip_files import Budget, TooMuchError, gunzip, is_gzip
from .json_files import is_json
from .recognise import Form, ends_by_itself, form_of, is_tar, is_text, is_zip
from .rules import Rules, rules_of
from .tar_files import read_tar
from .told_errors import is_sentence, single_line, tells_only_of_an_error
from .translation import _
from .xml_files import is_xml

_LARGEST_TAR = 64 * 1024 * 1024
"""Bytes of a tar file in a gzip file that is looked into."""
_PACKED_TAR = (".tar.gz", ".tgz", ".taz")
_PACKED = (".gz", ".tgz")
_LAST_LINES = 20
"""Where the expected text shows that a text is not cut off."""
_FORMS: Mapping[Form, Message] = {
    Form.JSON: _("valid JSON"),
    Form.XML: _("well-formed XML"),
    Form.ZIP: _("a whole zip file"),
    Form.GZIP: _("a whole gzip file"),
    Form.TAR: _("a whole tar file"),
    Form.TEXT: _("text"),
    Form.PAGE: _("a web page"),
}


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
    return (*absent, *_open_ends(_files(artifact, rules), rules))


def _files(artifact: Artifact, rules: Rules) -> Mapping[str, bytes]:
    """Return the files; a zip file that the device sent is one file."""
    return artifact.files() if rules.bundled else {rules.main: artifact.content}


def check_files(files: Mapping[str, bytes], rules: Rules) -> None:
    """Refuse what breaks a rule."""
    for name in sorted({rules.main, *rules.forms}):
        if name not in files:
            raise InvalidArtifactError(_("{name} is missing in it.", name=name))
    budget = Budget()
    for name, content in files.items():
        check_file(name, content, rules.forms.get(name, Form.OTHER), budget)
    _check_main(rules.main, files[rules.main], rules)


def check_file(name: str, content: bytes, form: Form, budget: Budget) -> None:
    """Refuse a file that is empty, damaged, an error, or a web page that nobody asked for."""
    if not content.strip():
        raise InvalidArtifactError(_("{name} is empty.", name=name))
    if form is not Form.PAGE and is_web_page(content):
        raise InvalidArtifactError(web_page(name))
    if form is not Form.PAGE and tells_only_of_an_error(content):
        raise InvalidArtifactError(_("{name} only tells of an error; look into it in a browser.", name=name))
    if form is Form.UNKNOWN:
        raise InvalidArtifactError(
            _(
                "{name} is neither JSON nor XML, a zip or gzip file or text. If it is a backup all the same,"
                " choose “Anything but a web page” under “What is valid”.",
                name=name,
            )
        )
    is_of_form = form not in _CHECKS or _CHECKS[form](content)
    if not is_of_form or not _is_whole_inside(name, content, form, budget):
        raise InvalidArtifactError(_not_of_form(name, form))


def web_page(name: str) -> Text:
    """Say that a web page came."""
    return _(
        "{name} is a web page, not a backup. If that is what you want to keep, choose it under “What is valid”.",
        name=name,
    )


def _not_of_form(name: str, form: Form) -> Text:
    return _(
        "{name} is not {what}, as its name or type says; it is cut off, damaged or something else. If"
        " you want to keep it, say under “What is valid” what it is.",
        name=name,
        what=_FORMS[form],
    )


def _is_whole_inside(name: str, content: bytes, form: Form, budget: Budget) -> bool:
    """Return whether what is packed is whole: devices send half an archive, neatly packed, where making it failed."""
    if form is Form.GZIP:
        if name.lower().endswith(_PACKED_TAR) and not _is_packed_tar(content):
            return False
        return is_gzip(content, budget)
    tar = read_tar(content) if form is Form.TAR else None
    packed = [member for member in (tar.members if tar else ()) if member.name.lower().endswith(_PACKED_NAMES)]
    return all(is_gzip(bytes(member.content), budget) for member in packed if member.kind == b"0")


def _is_packed_tar(content: bytes) -> bool:
    try:
        inner = gunzip(content, Budget(unpacked=_LARGEST_TAR))
    except TooMuchError:
        return True
    return inner is not None and is_tar(inner)


def _check_main(name: str, content: bytes, rules: Rules) -> None:
    if len(content) < rules.minimum_size:
        raise InvalidArtifactError(
            _(
                "{name} has {size} bytes, at least {least} are expected.",
                name=name,
                size=len(content),
                least=rules.minimum_size,
            )
        )
    if rules.pattern:
        if not _holds(_lines(content), rules.pattern):
            raise InvalidArtifactError(
                _("“{pattern}” is found in no line of {name}.", pattern=rules.pattern, name=name)
            )
    elif not rules.minimum_size and _is_only_a_line(content, rules.forms.get(name, Form.OTHER)):
        raise InvalidArtifactError(
            _(
                "{name} is one line of text, as errors are. If it is the backup, enter under “Has to hold”"
                " what stands in it.",
                name=name,
            )
        )


def _is_only_a_line(content: bytes, form: Form) -> bool:
    """Return whether this may as well be a word about what went wrong, of whatever kind."""
    line = single_line(content) if form in {Form.TEXT, Form.OTHER} else None
    return line is not None and (form is Form.TEXT or is_sentence(line))


def _holds(lines: Iterator[str], pattern: str) -> bool:
    expression = Expression(pattern)
    try:
        return any(expression.found_in(line) for line in lines)
    except ExpressionError as error:
        raise InvalidArtifactError(
            _("“{pattern}” takes too long to be looked for. Write it without repeats of groups.", pattern=pattern)
        ) from error


def _lines(content: bytes) -> Iterator[str]:
    """Return one line after the other, so that a great text is not in memory a second time; of bytes as Latin-1."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding_of(content) or "latin-1", newline="\n")
    return (line.removesuffix("\n").removesuffix("\r") for line in text)


def _open_ends(files: Mapping[str, bytes], rules: Rules) -> Iterator[Note]:
    """Return a doubt for each file that may be cut off: nobody told its length, and it does not show its end."""
    for name in rules.without_end:
        content = files.get(name, b"")
        if ends_by_itself(content):
            continue
        is_main = name == rules.main
        if is_main and rules.pattern and _holds(iter(deque(_lines(content), maxlen=_LAST_LINES)), rules.pattern):
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
    budget = Budget()
    shows = True
    for name, content in files.items():
        form = form_of(content, "", PurePosixPath(name).name)
        form = Form.OTHER if form in {Form.PAGE, Form.UNKNOWN} else form
        check_file(name, content, form, budget)
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


_PACKED_NAMES = tuple(ending.encode() for ending in _PACKED)
_CHECKS: Mapping[Form, Callable[[bytes], bool]] = {
    Form.JSON: is_json,
    Form.XML: is_xml,
    Form.ZIP: is_zip,
    Form.TAR: is_tar,
    Form.TEXT: is_text,
    Form.PAGE: is_web_page,
}
