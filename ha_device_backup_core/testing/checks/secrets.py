"""Secrets: in no log, error, text, attribute or view."""

from collections.abc import AsyncIterator, Iterable, Sequence

import pytest

from ha_device_backup_core.config.config import secret_values
from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.spellings import Spellings

from ..assertions import demand
from ..faults import Fault
from ..harness import Bench, run
from ..network import Phase
from ..source import Source
from ..suite import Suite

_SHORTEST = 4
"""Shorter values stand in ports and times, too."""
_FAULTS = (Fault.UNAUTHORIZED, Fault.SERVER_ERROR, Fault.NOISE, Fault.CUT)


class SecretChecks(Suite):
    """The checks for secrets of the configuration and of the device."""

    def test_secrets_are_nowhere(self, source: Source, capsys: pytest.CaptureFixture[str]) -> None:
        """Logs, prints, errors, notes, attributes and names are seen by many."""

        async def scenario() -> tuple[list[tuple[str, str]], list[str]]:
            async with self.bench(source) as bench:
                shown = [text async for text in _shown(bench)]
                shown.extend(("a log", text) for text in bench.logs)
                return shown, _secrets(self, bench)

        shown, secrets = run(scenario())
        printed = capsys.readouterr()
        shown.append(("what is printed", printed.out + printed.err))
        for place, text in shown:
            _demand_none(secrets, place, text)

    def test_redact_shows_no_secret(self, source: Source) -> None:
        """People compare backups on a screen and post them in forums."""

        async def scenario() -> tuple[Artifact, list[str]]:
            async with self.bench(source) as bench:
                return (await bench.backup()).artifact, _secrets(self, bench)

        artifact, secrets = run(scenario())
        for shown in map(self.handler.redact, (artifact, *self.handed_in)):
            for name, text in shown.items():
                _demand_none(secrets, f"{name} of redact", name + text)


async def _shown(bench: Bench) -> AsyncIterator[tuple[str, str]]:
    device = await bench.identity()
    yield "what is known of the device", repr(device)
    fetched = await bench.backup()
    artifact = fetched.artifact
    yield "the file name", artifact.filename
    yield "the attributes of the artifact", repr(dict(artifact.attributes))
    yield "a note", repr((artifact.missing, fetched.doubts))
    for fault in _FAULTS:
        for phase in (Phase.CONNECTION, Phase.FETCH):
            async with bench.network.failing(fault, phase):
                try:
                    await bench.fetch()
                except DeviceBackupError as error:
                    yield f"an error ({fault.value})", f"{error} {error!r} {error.detail}"


def _secrets(suite: Suite, bench: Bench) -> list[str]:
    of_config = secret_values(suite.handler.spec, bench.device.config)
    return [secret for secret in (*of_config, *bench.device.secrets) if len(secret) >= _SHORTEST]


def _demand_none(secrets: Sequence[str], place: str, text: str) -> None:
    demand(
        not Spellings(secrets).spans(text),
        f"A secret is in {place}: {_masked(secrets, text)}. Log by context.logger, which masks those of the"
        " configuration, and leave out those of the device.",
    )


def _masked(secrets: Iterable[str], text: str) -> str:
    spellings = Spellings(secrets)
    line = next((line for line in text.splitlines() if spellings.spans(line)), text)
    return spellings.replaced(line, "*" * 8)[:200]
