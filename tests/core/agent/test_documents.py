"""What goes over to the other side comes back as it was, whatever it is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ha_device_backup_core import errors
from ha_device_backup_core.agent.failures import failure_document, failure_from
from ha_device_backup_core.agent.fields import LONGEST_TEXT, Fields, ProtocolError, checked_text, decode, encode
from ha_device_backup_core.agent.kinds import kind_document, kind_from, kind_of
from ha_device_backup_core.agent.records import (
    ContentRef,
    artifact_document,
    artifact_of,
    content_of,
    device_document,
    device_of,
    facts_document,
    facts_of,
    plan_document,
    plan_of,
    prompt_document,
    prompt_of,
    report_document,
    report_of,
)
from ha_device_backup_core.contract import Artifact, DeviceInfo, Note, Prompt
from ha_device_backup_core.errors import (
    AgentError,
    ArtifactError,
    AuthenticationError,
    CertificateNotTrustedError,
    ConfigError,
    DeviceBackupError,
    DeviceBusyError,
    DeviceError,
    ForeignFileError,
    HandlerCrashedError,
    KeyPairOfferedError,
    RestoreError,
    StoreFullError,
)
from ha_device_backup_core.file_facts import FileFacts
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from ha_device_backup_core.text import Message, _, joined
from ha_device_backup_core.text_documents import text_document
from tests.core.test_errors import tree

MESSAGE = _("The agent “{agent}” has as much to do as it can.", agent="Cellar")
NESTED = joined([MESSAGE, "plain \udce9"], "; ")
NOTE = Note(code="x", text=NESTED, needs_person=True, is_remark=True)
LARGEST = 2**20


def sent(document: dict[str, object]) -> Fields:
    """Return what the other side reads."""
    return decode(encode(document), "the answer", largest=LARGEST)


def test_devices() -> None:
    device = DeviceInfo(
        unique_id="a1",
        name="Küche",
        manufacturer="M",
        model="X",
        version="1",
        connections=(("mac", "aa:bb"),),
        configuration_url="http://192.0.2.1/",
        notices=(NOTE,),
    )
    bare = DeviceInfo(unique_id=None, name="")
    for one in (device, bare):
        read = device_of(sent(device_document(one)))
        assert read == one
        assert [note.text for note in read.notices] == [note.text for note in one.notices]


def test_artifacts() -> None:
    artifact = Artifact(
        filename="a\udce9.bin", content=b"x", media_type="a/b", attributes={"k": "v\udce9"}, missing=(NOTE,)
    )
    content = ContentRef(sha256="ab" * 32, size=1)
    fields = sent(artifact_document(artifact, content))
    assert artifact_of(fields, b"x") == artifact
    assert content_of(fields) == content
    fields.only_known()


def test_plans_reports_prompts_and_facts() -> None:
    plan = RestorePlan(
        files=tuple(PlannedFile(name=change.value, change=change, details=(MESSAGE, "b")) for change in FileChange),
        refused=(MESSAGE,),
        needs=("n",),
        risks=("r",),
        restarts=True,
    )
    assert plan_of(sent(plan_document(plan))) == plan
    assert plan_of(sent(plan_document(RestorePlan()))) == RestorePlan()
    report = RestoreReport(proven=(MESSAGE,), unproven=("u",), needs=("n",))
    assert report_of(sent(report_document(report))) == report
    assert prompt_of(sent(prompt_document(Prompt(text=MESSAGE, seconds=5)))) == Prompt(text=MESSAGE, seconds=5)
    assert prompt_of(sent(prompt_document(Prompt(text="x", seconds=1e9)))) == Prompt(text="x", seconds=600)
    for facts in (
        None,
        FileFacts(),
        FileFacts(model="m", version="v", made_at=datetime(2026, 1, 2, tzinfo=UTC)),
        FileFacts(made_at=datetime(2026, 1, 2)),  # noqa: DTZ001 - by the clock of a device
    ):
        assert facts_of(sent(facts_document(facts))) == facts


def examples(detail: Message | str | None) -> Iterator[DeviceBackupError]:
    """Return one of each error that a job can end with."""
    for root in (DeviceError, ArtifactError, RestoreError):
        for kind in tree(root):
            if issubclass(kind, AgentError):
                continue
            if issubclass(kind, CertificateNotTrustedError):
                yield kind("ab" * 32, detail)
            else:
                yield kind(detail)
    yield ConfigError("host", detail)
    yield KeyPairOfferedError("private_key", detail, private="-----BEGIN\nA key", public="ssh-ed25519 AAAA")
    yield HandlerCrashedError("package", "1", detail)
    yield AuthenticationError(detail, retry_after=5.0, perhaps_busy=True)
    yield DeviceBusyError(detail, retry_after=7.5)
    yield ForeignFileError(detail, owner="a1")


@pytest.mark.parametrize("detail", [None, "in words", MESSAGE, NESTED])
def test_errors(detail: Message | str | None) -> None:
    for error in examples(detail):
        read = failure_from(sent(failure_document(error)))
        assert type(read) is type(error)
        assert vars(read) == vars(error)


def test_errors_of_this_side_come_from_nobody_else() -> None:
    refused = {
        kind.code
        for kind in tree(DeviceBackupError)
        if kind.__module__ == errors.__name__ and not _is_read({"code": kind.code, "sha256": "ab" * 32, "field": "x"})
    }
    assert {kind.code for kind in tree(AgentError)} <= refused
    assert {StoreFullError.code, DeviceBackupError.code, "snapshot", "handler_unavailable"} <= refused


def _is_read(document: dict[str, object]) -> bool:
    try:
        failure_from(sent({**document, "distribution": "x", "version": "1"}))
    except ProtocolError:
        return False
    return True


def test_kinds_of_all_handlers() -> None:
    handlers = load_handlers().handlers
    assert len(handlers) > 50
    for registered in handlers.values():
        kind = kind_of(registered)
        read = kind_from(sent(kind_document(kind)))
        expected = replace(kind.spec, discovery=(), unique_id_form="", api_version=read.spec.api_version)
        assert read == replace(kind, spec=expected), kind.spec.kind


def test_texts_that_grow_are_refused() -> None:
    grows = Message("{a}" * 100, {"a": Message("{b}" * 100, {"b": "x" * 100})})
    with pytest.raises(ProtocolError):
        checked_text(text_document_without_words(grows), "x")
    assert checked_text("x" * LONGEST_TEXT, "x") == "x" * LONGEST_TEXT
    with pytest.raises(ProtocolError):
        checked_text("x" * (LONGEST_TEXT + 1), "x")


def text_document_without_words(text: Message) -> object:
    values = {
        name: text_document_without_words(value) if isinstance(value, Message) else value
        for name, value in text.values.items()
    }
    return {"en": "", "message": text.english, "values": values, "package": ""}


def test_fields_are_read_once_and_strictly() -> None:
    fields = sent({"a": 1, "b": "x", "c": [1], "d": True, "e": 1.5})
    assert fields.integer("a", 0, 1) == 1
    for wrong in (
        lambda: fields.word("a"),
        lambda: fields.integer("a", 2, 3),
        lambda: fields.integer("d", 0, 1),
        lambda: fields.integer("e", 0, 5),
        lambda: fields.number("d", 0, 1),
        lambda: fields.number("b", 0, 1),
        lambda: fields.boolean("a"),
        lambda: fields.boolean("missing"),
        lambda: fields.words("c"),
        lambda: fields.objects("c"),
        lambda: fields.inner("b"),
        lambda: fields.mapping("c"),
        lambda: fields.items("b"),
        lambda: fields.word("b", "[a-w]"),
        lambda: fields.word("b", longest=0),
    ):
        with pytest.raises(ProtocolError):
            wrong()
    with pytest.raises(ProtocolError, match="unknown"):
        sent({"z": 1}).only_known()
    fields.only_known()


def test_what_is_sent_is_plain_json() -> None:
    sent_bytes = encode({"a": "é\udce9", "b": text_document(NESTED)})
    assert sent_bytes.isascii()
    assert json.loads(sent_bytes)["a"] == "é\udce9"
