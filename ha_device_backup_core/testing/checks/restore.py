"""Restore: a round trip that is proven, or an honest refusal."""

from collections import Counter

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import (
    DeviceBackupError,
    DeviceError,
    HandlerCrashedError,
    RestoreError,
    RestoreUnsupportedError,
)
from ha_device_backup_core.restore_records import RestorePlan
from ha_device_backup_core.text import Message, in_language

from ..assertions import demand, describe, fail
from ..faults import Fault
from ..harness import Bench, run
from ..network import Phase
from ..source import DeviceSource
from ..suite import Suite


class RestoreChecks(Suite):
    """The checks of restore_backup."""

    def test_restore_round_trip(self, source: DeviceSource) -> None:
        """After a restore the device holds what the backup holds; a handler without restore says so."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                artifact = (await bench.backup()).artifact
                if not bench.can_restore:
                    await _demand_refusal(bench, artifact)
                elif bench.device.simulated is None:
                    pytest.skip("a recording takes no restore: this needs a simulator")
                else:
                    await self._demand_round_trip(bench, artifact)

        run(scenario())

    def test_plan_changes_nothing(self, source: DeviceSource) -> None:
        """A person looks at the plan before they decide: until then the device stays as it is."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                artifact = (await bench.backup()).artifact
                if not bench.can_restore:
                    pytest.skip("this handler does not restore")
                if bench.device.simulated is None:
                    pytest.skip("a recording knows no plan: this needs a simulator")
                await bench.device.change()
                await self._demand_plan(bench, artifact)

        run(scenario())

    def test_plan_says_each_thing_once(self, source: DeviceSource) -> None:
        """Who reads the same sentence again overlooks the one that is new; of a replacement there is most to say."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                artifact = (await bench.backup()).artifact
                if not bench.can_restore or bench.device.simulated is None:
                    pytest.skip("this needs a simulator to which the handler restores")
                await bench.device.change()
                _demand_said_once(await bench.plan(artifact))
                if (swap := bench.device.simulated.swap) is not None:
                    await swap()
                    _demand_said_once(await bench.plan(artifact))

        run(scenario())

    def test_failed_restore_is_reported(self, source: DeviceSource) -> None:
        """Nobody believes in a restore that never reached the device."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                if not bench.can_restore:
                    pytest.skip("this handler does not restore")
                artifact = (await bench.backup()).artifact
                for fault in (Fault.REFUSED, Fault.SERVER_ERROR):
                    await _demand_failure(bench, artifact, fault)

        run(scenario())

    async def _demand_plan(self, bench: Bench, artifact: Artifact) -> None:
        before = dict(self.handler.normalize((await bench.backup()).artifact))
        try:
            plan = await bench.plan(artifact)
        except DeviceBackupError as error:
            fail(f"There is no plan for putting back its own backup: {describe(error)}.")
        demand(plan.files or plan.refused, "The plan says nothing: name in `files` what would be put on the device.")
        after = dict(self.handler.normalize((await bench.backup()).artifact))
        different = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        demand(not different, f"plan_restore changed {', '.join(different)} on the device. It only asks.")

    async def _demand_round_trip(self, bench: Bench, artifact: Artifact) -> None:
        demand(await bench.device.change(), "Give Simulated a `change`: without one a restore has nothing to do.")
        try:
            report = await bench.restore(artifact)
        except DeviceBackupError as error:
            fail(f"The device did not take back its own backup: {describe(error)}.")
        demand(
            report.proven or report.unproven,
            "The report of the restore says nothing: name in `proven` what was read back, else in `unproven`.",
        )
        after = dict(self.handler.normalize((await bench.backup()).artifact))
        before = dict(self.handler.normalize(artifact))
        different = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        demand(
            not different or report.unproven or report.needs,
            f"After the restore {', '.join(different)} differs from the backup, and the report does not say so.",
        )


def _demand_said_once(plan: RestorePlan) -> None:
    """Messages that differ only in what fills them are the same sentence: one with a list says it once."""
    sentences = [
        text.english if isinstance(text, Message) else in_language(text)
        for text in (*plan.refused, *plan.risks, *plan.needs)
    ]
    again = sorted(sentence for sentence, times in Counter(sentences).items() if times > 1)
    demand(not again, f"The plan says this more than once: {'; '.join(again)}. Name all that it is about in one text.")


async def _demand_refusal(bench: Bench, artifact: Artifact) -> None:
    try:
        await bench.restore(artifact)
    except RestoreUnsupportedError:
        return
    except DeviceBackupError as error:
        fail(f"A handler that cannot restore does not override restore_backup; this one raised {describe(error)}.")
    fail("A handler that cannot restore does not override restore_backup.")


async def _demand_failure(bench: Bench, artifact: Artifact, fault: Fault) -> None:
    what = f"The device failed during the restore ({fault.value})"
    async with bench.network.failing(fault, Phase.RESTORE):
        try:
            await bench.restore(artifact)
        except HandlerCrashedError as error:
            fail(f"{what}, and the handler raised {error.detail_in()}. Raise a DeviceError or RestoreError.")
        except (DeviceError, RestoreError):
            return
        except DeviceBackupError as error:
            fail(f"{what}; raise a DeviceError or RestoreError, not {describe(error)}.")
    fail(f"{what}, but restore_backup returned a report. Let the error pass, or raise RestoreNotVerifiedError.")
