"""The kind of a file is found out by asking every handler, and none of them spoils it for the others."""

import logging
from dataclasses import replace

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import InvalidArtifactError, UnusableFileError
from ha_device_backup_core.jobs.recognition import recognize
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler

from ..example_handler import ExampleHandler

FILE = Artifact(filename="config.json", content=b'{"name": "by hand"}')


class Knows(ExampleHandler):
    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        return artifact.content.startswith(b'{"name"')


class KnowsToo(Knows):
    spec = replace(ExampleHandler.spec, kind="twin", name="Twin")


class Crashes(ExampleHandler):
    spec = replace(ExampleHandler.spec, kind="crashing")

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        raise RuntimeError(artifact.filename)


class SaysNonsense(Crashes):
    spec = replace(ExampleHandler.spec, kind="nonsense")

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        return "yes"  # type: ignore[return-value]


class TakesLittle(Crashes):
    spec = replace(ExampleHandler.spec, kind="little", max_artifact_bytes=1)


class Refuses(Crashes):
    spec = replace(ExampleHandler.spec, kind="refusing")

    @classmethod
    def recognizes(cls, artifact: Artifact) -> bool:
        raise InvalidArtifactError("It is torn.")


def registry(*handlers: type[ExampleHandler]) -> HandlerRegistry:
    found = [RegisteredHandler(handler=handler, distribution="example", version="1") for handler in handlers]
    return HandlerRegistry(handlers={registered.kind: registered for registered in found})


async def test_others_do_not_spoil_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = await recognize(registry(Crashes, SaysNonsense, TakesLittle, Refuses, Knows), FILE)
    assert (found.registered.kind, found.owner, found.notes, found.facts) == ("example", None, (), None)
    assert "is not asked about config.json" in caplog.text


@pytest.mark.parametrize(
    ("handlers", "reason"),
    [
        ((), "None of the installed packages knows what it is."),
        ((ExampleHandler, Refuses), "None of the installed packages knows what it is."),
        ((Refuses,), "It is torn."),
        ((Knows, KnowsToo), "It could be of several kinds: Example, Twin."),
    ],
)
async def test_nobody_knows_it(handlers: tuple[type[ExampleHandler], ...], reason: str) -> None:
    with pytest.raises(UnusableFileError) as refused:
        await recognize(registry(*handlers), FILE)
    assert refused.value.detail_in() == reason
    assert (await recognize(registry(Knows), FILE)).artifact == FILE


async def test_what_is_damaged_is_told_with_its_kind() -> None:
    with pytest.raises(UnusableFileError) as refused:
        await recognize(registry(Knows), replace(FILE, content=FILE.content[:-1]))
    assert refused.value.detail_in("de") == (
        "Sie gehört zu Example, ist aber nicht zu gebrauchen: config.json is no JSON."
    )
