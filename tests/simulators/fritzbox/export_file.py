"""The export as FRITZ!OS writes it: another key, other encrypted values and another time in each."""

import base64
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from . import canaries

LONG_SECRET_BYTES = 16


@dataclass(slots=True, kw_only=True)
class NetworkDevice:
    """A device in the network; the box notes all of it but what a person decided: name and fixed address."""

    number: int
    address: int = 0
    """Of the lease, that of the number unless it is another."""
    name: str = ""
    own_name: bool = False
    fixed: bool = False
    blocked: bool = False

    @property
    def mac(self) -> str:
        """The one of the device with that number."""
        return f"02:00:5E:00:53:{self.number:02X}"

    @property
    def ip(self) -> str:
        """What it is reached by at the moment."""
        return f"192.168.178.{self.address or self.number}"


@dataclass(slots=True, kw_only=True)
class Configuration:
    """What a person set, and what the box noted by itself."""

    settings: dict[str, str] = field(default_factory=lambda: {"mode": "dsldmode_router", "hostname": '"fritz.box"'})
    secrets: dict[str, str] = field(default_factory=lambda: {"username": "provider-user", "passwd": "provider-secret"})
    calls: list[str] = field(default_factory=list)
    network: list[NetworkDevice] = field(default_factory=lambda: [NetworkDevice(number=20)])
    """The devices that the box knows."""
    users: int = 1
    assistant_completed: bool = True
    wifi_name: str = canaries.WIFI_NAME
    phone_numbers: list[str] = field(default_factory=lambda: [canaries.NUMBER])
    last_check: str = "2026-01-01 03:00:00"
    written_at: str = "Thu Jan  1 01:{minute:02}:{second:02} 1970"
    """By the clock of the box, which is another at each export."""
    padding: int = 0
    """Bytes of one more section, for sizes as real boxes have them."""

    @classmethod
    def of_factory(cls, model: str) -> "Configuration":
        """Return what a box has that was reset: it still knows the devices that are plugged in."""
        return cls(assistant_completed=False, wifi_name=f"{model} XY", phone_numbers=[], secrets={"passwd": "factory"})


def make_export(model: str, software: str, configuration: Configuration, phonebook: bytes) -> bytes:
    """Return a new export."""
    writer = _Writer(configuration.written_at)
    writer.raw(f"**** {model} CONFIGURATION EXPORT")
    for key, value in (
        ("Password", f"$$$${_encrypted(b'file key, 32 bytes long, random.')}"),
        ("FirmwareVersion", software),
        ("CONFIG_INSTALL_TYPE", "mips34_512MB_simulated"),
        ("OEM", "avm"),
        ("Country", "049"),
        ("Language", "de"),
    ):
        writer.header(key, value)
    writer.text("ar7.cfg", _main_settings(configuration))
    writer.text("wlan.cfg", _wifi_settings(configuration))
    writer.text("voip.cfg", _phone_numbers(configuration.phone_numbers))
    writer.text("user.cfg", _users(configuration.network))
    writer.text("avmnexus.cfg", f'own_key =\n"-----BEGIN PRIVATE KEY-----\n{canaries.OWN_KEY}\n-----END";\n')
    writer.hexadecimal("BINFILE", "fx_conf", bytes(range(256)))
    writer.base64("B64FILE", "fx_cg", _call_history(configuration.calls))
    writer.base64("B64FILE", "phonebook", phonebook)
    writer.base64("B64FILE", "calllog", "\n".join(configuration.calls).encode())
    writer.base64("CRYPTEDB64FILE", "tr069_keys", os.urandom(48))
    if configuration.padding:
        writer.base64("B64FILE", "configd", bytes(number * 7 % 251 for number in range(configuration.padding)))
    return writer.finished()


def _main_settings(configuration: Configuration) -> str:
    settings = "".join(f"        {key} = {value};\n" for key, value in configuration.settings.items())
    secrets = "".join(_secret(key, value) for key, value in configuration.secrets.items())
    devices = _blocks("landevices", map(_device, configuration.network))
    users = _blocks("users", (f"enabled = yes;\nid = {100 + number};" for number in range(configuration.users)))
    return (
        f'ar7cfg {{\n{settings}{secrets}        example_path = "a\\\\b";\n}}\n\n\n'
        f'updatecheck {{\n        auto_update_last_check_time = "{configuration.last_check}";\n}}\n\n\n'
        f"boxusers {{\n{users}}}\n\n\n"
        f"webui {{\n        wizard_completed = {_yes(configuration.assistant_completed)};\n}}\n\n\n"
        f"landevices {{\n        landevices_version = 4;\n{devices}}}\n"
    )


def _wifi_settings(configuration: Configuration) -> str:
    stations = [f"mac = {device.mac};\ntype = 1;" for device in configuration.network]
    return (
        f'wlancfg {{\n        ssid = "{configuration.wifi_name}";\n{_secret("pskvalue", "wifi")}'
        f"{_blocks('client_stations', stations)}}}\n"
    )


