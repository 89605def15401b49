"""Trouble at every step of a restore: the steps are those that a restore without trouble was seen to take."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from ha_device_backup_core.contract import DeviceBackupHandler, Progress
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.manager import Defaults, DeviceBackupManager, DeviceSettings, ManagerEvent, RestoreResult
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.testing import SimulatedServer
from ha_device_backup_core.text import Text, in_language

from .troubles import OFTEN, Trouble, mend, noticing

DEFAULTS = Defaults(schedule=Schedule(kind=ScheduleKind.MANUAL), retry=RetryPolicy(enabled=False))
PLANNING = "planning"
SECONDS = 120

type Request = tuple[str, str]


class Subject(Protocol):
    """A device, and what the tests of its kind know about it."""

    handler: ClassVar[type[DeviceBackupHandler]]

    @property
    def server(self) -> SimulatedServer:
        """Return the device."""

    @property
    def config(self) -> Mapping[str, object]:
        """Return what a person entered."""

    @property
    def unique_id(self) -> str:
        """Return its identity."""

    def held(self) -> Mapping[str, object]:
        """Return all that a backup puts back, by what it is called."""

    def change(self, number: int) -> None:
        """Change what a restore has to write: a file, and what makes the device restart; each number in another way."""


class Came(StrEnum):
    """What came of a restore with trouble."""

    RESTORED = "restored"
    UNTOUCHED = "untouched"
    CONTINUED = "continued"
    UNDONE = "undone"
    KNOWN = "known"
    """It left what the same trouble had left before, from where was gone on in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request in the course of a restore."""

    number: int
    phase: str
    """What the page shows at that time."""
    request: Request

    def __str__(self) -> str:
        return f"at request {self.number}, {' '.join(self.request)} ({self.phase})"


class Watched(list[Request]):
    """The requests of a device; at one of them something happens."""

    def __init__(self) -> None:
        super().__init__()
        self.at: int | None = None
        self.happens: Callable[[], object] = lambda: None

    def append(self, request: Request) -> None:
        super().append(request)
        if len(self) - 1 == self.at:
            self.happens()


@dataclass(kw_only=True)
class Home:
    """A manager with the device in its care."""

    subject: Subject
    manager: DeviceBackupManager
    ends: list[RestoreResult] = field(default_factory=list)

    @property
    def key(self) -> DeviceKey:
        return DeviceKey(self.subject.handler.spec.kind, self.subject.unique_id)

    async def start(self) -> None:
        self.manager.subscribe(self._listen)
        await self.manager.start()
        config = dict(self.subject.config)
        await self.manager.add_device(DeviceSettings(key=self.key, title="Shelf", config=config))

    async def restore(self, backup_id: str, progress: Progress | None = None) -> bool:
        """Plan and restore as the page does, and return whether that went well; whatever came of it is told."""
        try:
            await self.manager.plan_restore(self.key, backup_id)
        except DeviceBackupError:
            return False
        told = len(self.ends)
        with suppress(DeviceBackupError):
            await self.manager.restore(self.key, backup_id, progress=progress)
        (end,) = self.ends[told:]
        assert (end.error is None) == (end.report is not None)
        return end.error is None

    async def end(self) -> None:
        """End the program."""
        await self.manager.stop()

    def _listen(self, event: ManagerEvent) -> None:
        if isinstance(event, RestoreResult):
            self.ends.append(event)


type Homes = Callable[[Subject, Path], AbstractAsyncContextManager[Home]]
"""Starts a home with the device in its care; what is stored below the path is known already."""


@asynccontextmanager
async def home_of(subject: Subject, root: Path) -> AsyncIterator[Home]:
    """Take the device into care; what is stored already is known."""
    registered = RegisteredHandler(handler=subject.handler, distribution="tests", version="1.0")
    registry = HandlerRegistry(handlers={registered.kind: registered})
    home = Home(subject=subject, manager=DeviceBackupManager(root, registry=registry, defaults=DEFAULTS))
    await home.start()
    try:
        yield home
    finally:
        await home.end()


@dataclass(kw_only=True)
class Rehearsal:
    """A device with a backup, and the steps of a restore without trouble."""

    subject: Subject
    root: Path
    watched: Watched
    backup: Backup
    backed_up: Mapping[str, object]
    """What the device held then."""
    steps: Sequence[Step]
    homes: Homes
    changes: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    gone_on: set[Hashable] = field(default_factory=set)
    """From what was gone on, and in which way."""
    begins_with: Path | None = None
    """The store as it is before each step; None goes on with that of the last one."""

    def of(self, subject: Subject, root: Path) -> "Rehearsal":
        """Return it for a device that is like the one it was made with, with a store like that one at each step."""
        watched = subject.server.requests = Watched()
        own = replace(self, subject=subject, root=root, watched=watched, begins_with=self.root)
        return replace(own, changes=itertools.count(1), gone_on=set())

    async def survive(self, trouble: Trouble) -> set[Came]:
        """Restore with the trouble at one step after the other; return what came of it."""
        return await self._survive_at(self.steps if trouble.everywhere else _first_of_each_phase(self.steps), trouble)

    async def survive_once(self, trouble: Trouble, number: int) -> set[Came]:
        """Restore with the trouble at one step, for each number another one; return what came of it."""
        steps = _first_of_each_phase(self.steps)
        return await self._survive_at([steps[number % len(steps)]], trouble)

    async def _survive_at(self, steps: Sequence[Step], trouble: Trouble) -> set[Came]:
        """Leave out where it is as if the trouble had begun before: what the device had not met till then."""
        came = set()
        same_until = {True: -1, False: -1}
        for turn, step in enumerate(steps):
            undo = turn % 2 == 0
            if step.number <= same_until[undo]:
                continue
            try:
                result, met = await self._go_through(step, trouble, undo=undo)
                came.add(result)
                ways = {True, False} if result in {Came.RESTORED, Came.UNTOUCHED} else {undo}
                same_until |= dict.fromkeys(ways, met)
            except BaseException as error:
                error.add_note(f"with {trouble} {step}")
                raise
        return came

    async def survive_ends(self, *at_once: bool) -> set[Came]:
        """End the program at one step after the other, at once or in good order, in turns; return what came of it."""
        came = set()
        for turn, step in enumerate(self.steps):
            try:
                came.add(await self._be_ended(step, at_once=at_once[turn % len(at_once)], undo=turn % 4 < 2))
            except BaseException as error:
                error.add_note(f"ended {step}")
                raise
        return came

    def _lay_out_store(self) -> None:
        if self.begins_with is not None:
            shutil.rmtree(self.root, ignore_errors=True)
            shutil.copytree(self.begins_with, self.root)

    def _at(self, step: Step, happens: Callable[[], object]) -> None:
        self.watched.at, self.watched.happens = len(self.watched) + step.number, happens

    async def _go_through(self, step: Step, trouble: Trouble, *, undo: bool) -> tuple[Came, int]:
        """Return what came of it, and the number of the request at which the device met the trouble."""
        server, looked = self.subject.server, list[int]()
        self._lay_out_store()
        async with self.homes(self.subject, self.root) as home:
            self.subject.change(next(self.changes))
            before = self.subject.held()
            begun = len(self.watched)
            self._at(step, lambda: trouble.begin(server))
            with noticing(server.faults, trouble.fault, lambda: looked.append(len(self.watched) - 1 - begun)):
                async with asyncio.timeout(SECONDS):
                    went_well = await home.restore(self.backup.id)
            self.watched.at = None
            await mend(server)
            never = step.number if trouble.fault is None else OFTEN
            met = min((number for number in looked if number >= step.number), default=never)
            if went_well:
                assert self.subject.held() == self.backed_up
                assert home.manager.status(home.key).unfinished_restore is None
                return Came.RESTORED, met
            return await self._go_on(home, before, trouble.name, undo=undo), met

    async def _be_ended(self, step: Step, *, at_once: bool, undo: bool) -> Came:
        left, reached = self.root.with_name("left"), asyncio.Event()
        self._lay_out_store()

        def end() -> None:
            if at_once:
                _copy(self.root, left)
            reached.set()

        async with self.homes(self.subject, self.root) as home:
            self.subject.change(next(self.changes))
            before = self.subject.held()
            self._at(step, end)
            restoring = asyncio.create_task(home.restore(self.backup.id))
            async with asyncio.timeout(SECONDS):
                await reached.wait()
            self.watched.at = None
            await home.end()
            restoring.cancel()
            await asyncio.gather(restoring, return_exceptions=True)
        await mend(self.subject.server)
        if at_once:
            shutil.rmtree(self.root)
            left.rename(self.root)
        async with self.homes(self.subject, self.root) as home:
            return await self._go_on(home, before, at_once, undo=undo)

    async def _go_on(self, home: Home, before: Mapping[str, object], after: Hashable, *, undo: bool) -> Came:
        """Continue or undo what is told to be unfinished; where nothing is, nothing was changed."""
        status = home.manager.status(home.key)
        assert not status.restoring
        unfinished = status.unfinished_restore
        if unfinished is None:
            assert self.subject.held() == before
            return Came.UNTOUCHED
        assert (unfinished.source, unfinished.backup_id) == (home.key, self.backup.id)
        assert unfinished.safety_backup_id is not None
        left = (after, self._written(before), undo)
        if left in self.gone_on:
            await home.manager.dismiss_restore(home.key)
            return Came.KNOWN
        self.gone_on.add(left)
        assert await home.restore(unfinished.safety_backup_id if undo else unfinished.backup_id), home.ends[-2:]
        assert self.subject.held() == (before if undo else self.backed_up)
        assert home.manager.status(home.key).unfinished_restore is None
        return Came.UNDONE if undo else Came.CONTINUED

    def _written(self, before: Mapping[str, object]) -> Hashable:
        """Return which parts of the device are not as before, and which are as in the backup."""
        held = self.subject.held()
        names = held.keys() | before.keys() | self.backed_up.keys()
        return frozenset(
            (name, held.get(name) == before.get(name), held.get(name) == self.backed_up.get(name)) for name in names
        )


async def rehearse(subject: Subject, root: Path, homes: Homes = home_of) -> Rehearsal:
    """Back the device up, change it, and put the backup back once; note which steps that takes."""
    watched = subject.server.requests = Watched()
    async with homes(subject, root) as home:
        backup = (await home.manager.back_up(home.key)).backup
        assert backup is not None
        await home.manager.stored.protect(home.key, backup.id)
        backed_up = subject.held()
        subject.change(0)
        assert subject.held() != backed_up
        begun = len(watched)
        phases = [(0, PLANNING)]

        def progress(_: float | None, text: Text) -> None:
            phases.append((len(watched) - begun, in_language(text, "en")))

        assert await home.restore(backup.id, progress)
        assert subject.held() == backed_up
    steps = _steps(watched[begun:], phases)
    return Rehearsal(
        subject=subject, root=root, watched=watched, backup=backup, backed_up=backed_up, steps=steps, homes=homes
    )


def rehearsed[Server: SimulatedServer](
    server: AbstractAsyncContextManager[Server], subject_of: Callable[[Server], Subject], root: Path
) -> Rehearsal:
    """Rehearse with a device of its own, outside of any event loop, once for many tests."""

    async def with_it() -> Rehearsal:
        async with server as started:
            return await rehearse(subject_of(started), root)

    return asyncio.run(with_it())


def _steps(requests: Sequence[Request], phases: Sequence[tuple[int, str]]) -> list[Step]:
    """Return the first and the last request of each method in each phase: those between are like them."""
    grouped: dict[tuple[str, str], list[Step]] = {}
    for number, request in enumerate(requests):
        phase = next(phase for at, phase in reversed(phases) if at <= number)
        grouped.setdefault((phase, request[0]), []).append(Step(number=number, phase=phase, request=request))
    kept = {step.number: step for group in grouped.values() for step in (group[0], group[-1])}
    return [kept[number] for number in sorted(kept)]


def _first_of_each_phase(steps: Sequence[Step]) -> list[Step]:
    """Return the first request of each method in each phase."""
    first: dict[tuple[str, str], Step] = {}
    for step in steps:
        first.setdefault((step.phase, step.request[0]), step)
    return list(first.values())


def _copy(root: Path, target: Path) -> None:
    """Copy a store as it is at this moment, whatever is being written."""
    for path in (root, *sorted(root.rglob("*"))):
        copy = target / path.relative_to(root)
        if path.is_dir():
            copy.mkdir()
        else:
            with suppress(FileNotFoundError):
                shutil.copy2(path, copy)
