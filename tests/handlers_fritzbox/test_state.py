"""What a box changes by itself makes no new backup, what a person changes does; and what is left after a reset."""

import base64

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.configured import configured
from ha_device_backup_fritzbox.files import EXPORT
from ha_device_backup_fritzbox.normalize import normalize
from ha_device_backup_fritzbox.settings import MAX_DEPTH, Setting, read_settings
from tests.simulators.fritzbox import Contact, NetworkDevice, SimulatedFritzBox

from .conftest import fetch
from .exports import VECTOR, imported, with_settings

NOW = b"Sat Jan 10 12:00:00 2026"


def same(first: Artifact, second: Artifact) -> bool:
    """Return whether nothing changed, and normalizing is idempotent."""
    once, other = normalize(first), normalize(second)
    assert normalize(imported(once[EXPORT])) == once
    return once == other


def at_noon(artifact: Artifact) -> Artifact:
    """Return the export as a box with a clock makes it."""
    return imported(artifact.content.replace(b"Thu Jan  1 01:06:16 1970", NOW))


def block(text: str) -> Artifact:
    """Return an export with a block beside the others of ar7.cfg."""
    return imported(VECTOR.replace(b"\n\n// EOF", f"\n{text}\n\n// EOF".encode()))


def section(name: str, content: bytes, kind: str = "B64FILE") -> Artifact:
    """Return an export with that binary section."""
    body = base64.b64encode(content) if kind == "B64FILE" else content.hex().upper().encode()
    whole = b"**** %b:%b\n%b\n**** END OF FILE ****\n" % (kind.encode(), name.encode(), body)
    return imported(VECTOR.replace(b"**** END OF EXPORT", whole + b"**** END OF EXPORT"))


# Calls


async def test_a_phone_call_makes_no_new_backup(fritz: SimulatedFritzBox) -> None:
    first = await fetch(fritz)
    fritz.box.configuration.calls += ["0301234567", "0307654321"]
    assert (await fetch(fritz)).fingerprint == first.fingerprint
    fritz.box.phonebooks[0].contacts.append(Contact(name="Neu"))
    assert (await fetch(fritz)).fingerprint != first.fingerprint


@pytest.mark.parametrize("kind", ["B64FILE", "BINFILE"])
@pytest.mark.parametrize("name", ["fx_cg", "calllog", "named_otherwise"])
def test_a_call_history_is_known_by_what_it_is(kind: str, name: str) -> None:
    form = b'<?xml\nversion="1.0" encoding="utf-8"><calllog nextid="%d" active="1"\nlastsave="%d" firstsave="203" />\n'
    assert same(section(name, form % (1, 203), kind), section(name, form % (9, 812), kind))
    assert not same(section("configd", b"<list>1</list>", kind), section("configd", b"<list>2</list>", kind))


def test_when_a_contact_was_stored_is_no_change_of_it() -> None:
    form = b"<phonebook><timestamp>%d</timestamp><realName>A</realName><mod_time>%d</mod_time></phonebook>"
    assert same(section("phonebook", form % (1, 65)), section("phonebook", form % (2, 99)))
    assert not same(section("phonebook", form % (1, 65)), section("phonebook", form.replace(b"A<", b"B<") % (1, 65)))


@pytest.mark.parametrize("name", ["ahanet.cfg", "dect_misc", "stat.cfg", "tamconf"])
def test_counters_count_by_their_length(name: str) -> None:
    assert same(section(name, b"\0\1\2\3"), section(name, b"\0\1\2\4"))
    assert not same(section(name, b"\0\1\2\3"), section(name, b"\0\1\2\3\4"))


def test_what_was_set_up_for_smart_home_counts() -> None:
    assert not same(section("aha.cfg", b"\0\1\2\3"), section("aha.cfg", b"\0\1\2\4"))