def _phone_numbers(numbers: list[str]) -> str:
    accounts = "".join(
        f'        ua{index} {{\n                enabled = yes;\n                username = "{number}";\n        }}\n'
        for index, number in enumerate(numbers, start=1)
    )
    return f"voipcfg {{\n{accounts}}}\n"


def _users(network: list[NetworkDevice]) -> str:
    users = [
        f"type = internet_user_landevice;\nlandeviceUID = {device.number};\nip = {device.ip};\n"
        f'filter_profile_id = 1;\nmac = {device.mac};\nticket_valid_time = "1970-01-01 00:00:00";\n'
        f"disallowed = {_yes(device.blocked)};"
        for device in network
    ]
    return f'usercfg {{\n        active = yes;\n        user_email = "{canaries.MAIL}";\n{_blocks("users2", users)}}}\n'


def _device(device: NetworkDevice) -> str:
    name = device.name or f"PC-192-168-178-{device.address or device.number}"
    return (
        f'ip = {device.ip};\nname = "{name}";\nmac = {device.mac};\nmedium = medium_ethernet;\n'
        f"staticlease = {_yes(device.fixed)};\nmanu_name = {_yes(device.own_name)};\nauto_etherwake = no;"
    )


def _blocks(name: str, contents: Iterable[str]) -> str:
    """Return a list of blocks as FRITZ!OS writes it: `name { … } { … }`."""
    inner = [content.replace("\n", f"\n{' ' * 16}") for content in contents]
    if not inner:
        return ""
    separator = "\n        } {\n                "
    return f"        {name} {{\n                {separator.join(inner)}\n        }}\n"


def _call_history(calls: list[str]) -> bytes:
    """Return the section that holds the list of calls too, with the counters of its making."""
    attributes = f'nextid="{len(calls) + 1}" active="1"\nlastsave="{203 + 61 * len(calls)}" firstsave="203"'
    listed = "".join(f"<call>{call}</call>" for call in calls)
    end = f">{listed}</calllog>" if calls else " />"
    return f'<?xml\nversion="1.0" encoding="utf-8"><calllog {attributes}{end}\n'.encode()


def _yes(on: bool) -> str:
    return "yes" if on else "no"


def _secret(key: str, value: str) -> str:
    return f'        {key} = "$$$${_encrypted(value.encode())}";\n'


def _encrypted(value: bytes) -> str:
    blocks = 1 + (len(value) + 4) // LONG_SECRET_BYTES
    noise = os.urandom((1 + blocks) * LONG_SECRET_BYTES)
    return base64.b32encode(noise).decode().rstrip("=").translate(str.maketrans("234567", "123456"))


class _Writer:
    """Writes lines and counts the checksum, as the public rule has it."""

    def __init__(self, written_at: str) -> None:
        self._written_at = written_at
        self._lines: list[str] = []
        self._crc = 0

    def raw(self, line: str) -> None:
        self._lines.append(line)

    def header(self, key: str, value: str) -> None:
        self._lines.append(f"{key}={value}")
        self._count(f"{key}{value}\0".encode("utf-8", "surrogateescape"))

    def text(self, name: str, content: str) -> None:
        comment = f"/*\n * /var/tmp.cfg\n * {_time(self._written_at)}\n */\n\n"
        meta = 'meta { encoding = "utf-8"; }\n\n'
        body = f"{comment}{meta}{content}\n\n// EOF\n"
        self._begin("CFGFILE", name)
        self._count(body.replace("\\\\", "\\").encode("utf-8", "surrogateescape"))
        self._lines += [*body.split("\n")]
        self._end()

    def hexadecimal(self, kind: str, name: str, content: bytes) -> None:
        self._binary(kind, name, content, content.hex().upper())

    def base64(self, kind: str, name: str, content: bytes) -> None:
        self._binary(kind, name, content, base64.b64encode(content).decode())

    def _binary(self, kind: str, name: str, content: bytes, encoded: str) -> None:
        self._begin(kind, name)
        self._count(content)
        self._lines += [encoded[start : start + 80] for start in range(0, len(encoded), 80)] or [""]
        self._end()

    def _begin(self, kind: str, name: str) -> None:
        self._lines.append(f"**** {kind}:{name}")
        self._count(f"{name}\0".encode("utf-8", "surrogateescape"))

    def _end(self) -> None:
        self._lines.append("**** END OF FILE ****")

    def _count(self, content: bytes) -> None:
        self._crc = zlib.crc32(content, self._crc)

    def finished(self) -> bytes:
        self._lines += [f"**** END OF EXPORT {self._crc:08X} ****", ""]
        return "\n".join(self._lines).encode("utf-8", "surrogateescape")


def _time(form: str) -> str:
    """Return another time at each call, in the form of FRITZ!OS."""
    minute, second = divmod(int.from_bytes(os.urandom(2)) % 3600, 60)
    return form.format(minute=minute, second=second)
