"""The artifact: what is fetched is valid, what is none is refused, and changes are told from noise."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler, Note
from ha_device_backup_core.errors import ArtifactError, RestoreRejectedError
from ha_device_backup_core.jobs.fingerprint import fingerprint

from ..assertions import demand, describe, fail
from ..faults import NOISE, WEB_PAGE
from ..harness import run
from ..side_effects import watched
from ..source import DeviceSource
from ..suite import Suite

_DAMAGES = 60
_BUNDLE = "application/zip"
_PURE = frozenset({"validate", "recognizes", "owner", "configured", "normalize", "redact"})

_STRANGERS = {
    "noise.bin": NOISE,
    "page.html": WEB_PAGE,
    "empty.json": b"{}",
    "list.json": b"[1, 2, 3]",
    "relay.json": b'{"ble": {}, "cloud": {}, "eth": {"enable": true}, "mqtt": {}, "sys": {}, "wifi": {"enable": true}}',
    "notes.txt": b"Bought in spring, under the stairs.",
    "lines.xml": b"<?xml version='1.0'?><settings><name>Stairs</name></settings>",
}
"""What lies about in folders of backups."""

type Corruption = Callable[[bytes], bytes]


class ArtifactChecks(Suite):
    """The checks of validate, normalize and redact."""

    def test_own_artifact_is_valid(self, source: DeviceSource) -> None:
        """A healthy device has a backup, whole or with notes that have codes."""
        for artifact in self._artifacts(source):
            doubts = self._doubts(artifact)
            demand(isinstance(doubts, tuple), "validate has to return a tuple of notes, () for none.")
            demand(
                not any(note.is_remark for note in artifact.missing),
                "A note in `missing` is a remark. Remarks are lasting facts that validate returns.",
            )
            judged = self.handler.configured(artifact)
            demand(
                judged is None or isinstance(judged, bool),
                f"configured returned {judged!r}. It returns True, False, or None where that cannot be told.",
            )
            demand(
                isinstance(self.handler.recognizes(artifact), bool),
                "recognizes returns True or False.",
            )
            codes = [note.code for note in (*doubts, *artifact.missing)]
            wrong = [code for code in codes if not code.replace("_", "").isalnum() or code != code.lower()]
            demand(not wrong, f"Codes of notes are lower case, digits and _: change {', '.join(map(repr, wrong))}.")
            demand(artifact.files(), "The artifact holds no file.")

    def test_owner_is_the_device(self, source: DeviceSource) -> None:
        """A file that a person hands in is told from one of another device, where it names its own."""
        fetched, _ = self.fetched(source)
        owner = self.handler.owner(fetched.artifact)
        demand(
            owner in {None, fetched.device.unique_id},
            f"owner says {owner!r}, the device itself {fetched.device.unique_id!r}. They have to be equal;"
            " owner returns None where the artifact does not tell.",
        )

    def test_only_its_own_is_recognized(self, source: DeviceSource) -> None:
        """A file that comes without a word about its kind goes to its device, and to no other."""
        if not self.handler.recognizes(self._artifact(source)):
            bases = [base for base in self.handler.__mro__ if base is not DeviceBackupHandler]
            demand(
                not any("recognizes" in vars(base) for base in bases),
                "recognizes does not know a backup of its own device.",
            )
        for name, content in _STRANGERS.items():
            for stranger in (Artifact(filename=name, content=content), Artifact.bundle({name: content})):
                try:
                    recognized = self.handler.recognizes(stranger)
                except ArtifactError:
                    continue
                demand(not recognized, f"recognizes takes {content[:40]!r} for a file of its own kind.")

    def test_empty_is_refused(self, source: DeviceSource) -> None:
        """A device that sends nothing has no backup."""
        self._demand_refusals(source, "empty", _emptied)

    def test_truncated_is_refused(self, source: DeviceSource) -> None:
        """Half of a backup is none, if the answer ended early without an error."""
        self._demand_refusals(source, "cut in half", _halved)

    def test_web_page_is_refused(self, source: DeviceSource) -> None:
        """A login page saved as a configuration is no backup."""
        self._demand_refusals(source, "a web page", _paged)

    def test_noise_is_refused(self, source: DeviceSource) -> None:
        """Bytes without meaning are no backup."""
        self._demand_refusals(source, "noise", _noised)

    def test_damage_never_crashes(self, source: DeviceSource) -> None:
        """Backups of many years, and of strangers, are checked: only the errors of the contract come out."""
        for damaged in itertools.chain.from_iterable(map(_damaged, self._artifacts(source))):
            try:
                self.handler.recognizes(damaged)
                self.handler.validate(damaged)
                self.handler.owner(damaged)
                self.handler.configured(damaged)
                self.handler.normalize(damaged)
                self.handler.redact(damaged)
            except ArtifactError:
                continue
            except Exception as error:  # noqa: BLE001 - that is the question
                fail(
                    f"A damaged artifact made {_where(error)} raise {type(error).__name__}: {error}."
                    " validate has to raise InvalidArtifactError for what the others cannot read."
                )

    def test_checks_are_pure(self, source: DeviceSource) -> None:
        """They run on stored backups, in threads, without a device: no I/O, and the same answer each time."""
        handler = self.handler
        calls = (
            handler.validate,
            handler.recognizes,
            handler.owner,
            handler.configured,
            handler.normalize,
            handler.redact,
        )
        for artifact, call in itertools.product(self._artifacts(source), calls):
            name = call.__name__
            with watched() as acts:
                first, second = call(artifact), call(artifact)
            demand(not acts, f"{name} {'; '.join(acts)}. It gets all it needs in the artifact.")
            demand(first == second, f"{name} returns something else for the same artifact when it is called again.")

    def test_normalize_is_idempotent(self, source: DeviceSource) -> None:
        """Normalising what is normalised changes nothing."""
        for artifact in self._artifacts(source):
            once = dict(self.handler.normalize(artifact))
            demand(
                once and all(isinstance(content, bytes) for content in once.values()),
                "normalize has to return the files that count, by name, as bytes.",
            )
            twice = dict(self.handler.normalize(_rebuilt(artifact, once)))
            demand(
                once == twice,
                f"normalize changes what it made itself: {', '.join(_different(once, twice))}."
                " Sort, strip and leave out in a way that has nothing left to do the second time.",
            )

    def test_part_is_valid(self, source: DeviceSource) -> None:
        """Each file that can be put back alone makes a backup that `validate` takes."""
        if not any("part" in vars(base) for base in self.handler.__mro__ if base is not DeviceBackupHandler):
            return
        artifact = self._artifact(source)
        parts = {name: part for name in artifact.files() if (part := self._part(artifact, name)) is not None}
        demand(parts, "part refuses every file of the backup. Leave the method out where it goes back as a whole only.")
        for name, part in parts.items():
            try:
                self.handler.validate(part)
            except ArtifactError as error:
                fail(f"validate refuses the part with {name} alone: {describe(error)}.")

    def _part(self, artifact: Artifact, name: str) -> Artifact | None:
        try:
            return self.handler.part(artifact, [name])
        except RestoreRejectedError:
            return None

    def test_unchanged_is_recognised(self, source: DeviceSource) -> None:
        """Two fetches without a change in between are equal, so nothing is stored twice."""

        async def scenario() -> tuple[Artifact, Artifact]:
            async with self.bench(source) as bench:
                first = (await bench.backup()).artifact
                if not bench.device.wait_a_moment():
                    pytest.skip("the recording has no take “unchanged”")
                return first, (await bench.backup()).artifact

        first, second = (dict(self.handler.normalize(artifact)) for artifact in run(scenario()))
        demand(
            first == second,
            f"Nothing was changed, but normalize tells two backups apart by {', '.join(_different(first, second))}."
            " Leave out what changes by itself (uptime, time, counters).",
        )

    def test_change_is_noticed(self, source: DeviceSource) -> None:
        """A changed setting makes another fingerprint, so it is stored."""

        async def scenario() -> tuple[Artifact, Artifact]:
            async with self.bench(source) as bench:
                first = (await bench.backup()).artifact
                if not await bench.device.change():
                    self._refuse_or_skip_unchangeable()
                return first, (await bench.backup()).artifact

        first, second = (self._fingerprint(artifact) for artifact in run(scenario()))
        demand(
            first != second,
            "A setting was changed, but the fingerprint is the same: normalize leaves out too much, or the setting is"
            " not in the backup.",
        )

    def _refuse_or_skip_unchangeable(self) -> None:
        if len(self.sources()) > 1:
            pytest.skip("this device has no change to look at, another one may")
        fail(
            "Nothing shows that changes are noticed: give Simulated a `change`, or record with --changed, which asks"
            " you to change a setting of the device in between."
        )

    def _artifact(self, source: DeviceSource) -> Artifact:
        fetched, _ = self.fetched(source)
        return fetched.artifact

    def _artifacts(self, source: DeviceSource) -> tuple[Artifact, ...]:
        return (self._artifact(source), *self.importable)

    def _doubts(self, artifact: Artifact) -> tuple[Note, ...]:
        try:
            return self.handler.validate(artifact)
        except ArtifactError as error:
            fail(f"validate refuses {artifact.filename}, which `importable` names as a backup: {describe(error)}.")

    def _fingerprint(self, artifact: Artifact) -> str:
        return fingerprint(self.handler.normalize(artifact), (*artifact.missing, *self.handler.validate(artifact)))

    def _demand_refusals(self, source: DeviceSource, words: str, damage: Corruption) -> None:
        fetched, *importable = self._artifacts(source)
        for artifact in (fetched, *importable):
            what = f"{artifact.filename} that is {words}"
            self._demand_refusal(what, replace(artifact, content=damage(artifact.content)))
        if fetched.media_type == _BUNDLE:
            self._demand_refusals_in_bundle(fetched, words, damage)

    def _demand_refusals_in_bundle(self, artifact: Artifact, words: str, damage: Corruption) -> None:
        files = dict(artifact.files())
        damaged = {name: damage(content) for name, content in files.items()}
        self._demand_refusal(f"a bundle in which every file is {words}", _rebuilt(artifact, damaged))
        for name in self.essential:
            demand(name in files, f"`essential` names {name}, which is not in the backup.")
            doubted = _rebuilt(artifact, files | {name: damage(files[name])})
            self._demand_refusal(f"a bundle in which {name} is {words}", doubted, or_doubt=True)

    def _demand_refusal(self, what: str, artifact: Artifact, *, or_doubt: bool = False) -> None:
        try:
            doubts = self.handler.validate(artifact)
        except ArtifactError as error:
            demand(
                error.detail_in().strip(), f"validate refuses {what} without a detail: name the file and the reason."
            )
            return
        except Exception as error:  # noqa: BLE001 - that is the question
            fail(f"validate raised {type(error).__name__}: {error} for {what}; raise InvalidArtifactError instead.")
        demand(
            or_doubt and doubts, f"validate accepts {what}. Raise InvalidArtifactError, naming the file and the reason."
        )


def _emptied(_content: bytes) -> bytes:
    return b""


def _halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _paged(_content: bytes) -> bytes:
    return WEB_PAGE


def _noised(_content: bytes) -> bytes:
    return NOISE


def _rebuilt(artifact: Artifact, files: Mapping[str, bytes]) -> Artifact:
    if artifact.media_type != _BUNDLE and set(files) == {artifact.filename}:
        return replace(artifact, content=files[artifact.filename])
    return Artifact.bundle(files, filename=artifact.filename, attributes=artifact.attributes, missing=artifact.missing)


def _different(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


def _damaged(artifact: Artifact) -> Iterator[Artifact]:
    """Return the artifact with other bytes here and there; the same ones in each run."""
    dice = random.Random(artifact.filename)  # noqa: S311 - not for secrets
    files = dict(artifact.files())
    for _ in range(_DAMAGES):
        name = dice.choice(sorted(files))
        content = bytearray(files[name] or b"\0")
        for _ in range(dice.randint(1, 3)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        yield _rebuilt(artifact, files | {name: bytes(content)})
        yield _rebuilt(artifact, files | {name: bytes(content[: dice.randrange(len(content) + 1)])})
        yield _rebuilt(artifact, {kept: data for kept, data in files.items() if kept != name} or {name: b"\xff"})


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    names = []
    while trace is not None:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    return next((name for name in names if name in _PURE), names[-1])
