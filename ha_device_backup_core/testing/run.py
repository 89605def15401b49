"""Runs a handler as the product does, for tests: with its session, limits, checks and errors."""

from collections.abc import Collection, Mapping

from ha_device_backup_core.contract import Artifact, DeviceBackupHandler, DeviceInfo, Person, Progress, unheard
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched
from ha_device_backup_core.restore_records import RestorePlan, RestoreReport


async def run_probe(
    handler: type[DeviceBackupHandler], config: Mapping[str, object], *, person: Person | None = None
) -> DeviceInfo:
    """Return who is there; `config` is what a person enters."""
    return await runner.probe(_registered(handler), config, person=person)


async def run_job(
    handler: type[DeviceBackupHandler],
    config: Mapping[str, object],
    *,
    unique_id: str | None = None,
    person: Person | None = None,
    progress: Progress = unheard,
) -> Fetched:
    """Make a backup of the device with that id, of any without one, and check it."""
    return await runner.fetch(
        _registered(handler), config, expected_unique_id=unique_id, person=person, progress=progress
    )


async def run_plan(
    handler: type[DeviceBackupHandler],
    config: Mapping[str, object],
    artifact: Artifact,
    *,
    unique_id: str | None = None,
) -> RestorePlan:
    """Return what a restore would do."""
    _device, plan = await runner.plan(_registered(handler), config, artifact, expected_unique_id=unique_id)
    return plan


async def run_restore(
    handler: type[DeviceBackupHandler],
    config: Mapping[str, object],
    artifact: Artifact,
    progress: Progress = unheard,
    *,
    unique_id: str | None = None,
) -> RestoreReport:
    """Put a backup back."""
    return await runner.restore(_registered(handler), config, artifact, progress, expected_unique_id=unique_id)


async def run_import(
    handler: type[DeviceBackupHandler], artifact: Artifact, device: DeviceInfo, *, unique_id: str | None = None
) -> Fetched:
    """Check a file that a person hands in for a device; its id is that of the device unless another one is given."""
    expected = unique_id or device.unique_id or ""
    return await artifact_jobs.examine(_registered(handler), artifact, device=device, expected_unique_id=expected)


async def run_part(handler: type[DeviceBackupHandler], artifact: Artifact, names: Collection[str]) -> Artifact:
    """Return a backup with only these of its files."""
    return await artifact_jobs.part(_registered(handler), artifact, names)


def _registered(handler: type[DeviceBackupHandler]) -> RegisteredHandler:
    return RegisteredHandler(
        handler=handler, distribution=handler.__module__.partition(".")[0].replace("_", "-"), version="under test"
    )
