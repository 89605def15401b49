"""A FRITZ!Box in a real Home Assistant: over TLS, with wrong logins, confirmations and other certificates."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scripts.live.archive import find_archive, read_store
from scripts.live.boxes import RunningBox, simulated_box
from scripts.live.client import DOMAIN
from scripts.live.comparison import ArchiveComparison, compare
from scripts.live.flows import FLOWS, shown_fingerprint
from scripts.live.process import HomeAssistantError
from scripts.live.waiting import until
from tests.simulators.fritzbox import CANARIES, EXPORT_PASSWORD, PASSWORD, Contact

from .boxes import (
    SECONDS,
    add_box,
    answered,
    content,
    entity_of,
    exports,
    flows_of,
    press_back_up,
    state_of,
    stored,
)
from .home import Home, fresh_home
from .test_secrets import found

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNATTENDED = "This FRITZ!Box exports its settings without a confirmation: schedules back up everything."
SETTINGS_MISSING = (
    "The settings: this FRITZ!Box exports them only after a confirmation at the box. Press “Back up now” when you are "
    "near it."
)
NEW_PASSWORD = "canary-login after a change 4712"
WRONG_PASSWORD = "canary-login that was never right"
SECRETS = (*CANARIES, NEW_PASSWORD, WRONG_PASSWORD)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path) -> AsyncIterator[Home]:
    """Start a Home Assistant without devices, and listen to every event."""
    async with fresh_home(work / "fritzbox", []) as started:
        await started.client.command("subscribe_events")
        yield started


def lines(text: str) -> str:
    """Return a text without the signs that keep markdown from reading it."""
    return text.replace("\\", "")


async def at_the_fields(home: Home, box: RunningBox) -> str:
    """Go to the form for the fields, and return the id of the flow."""
    flow = await home.client.post(FLOWS, {"handler": DOMAIN, "show_advanced_options": False})
    step = await answered(home, flow["flow_id"], {"next_step_id": f"handler_{box.kind}"})
    assert (step["step_id"], step["errors"]) == ("fields", None)
    return str(flow["flow_id"])


async def test_add_over_tls_and_carry_in_a_home_assistant_backup(home: Home) -> None:
    async with simulated_box(serial="2C3AFD000001") as box:
        flow = await at_the_fields(home, box)
        step = await answered(home, flow, dict(box.answers))
        assert step["step_id"] == "certificate"
        assert shown_fingerprint(step) == box.certificate
        assert box.fritz.logins == 0

        step = await answered(home, flow, {})
        assert step["step_id"] == "device_options"
        assert UNATTENDED in lines(step["description_placeholders"]["summary"])
        step = await answered(home, flow, {})
        assert (step["type"], step["title"]) == ("create_entry", box.name)

        (backup,) = await until(lambda: stored(home, box), bool, seconds=SECONDS)
        assert backup["whole"]
        assert len(exports(content(home, backup))) == 1
        assert box.fritz.box.passwords_of_exports == [EXPORT_PASSWORD]
        assert {way for way, *_ in box.fritz.requests} == {"encrypted", "files"}

        archived = read_store(find_archive(home.folder, await home.client.make_backup("with a FRITZ!Box")))
        newest = [backup for backup in home.newest() if backup.unique_id == box.unique_id]
        assert compare(newest, archived) == [ArchiveComparison(backup=newest[0], archived_sha256=backup["sha256"])]


async def test_one_attempt_with_a_wrong_password_then_the_right_one(home: Home) -> None:
    async with simulated_box(serial="2C3AFD000002") as box:
        entry = await add_box(home, box)
        box.set_password(NEW_PASSWORD)
        logins = box.fritz.logins

        with pytest.raises(HomeAssistantError, match="refused the login"):
            await press_back_up(home, entry)
        (flow,) = await until(lambda: flows_of(home, "reauth"), bool, seconds=SECONDS)
        # Nothing that happens by itself tries again.
        await home.client.act("ha_device_backups.list_backups")
        await home.client.post(f"/api/config/config_entries/entry/{entry['entry_id']}/reload")
        (flow,) = await until(lambda: flows_of(home, "reauth"), bool, seconds=SECONDS)
        assert box.fritz.logins - logins == 1
        assert box.fritz.box.lockout.wrong_logins == 1

        box.pass_time()
        step = await answered(home, flow["flow_id"], {"password": WRONG_PASSWORD})
        assert (step["step_id"], step["errors"]) == ("reauth_confirm", {"password": "authentication"})
        assert box.fritz.logins - logins == 2

        box.pass_time()
        box.change("hostname", '"after-the-login"')
        step = await answered(home, flow["flow_id"], {"password": NEW_PASSWORD})
        assert (step["type"], step["reason"]) == ("abort", "reauth_successful")
        backups = await until(lambda: stored(home, box), lambda them: len(them) == 2, seconds=SECONDS)
        assert [backup["whole"] for backup in backups] == [True, True]
        assert b"after-the-login" in exports(content(home, backups[0]))[0]
        # What the new login does not concern goes on to hold.
        assert box.fritz.box.passwords_of_exports == [EXPORT_PASSWORD, EXPORT_PASSWORD]
        assert await flows_of(home, "reauth") == []


async def test_only_a_person_makes_a_whole_backup_where_the_box_wants_a_confirmation(home: Home) -> None:
    async with simulated_box(serial="2C3AFD000003", confirmation=True) as box:
        entry = await add_box(home, box)
        (first,) = await stored(home, box)
        assert not first["whole"]
        assert [note["text"] for note in first["missing"]] == [SETTINGS_MISSING]
        assert exports(content(home, first)) == []
        assert box.fritz.box.confirmation.started == 0
        problem = await entity_of(home, entry, "problem")
        health = await until(lambda: state_of(home, problem), lambda state: state["state"] == "on", seconds=SECONDS)
        assert health["attributes"]["health"] == "person_needed"
        assert SETTINGS_MISSING in lines((await notification(home, box))["message"])

        whole = await confirmed_backup(home, box, entry)

        assert (await state_of(home, problem))["state"] == "off"
        assert "complete" in (await notification(home, box))["message"]
        last = await state_of(home, await entity_of(home, entry, "last_backup"))
        assert last["attributes"]["missing"] == []
        assert last["attributes"]["newer_incomplete"] is None

        # A schedule stores what it gets, and leaves the whole backup where it is.
        box.fritz.box.phonebooks[1].contacts.append(Contact(name="After the whole backup"))
        await home.client.act("ha_device_backups.back_up", {"all": True})
        newest, *others = await stored(home, box)
        assert not newest["whole"]
        assert whole["backup_id"] in {backup["backup_id"] for backup in others}
        assert box.fritz.box.confirmation.started == 1
        last = await state_of(home, await entity_of(home, entry, "last_backup"))
        assert last["attributes"]["newer_incomplete"] == newest["backup_id"]
        assert (await state_of(home, problem))["state"] == "off"
        archived = read_store(find_archive(home.folder, await home.client.make_backup("whole and newest")))
        assert {whole["path"], newest["path"]} <= archived.keys()


async def confirmed_backup(home: Home, box: RunningBox, entry: dict[str, Any]) -> dict[str, Any]:
    """Back up with a person who follows the instruction, and return the whole backup."""
    event = await entity_of(home, entry, "backup")
    pressed = asyncio.create_task(act_beside(home, await entity_of(home, entry, "back_up")))
    asked = await until(
        lambda: state_of(home, event),
        lambda state: state["attributes"]["event_type"] == "person_needed",
        seconds=SECONDS,
    )
    assert "Press any button on the FRITZ!Box, or dial *14048" in asked["attributes"]["message"]
    told = await notification(home, box)
    assert told["title"] == f"{box.name} needs you"
    assert "Press any button" in told["message"]
    assert not pressed.done()

    box.press_button()
    await pressed
    backups = await stored(home, box)
    assert backups[0]["whole"]
    assert len(exports(content(home, backups[0]))) == 1
    return backups[0]


async def act_beside(home: Home, button: str) -> None:
    """Press a button by REST, so that the websocket stays free; returns when the backup has ended."""
    await home.client.post("/api/services/button/press", {"entity_id": button})


async def notification(home: Home, box: RunningBox) -> dict[str, Any]:
    """Return what is shown to the people at home about the box."""

    async def shown() -> list[dict[str, Any]]:
        told = await home.client.command("persistent_notification/get")
        return [one for one in told if one["notification_id"] == f"{DOMAIN}_{box.kind}:{box.unique_id}"]

    (one,) = await until(shown, bool, seconds=SECONDS)
    return one


async def test_blocked_confirmation_is_no_wrong_login(home: Home) -> None:
    async with simulated_box(serial="2C3AFD000004", confirmation=True) as box:
        entry = await add_box(home, box)
        box.fritz.box.confirmation.blocked_until = box.fritz.box.clock() + 3600

        with pytest.raises(HomeAssistantError, match="takes none for up to an hour"):
            await press_back_up(home, entry)
        assert await flows_of(home, "reauth") == []

        box.pass_time(3601)
        assert (await confirmed_backup(home, box, entry))["whole"]


async def test_changed_certificate_is_asked_about(home: Home) -> None:
    async with simulated_box(serial="2C3AFD000005") as box:
        entry = await add_box(home, box)
        old, logins = box.certificate, box.fritz.logins
        new = box.fritz.change_certificate()
        box.change("hostname", '"after-the-certificate"')

        with pytest.raises(HomeAssistantError, match="The device shows a new certificate"):
            await press_back_up(home, entry)
        (asked,) = await until(lambda: flows_of(home, "reauth"), bool, seconds=SECONDS)
        assert asked["step_id"] == "certificate_changed"
        assert box.fritz.logins == logins
        assert await trusted(home, entry) == old

        flow = await home.client.post(FLOWS, {"handler": DOMAIN, "entry_id": entry["entry_id"]})
        answers = {key: value for key, value in box.answers.items() if value not in (PASSWORD, EXPORT_PASSWORD)}
        step = await answered(home, flow["flow_id"], answers)
        assert step["step_id"] == "certificate_changed"
        assert shown_fingerprint(step) == new
        assert shown_fingerprint(step, "known") == old
        assert (box.fritz.logins, await trusted(home, entry)) == (logins, old)

        step = await answered(home, flow["flow_id"], {})
        assert (step["type"], step["reason"]) == ("abort", "reconfigure_successful")
        backups = await until(lambda: stored(home, box), lambda them: len(them) == 2, seconds=SECONDS)
        assert [backup["whole"] for backup in backups] == [True, True]
        assert b"after-the-certificate" in exports(content(home, backups[0]))[0]
        await until(lambda: flows_of(home, "reauth"), lambda flows: not flows, seconds=SECONDS)
        assert set(box.fritz.box.passwords_of_exports) == {EXPORT_PASSWORD}
        assert await trusted(home, entry) == new


async def trusted(home: Home, entry: dict[str, Any]) -> str:
    """Return the certificate that is trusted, as the diagnostics tell it."""
    told = await home.client.get(f"/api/diagnostics/config_entry/{entry['entry_id']}")
    return str(told["data"]["config"]["certificate"])


async def test_no_secret_is_told_anywhere(home: Home) -> None:
    await home.client.states()
    entries = await home.client.command("config_entries/get", domain=DOMAIN)
    pages = [await home.client.text(f"/api/diagnostics/config_entry/{entry['entry_id']}") for entry in entries]
    log = home.process.log.read_text() + (home.folder / "home-assistant.log").read_text()
    said = "\n".join(home.client.received)

    assert "fritzbox" in log
    assert "2c3afd000001" in said
    assert any("2c3afd000001" in page for page in pages)
    assert {
        place: found(SECRETS, text) for place, text in {"log": log, "said": said, "pages": "".join(pages)}.items()
    } == {
        "log": [],
        "said": [],
        "pages": [],
    }
