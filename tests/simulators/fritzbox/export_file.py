"""The export as FRITZ!OS writes it: another key, other encrypted values and another time in each."""

import base64
import os
import zlib
from dataclasses import dataclass, field

from . import canaries

LONG_SECRET_BYTES = 16


@dataclass(slots=True, kw_only=True)
class Configuration:
    """What a person set, and what the box noted by itself."""

    settings: dict[str, str] = field(default_factory=lambda: {"mode": "dsldmode_router", "hostname": '"fritz.box"'})
    secrets: dict[str, str] = field(default_factory=lambda: {"username": "provider-user", "passwd": "provider-secret"})
    calls: list[str] = field(default_factory=list)
    last_check: str = "2026-01-01 03:00:00"
    padding: int = 0
    """Bytes of one more section, for sizes as real boxes have them."""


def make_export(model: str, software: str, configuration: Configuration, phonebook: bytes) -> bytes:
    """Return a new export."""
    writer = _Writer()
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
    writer.text("wlan.cfg", f'wlancfg {{\n        ssid = "{canaries.WIFI_NAME}";\n{_secret("pskvalue", "wifi")}}}\n')
    writer.text("user.cfg", f'boxusers {{\n        user_email = "{canaries.MAIL}";\n}}\n')
    writer.text("avmnexus.cfg", f'own_key =\n"-----BEGIN PRIVATE KEY-----\n{canaries.OWN_KEY}\n-----END";\n')
    writer.hexadecimal("BINFILE", "fx_conf", bytes(range(256)))
    writer.base64("B64FILE", "phonebook", phonebook)
    writer.base64("B64FILE", "calllog", "\n".join(configuration.calls).encode())
    writer.base64("CRYPTEDB64FILE", "tr069_keys", os.urandom(48))
    if configuration.padding:
        writer.base64("B64FILE", "configd", bytes(number * 7 % 251 for number in range(configuration.padding)))
    return writer.finished()


def _main_settings(configuration: Configuration) -> str:
    settings = "".join(f"        {key} = {value};\n" for key, value in configuration.settings.items())
    secrets = "".join(_secret(key, value) for key, value in configuration.secrets.items())
    return (
        f'ar7cfg {{\n{settings}{secrets}        example_path = "a\\\\b";\n}}\n\n\n'
        f'updatecheck {{\n        auto_update_last_check_time = "{configuration.last_check}";\n}}\n'
    )


def _secret(key: str, value: str) -> str:
    return f'        {key} = "$$$${_encrypted(value.encode())}";\n'


def _encrypted(value: bytes) -> str:
    blocks = 1 + (len(value) + 4) // LONG_SECRET_BYTES
    noise = os.urandom((1 + blocks) * LONG_SECRET_BYTES)
    return base64.b32encode(noise).decode().rstrip("=").translate(str.maketrans("234567", "123456"))


class _Writer:
    """Writes lines and counts the checksum, as the public rule has it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._crc = 0

    def raw(self, line: str) -> None:
        self._lines.append(line)

    def header(self, key: str, value: str) -> None:
        self._lines.append(f"{key}={value}")
        self._count(f"{key}{value}\0".encode())

    def text(self, name: str, content: str) -> None:
        comment = f"/*\n * /var/tmp.cfg\n * {_export_time()}\n */\n\n"
        meta = 'meta { encoding = "utf-8"; }\n\n'
        body = f"{comment}{meta}{content}\n\n// EOF\n"
        self._begin("CFGFILE", name)
        self._count(body.replace("\\\\", "\\").encode())
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
        self._count(f"{name}\0".encode())

    def _end(self) -> None:
        self._lines.append("**** END OF FILE ****")

    def _count(self, content: bytes) -> None:
        self._crc = zlib.crc32(content, self._crc)

    def finished(self) -> bytes:
        self._lines += [f"**** END OF EXPORT {self._crc:08X} ****", ""]
        return "\n".join(self._lines).encode()


def _export_time() -> str:
    """Return another time at each call, in the form of FRITZ!OS."""
    minute, second = divmod(int.from_bytes(os.urandom(2)) % 3600, 60)
    return f"Thu Jan  1 01:{minute:02}:{second:02} 1970"
