"""Secrets: in no log, error, text, attribute or view."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits

import pytest

from ha_device_backup_core.changes import compare
from ha_device_backup_core.config.config import secret_values
from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import ArtifactError, DeviceBackupError
from ha_device_backup_core.spellings import Spellings

from ..assertions import demand
from ..faults import Fault
from ..harness import Bench, run
from ..network import Phase
from ..source import DeviceSource, OpenDevice
from ..suite import Suite

_SHORTEST = 4
"""Shorter values stand in ports and times, too."""
_NEXT = str.maketrans(
    {one: other for of in (ascii_lowercase, ascii_uppercase, digits) for one, other in pairwise(of + of[0])}
)
_FAULTS = (Fault.UNAUTHORIZED, Fault.SERVER_ERROR, Fault.NOISE, Fault.CUT)


class SecretChecks(Suite):
    """The checks for secrets of the configuration and of the device."""

    def test_secrets_are_nowhere(self, source: DeviceSource, capsys: pytest.CaptureFixture[str]) -> None:
        """Logs, prints, errors, notes, attributes and names are seen by many."""

        async def scenario() -> tuple[list[tuple[str, str]], list[str]]:
            async with self.bench(source) as bench:
                shown = [text async for text in _shown(bench)]
                shown.extend(("a log", text) for text in bench.logs)
                return shown, _secrets(self, bench.device)

        shown, secrets = run(scenario())
        printed = capsys.readouterr()
        shown.append(("what is printed", printed.out + printed.err))
        spellings = Spellings(secrets)
        for place, text in shown:
            _demand_none(spellings, place, text)

    def test_redact_shows_no_secret(self, source: DeviceSource) -> None:
        """People compare backups on a screen and post them in forums."""
        fetched, bench = self.fetched(source)
        artifact, secrets = fetched.artifact, _secrets(self, bench.device)
        spellings = Spellings(secrets)
        for shown in map(self.handler.redact, (artifact, *self.importable)):
            for name, text in shown.items():
                _demand_none(spellings, f"{name} of redact", name + text)

    def test_changed_secret_is_shown_as_changed(self, source: DeviceSource) -> None:
        """Who compares two backups has to see that a password is another one, and never which."""
        fetched, bench = self.fetched(source)
        artifact, secrets = fetched.artifact, _secrets(self, bench.device)
        for secret in secrets:
            for name, changed in _with_another(artifact, secret):
                shown = self.handler.redact(artifact).get(name)
                if self._is_valid(changed) and not (shown and Spellings((secret,)).spans(shown)):
                    self._demand_shown(name, artifact, changed, is_text=shown is not None)

    def _is_valid(self, artifact: Artifact) -> bool:
        """Return whether it can be one of the device: a file with a checksum is none any more."""
        try:
            self.handler.validate(artifact)
        except ArtifactError:
            return False
        return True

    def _demand_shown(self, name: str, before: Artifact, after: Artifact, *, is_text: bool) -> None:
        found = [file for file in compare(self.handler, before, after).files if file.path == name]
        demand(found, f"A secret in {name} was changed, but that is not to be seen in a comparison.")
        for file in found:
            is_masked = any(setting.masked for setting in file.settings) or any(line.masked for line in file.lines)
            demand(
                is_masked or not file.counts or not is_text,
                f"A secret in {name} was changed, but that is not shown as hidden and changed: let redact put"
                " hidden(value) there.",
            )


def _with_another(artifact: Artifact, secret: str) -> Iterator[tuple[str, Artifact]]:
    """Return, of each file in which the secret stands as it is, its name and the artifact with another one there."""
    files = artifact.files()
    for name, content in files.items():
        if secret.encode() in content:
            changed = content.replace(secret.encode(), _another(secret).encode())
            is_bundle = len(files) > 1 or content != artifact.content
            yield name, Artifact.bundle({**files, name: changed}) if is_bundle else replace(artifact, content=changed)


def _another(secret: str) -> str:
    """Return another secret of the same form: each letter and digit is the next one."""
    return secret.translate(_NEXT)


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


def _secrets(suite: Suite, device: OpenDevice) -> list[str]:
    of_config = secret_values(suite.handler.spec, device.config)
    return [secret for secret in (*of_config, *device.secrets) if len(secret) >= _SHORTEST]


def _demand_none(secrets: Spellings, place: str, text: str) -> None:
    found = bool(secrets.spans(text))
    demand(
        not found,
        f"A secret is in {place}: {_masked(secrets, text) if found else ''}. Log by context.logger, which masks those"
        " of the configuration, and leave out those of the device.",
    )


def _masked(secrets: Spellings, text: str) -> str:
    line = next((line for line in text.splitlines() if secrets.spans(line)), text)
    return secrets.replaced(line, "*" * 8)[:200]
