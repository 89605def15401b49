"""Names as people give them and as the firmware cuts them: shown readably, compared and kept as they are."""

import json

import pytest

from ha_device_backup_core.testing import run_probe
from ha_device_backup_wled import WledHandler, device_files
from ha_device_backup_wled.contents import contents
from ha_device_backup_wled.unlock import WledFileList, read_list
from tests.simulators.wled import VERSIONS, SimulatedWled
from tests.simulators.wled.content import compact

from .conftest import changed, config, fetch, files_of, plan, restore

CUT = "测试灯带控制器房间一个".encode()[:32]
UNUSUAL = ("ホール　照明", "👩‍💻 desk", "a\u00a0b", "e\u0301tage", "\u202fx", "क्‍ष", "  Shelf  ")
ODD_FILES = {
    "ホール　照明.gif": b"GIF89a1",
    "👩‍💻.gif": b"GIF89a2",
    "a\u00a0b.gif": b"GIF89a3",
    (b"cut" + b"\xe4\xb8" + b".gif").decode("utf-8", "surrogateescape"): b"GIF89a4",
    (b"cut" + b"\xe4" + b".gif").decode("utf-8", "surrogateescape"): b"GIF89a5",
    "cut\ufffd.gif": b"GIF89a6",
}


def name_it(wled: SimulatedWled, name: str) -> None:
    """Give the controller a name, as its settings page does."""
    wled.device.save_settings({"id": {**wled.device.settings["id"], "name": name}})


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_name_cut_within_a_character_is_kept_and_put_back(version: str) -> None:
    async with SimulatedWled(version) as wled:
        name_it(wled, CUT.decode("utf-8", "surrogateescape"))
        wled.device.save_preset(3, {"n": CUT.decode("utf-8", "surrogateescape")})
        info = await run_probe(WledHandler, config(wled))
        assert info.name == "测试灯带控制器房间一"
        fetched = await fetch(wled)
        assert fetched.doubts == ()
        before = files_of(fetched.artifact)
        before.pop("bkp.cfg.json", None)
        assert CUT in before["cfg.json"]
        assert CUT in before["presets.json"]
        assert WledHandler.normalize(fetched.artifact)["cfg.json"].count(CUT) == 1
        for text in WledHandler.redact(fetched.artifact).values():
            text.encode()
        name_it(wled, "Changed")
        wled.device.save_preset(4, {"n": "Later"})
        assert (await plan(wled, fetched.artifact)).files
        report = await restore(wled, fetched.artifact)
        assert report.unproven == ()
        after = {name: data for name, data in wled.device.user_files.items() if name != "bkp.cfg.json"}
        assert after == before


@pytest.mark.parametrize("name", UNUSUAL)
async def test_a_restore_of_an_unusual_name_is_proven(name: str) -> None:
    async with SimulatedWled() as wled:
        name_it(wled, name)
        artifact = (await fetch(wled)).artifact
        name_it(wled, "Changed")
        assert (await restore(wled, artifact)).unproven == ()
        assert wled.device.name == name


async def test_a_name_longer_than_the_firmware_keeps_is_proven() -> None:
    async with SimulatedWled(usermods=["Clock"]) as wled:
        configuration = json.loads(wled.device.user_files["cfg.json"])
        configuration["id"]["name"] = "a" + "é" * 20
        artifact = changed((await fetch(wled)).artifact, cfg_json=compact(configuration))
        assert (await restore(wled, artifact)).unproven == ()


@pytest.mark.parametrize("version", VERSIONS)
async def test_files_with_unusual_names_are_kept_and_put_back(version: str) -> None:
    async with SimulatedWled(version, extra_files=ODD_FILES) as wled:
        before = wled.device.user_files
        fetched = await fetch(wled)
        assert fetched.artifact.missing == ()
        assert fetched.doubts == ()
        held = contents(fetched.artifact)
        assert {held.device_names.get(name, name): held.files[name] for name in files_of(fetched.artifact)} == before
        wled.device.wipe()
        report = await restore(wled, fetched.artifact)
        assert wled.device.user_files == before
        assert report.unproven == ()
        assert WledHandler.normalize((await fetch(wled)).artifact) == WledHandler.normalize(fetched.artifact)


def test_a_list_with_a_cut_name_is_one() -> None:
    listed = read_list(b'[{"name":"cfg.json","type":"file","size":1},{"name":"a\xe4","type":"file","size":2}]')
    assert listed == WledFileList({"cfg.json": 1, "a\udce4": 2})


@pytest.mark.parametrize(
    "odd",
    ['a"b.gif', '"', "a'b.gif", "<b>.gif", "100%.gif", "a%2Fb.gif", "..gif", " a .gif", "Case.gif"],
)
@pytest.mark.parametrize("version", VERSIONS)
async def test_an_odd_name_costs_no_other_file(version: str, odd: str) -> None:
    """The firmware writes the names into its list as they are."""
    files = {odd: b"GIF89a1", "case.gif": b"GIF89a2", "shelf.gif": b"GIF89a3"}
    async with SimulatedWled(version, extra_files=files) as wled:
        fetched = await fetch(wled)
        held, before = files_of(fetched.artifact), wled.device.user_files
        assert {name: held.get(name) for name in before if name != odd} == {
            name: content for name, content in before.items() if name != odd
        }
        assert held.get(odd) == files[odd] or [note.code for note in fetched.artifact.missing] == ["files_unreadable"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]]",
        b'[{"name":"a"b","type":"file","size":1}',
        b'[{"name":"a"b","type":"file","size":1}x]',
        b'x{"name":"a"b","type":"file","size":1}]',
        b'[{"name":"a"b","type":"file","size":-1}]',
        b'[{"name":"' + b"x" * 400 + b'"","type":"file","size":1}]',
        b"<html>",
    ],
)
def test_what_is_no_list_is_none(body: bytes) -> None:
    assert read_list(body) is None


@pytest.mark.parametrize("name", ['a"b', '"', '","size":9', 'ü"' + "x" * 200])
def test_a_list_whose_names_are_written_as_they_are(name: str) -> None:
    for entry in (f'{{"type":"file","name":"/{name}","size":7}}', f'{{"name":"{name}","type":"file","size":7}}'):
        for body in (f'[{{"type":"file","name":"/cfg.json","size":1}},{entry}]', f"[{entry},{entry}]\n"):
            listed = read_list(body.encode())
            assert listed is not None
            assert listed.sizes[name] == 7


def test_names_are_kept_apart() -> None:
    names = ["a\udce4", "a\udce5", "a\ufffd", "b"]
    assert [device_files.kept_names(names)[name] for name in names] == ["_a\ufffd", "__a\ufffd", "a\ufffd", "b"]
    assert device_files.device_name(b"a\xe4".hex()) == "a\udce4"
    assert device_files.device_name(b"b".hex()) is None, "such a name is kept as it is"
    assert device_files.device_name("2e2e") is None
    assert device_files.device_name("x") is None
