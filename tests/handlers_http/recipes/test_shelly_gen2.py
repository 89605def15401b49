"""A Shelly of the second generation: what goes back, and what stays."""

import pytest

from ha_device_backup_core import Artifact, RestoreRejectedError
from ha_device_backup_core.testing import SimulatedRequest, run_job, run_plan, run_restore
from tests.simulators.recipes.shelly_gen2 import ShellyGen2
from tests.simulators.recipes.stand_in import Answer, json

from .conftest import RECIPES, entered

SHELLY = RECIPES["shelly_gen2"]


class Starting(ShellyGen2):
    """Does not answer for what is in `silent`: it is still starting, or another firmware."""

    silent = ""
    status = 404

    def before(self, request: SimulatedRequest) -> Answer:
        if self.silent and self.silent in request.path:
            return json({"code": self.status, "message": "x"}, self.status)
        return super().before(request)

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        return len(self.scripts), len(self.jobs), len(self.hooks), len(self.pairs)


def change(device: Starting) -> None:
    device.scripts[7] = {"name": "new", "enable": False, "running": False, "code": "1"}
    device.jobs = [*device.jobs, *device.jobs]
    device.hooks = [*device.hooks, *device.hooks]
    device.pairs = {**device.pairs, "new": 1}


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.parametrize(
    ("silent", "kept", "after"),
    [
        ("Script.List", "scripts.json, scripts/a%2Fb.js, scripts/main.js, scripts/new.js", (3, 1, 1, 25)),
        ("Schedule.List", "schedules.json", (2, 2, 1, 25)),
        ("Webhook.List", "webhooks.json", (2, 1, 2, 25)),
        ("KVS.GetMany", "kvs.json", (2, 1, 1, 26)),
    ],
)
async def test_what_was_not_in_the_backup_stays(
    silent: str, kept: str, after: tuple[int, int, int, int], status: int
) -> None:
    async with Starting() as device:
        device.silent, device.status = silent, status
        artifact = (await run_job(SHELLY, entered(device))).artifact
        device.silent = ""
        change(device)
        plan = await run_plan(SHELLY, entered(device), artifact)
        report = await run_restore(SHELLY, entered(device), artifact)

        assert device.sizes == after
        told = f"The device keeps what this backup does not hold: {kept}. Check it there."
        assert str(report.needs[0]) == str(plan.needs[0]) == told
        whole = (await run_job(SHELLY, entered(device))).artifact
        change(device)
        await run_restore(SHELLY, entered(device), whole)
        assert device.sizes == after


def script(name: str, code: str, *, is_on: bool) -> dict[str, object]:
    return {"name": name, "enable": is_on, "running": is_on, "code": code}


@pytest.mark.parametrize(
    "scripts",
    [
        [script("main", "a()", is_on=True), script("main", "b()", is_on=False), script("main", "", is_on=True)],
        [script("main (2)", "a()", is_on=True), script("main", "b()", is_on=False), script("main", "c()", is_on=True)],
        [script("z", "a()", is_on=True), script("main", "b()", is_on=False)],
        [],
    ],
)
async def test_scripts_go_back_with_their_own_names_and_settings(scripts: list[dict[str, object]]) -> None:
    async with Starting() as device:
        device.scripts = {2 * number + 1: dict(one) for number, one in enumerate(scripts)}
        artifact = (await run_job(SHELLY, entered(device))).artifact
        device.scripts = {1: script("main", "other()", is_on=True), 3: script("new", "1", is_on=True)}
        report = await run_restore(SHELLY, entered(device), artifact)

        assert list(device.scripts.values()) == scripts
        assert "Read back and equal: kvs.json, schedules.json, scripts.json" in str(report.proven[0])
        assert (await run_plan(SHELLY, entered(device), artifact)).changes_nothing


async def test_list_of_scripts_without_the_file_of_one_is_refused_before() -> None:
    async with Starting() as device:
        whole = (await run_job(SHELLY, entered(device))).artifact
        files = {name: content for name, content in whole.files().items() if name != "scripts/main.js"}
        device.jobs = []
        with pytest.raises(RestoreRejectedError, match=r"This backup has no scripts/main\.js"):
            await run_restore(SHELLY, entered(device), Artifact.bundle(files, filename="shelly_gen2.zip"))
        assert device.sizes == (2, 0, 1, 25)

        await run_restore(SHELLY, entered(device), whole)
        assert device.sizes == (2, 1, 1, 25)
