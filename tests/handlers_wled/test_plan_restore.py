"""What a restore would do is told before it: by the code that then does it, and without changing anything."""

import contextlib
import json

import pytest

from ha_device_backup_core import (
    Artifact,
    FileChange,
    PlannedFile,
    RestoreNotVerifiedError,
    RestorePlan,
    RestoreRejectedError,
    WrongDeviceError,
)
from ha_device_backup_core.testing import run_plan
from ha_device_backup_core.text import in_language
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.translation import _
from tests.simulators.wled import PIN, VERSIONS, Chip, SimulatedWled

from .conftest import (
    RESET_TOOK,
    assert_no_canary,
    changed,
    config,
    enter_again,
    fetch,
    files_of,
    plan,
    restore,
)

FOREVER = 10_000
AFTER_RESET = enter_again(_("access point"), _("firmware updates (OTA)"), _("MQTT"))


def by_change(planned: RestorePlan) -> dict[FileChange, set[str]]:
    """Return the names of the files by what would become of them."""
    found: dict[FileChange, set[str]] = {}
    for file in planned.files:
        found.setdefault(file.change, set()).add(file.name)
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_plan_changes_nothing_and_says_what_the_restore_then_does(version: str) -> None:
    async with SimulatedWled(version) as wled:
        artifact = (await fetch(wled)).artifact
        before = wled.device.user_files
        wled.device.save_settings({"id": {**wled.device.settings["id"], "name": "Changed"}})
        wled.device.save_preset(9, {"n": "Later"})
        wled.device.save_preset(10, {"n": "Later still"})
        wled.device.files.remove("/ir.json")
        wled.device.files.write("/skin.css", b"other")
        now = wled.device.user_files
        wled.requests.clear()
        planned = await plan(wled, artifact)
        assert wled.device.user_files == now
        assert wled.restarts == 0
        assert {method for method, target in wled.requests} == {"GET"}
        changes = by_change(planned)
        assert changes == {
            FileChange.ADDED: {"ir.json"},
            FileChange.CHANGED: {"cfg.json", "presets.json", "skin.css"},
            FileChange.UNCHANGED: before.keys() - {"ir.json", "cfg.json", "presets.json", "skin.css"},
        }
        details = {file.name: file.details for file in planned.files if file.details}
        assert details == {
            "cfg.json": (_("Settings: {areas}", areas=_("name")), "id > name"),
            "presets.json": (_("Presets: {changes}", changes=_("{count} to remove", count=2)),),
        }
        assert (planned.refused, planned.needs, planned.risks, planned.restarts) == ((), (), (), True)
        assert_no_canary(planned)
        wled.requests.clear()
        report = await restore(wled, artifact)
        sent = sum(method == "POST" for method, target in wled.requests)
        assert sent == len(changes[FileChange.ADDED] | changes[FileChange.CHANGED])
        assert report.needs == ()
        assert by_change(await plan(wled, artifact)).keys() == {FileChange.UNCHANGED}


async def test_a_plan_for_a_reset_controller_names_what_is_left_to_the_person() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.wipe()
        planned = await plan(wled, artifact)
        assert planned.needs == (*AFTER_RESET, RESET_TOOK)
        assert all(in_language(text, "de") for file in planned.files for text in file.details)
        assert (await restore(wled, artifact)).needs == (*AFTER_RESET, RESET_TOOK)


async def test_a_plan_names_settings_as_comparisons_do() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        configuration = json.loads(files_of(artifact)["cfg.json"])
        configuration["hw"]["led"]["ins"][0]["len"] += 1
        longer = changed(artifact, cfg_json=json.dumps(configuration).encode())
        (file,) = (file for file in (await plan(wled, longer)).files if file.name == "cfg.json")
        assert file.details == (_("Settings: {areas}", areas=_("LEDs and outputs")), "hw > led > ins > 0 > len")


async def test_another_chip_is_planned_without_the_configuration() -> None:
    async with SimulatedWled(chip=Chip.ESP8266) as old:
        artifact = (await fetch(old)).artifact
    async with SimulatedWled() as wled:
        planned = await plan(wled, artifact)
        assert (
            _(
                "The configuration is not put back, because the controller has another chip and the pins of"
                " the backup may not fit. Enter the settings by hand; only presets and other files are put back."
            )
            in planned.refused
        )
        assert "cfg.json" not in {file.name for file in planned.files}


async def test_settings_are_named_but_not_endlessly() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        configuration = json.loads(files_of(artifact)["cfg.json"])
        configuration["um"] = {f"mod{number}": {"level": number} for number in range(50)}
        more = changed(artifact, cfg_json=json.dumps(configuration).encode())
        (file,) = (file for file in (await plan(wled, more)).files if file.name == "cfg.json")
        assert file.details[0] == _("Settings: {areas}", areas=_("{area} ({count})", area=_("usermods"), count=50))
        assert len(file.details) == 12
        wled.device.save_settings({"um": {f"mod{number}": {"level": 0} for number in range(50)}})
        (file,) = (file for file in (await plan(wled, more)).files if file.name == "cfg.json")
        assert file.details[0] == _("Settings: {areas}", areas=_("{area} ({count})", area=_("usermods"), count=49))
        assert file.details[-1] == _("and {count} more settings", count=39)
        assert len(file.details) == 12