def test_numbers_in_the_tags_of_a_list_do_not_count_where_they_only_count_up() -> None:
    form = b"\xef\xbb\xbf<phonebooks nextid='%d' last_sync=\"%d\"><phonebook name='%b' id=\"%d\"/></phonebooks>"
    assert same(section("phonebook", form % (1, 5, b"A", 1)), section("phonebook", form % (2, 6, b"A", 1)))
    assert not same(section("phonebook", form % (1, 5, b"A", 1)), section("phonebook", form % (1, 5, b"B", 1)))
    assert not same(section("phonebook", form % (1, 5, b"A", 1)), section("phonebook", form % (1, 5, b"A", 2)))
    assert not same(section("fx_conf", b"\0 nextid='1'"), section("fx_conf", b"\0 nextid='2'"))


# The network


async def test_devices_that_come_and_go_make_no_new_backup(fritz: SimulatedFritzBox) -> None:
    network = fritz.box.configuration.network
    first = await fetch(fritz)
    network.append(NetworkDevice(number=21))
    network[0].address, network[0].name = 77, "android-1234"
    assert (await fetch(fritz)).fingerprint == first.fingerprint
    network.clear()
    assert (await fetch(fritz)).fingerprint == first.fingerprint


@pytest.mark.parametrize("change", ["fixed", "own_name", "blocked"])
async def test_what_a_person_decides_about_a_device_counts(fritz: SimulatedFritzBox, change: str) -> None:
    first = await fetch(fritz)
    device = fritz.box.configuration.network[0]
    setattr(device, change, True)
    decided = await fetch(fritz)
    assert decided.fingerprint != first.fingerprint
    fritz.box.configuration.network.insert(0, NetworkDevice(number=5))
    assert (await fetch(fritz)).fingerprint == decided.fingerprint


async def test_another_fixed_address_or_name_counts_and_a_lease_does_not(fritz: SimulatedFritzBox) -> None:
    device = fritz.box.configuration.network[0]
    device.own_name, device.name = True, "Drucker"
    named = await fetch(fritz)
    device.address = 99
    assert (await fetch(fritz)).fingerprint == named.fingerprint
    device.name = "Scanner"
    renamed = await fetch(fritz)
    assert renamed.fingerprint != named.fingerprint
    device.fixed = True
    fixed = await fetch(fritz)
    device.address = 100
    assert (await fetch(fritz)).fingerprint != fixed.fingerprint


def test_rules_of_a_device_count() -> None:
    form = (
        "landevices {\n    landevices {\n        ip = 192.168.178.20;\n        mac = 02:00:5E:00:53:14;\n%s    }\n}\n"
    )
    rule = "        forwardrules {\n            port = 80;\n        }\n"
    assert not same(block(form % ""), block(form % rule))
    assert same(block(form % ""), block(form.replace("178.20", "178.21") % ""))


def test_templates_among_the_users_count() -> None:
    form = "usercfg {\n users2 {\n landeviceUID = 0;\n filter_profile_id = 1;\n disallowed = %s;\n }\n}\n"
    assert not same(block(form % "no"), block(form % "yes"))


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("usercfg {\n valid_tickets {\n ticket = %s;\n assigned = no;\n }\n active = %s;\n}\n", "111111", "222222"),
        (
            "wlancfg {\n client_stations {\n mac = %s;\n }\n channel = %s;\n}\n",
            "02:00:00:00:00:01",
            "02:00:00:00:00:02",
        ),
        ('webui {\n cookie = "%s";\n expertmode = %s;\n}\n', "TLV1", "TLV2"),
        ("backendsupport {\n sync = %s;\n mode = %s;\n}\n", "eBsSyncWaiting", "eBsSyncDone"),
        ("usercfg {\n bpjm_update_crc = %s;\n active = %s;\n}\n", "0", "4711"),
    ],
)
def test_lists_and_states_of_the_box_do_not_count(form: str, old: str, new: str) -> None:
    assert same(block(form % (old, "yes")), block(form % (new, "yes")))
    assert not same(block(form % (old, "yes")), block(form % (old, "no")))


