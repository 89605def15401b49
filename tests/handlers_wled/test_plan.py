"""What a restore would put on which device."""

import json
from dataclasses import replace

import pytest

from ha_device_backup_core import RestoreRejectedError
from ha_device_backup_wled.contents import WledContents, contents
from ha_device_backup_wled.info import WledInfo, parse_info
from ha_device_backup_wled.network import Connection
from ha_device_backup_wled.plan import Uploads, check_room, choose_uploads, keep_reachable
from ha_device_backup_wled.translation import _
from tests.simulators.wled import Chip

from .artifacts import RECORD, artifact, files

GOOD = files()
INFO = parse_info(GOOD[RECORD])


def device(**changes: str | int) -> WledInfo:
    """Return the device of the backup with changes."""
    return parse_info(json.dumps({**json.loads(GOOD[RECORD]), **changes}).encode())


def make_plan(content: dict[str, bytes], on: WledInfo) -> Uploads:
    """Return what would be sent."""
    return choose_uploads(WledContents(files=content, device_names={}), on)


def reachable(uploads: Uploads, current: bytes | None) -> Uploads:
    """Return what would be sent to a device in a Wi-Fi."""
    return keep_reachable(uploads, current, Connection(host="192.0.2.7", by_cable=False))


def test_the_configuration_goes_last_and_the_presets_before_it() -> None:
    plan = make_plan(GOOD, device())
    names = list(plan.all)
    assert names[-2:] == ["presets.json", "cfg.json"]
    assert names[:-2] == sorted(GOOD.keys() - {"presets.json", "cfg.json", RECORD})
    assert plan.needs == ()
    assert not plan.may_migrate


def test_what_the_device_makes_itself_and_secrets_are_never_sent() -> None:
    own = {"bkp.cfg.json": b"{}", "rst.cfg.json": b"{}", "tmp.json": b"{}", "wsec.json": b"{}"}
    assert make_plan({**GOOD, **own}, device()).all.keys() == make_plan(GOOD, device()).all.keys()


@pytest.mark.parametrize("there", ["wsec.json", "presets.json", "other.json"])
def test_a_record_of_names_leads_to_no_other_file(there: str) -> None:
    names = json.dumps({"ir.json": there.encode().hex()}).encode()
    plan = choose_uploads(contents(artifact({**GOOD, ".device-backup/names.json": names})), device())
    assert plan.all == make_plan(GOOD, device()).all


def test_another_build_is_a_warning() -> None:
    assert make_plan(GOOD, device(release="ESP32_Ethernet")).needs == (
        _("The controller has another build of the firmware than the backup: check the LED outputs and pins."),
    )


def test_another_chip_with_nothing_else_to_restore_is_refused() -> None:
    only = {name: GOOD[name] for name in ("cfg.json", RECORD)}
    with pytest.raises(RestoreRejectedError) as caught:
        make_plan(only, device(arch="esp8266"))
    assert caught.value.detail == _("No file of this backup can be put back.")
    assert make_plan(only, device()).all.keys() == {"cfg.json"}


def test_a_record_that_is_none_is_an_unknown_origin() -> None:
    assert make_plan({**GOOD, RECORD: b"{}"}, device()).needs == (
        _("The backup does not say which chip it is from: check the LED outputs and pins."),
    )


@pytest.mark.parametrize(
    ("free", "fits"),
    [(3 * 4096, True), (3 * 4096 - 1, False)],
)
def test_room_is_counted_in_blocks_with_some_to_spare(free: int, fits: bool) -> None:
    plan = make_plan({"cfg.json": GOOD["cfg.json"], "a.txt": b"x" * 4097, RECORD: GOOD[RECORD]}, device())
    current = {"cfg.json": GOOD["cfg.json"], "a.txt": b"x"}
    info = replace(INFO, space_total=100_000, space_used=100_000 - free)
    if fits:
        check_room(plan, current, info)
    else:
        with pytest.raises(RestoreRejectedError, match=f"need 12288 more bytes, but only {free} are free"):
            check_room(plan, current, info)


def test_a_full_device_takes_files_that_are_no_larger() -> None:
    check_room(make_plan(GOOD, device()), dict(GOOD), replace(INFO, space_used=INFO.space_total))


def test_files_that_would_fit_only_once_others_have_become_smaller_are_refused() -> None:
    plan = make_plan(GOOD, device())
    first, *_others, last = plan.all
    now = {**plan.all, first: None, last: b"x" * 400_000}
    with pytest.raises(RestoreRejectedError, match="more bytes, but only 8192"):
        check_room(plan, now, replace(INFO, space_used=INFO.space_total - 8192))


def test_a_device_whose_own_configuration_is_unreadable_can_be_restored() -> None:
    plan = make_plan(GOOD, device())
    for current in (None, b"{"):
        assert reachable(plan, current) == replace(
            plan,
            risks=(
                _(
                    "The present settings of the controller cannot be read, so nobody can tell whether it stays in"
                    " its network."
                ),
            ),
        )


def test_without_a_configuration_no_network_is_at_risk() -> None:
    other = files(chip=Chip.ESP8266)
    plan = make_plan(other, device())
    assert reachable(plan, GOOD["cfg.json"]) == plan
    assert plan.refused == (
        _(
            "The configuration is not put back, because the controller has another chip and the pins of"
            " the backup may not fit. Enter the settings by hand; only presets and other files are put back."
        ),
    )
