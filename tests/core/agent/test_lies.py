"""Every value of every document replaced by what nobody expects: it is taken or refused, and nothing else happens."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from ha_device_backup_core.agent.client import AgentHello
from ha_device_backup_core.agent.failures import failure_from
from ha_device_backup_core.agent.fields import Fields, ProtocolError
from ha_device_backup_core.agent.kinds import kind_from
from ha_device_backup_core.agent.records import artifact_of, device_of, facts_of, plan_of, prompt_of, report_of
from ha_device_backup_core.errors import AgentVersionError

TEXT = {"message": "{a}", "package": "p", "en": "x", "values": {"a": 1}, "said": {"de": "{a}"}}
NOTE = {"code": "c", "text": TEXT, "needs_person": True, "is_remark": False}
FIELDS = [
    {"key": "host", "kind": "host", "label": "H", "required": True},
    {
        "key": "n",
        "kind": "integer",
        "label": TEXT,
        "help": "h",
        "default": 2,
        "minimum": 1,
        "maximum": 5,
        "required": True,
    },
    {
        "key": "mode",
        "kind": "choice",
        "label": "M",
        "default": "a",
        "choices": [["a", "A"], ["b", TEXT]],
        "advanced": True,
    },
]
KIND = {
    "kind": "lamp",
    "name": TEXT,
    "fields": FIELDS,
    "fetch_timeout": 10,
    "max_artifact_bytes": 100,
    "manufacturer": "m",
    "documentation": "https://x/",
    "omits": [TEXT],
    "restore_guide": [TEXT],
    "distribution": "d",
    "version": "1",
    "can_restore": True,
}
DEVICE = {
    "unique_id": "a",
    "name": "n",
    "manufacturer": "m",
    "model": "x",
    "version": "1",
    "connections": [["mac", "00:11:22:33:44:55"]],
    "configuration_url": "http://x/",
    "notices": [NOTE],
}
ARTIFACT = {"filename": "a.json", "media_type": "text/plain", "attributes": {"a": "b"}, "missing": [NOTE]}
PLAN = {
    "files": [{"name": "a", "change": "changed", "details": [TEXT]}],
    "refused": [TEXT],
    "needs": ["x"],
    "risks": [],
}
FAILURE = {
    "detail": TEXT,
    "retry_after": 5,
    "perhaps_busy": True,
    "owner": "o",
    "field": "f",
    "private": "p",
    "public": "q",
    "sha256": "ab" * 32,
    "distribution": "d",
    "version": "1",
}
CODES = (
    *("config", "key_pair_offered", "handler_crashed", "certificate_not_trusted", "authentication", "device_busy"),
    "foreign_file",
)
READ: Mapping[str, tuple[Callable[[Fields], object], Mapping[str, object]]] = {
    "hello": (
        AgentHello.of,
        {"agent_id": "a", "name": "n", "version": "1", "protocols": [1], "capabilities": ["jobs"]},
    ),
    "kind": (kind_from, KIND),
    "device": (device_of, DEVICE),
    "artifact": (lambda fields: artifact_of(fields, b"x"), ARTIFACT),
    "plan": (plan_of, PLAN),
    "report": (report_of, {"proven": [TEXT], "unproven": [], "needs": ["x"], "whole": True}),
    "prompt": (prompt_of, {"text": TEXT, "seconds": 5}),
    "facts": (facts_of, {"facts": {"model": "m", "version": "v", "made_at": "2026-01-01T00:00:00+00:00"}}),
    **{code: (failure_from, {"code": code, **FAILURE}) for code in CODES},
}
LIES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, -0.0, 2**70, -(2**70)),
    *("", "../../x", "\x00", "\ud800", "\u202e", "x" * 300, "x" * 30_000, "9" * 5000, "a\nb", "\x1b[2J"),
    *("javascript:alert(1)", "http://[", "2026-13-01", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
    *("{a.__class__}", "{0}", "%s%n", "<img src=x>", "${x}"),
    *([], [[]], [None], ["x"], [1], [{}], ["a"] * 20_000),
    *({}, {"": ""}, {"a": {}}, {"message": "x"}, {"message": "{a}", "values": {"a": []}, "package": ""}, {"en": None}),
)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def with_lie(document: object, path: tuple[str | int, ...], lie: object) -> object:
    if not path:
        return lie
    first, rest = path[0], path[1:]
    match document:
        case dict():
            return {key: with_lie(one, rest, lie) if key == first else one for key, one in document.items()}
        case list():
            return [with_lie(one, rest, lie) if number == first else one for number, one in enumerate(document)]
    message = f"{path} is no place in {document}"
    raise AssertionError(message)


@pytest.mark.parametrize("name", READ)
def test_a_lie_is_refused_or_taken_as_it_is(name: str) -> None:
    read, document = READ[name]
    read(Fields(document, "it"))
    refusals = []
    for path in places(document):
        for lie in LIES:
            try:
                str(read(Fields(with_lie(document, path, lie), "it")))
            except (ProtocolError, AgentVersionError) as error:
                refusals.append(str(error))
    assert len(refusals) > len(LIES)
    assert max(map(len, refusals)) < 400, "what was sent is not repeated"
