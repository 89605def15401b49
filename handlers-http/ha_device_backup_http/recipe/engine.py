"""Takes the steps of a recipe with one device: asks, judges, captures, repeats, and keeps the files."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ha_device_backup_core import (
    ArtifactTooLargeError,
    AuthenticationError,
    CannotConnectError,
    Config,
    DeviceBusyError,
    DeviceError,
    HandlerContext,
    InvalidArtifactError,
    PermissionDeniedError,
    UnexpectedResponseError,
    WrongDeviceError,
)
from ha_device_backup_core.toolkit import Pace

from ..translation import _
from .capturing import NotCapturedError, captured_value
from .collected import Came, Collected
from .collecting import Collecting
from .entries import MOST_PUT_BACK, Members, asked, entries_for
from .exchange import Exchange
from .field_values import field_values
from .judging import GONE, NOT_THERE, holds, refuse_errors, refuse_unexpected
from .missing import NotThereError
from .naming import file_name
from .paging import Paging
from .put_back import TakenSteps, upload_of
from .recent_answers import RecentAnswers
from .recipe import Recipe
from .same_device import steps_to_id, told_by
from .saving import content_of
from .sources import Answer
from .steps import Pages, SavedFile, Step
from .templates import UnknownValueError, Value
from .validity import check_file

_LARGE = 64 * 1024
"""Bytes of an answer that is looked at in a thread."""
_MOST_REQUESTS = 2_000
_MOST_OF_A_RESTORE = _MOST_REQUESTS + 2 * MOST_PUT_BACK
"""With what goes back, and what goes away for it."""
_HURRY = Pace(connect=3.0, silence=5.0, tries=1)


class Engine:
    """One job with one device."""

    def __init__(self, context: HandlerContext, recipe: Recipe, config: Config) -> None:
        """Prepare it; no I/O. Raises ConfigError."""
        self._context = context
        self._recipe = recipe
        self._values = field_values(recipe.spec, config)
        self._as_written: set[str] = set()
        """Values that the recipe itself has written: they go into addresses as they are."""
        self._exchange = Exchange(context, recipe, self._values)
        self._is_open = False
        self._has_session = False
        self._has_made = False
        """Whether something was answered well that may have left something there."""
        self._requests = 0
        self._recent = RecentAnswers()
        self._to_id = steps_to_id(recipe)
        self._own_id: str | None = None
        """What it told as its own id when it was asked who it is."""
        self._collecting = Collecting(recipe.spec.max_artifact_bytes)
        self._stored: Mapping[str, bytes] = {}
        """The files that a restore puts back."""
        self._suspicion: DeviceError | None = None
        """What an answer may have meant: told where the login is refused afterwards."""
        self.has_changed = False
        """Whether a restore has sent anything that may have changed the device."""
        self.was_answered = False
        """Whether the device has answered as one of its kind does."""

    @property
    def base(self) -> str:
        """The address for a browser."""
        return str(self._exchange.base)

    def value(self, name: str) -> Value:
        """Return what was captured by that name, None where nothing was."""
        return self._values.get(name)

    def fact(self, name: str) -> str | None:
        """Return what is known of the device, None where nothing is."""
        template = getattr(self._recipe.device, name)
        try:
            return None if template is None else template.text(self._values).strip() or None
        except UnknownValueError:
            return None

    async def open(self) -> None:
        """Log in, once."""
        if self._is_open:
            return
        await self._exchange.log_in()
        for step in self._recipe.open:
            await self._each(step)
        self._is_open = self._has_session = True

    async def identify(self) -> None:
        """Find out who it is."""
        names = [name for step in self._recipe.identify for name in step.capture]
        for name in names:
            self._values.pop(name, None)
        self._recent.begin()
        for step in self._recipe.identify:
            self.was_answered = await self._each(step) or self.was_answered
        self.was_answered = self.was_answered or bool(self._recipe.open)
        self._own_id = self.fact("unique_id")

    async def fetch(self) -> Collected:
        """Get the files."""
        self._collecting = Collecting(self._recipe.spec.max_artifact_bytes)
        for step in self._recipe.fetch:
            await self._each(step)
        return self._collecting.collected()

    async def restore(self, files: Mapping[str, bytes], taken: TakenSteps, progress: Callable[[float], None]) -> None:
        """Put files back; raise what goes wrong on the way."""
        self._stored = files
        self._recent.forget()
        await self.open()
        self._values |= taken.values
        steps = taken.steps
        for number, step in enumerate(steps):
            progress(number / len(steps))
            await self._each(step)
        if self._recipe.restore.restarts:
            self._is_open = False
            await self.open()
        await self._demand_same()

    async def close(self) -> None:
        """Log out; whatever fails there does not matter any more."""
        try:
            await self._log_out()
        finally:
            await self._exchange.close()

    async def _log_out(self) -> None:
        steps = self._recipe.close if self._has_session else ()
        self._has_session = False
        for step in steps:
            with contextlib.suppress(DeviceError, InvalidArtifactError, ArtifactTooLargeError, UnknownValueError):
                if not Members().leave_out(step, self._values):
                    await self._take(step, pace=_HURRY)

    async def _each(self, step: Step, outer: Mapping[str, Value] | None = None) -> bool:
        """Take a step as often as it says, and what is to be done for each entry; return whether one succeeded."""
        gathered: dict[str, list[Value]] = {name: [] for name in step.capture}
        has_succeeded = False
        members = Members()
        for entry in self._entries(step, outer or {}):
            captured = await self._attempt(step, entry, members)
            if captured is None:
                continue
            has_succeeded = True
            for name, value in captured.items():
                gathered.setdefault(name, []).extend(value if isinstance(value, list) else [value])
            for inner in step.then:
                await self._each(inner, {**entry, **captured})
        if step.each:
            self._values |= gathered
        return has_succeeded

    def _entries(self, step: Step, outer: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """Return the values of `each`, the inner one of two faster."""
        written = {name for name, listed in step.each.items() if not isinstance(listed, str)}
        try:
            entries = entries_for(step, {**self._values, **outer})
        except UnknownValueError as unknown:
            self._pass_over(step, outer, unknown)
            return
        for entry in entries:
            # What the device told under a name that the recipe writes elsewhere is still what the device told.
            self._as_written = (self._as_written - step.each.keys()) | written
            yield {**outer, **entry}

    async def _attempt(self, step: Step, entry: Mapping[str, Value], members: Members) -> dict[str, Value] | None:
        """Return what a step captured, None where it is left out, or where one that may fail did.

        A refused login and a busy device are never passed over.
        """
        try:
            is_left_out = members.leave_out(step, {**self._values, **entry})
            return None if is_left_out else await self._take(step, entry)
        except UnknownValueError as unknown:
            self._pass_over(step, entry, unknown)
        except (PermissionDeniedError, UnexpectedResponseError, InvalidArtifactError) as error:
            if not step.is_passable:
                raise
            self._note(step, entry, error)
        return None

    def _pass_over(self, step: Step, entry: Mapping[str, Value], unknown: UnknownValueError) -> None:
        """Note that a step lacks a value; raise UnexpectedResponseError for one that has to be taken."""
        if not step.is_passable:
            request = f"{step.method} {step.target.source}"
            raise UnexpectedResponseError(
                _("Its answer has no {name}, which {request} needs.", name=unknown.name, request=request)
            ) from unknown
        self._note(step, entry, None)

    def _note(self, step: Step, entry: Mapping[str, Value], error: Exception | None) -> None:
        if step.place[0] == "fetch":
            name = self._name_of(step, entry)
            self._collecting.note(name, error, may_be_absent=step.may_be_absent)

    def _name_of(self, step: Step, entry: Mapping[str, Value]) -> str:
        """Return what is missing, as the backup would call it."""
        if step.save is None:
            return " ".join(step.capture) or "/".join(map(str, step.place))
        try:
            return file_name(step.save.path, {**self._values, **entry})
        except (UnknownValueError, UnexpectedResponseError):
            return step.save.pattern

    async def _take(
        self, step: Step, entry: Mapping[str, Value] | None = None, *, pace: Pace | None = None
    ) -> dict[str, Value]:
        """Ask once, and return what was captured; what is captured outside of an `each` is kept."""
        values = {**self._values, **(entry or {})}
        answer = await self._answer(step, values, pace)
        if step.otherwise is not None and answer.response.status in NOT_THERE - step.expect.status:
            return await self._take(step.otherwise, entry, pace=pace)
        captured = await self._off_loop(answer, lambda: self._judged(step, answer, values))
        values |= captured
        self._as_written -= captured.keys() | step.set.keys()
        for name, template in step.set.items():
            captured[name] = values[name] = template.value(values)
            self._as_written |= set() if template.gaps else {name}
        if not step.each:
            self._values |= captured
        if step.save is not None:
            await self._keep(step.save, answer, values)
        if step.goes_on:
            await self._exchange.go_on(answer, values)
        return captured

    async def _answer(self, step: Step, values: Mapping[str, Value], pace: Pace | None) -> Answer:
        """Return the answer, when what is waited for holds and with all its pages."""
        answer = await self._ask(step, values, pace)
        if step.otherwise is not None and answer.response.status in NOT_THERE - step.expect.status:
            return answer
        if step.wait is not None:
            for _number in range(step.wait.tries - 1):
                if self._is_over(step, answer, values):
                    break
                await asyncio.sleep(step.wait.every)
                answer = await self._asked_again(step, values, answer, pace)
            if not self._is_over(step, answer, values):
                raise DeviceBusyError(_("It is not done yet."))
        return answer if step.pages is None else await self._paged(step, step.pages, answer, values, pace)

    async def _asked_again(self, step: Step, values: Mapping[str, Value], before: Answer, pace: Pace | None) -> Answer:
        """Ask once more; after a restore a device may be away for a while."""
        try:
            return await self._ask(step, values, pace)
        except CannotConnectError:
            if not self.has_changed:
                raise
            return before

    def _is_over(self, step: Step, answer: Answer, values: Mapping[str, Value]) -> bool:
        """Return whether the waiting has an end; raise what the answer means where it is an error."""
        if step.wait is None or holds(step.wait.until, answer, values):
            return True
        if step.wait.until.status and answer.response.status not in {401, 403, 429}:
            return False
        refuse_errors(answer, step, self._recipe.errors, self._recipe.auth.scheme, values)
        return False

    async def _paged(
        self, step: Step, pages: Pages, first: Answer, values: Mapping[str, Value], pace: Pace | None
    ) -> Answer:
        self._judge(step, first, values)
        paging = Paging(pages, first, self._recipe.spec.max_artifact_bytes)
        while (offset := paging.next_offset()) is not None:
            answer = await self._ask(step, values, pace, parameters={pages.offset: str(offset)})
            self._judge(step, answer, values)
            paging.add(answer)
        return paging.whole()

    async def _ask(
        self, step: Step, values: Mapping[str, Value], pace: Pace | None, parameters: Mapping[str, str] | None = None
    ) -> Answer:
        is_repeated = step.wait is not None or step.pages is not None
        read = asked(step, values) if step.method == "GET" and not is_repeated else None
        if read is None:
            self._recent.forget()
        elif (known := self._recent.take(step, read)) is not None:
            return known
        self._requests += 1
        most = _MOST_OF_A_RESTORE if self._stored else _MOST_REQUESTS
        if self._requests > most:
            raise UnexpectedResponseError(_("It would take more than {most} requests.", most=most))
        written = frozenset(self._as_written)
        upload = upload_of(step, self._stored) if step.upload else None
        if step.may_change:
            await self._demand_same()
            # Whatever becomes of the answer: the device may have done what was asked.
            self.has_changed = True
        answer = await self._exchange.ask(step, values, written, parameters=parameters, pace=pace, upload=upload)
        if read is not None:
            self._recent.keep(step, read, answer)
        return answer

    async def _demand_same(self) -> None:
        """Raise WrongDeviceError where another device has come; the steps of a restore find their values as before."""
        if self._own_id is None or not self._to_id:
            return
        values, written, requests = dict(self._values), set(self._as_written), self._requests
        try:
            for name in frozenset[str]().union(*map(told_by, self._to_id)):
                self._values.pop(name, None)
            for step in self._to_id:
                await self._each(step)
            own_id = self.fact("unique_id")
        finally:
            self._values.clear()
            self._values |= values
            self._as_written, self._requests = written, requests
        if own_id != self._own_id:
            raise WrongDeviceError

    async def _off_loop[R](self, answer: Answer, function: Callable[[], R]) -> R:
        if len(answer.response.body) <= _LARGE:
            return function()
        return await self._context.run_blocking(function)

    def _judge(self, step: Step, answer: Answer, values: Mapping[str, Value]) -> None:
        try:
            suspicion = refuse_errors(answer, step, self._recipe.errors, self._recipe.auth.scheme, values)
        except UnexpectedResponseError as error:
            if answer.response.status in GONE:
                raise NotThereError(error.detail) from error
            raise
        except (AuthenticationError, PermissionDeniedError) as error:
            if isinstance(error, AuthenticationError) and self._recipe.auth.scheme != "none" and not self._has_made:
                # The login goes along with each request: sent once more, it would be refused once more.
                self._has_session = False
            if self._suspicion is not None:
                raise self._suspicion from error
            raise
        self._has_session = self._has_session or self._may_log_in(step)
        self._has_made = self._has_made or step.method != "GET"
        if suspicion is None:
            refuse_unexpected(answer, step, values)
        self._suspicion = suspicion or self._suspicion

    def _judged(self, step: Step, answer: Answer, values: Mapping[str, Value]) -> dict[str, Value]:
        self._judge(step, answer, values)
        captured: dict[str, Value] = {}
        for name, sources in step.capture.items():
            try:
                captured[name] = captured_value(name, sources, answer)
            except NotCapturedError:
                if self._may_log_in(step):
                    self._keep_for_logout(step, answer, {**values, **captured})
                raise
        return captured

    def _may_log_in(self, step: Step) -> bool:
        """Return whether a step may begin a session: one that only looks at a page does not, unless it is the last."""
        phase, number = step.place[:2]
        return phase == "open" and (
            step.method != "GET" or bool(step.body_kind) or number == len(self._recipe.open) - 1
        )

    def _keep_for_logout(self, step: Step, answer: Answer, values: dict[str, Value]) -> None:
        """Keep what else a login gave that lacks something: the session is there all the same."""
        found: dict[str, Callable[[], Value]] = {
            **{name: partial(captured_value, name, sources, answer) for name, sources in step.capture.items()},
            **{name: partial(template.value, values) for name, template in step.set.items()},
        }
        for name, value in found.items():
            with contextlib.suppress(NotCapturedError, UnknownValueError):
                self._values[name] = values[name] = value()
                self._as_written |= set() if name not in step.set or step.set[name].gaps else {name}

    async def _keep(self, file: SavedFile, answer: Answer, values: Mapping[str, Value]) -> None:
        name = self._collecting.free_name(file_name(file.path, values))

        def checked() -> tuple[bytes, str]:
            content = content_of(file, answer)
            return content, check_file(name, content, file, answer.response)

        content, form = await self._context.run_blocking(checked)
        self._collecting.keep(name, content, Came(form=form, response=answer.response))
