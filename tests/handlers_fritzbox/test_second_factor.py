"""Confirmations at the box: demanded, given, refused, cancelled."""

import asyncio

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    PersonRequiredError,
    Prompt,
    in_language,
)
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.second_factor import _instruction
from tests.simulators.fritzbox import SimulatedFritzBox

from .conftest import EXPORT_NAME, Somebody, as_told, assert_no_canary, fetch

INSTRUCTION = "Press any button on the FRITZ!Box, or dial *14048 on a phone connected to it, within 2 seconds."
ABSENT = "Nobody confirmed it at the FRITZ!Box in time. Start the backup again when you are near it."
BLOCKED = "Too many confirmations were not given, so the FRITZ!Box takes none for up to an hour. Try again after that."
BUSY = "Another confirmation is going on at the FRITZ!Box. Finish it, or wait two minutes."
IMPOSSIBLE = (
    "The FRITZ!Box offers neither a button nor a phone to confirm it. Save the settings in its own page "
    "(System, Backup) and hand in the file here."
)


@pytest.fixture
def fritz(fritz: SimulatedFritzBox) -> SimulatedFritzBox:
    """A box as it comes: exports need a confirmation."""
    fritz.box.confirmation.enabled = True
    return fritz


def asked(fritz: SimulatedFritzBox, action: str) -> int:
    """Return how often an action was asked for."""
    return sum(1 for _, _, target in fritz.requests if target == action)


async def test_a_schedule_backs_up_what_needs_none_and_disturbs_nobody(fritz: SimulatedFritzBox) -> None:
    fetched = await fetch(fritz)
    assert sorted(fetched.artifact.files()) == [
        "call-barring.xml",
        "deflections.xml",
        "device.json",
        "phonebook-0.xml",
        "phonebook-1.xml",
    ]
    assert as_told(fetched.artifact.missing) == [
        (
            "configuration_export",
            (
                "The settings: this FRITZ!Box exports them only after a confirmation at the box. Press “Back up now” "
                "when you are near it."
            ),
        )
    ]
    assert (asked(fritz, "SetConfig"), asked(fritz, "X_AVM-DE_GetConfigFile")) == (0, 0)


async def test_a_person_is_told_what_to_do_and_gets_the_whole_backup(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = 3
    person = Somebody()
    fetched = await fetch(fritz, person)
    assert EXPORT_NAME in fetched.artifact.files()
    assert fetched.artifact.missing == ()
    assert person.told() == [(INSTRUCTION, 1.5), None]
    assert fritz.box.confirmation.polls == 4
    assert_no_canary(fetched, person.prompts)


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ("button", "Press any button on the FRITZ!Box within 2 seconds."),
        ("dtmf;*14048", "Dial *14048 on a phone connected to the FRITZ!Box within 2 seconds."),
        ("googleauth,button", "Press any button on the FRITZ!Box within 2 seconds."),
    ],
)
async def test_the_instruction_names_what_the_box_offers(fritz: SimulatedFritzBox, methods: str, expected: str) -> None:
    fritz.box.confirmation.methods = methods
    fritz.box.confirmation.polls_until_pressed = 0
    person = Somebody()
    await fetch(fritz, person)
    assert person.told() == [(expected, 1.5), None]


async def test_a_way_that_cannot_be_used_from_here_is_named(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.methods = "googleauth"
    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Somebody())
    assert caught.value.detail_in() == IMPOSSIBLE
    assert fritz.box.confirmation.state == "stopped"
    fritz.box.confirmation.methods = "button"
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_nobody_comes(fritz: SimulatedFritzBox) -> None:
    person = Somebody()
    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, person)
    assert caught.value.detail_in() == ABSENT
    assert person.told() == [(INSTRUCTION, 1.5), None]
    assert fritz.box.confirmation.state == "stopped"
    assert not caught.value.retryable
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


