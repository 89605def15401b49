"""When a device is backed up and how long backups stay: for one device, and for all."""

import errno
import threading
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.options import defaults_of, settings_of
from ha_device_backup_core.manager.settings import Defaults
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.store import folder_checks
from ha_device_backup_core.store.atomic_files import AtomicFiles
from tests.simulators.wled.server import SimulatedWled

from ..flow_steps import check, choose, placeholders_of, start, submit


async def open_options(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    result = await hass.config_entries.options.async_init(entry.entry_id)
    check(result, "options")
    if result["type"] is FlowResultType.MENU:
        step = "defaults" if "defaults" in result["menu_options"] else "device_options"
        result = await hass.config_entries.options.async_configure(result["flow_id"], {"next_step_id": step})
        check(result, "options")
    return result


async def answer(hass: HomeAssistant, result: ConfigFlowResult, **user_input: object) -> ConfigFlowResult:
    result = await hass.config_entries.options.async_configure(result["flow_id"], user_input)
    if result["type"] is not FlowResultType.CREATE_ENTRY:
        check(result, "options")
    await hass.async_block_till_done()
    return result


def labels(form: ConfigFlowResult, *path: str) -> dict[str, str]:
    """Return the choices of a field and what they are called."""
    schema: Any = form["data_schema"]
    *sections, name = path
    for section in sections:
        schema = schema.schema[section].schema
    return {option["value"]: option["label"] for option in schema.schema[name].config["options"]}


@pytest.mark.parametrize(
    ("kind", "details", "schedule"),
    [
        ("before_backup", None, Schedule(kind=ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP)),
        ("manual", None, Schedule(kind=ScheduleKind.MANUAL)),
        ("hours", {"hours": 6.0}, Schedule(kind=ScheduleKind.HOURS, hours=6)),
        ("daily", {"at": "04:30:00"}, Schedule.from_dict({"kind": "daily", "at": "04:30"})),
        (
            "weekly",
            {"weekday": "sunday", "at": "04:30:00"},
            Schedule.from_dict({"kind": "weekly", "weekday": 6, "at": "04:30"}),
        ),
        ("cron", {"cron": "5 4 * * 1"}, Schedule(kind=ScheduleKind.CRON, cron="5 4 * * 1")),
    ],
)
async def test_each_schedule_asks_for_what_it_needs(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    kind: str,
    details: dict[str, Any] | None,
    schedule: Schedule,
) -> None:
    for _ in range(2):  # The second time the form begins with what was entered before.
        result = await answer(hass, await open_options(hass, set_up), schedule=kind)
        if details is not None:
            assert result["step_id"] == "schedule"
            result = await answer(hass, result, **details)

        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert settings_of(set_up).schedule == schedule


@pytest.mark.parametrize(
    ("schedule", "details", "english", "german"),
    [
        (
            "before_backup",
            None,
            "before Home Assistant's automatic backup",
            "vor dem automatischen Backup von Home Assistant",
        ),
        ("hours", {"hours": 6.0}, "every 6 h", "alle 6 h"),
        ("daily", {"at": "04:30:00"}, "every day at 04:30", "jeden Tag um 04:30"),
        ("weekly", {"weekday": "sunday", "at": "04:30:00"}, "every Sunday at 04:30", "jeden Sonntag um 04:30"),
        ("cron", {"cron": "5 4 * * 1"}, "cron expression 5 4 * * 1", "Cron-Ausdruck 5 4 * * 1"),
        ("manual", None, "only by hand", "nur von Hand"),
    ],
)
async def test_the_form_tells_which_schedule_holds_for_all_devices(
    hass: HomeAssistant,
    set_up: MockConfigEntry,
    schedule: str,
    details: dict[str, Any] | None,
    english: str,
    german: str,
) -> None:
    service = service_entry(hass)
    assert service is not None
    result = await answer(hass, await open_options(hass, service), schedule=schedule)
    if details is not None:
        await answer(hass, result, **details)

    assert labels(await open_options(hass, set_up), "schedule")["default"] == f"As for all devices ({english})"
    hass.config.language = "de"
    assert labels(await open_options(hass, set_up), "schedule") == {
        "default": f"Wie für alle Geräte ({german})",
        "before_backup": "Vor dem automatischen Backup von Home Assistant",
        "hours": "Alle paar Stunden",
        "daily": "Jeden Tag",
        "weekly": "Jede Woche",
        "cron": "Nach einem Cron-Ausdruck",
        "manual": "Nur von Hand",
    }


@pytest.mark.parametrize(
    ("lateness", "overdue"),
    [
        ({"never_overdue": False}, "three intervals of the schedule, at least three days"),
        ({"never_overdue": False, "overdue_days": 9.0}, "9 days"),
        ({"never_overdue": True}, "never"),
    ],
)
async def test_the_form_tells_what_else_holds_for_all_devices(
    hass: HomeAssistant, set_up: MockConfigEntry, lateness: dict[str, Any], overdue: str
) -> None:
    service = service_entry(hass)
    assert service is not None
    await answer(
        hass,
        await open_options(hass, service),
        schedule="manual",
        retries={"retry_enabled": False, "attempts": 2.0},
        keeping={"newest": 5.0, "monthly": 1.0},
        lateness=lateness,
    )

    form = await open_options(hass, set_up)

    assert placeholders_of(form) == {
        "default_attempts": "2",
        "default_newest": "5",
        "default_days": "–",
        "default_monthly": "1",
        "default_overdue": overdue,
    }
    assert labels(form, "retries", "retry") == {"default": "As for all devices (no)", "on": "Yes", "off": "No"}


async def test_a_wrong_cron_expression_stands_at_its_field(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    result = await answer(hass, await open_options(hass, set_up), schedule="cron")
    refused = await answer(hass, result, cron="every day")
    assert refused["errors"] == {"cron": "cron_unusable"}

    await answer(hass, refused, cron="0 3 * * *")

    assert set_up.options["schedule"] == {"kind": "cron", "cron": "0 3 * * *"}


async def test_what_is_left_empty_is_as_for_all_devices(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    hass.config_entries.async_update_entry(set_up, options={"schedule_enabled": False, "overdue": "never"})

    await answer(hass, await open_options(hass, set_up), schedule="default")

    assert set_up.options == {"schedule_enabled": False}


@pytest.mark.parametrize(
    ("entered", "options"),
    [
        (
            {"retries": {"retry": "off"}},
            {"retry": {"enabled": False, "attempts": 5, "first_delay": 60.0, "maximum_delay": 3600.0}},
        ),
        (
            {"retries": {"retry": "on", "attempts": 3.0}},
            {"retry": {"enabled": True, "attempts": 3, "first_delay": 60.0, "maximum_delay": 3600.0}},
        ),
        (
            {"retries": {"retry": "default", "attempts": 7.0}},
            {"retry": {"enabled": True, "attempts": 7, "first_delay": 60.0, "maximum_delay": 3600.0}},
        ),
        ({"retries": {"retry": "default"}}, {}),
        ({"keeping": {"newest": 3.0, "days": 10.0}}, {"retention": {"newest": 3, "days": 10, "monthly": 12}}),
        ({"lateness": {"overdue_days": 30.0, "never_overdue": False}}, {"overdue": 30}),
        ({"lateness": {"overdue_days": 30.0, "never_overdue": True}}, {"overdue": "never"}),
    ],
)
async def test_options_of_a_device(
    hass: HomeAssistant, set_up: MockConfigEntry, entered: dict[str, Any], options: dict[str, Any]
) -> None:
    await answer(hass, await open_options(hass, set_up), schedule="default", **entered)

    assert set_up.options == options
    assert (await open_options(hass, set_up))["type"] is FlowResultType.FORM


async def test_options_while_a_device_is_added(hass: HomeAssistant, wled: SimulatedWled) -> None:
    form = await submit(hass, await choose(hass, "wled"), host=wled.host, port=wled.port)
    details = await submit(hass, form, schedule="hours", keeping={"monthly": 0.0})
    assert details["step_id"] == "schedule"
    result = await submit(hass, details, hours=2.0)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert dict(result["result"].options) == {
        "schedule": {"kind": "hours", "hours": 2},
        "retention": {"newest": 20, "days": None, "monthly": 0},
    }


async def test_the_defaults_hold_for_all_devices(hass: HomeAssistant, set_up: MockConfigEntry, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    service = service_entry(hass)
    assert service is not None
    assert defaults_of(service) == defaults_of(None) == Defaults()

    result = await answer(
        hass,
        await open_options(hass, service),
        schedule="daily",
        retries={"retry_enabled": False, "attempts": 2.0},
        keeping={"newest": 5.0, "monthly": 1.0},
        lateness={"overdue_days": 9.0, "never_overdue": False},
        working={"concurrency": 2.0, "second_copy": f" {copies} "},
    )
    await answer(hass, result, at="02:15:00")

    daily = Schedule.from_dict({"kind": "daily", "at": "02:15"})
    assert defaults_of(service) == Defaults(
        schedule=daily,
        retry=RetryPolicy(enabled=False, attempts=2),
        retention=RetentionPolicy(newest=5, days=None, monthly=1),
        overdue_days=9,
        concurrency=2,
        second_copy=copies,
    )
    manager = await async_get_manager(hass)
    assert manager._devices.defaults == defaults_of(service)

    result = await answer(hass, await open_options(hass, service), schedule="before_backup")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert defaults_of(service) == Defaults()


@pytest.mark.parametrize(
    ("folder", "error", "words"),
    [
        ("relative/folder", "second_copy_not_absolute", ""),
        ("{config}/copies", "second_copy_inside", ""),
        (
            "/nowhere/at/all",
            "second_copy_unusable",
            "The folder for the second copy, /nowhere/at/all, is not there.",
        ),
        ("/half\ud800", "second_copy_unusable", "The folder for the second copy, /half\ud800, is not there."),
        (
            "{mine}",
            "second_copy_unusable",
            (
                "{mine} holds other things, so no second copy is kept there. "
                "Make an empty folder in it and choose that one."
            ),
        ),
    ],
)
async def test_why_a_folder_cannot_take_copies_is_told(
    hass: HomeAssistant, set_up: MockConfigEntry, tmp_path: Path, folder: str, error: str, words: str
) -> None:
    service = service_entry(hass)
    assert service is not None
    Path(hass.config.path("copies")).mkdir()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    copies = tmp_path / "copies"
    copies.mkdir()
    folder = folder.format(config=hass.config.config_dir, mine=mine)

    refused = await answer(
        hass, await open_options(hass, service), schedule="manual", working={"concurrency": 1.0, "second_copy": folder}
    )
    assert refused["errors"] == {"base": error}
    assert placeholders_of(refused) == {"folder": folder, "error": words.format(mine=mine)}

    await answer(hass, refused, schedule="manual", working={"concurrency": 1.0, "second_copy": str(copies)})
    assert defaults_of(service).second_copy == copies


async def test_that_a_folder_for_copies_cannot_be_written_is_told_at_once(
    hass: HomeAssistant, set_up: MockConfigEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, copies = service_entry(hass), tmp_path / "copies"
    copies.mkdir()
    assert service is not None
    entered = {"schedule": "manual", "working": {"concurrency": 1.0, "second_copy": str(copies)}}

    def refuse(*_: object, **__: object) -> Path:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as refusing:
        refusing.setattr(AtomicFiles, "write_temporary", refuse)
        refused = await answer(hass, await open_options(hass, service), **entered)
    words = f"{copies}: Nothing can be written there: it is mounted to be read only."
    assert refused["errors"] == {"base": "second_copy_unusable"}
    assert placeholders_of(refused) == {"folder": str(copies), "error": words}
    assert defaults_of(service).second_copy is None

    await answer(hass, refused, **entered)
    assert defaults_of(service).second_copy == copies
    assert list(copies.iterdir()) == []


async def test_a_folder_for_copies_on_a_share_that_hangs_is_told(
    hass: HomeAssistant, set_up: MockConfigEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, copies = service_entry(hass), tmp_path / "copies"
    copies.mkdir()
    assert service is not None
    entered = {"schedule": "manual", "working": {"concurrency": 1.0, "second_copy": str(copies)}}
    is_back, ended = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> Path:
        is_back.wait()
        ended.set()
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as hanging:
        hanging.setattr(AtomicFiles, "write_temporary", hang)
        hanging.setattr(folder_checks, "ANSWER_SECONDS", 0.05)
        refused = await answer(hass, await open_options(hass, service), **entered)
    words = f"{copies}: The network share does not answer."
    assert refused["errors"] == {"base": "second_copy_unusable"}
    assert placeholders_of(refused) == {"folder": str(copies), "error": words}

    is_back.set()
    await hass.async_add_executor_job(ended.wait)
    await answer(hass, refused, **entered)
    assert defaults_of(service).second_copy == copies


async def test_reconfigure_of_the_service_opens_the_defaults(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    service = service_entry(hass)
    assert service is not None
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=service.entry_id)
    assert form["step_id"] == "defaults"

    result = await submit(hass, await submit(hass, form, schedule="hours"), hours=3.0)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert defaults_of(service).schedule == Schedule(kind=ScheduleKind.HOURS, hours=3)
