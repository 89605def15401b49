"""Fetches the files of one device, and makes one artifact of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ha_device_backup_core import (
    ASKED,
    Artifact,
    ArtifactTooLargeError,
    Config,
    ConfigError,
    InvalidArtifactError,
    RunBlocking,
)
from ha_device_backup_core.toolkit import Response

from .access import Access, refuse_status
from .addresses import Target, safe_name
from .client import has_end
from .content_encoding import too_much
from .json_files import is_cheap
from .normalize import LARGEST_SEARCHED, LARGEST_UNPACKED, normalize
from .plan import Plan, make_plan
from .pointers import parse_pointer
from .recognise import (
    ZIP,
    Form,
    asks_for_password,
    form_of,
    found_form,
    has_markup,
    is_named_as,
    members_of,
    promised_form,
)
from .rules import Rules
from .translation import _
from .validate import validate, web_page

_GONE = frozenset({404, 410})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ANY = "any"
_AUTOMATIC = "auto"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came for each address."""

    main: Response = field(repr=False)
    more: Mapping[str, Response] = field(repr=False)
    absent: tuple[str, ...]
    """Names of files that the device does not have, which the person said may be."""


class Collector:
    """Asks for one address after the other."""

    def __init__(self, config: Config, plan: Plan, access: Access, limit: int, run_blocking: RunBlocking) -> None:
        """Keep what is needed; no I/O."""
        self._config = config
        self._plan = plan
        self._access = access
        self._left = self._limit = limit
        self._run_blocking = run_blocking

    async def collect(self) -> Artifact:
        """Return a backup that is valid, or raise."""
        token = await self._access.open(self._plan.main.url)
        if self._plan.needs_token:
            self._plan = make_plan(self._config, token)
        plan, more, absent = self._plan, {}, []
        main = await self._ask(plan.main, plan.method, plan.body)
        for target in plan.more:
            answer = await self._ask(target)
            if target.optional and answer.status in _GONE:
                absent.append(target.name)
            else:
                more[target.name] = answer
        fetched = Fetched(main=main, more=more, absent=tuple(absent))
        return await self._run_blocking(make_artifact, plan, fetched)

    async def _ask(self, target: Target, method: str = "GET", body: bytes | None = None) -> Response:
        answer = await self._access.request(method, target.url, self._plan.headers, body)
        if target.optional and answer.status in _GONE:
            return answer
        refuse_status(answer)
        if self._is_login_page(target, answer):
            raise self._access.refused_by_page()
        self._left -= len(answer.body)
        if self._left < 0:
            raise ArtifactTooLargeError(too_much(self._limit))
        return answer

    def _is_login_page(self, target: Target, answer: Response) -> bool:
        wants_page = target is self._plan.main and self._plan.content == Form.PAGE
        return self._access.came_to_login(target.url, answer) or (not wants_page and asks_for_password(answer.body))


def make_artifact(plan: Plan, fetched: Fetched) -> Artifact:
    """Return the valid artifact; raise InvalidArtifactError, or ConfigError where nothing is left to compare."""
    artifact = _bundle(plan, fetched) if plan.more else _single(plan, fetched.main)
    validate(artifact)
    if plan.ignore:
        _refuse_ignored(artifact, plan.ignore)
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


def _single(plan: Plan, answer: Response) -> Artifact:
    name = _suggested_name(plan, answer) or plan.main.name
    form = _form(plan.content, answer, plan.main.name, name)
    if not PurePosixPath(name).suffix:
        name += _EXTENSIONS.get(form, "")
    return Artifact(
        filename=name,
        content=answer.body,
        media_type=_media_type(form, answer),
        attributes=_attributes(plan, _rules(plan, name, {name: form}, {name: answer})),
    )


def _suggested_name(plan: Plan, answer: Response) -> str:
    """Return the name that the device gives the file, empty where that promises something else than was asked for.

    One that holds a secret is left out too: names are stored in the clear.
    """
    name = safe_name(answer.filename)
    if promised_form(plan.main.name) not in {None, promised_form(name)}:
        return ""
    return "" if any(secret in answer.filename for secret in plan.secrets) else name


def _media_type(form: Form, answer: Response) -> str:
    """Return the type by what the file is; where the files in a zip file can be read, they are compared one by one."""
    found = form if form is not Form.OTHER else found_form(answer.body)
    if found is Form.ZIP:
        return ZIP if members_of(answer.body, LARGEST_UNPACKED) is not None else _UNKNOWN_TYPE
    if found is not None and found in _MEDIA_TYPES:
        return _MEDIA_TYPES[found]
    told = answer.media_type
    return told if _MEDIA_TYPE.fullmatch(told) and told != ZIP else _UNKNOWN_TYPE


def _bundle(plan: Plan, fetched: Fetched) -> Artifact:
    main = plan.main.name
    answers = {main: fetched.main, **fetched.more}
    forms = {name: _form(_AUTOMATIC, answer, name, answer.url.name) for name, answer in fetched.more.items()}
    forms[main] = _form(plan.content, fetched.main, main)
    files = {name: answer.body for name, answer in answers.items()}
    return Artifact.bundle(
        files,
        filename=f"{safe_name(plan.main.url.host or '') or main}.zip",
        attributes=_attributes(plan, replace(_rules(plan, main, forms, answers, bundled=True), absent=fetched.absent)),
    )


def _attributes(plan: Plan, rules: Rules) -> dict[str, str]:
    return rules.attributes() | {ASKED: json.dumps(plan.asked, ensure_ascii=False, sort_keys=True)}


def _rules(
    plan: Plan, main: str, forms: Mapping[str, Form], answers: Mapping[str, Response], *, bundled: bool = False
) -> Rules:
    return Rules(
        main=main,
        bundled=bundled,
        forms=forms,
        pattern=plan.pattern,
        minimum_size=plan.minimum_size,
        ignore=plan.ignore,
        without_end=tuple(name for name, answer in answers.items() if not has_end(answer)),
    )


def _form(content: str, answer: Response, *names: str) -> Form:
    """Return the form that a file has to have; what nobody asked for is no web page."""
    if content == _ANY:
        return Form.OTHER
    if content != _AUTOMATIC:
        return Form(content)
    form = form_of(answer.body, answer.media_type, *names)
    if (
        answer.media_type in _PAGES
        and form in {Form.TEXT, Form.XML}
        and not _is_only_sent_as_page(form, answer.body, names)
    ):
        raise InvalidArtifactError(web_page(names[-1]))
    return Form.OTHER if form is Form.PAGE else form


def _is_only_sent_as_page(form: Form, content: bytes, names: Sequence[str]) -> bool:
    """Return whether a file is none of the pages as which simple devices send everything: its name binds."""
    return is_named_as(form, *names) and not has_markup(content)