@pytest.mark.parametrize("fault", ["drop", "busy", "truncate", "web_page"])
async def test_a_question_that_is_not_answered_does_not_end_the_confirmation(
    fritz: SimulatedFritzBox, fault: str
) -> None:
    fritz.box.confirmation.polls_until_pressed = 1
    fritz.faults.on = "GetState"
    setattr(fritz.faults, fault, 2)
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_a_box_that_goes_away_while_it_is_waited_for_is_told_as_such(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on, fritz.faults.drop = "GetState", 1000
    with pytest.raises(CannotConnectError):
        await fetch(fritz, Somebody())
    fritz.faults.drop = 0
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


def test_the_time_is_told_in_minutes_where_it_is_some() -> None:
    instruction = _instruction("button,dtmf;*14048", 180)
    assert {language: in_language(instruction, language) for language in ("en", "de")} == {
        "en": "Press any button on the FRITZ!Box, or dial *14048 on a phone connected to it, within 3 minutes.",
        "de": "Drücke innerhalb von 3 Minuten eine beliebige Taste an der FRITZ!Box, oder wähle *14048 an einem "
        "Telefon, das an ihr angeschlossen ist.",
    }


async def test_the_box_stops_waiting_by_itself(fritz: SimulatedFritzBox) -> None:
    class Slow(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            super().show(prompt)
            fritz.box.clock.ahead += 200

    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Slow())
    assert caught.value.detail_in() == ABSENT
    assert fritz.box.confirmation.stops == 1
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_a_job_that_is_cancelled_ends_the_confirmation(fritz: SimulatedFritzBox) -> None:
    person = Somebody()
    job = asyncio.create_task(fetch(fritz, person))
    while not fritz.box.confirmation.polls:
        await asyncio.sleep(0.01)
    assert fritz.box.confirmation.state == "waitingforauth"
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert fritz.box.confirmation.state == "stopped"
    assert person.prompts[-1] is None
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_too_many_that_nobody_gave_block_all_for_an_hour(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.blocked_until = fritz.box.clock() + 3600
    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Somebody())
    assert (caught.value.detail_in(), caught.value.retry_after) == (
        BLOCKED,
        3600.0,
    )
    assert fritz.box.lockout.wrong_logins == 0
    fritz.box.clock.ahead += 3700
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_the_box_blocks_while_it_is_waited_for(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.absent = 4
    fritz.box.confirmation.most_absent = 5

    class Slow(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            fritz.box.clock.ahead += 200

    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Slow())
    assert caught.value.detail_in() == BLOCKED
    fritz.box.clock.ahead += 3700
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_another_confirmation_is_going_on(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.busy = True
    with pytest.raises(DeviceBusyError) as caught:
        await fetch(fritz, Somebody())
    assert (caught.value.detail_in(), caught.value.retry_after) == (
        BUSY,
        120.0,
    )
    assert fritz.box.confirmation.stops == 1
    fritz.box.confirmation.busy = False
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_one_that_an_earlier_job_left_behind_is_cleared(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.start()
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


@pytest.mark.parametrize(
    ("code", "error", "detail"),
    [
        (
            867,
            PersonRequiredError,
            BLOCKED,
        ),
        (868, DeviceBusyError, BUSY),
        (501, DeviceBusyError, "It refused for now, with error 501."),
    ],
)
async def test_the_faults_of_a_start_are_told_apart(
    fritz: SimulatedFritzBox, code: int, error: type[DeviceError], detail: str
) -> None:
    fritz.faults.on, fritz.faults.code, fritz.faults.fault = "SetConfig", code, 2
    with pytest.raises(error) as caught:
        await fetch(fritz, Somebody())
    assert caught.value.detail_in() == detail
    assert fritz.box.lockout.wrong_logins == 0
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_a_token_that_is_not_accepted(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = 0
    fritz.box.confirmation.exports_for_one = 0
    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Somebody())
    assert caught.value.detail_in() == "Start the backup when you are near the FRITZ!Box, and follow the instruction."
    fritz.box.confirmation.exports_for_one = 1
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_a_failed_confirmation(fritz: SimulatedFritzBox) -> None:
    class Rival(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            fritz.box.confirmation.token = "somebody else's"

    with pytest.raises(PersonRequiredError) as caught:
        await fetch(fritz, Rival())
    assert caught.value.detail_in() == "The FRITZ!Box did not accept the confirmation. Start the backup again."
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_one_that_is_switched_off_meanwhile(fritz: SimulatedFritzBox) -> None:
    fritz.faults.on = "nothing"

    class Impatient(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            fritz.box.confirmation.state = "disabled"
            fritz.box.confirmation.enabled = False

    assert (await fetch(fritz, Impatient())).artifact.missing == ()


@pytest.mark.parametrize("sign", ["fault", "empty address"])
async def test_a_demand_that_comes_unannounced(fritz: SimulatedFritzBox, sign: str) -> None:
    fritz.box.confirmation.polls_until_pressed = 0
    fritz.faults.on = "GetInfo"
    box = fritz.box

    def demand() -> None:
        """The box says that no confirmation is needed, and then wants one all the same."""
        box.confirmation.enabled = False
        if sign == "fault":
            box.faults.on, box.faults.code, box.faults.fault = "X_AVM-DE_GetConfigFile", 866, 1
        else:
            box.faults.on, box.faults.empty_url = "X_AVM-DE_GetConfigFile", 1

    demand()
    fetched = await fetch(fritz)
    assert [note.code for note in fetched.artifact.missing] == ["configuration_export"]
    demand()
    person = Somebody()
    assert (await fetch(fritz, person)).artifact.missing == ()
    assert box.confirmation.stops == 1


async def test_a_box_that_knows_no_confirmations(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = False
    fritz.box.services = tuple(service for service in fritz.box.services if "Auth" not in service.name)
    assert (await fetch(fritz)).artifact.missing == ()


async def test_a_box_that_does_not_say_whether_it_wants_one(fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = False
    service = next(service for service in fritz.box.services if "Auth" in service.name)
    get_info = service.actions.pop("GetInfo")
    try:
        assert (await fetch(fritz)).artifact.missing == ()
    finally:
        service.actions["GetInfo"] = get_info


async def test_a_confirmation_that_cannot_be_ended_is_only_logged(
    fritz: SimulatedFritzBox, caplog: pytest.LogCaptureFixture
) -> None:
    class Unplugging(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            super().show(prompt)
            fritz.faults.on, fritz.faults.drop = "", 100

    with pytest.raises(DeviceError):
        await fetch(fritz, Unplugging())
    assert "The confirmation at the FRITZ!Box could not be ended" in caplog.text
    fritz.faults.drop = 0
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody())).artifact.missing == ()


async def test_after_a_refused_login_nothing_more_is_asked(fritz: SimulatedFritzBox) -> None:
    class Changing(Somebody):
        def show(self, prompt: Prompt | None) -> None:
            super().show(prompt)
            if prompt is not None:
                fritz.box.users["homeassistant"].password = "another"

    with pytest.raises(AuthenticationError):
        await fetch(fritz, Changing())
    assert [target for _, _, target in fritz.requests[-3:]] == ["GetState", "GetState", "/login_sid.lua"]
    fritz.box.clock.ahead += 300
    fritz.box.confirmation.polls_until_pressed = 0
    assert (await fetch(fritz, Somebody(), password="another")).artifact.missing == ()


def test_a_person_gets_the_seconds_that_the_instruction_names() -> None:
    assert FritzBoxHandler.__dict__["timing"].confirm <= 600
