"""Tell a backup from what is none, by the rules that it came with; pure."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from ha_device_backup_core import Artifact, InvalidArtifactError, Note

from . import validation_texts as texts
from .expressions import Expression
from .gzip_files import is_gzip
from .recognise import Form, form_of, is_json, is_page, is_text, is_xml, is_zip
from .rules import Rules, rules_of


def validate(artifact: Artifact) -> tuple[Note, ...]:
    """Return the doubts about a backup; raise InvalidArtifactError, naming file and reason, for what is none."""
    rules = rules_of(artifact)
    if rules is None:
        for name, content in artifact.files().items():
            check_file(name, content, _form_without_rules(name, content))
        return (Note(code="no_rules", text=texts.NO_RULES),)
    # A zip file that the device sent is one file.
    check_files(artifact.files() if rules.bundled else {rules.main: artifact.content}, rules)
    return ()


def check_files(files: Mapping[str, bytes], rules: Rules) -> None:
    """Refuse what breaks a rule."""
    for name in sorted({rules.main, *rules.forms}):
        if name not in files:
            raise InvalidArtifactError(texts.absent(name))
    for name, content in files.items():
        check_file(name, content, rules.forms.get(name, Form.OTHER))
    _check_main(rules.main, files[rules.main], rules)


def check_file(name: str, content: bytes, form: Form) -> None:
    """Refuse a file that is empty, damaged, or a web page that nobody asked for."""
    if not content.strip():
        raise InvalidArtifactError(texts.empty(name))
    if form is not Form.PAGE and is_page(content):
        raise InvalidArtifactError(texts.web_page(name))
    if form is Form.UNKNOWN:
        raise InvalidArtifactError(texts.unknown(name))
    if form in _CHECKS and not _CHECKS[form](content):
        raise InvalidArtifactError(texts.not_of_form(name, form))


def _check_main(name: str, content: bytes, rules: Rules) -> None:
    if len(content) < rules.minimum_size:
        raise InvalidArtifactError(texts.too_small(name, len(content), rules.minimum_size))
    if rules.pattern and not _holds(content, Expression(rules.pattern)):
        raise InvalidArtifactError(texts.pattern_missing(name, rules.pattern))


def _holds(content: bytes, pattern: Expression) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return any(pattern.found_in(line.removesuffix("\r")) for line in text.split("\n"))


def _form_without_rules(name: str, content: bytes) -> Form:
    form = form_of(content, PurePosixPath(name).name)
    return Form.OTHER if form in {Form.PAGE, Form.UNKNOWN} else form


_CHECKS: Mapping[Form, Callable[[bytes], bool]] = {
    Form.JSON: is_json,
    Form.XML: is_xml,
    Form.ZIP: is_zip,
    Form.GZIP: is_gzip,
    Form.TEXT: is_text,
    Form.PAGE: is_page,
}