@pytest.mark.parametrize(
    "form",
    [
        "landevices {\n landevices_nextuid = %d;\n mode = %s;\n}",
        "phone {\n nextid = %d;\n mode = %s;\n}",
        "box {\n boot_count = %d;\n mode = %s;\n}",
        "box {\n reboots = %d;\n mode = %s;\n}",
        "tr069cfg {\n uptime_total = %d;\n mode = %s;\n}",
        "monitor {\n BytesSentHigh = %d;\n mode = %s;\n}",
        "monitor {\n total_bytes_in = %d;\n mode = %s;\n}",
        "x {\n inetstat {\n Today {\n outgoing = %d;\n }\n }\n mode = %s;\n}",
        "x {\n dhcp_leases {\n number = %d;\n } {\n number = 4;\n }\n mode = %s;\n}",
        "ddns {\n accounts {\n status = %d;\n domain = %s;\n }\n}",
        "ddns {\n accounts {\n last_ip = 198.51.100.%d;\n domain = %s;\n }\n}",
        'x {\n lastChannel = "%d";\n mode = %s;\n}',
    ],
)
def test_what_only_counts_up_does_not_count(form: str) -> None:
    assert same(block(form % (7, "yes")), block(form % (8, "yes")))
    assert not same(block(form % (7, "yes")), block(form % (7, "no")))


@pytest.mark.parametrize(
    "line",
    [
        "last_name = {};",
        "lastName = {};",
        "max_bytes = {};",
        "ringcount = {};",
        "tx = {};",
        "counter = every{};",
        'last_server = "example{}.org";',
    ],
)
def test_settings_that_are_called_much_the_same_count(line: str) -> None:
    assert not same(with_settings(line.format(1)), with_settings(line.format(2)))


# Times


@pytest.mark.parametrize(
    "value",
    [
        '"2026-01-0{}T03:00:00"',
        '"2026-01-0{}T03:00:00.123Z"',
        '"2026-01-0{} 03:00:00+02:00"',
        '"2026-01-0{} 03:00"',
        '"0{}.01.2026 03:00"',
        '"{}.1.26, 03:00:15"',
        "2026-01-0{} 03:00:00",
        "17676{}0000123",
    ],
)
def test_a_past_time_is_known_in_each_form(value: str) -> None:
    line = f"        seen = {value};"
    assert same(at_noon(with_settings(line.format(1))), at_noon(with_settings(line.format(2))))
    later = line.replace("2026", "2027").replace(".26", ".27").replace("17676", "18676")
    assert not same(at_noon(with_settings(later.format(1))), at_noon(with_settings(later.format(2))))


@pytest.mark.parametrize("before", ["0", '""', '"0"', '"never"', '"1970-01-01 01:00:00"', '"1767610000"'])
def test_what_never_happened_and_then_did_is_no_change(before: str) -> None:
    after = '"2026-01-01 03:00:00"' if before.startswith('"') else "1767610000"
    old, new = (with_settings(f"        lastseen = {value};") for value in (before, after))
    assert same(at_noon(old), at_noon(new))


def test_a_number_of_a_phone_is_no_time() -> None:
    line = '        number = "15176{}0000";'
    assert not same(at_noon(with_settings(line.format(1))), at_noon(with_settings(line.format(2))))


@pytest.mark.parametrize("key", ["seen", "last_contact", "ended"])
def test_a_time_that_was_past_does_not_count_whatever_it_is_called(key: str) -> None:
    line = f'        {key} = "2026-01-0{{}} 03:00:00";'
    assert same(at_noon(with_settings(line.format(1))), at_noon(with_settings(line.format(2))))
    seconds = f"        {key} = 17676{{}}0000;"
    assert same(at_noon(with_settings(seconds.format(1))), at_noon(with_settings(seconds.format(2))))


@pytest.mark.parametrize(
    "line",
    [
        '        alarm = "2026-02-0{} 03:00:00";',
        "        alarm = 19000{}0000;",
        "        bandwidth = 10000{}0000;",
        '        text = "2026-01-0{}";',
        '        text = "2026-99-0{} 03:00:00";',
    ],
)
def test_a_time_that_is_to_come_and_other_numbers_count(line: str) -> None:
    assert not same(at_noon(with_settings(line.format(1))), at_noon(with_settings(line.format(2))))