async def test_a_configuration_that_is_damaged_on_the_device_is_a_risk_and_can_be_put_back() -> None:
    async with SimulatedWled("0.13.3") as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.files.write("/cfg.json", files_of(artifact)["cfg.json"][:300])
        planned = await plan(wled, artifact)
        assert planned.risks == (
            _(
                "The present settings of the controller cannot be read, so nobody can tell whether it stays in"
                " its network."
            ),
        )
        damaged = PlannedFile(
            name="cfg.json",
            change=FileChange.CHANGED,
            details=(_("The present settings of the controller are damaged."),),
        )
        assert damaged in planned.files
        assert (await restore(wled, artifact)).proven


async def test_without_a_list_some_files_are_unknown() -> None:
    async with SimulatedWled() as editing:
        artifact = (await fetch(editing)).artifact
    async with SimulatedWled(has_editor=False) as wled:
        unknown = by_change(await plan(wled, artifact))[FileChange.UNKNOWN]
        assert unknown == {"my-security.txt", "winter+100%.bmp"}


@pytest.mark.parametrize("fault", ["drop", "truncate", "spoil"])
async def test_a_file_that_the_device_does_not_give_is_unknown_and_put_back_all_the_same(fault: str) -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.files.write("/skin.css", b"other")
        wled.faults.path, wled.faults.spoiled_status = "/skin.css", 500
        setattr(wled.faults, fault, FOREVER)
        assert by_change(await plan(wled, artifact))[FileChange.UNKNOWN] == {"skin.css"}
        setattr(wled.faults, fault, 1)
        assert (await restore(wled, artifact)).unproven == ()
        assert wled.device.user_files == files_of(artifact)


async def test_what_a_restore_refuses_the_plan_refuses() -> None:
    async with SimulatedWled("16.0.0") as newer:
        artifact = (await fetch(newer)).artifact
    async with SimulatedWled("0.15.5", pin=PIN) as wled:
        with pytest.raises(RestoreRejectedError) as caught:
            await plan(wled, artifact)
        assert caught.value.detail == _(
            "The backup is of WLED {backup}, the controller runs {device}, which would lose settings."
            " Update the controller first.",
            backup="16.0.0",
            device="0.15.5",
        )
        own = (await fetch(wled)).artifact
        with pytest.raises(RestoreRejectedError) as caught:
            await plan(wled, own)
        assert caught.value.detail == _(
            "The settings are locked by a PIN. Enter the PIN in the settings of this device, then restore again."
        )
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        assert (await plan(wled, own, PIN)).files
        assert not wled.device.unlocked


async def test_files_that_no_controller_takes_are_refused_in_the_plan() -> None:
    async with SimulatedWled(extra_files={"empty.txt": b"", "my cfg.json.old": b"{}"}) as wled:
        artifact = (await fetch(wled)).artifact
        planned = await plan(wled, artifact)
        assert planned.refused == (
            _("Empty files cannot be put on a controller: {files}.", files="empty.txt"),
            _(
                "Not put back, because the controller would take their names for something else: {files}. Use"
                " its file editor (/edit).",
                files="my cfg.json.old",
            ),
        )


class Turncoat:
    """A controller at whose address another one answers from the second question on."""

    def __init__(self, wled: SimulatedWled, *, after: int) -> None:
        """Count the answers to the question who is there."""
        self.wled = wled
        self.left = after
        self.own = wled.device.info

    def __call__(self, connections: int = 0) -> dict[str, object]:
        """Answer for this controller, then for the other one."""
        self.left -= 1
        return self.own(connections) | ({} if self.left >= 0 else {"mac": "0011223344ff"})


@pytest.mark.parametrize("after", range(1, 8))
async def test_a_stranger_who_takes_over_the_address_gets_nothing(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedWled() as wled:
        artifact: Artifact = (await fetch(wled)).artifact
        wled.device.save_preset(9, {"n": "Later"})
        wled.requests.clear()
        monkeypatch.setattr(wled.device, "info", Turncoat(wled, after=after))
        with contextlib.suppress(WrongDeviceError, RestoreNotVerifiedError):
            await restore(wled, artifact)
        asked = [target for method, target in wled.requests]
        strangers = (
            asked[[place for place, target in enumerate(asked) if target == "/json/info"][after] :]
            if (asked.count("/json/info") > after)
            else []
        )
        assert "/upload" not in strangers
        assert "/reset" not in strangers
        monkeypatch.undo()


async def test_the_artifact_tells_whose_it_is() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        assert artifact.attributes["mac"] == wled.device.mac
        assert WledHandler.owner(artifact) == wled.device.mac
        with pytest.raises(WrongDeviceError):
            await run_plan(WledHandler, config(wled), artifact, unique_id="0011223344ff")


async def test_a_plan_names_the_files_that_would_stay() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.files.write("/later.json", b'{"a": 1}')
        stays = _(
            "These files are on the controller, but not in the backup, and stay: {files}. Delete what you do not want"
            " in its file editor (/edit).",
            files="later.json",
        )
        assert stays in (await plan(wled, artifact)).needs
        wled.device.files.remove("/later.json")
        assert stays not in (await plan(wled, artifact)).needs
