"""Names as devices and people make them: cut in the middle of a character, Latin-1, with odd blanks and joiners."""

import json

import pytest

from ha_device_backup_core.testing import run_probe
from ha_device_backup_core.toolkit import JsonError, canonical, encoded, shown
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.status import parse_object
from tests.simulators.tasmota import VERSIONS, Chip, SimulatedTasmota, TextIndex

from .conftest import MAC, config, fetch, restore
from .test_backup import files_of, on_device
from .test_restore import proven

CUT = b"K\xc3\xbcche neben dem Fl\xc3".decode("utf-8", "surrogateescape")
LATIN = b"K\xfcche".decode("utf-8", "surrogateescape")
ODD = "Ku\u0308che\u3000\u200d\u00a0links\u200b"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"K\xc3\xbcche", "Küche"),
        (b"K\xc3\xbcche neben dem Fl\xc3", "Küche neben dem Fl"),
        ("灯".encode()[:-1], ""),
        (b"K\xfcche", "Küche"),
        (b"a\xc3b", "aÃb"),
        (" Lamp\u200b\n ".encode(), "Lamp"),
        ("Lamp\ud83d", "Lamp"),
        (LATIN, "Küche"),
        (b"", ""),
    ],
)
def test_names_as_people_read_them(raw: bytes | str, name: str) -> None:
    assert shown(raw) == name


@pytest.mark.parametrize("name", [CUT, LATIN, ODD, "Line\nbreak", 'Quote"d', "\u200d", "x" * 150])
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_device_is_backed_up_and_restored_whatever_its_name(name: str, version: str) -> None:
    async with SimulatedTasmota(version, Chip.ESP8266) as tasmota:
        made = tasmota.device
        made.set_text(TextIndex.DEVICE_NAME, name)
        made.set_text(TextIndex.FRIENDLY_NAME, name)
        made.set_text(TextIndex.TOPIC, name)
        fetched = await fetch(tasmota)
        assert fetched.device.unique_id == MAC
        assert fetched.device.name
        assert (fetched.artifact.missing, fetched.doubts) == ((), ())
        assert all(text.encode() for text in TasmotaHandler.redact(fetched.artifact).values())
        made.set_text(TextIndex.DEVICE_NAME, "other")
        assert (await restore(tasmota, fetched.artifact)).proven == proven(tasmota)
        assert made.name == name[: len(made.name)]
        assert made.name


@pytest.mark.parametrize(("name", "said"), [(CUT, "Küche neben dem Fl"), (LATIN, "Küche"), ("Licht", "Licht")])
async def test_the_name_is_told_as_people_read_it(name: str, said: str) -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.device.set_text(TextIndex.DEVICE_NAME, name)
        assert (await run_probe(TasmotaHandler, config(tasmota))).name == said


FILES = {
    "/K\udcfcche.be": b"1",
    "/100%.txt": b"2",
    "/a\u3000b\u00a0c\u200d.be": b"3",
    '/it\'s;"x".be': b"4",
    "/lamps/" + "灯" * 14 + ".be": b"5",
    "/lamps/" + "灯" * 30 + ".be": b"6",
    "/o\u0308.be": b"7",
    "/\u00f6.be": b"8",
}


@pytest.mark.parametrize("version", ["12.5.0", "16.0.0"])
async def test_files_of_every_name_are_backed_up(version: str) -> None:
    async with SimulatedTasmota(version, extra_files=FILES) as tasmota:
        fetched = await fetch(tasmota)
        assert fetched.artifact.missing == ()
        stored = files_of(fetched.artifact)
        assert len(stored) == len(on_device(tasmota))
        assert stored["/K%FCche.be"] == b"1"
        assert stored["/100%25.txt"] == b"2"
        assert set(stored.values()) == set(on_device(tasmota).values())
        assert (await restore(tasmota, fetched.artifact)).unproven == ()
        assert TasmotaHandler.redact(fetched.artifact)["files.json"].encode()


async def test_files_with_odd_names_that_are_gone_are_put_back_where_the_device_takes_them() -> None:
    async with SimulatedTasmota(extra_files=FILES) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        before = dict(tasmota.device.files)
        for path in FILES:
            del tasmota.device.files[path]
        report = await restore(tasmota, artifact)
        refused = {path for path in FILES if path not in tasmota.device.files}
        assert refused == {path for path in FILES if path.startswith(("/K", "/it", "/lamps"))}
        assert len(report.needs) == 1
        assert all(tasmota.device.files[path] == before[path] for path in FILES.keys() - refused)


@pytest.mark.parametrize("content", [b'{"a":"K\xc3"}', b'{"a":"K\xfc"}', b'{"a":"\xed\xa0\x80"}'])
def test_bytes_of_json_are_kept(content: bytes) -> None:
    assert canonical(parse_object(content)) == content
    assert parse_object(canonical(parse_object(content))) == parse_object(content)


def test_lone_surrogates_that_a_device_escaped_are_kept_too() -> None:
    value = parse_object(b'{"a":"\\ud83d"}')
    assert value == {"a": "\ud83d"}
    assert canonical(value)
    assert encoded("\ud83d") == "\ud83d".encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"nan", b"{" * 300_000, b'{"a":' * 40 + b"1" + b"}" * 40])
def test_what_is_no_object_of_a_sensible_size(content: bytes) -> None:
    with pytest.raises(JsonError):
        parse_object(content)


def test_a_line_break_in_a_name_is_no_reason_to_refuse() -> None:
    assert parse_object(b'{"a":"x\ny"}') == {"a": "x\ny"}
    assert json.loads(canonical({"a": "x\ny"})) == {"a": "x\ny"}