def test_a_box_that_does_not_know_the_time_is_believed_nothing() -> None:
    line = '        seen = "2026-01-0{} 03:00:00";'
    assert not same(with_settings(line.format(1)), with_settings(line.format(2)))
    odd = imported(VECTOR.replace(b"Thu Jan  1 01:06:16 1970", b"Thu Foo 99 01:06:16 1970"))
    assert same(odd, odd)


# What is read


def test_settings_are_read_with_their_place() -> None:
    lines = 'a {\n  b = 1;\n  c {\n    d = "x",\n      "y";\n  } {\n  }\n  e = "two\nlines }";\n}\nmeta { f = 1; }\n'
    assert list(read_settings(lines.split("\n"))) == [
        Setting("a {", ("a",), "", in_text=False),
        Setting("  b = 1;", ("a",), "b", in_text=False),
        Setting("  c {", ("a", "c"), "", in_text=False),
        Setting('    d = "x",', ("a", "c"), "d", in_text=False),
        Setting('      "y";', ("a", "c"), "d", in_text=False),
        Setting("  } {", ("a", "c"), "", in_text=False),
        Setting("  }", ("a", "c"), "", in_text=False),
        Setting('  e = "two', ("a",), "e", in_text=True),
        Setting('lines }";', ("a",), "e", in_text=True),
        Setting("}", ("a",), "", in_text=False),
        Setting("meta { f = 1; }", (), "", in_text=False),
        Setting("", (), "", in_text=False),
    ]


def test_blocks_without_end_are_read_too() -> None:
    lines = ["a {"] * 100 + ["b = 1;"] + ["}"] * 101 + ["c = 2;"]
    settings = list(read_settings(lines))
    assert max(len(setting.path) for setting in settings) == MAX_DEPTH
    assert settings[-1] == Setting("c = 2;", (), "c", in_text=False)


# Factory state


async def test_a_box_that_was_reset_is_told(fritz: SimulatedFritzBox) -> None:
    fetched = await fetch(fritz)
    assert fetched.extent.configured is True
    fritz.box.reset()
    assert (await fetch(fritz)).extent.configured is False
    fritz.box.configuration.assistant_completed = True
    assert (await fetch(fritz)).extent.configured is True


@pytest.mark.parametrize("sign", ["phone number", "Wi-Fi", "device", "user"])
async def test_who_set_a_box_up_without_its_assistant_is_believed(fritz: SimulatedFritzBox, sign: str) -> None:
    fritz.box.reset()
    configuration = fritz.box.configuration
    match sign:
        case "phone number":
            configuration.phone_numbers.append("030999")
        case "Wi-Fi":
            configuration.wifi_name = "Zuhause"
        case "device":
            configuration.network[0].fixed = True
        case "user":
            configuration.users += 1
    assert (await fetch(fritz)).extent.configured is True


@pytest.mark.parametrize(
    "sign",
    [
        "vpncfg {\n    connections {\n        enabled = yes;\n    }\n}",
        "ddns {\n    accounts {\n        enabled = yes;\n    }\n}",
        'jasonii {\n    user_email = "a@example.org";\n}',
    ],
)
def test_signs_of_work(sign: str) -> None:
    assistant = "webui {\n    wizard_completed = no;\n}\n"
    assert configured(block(assistant)) is False
    assert configured(block(assistant + sign)) is True


def test_an_export_that_does_not_tell_is_not_judged() -> None:
    assert FritzBoxHandler.configured(imported(VECTOR)) is None
    assert FritzBoxHandler.configured(imported(b"broken")) is None
    assert FritzBoxHandler.configured(Artifact.bundle({"device.json": b"{}"})) is None
    assert FritzBoxHandler.configured(imported(VECTOR + b" " * 3_000_000)) is None
