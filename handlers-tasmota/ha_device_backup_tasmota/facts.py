"""The settings that people know, each with its name; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ha_device_backup_core import Text

from .decoded import Addresses, Decoded, TextPlace
from .hiding import HIDDEN, Hiding
from .shown import shown
from .texts import both

_COMPRESSED = "(compressed)"
_OF_NUMBERS = frozenset("0123456789.-+ ")
_LONGEST = 512
"""Characters of a rule, the longest text there is."""


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """One setting, or some that belong together."""

    key: str
    label: Text
    value: object
    """As the device has it, to compare by."""
    said: object = None
    """The same for people, None where it is a secret or tells them nothing."""

    @property
    def is_set(self) -> bool:
        """Whether there is anything."""
        return _is_set(self.value)


def facts_of(decoded: Decoded) -> list[Fact]:
    """Return what the settings say, secrets as values only."""
    return list(_Reader(decoded).facts())


def redacted(facts: Iterable[Fact]) -> dict[str, object]:
    """Return what may be shown; of a secret only that there is one."""
    return {fact.key: HIDDEN if fact.said is None else fact.said for fact in facts if fact.is_set}


class _Reader:
    def __init__(self, decoded: Decoded) -> None:
        self._decoded = decoded
        self._hiding = Hiding.of(decoded)

    def facts(self) -> Iterator[Fact]:
        yield from self._names()
        yield from self._network()
        yield from self._mqtt()
        yield from self._behaviour()

    def _names(self) -> Iterator[Fact]:
        decoded = self._decoded
        yield self._text("name", both("Name", "Name"), TextPlace.DEVICE_NAME)
        yield self._texts("friendly_names", both("Friendly names", "Anzeigenamen"), TextPlace.FRIENDLY_NAME, 8)
        yield self._texts("buttons", both("Texts of buttons", "Tastentexte"), TextPlace.BUTTON_TEXT, 16)
        template = decoded.text(TextPlace.TEMPLATE_NAME)
        module = (decoded.module, template)
        yield Fact("module", both("Module", "Modul"), module, f"{decoded.module} {self._said(template)}".strip())
        yield Fact("pins", both("Pins", "Pins"), decoded.pins, list(decoded.pins))

    def _network(self) -> Iterator[Fact]:
        decoded = self._decoded
        known = [network for network in decoded.networks if network]
        yield Fact("wifi", both("Wi-Fi", "WLAN"), tuple(network.name for network in known))
        passwords = tuple(network.password for network in known)
        yield Fact("wifi_passwords", both("Wi-Fi password", "WLAN-Passwort"), passwords)
        yield self._secret("web_password", both("Web admin password", "Web-Passwort"), TextPlace.WEB_PASSWORD)
        yield self._text("hostname", both("Host name", "Hostname"), TextPlace.HOSTNAME)
        wifi, cable = decoded.fixed_address(Addresses.WIFI), decoded.fixed_address(Addresses.CABLE)
        yield Fact("wifi_address", both("Fixed address in the Wi-Fi", "Feste Adresse im WLAN"), wifi, wifi)
        yield Fact("cable_address", both("Fixed address on the cable", "Feste Adresse am Kabel"), cable, cable)

    def _mqtt(self) -> Iterator[Fact]:
        yield self._text("mqtt_host", both("MQTT host", "MQTT-Host"), TextPlace.MQTT_HOST)
        yield self._text("mqtt_client", both("MQTT client", "MQTT-Client"), TextPlace.MQTT_CLIENT)
        yield self._secret("mqtt_user", both("MQTT user", "MQTT-Benutzer"), TextPlace.MQTT_USER)
        yield self._secret("mqtt_password", both("MQTT password", "MQTT-Passwort"), TextPlace.MQTT_PASSWORD)
        yield self._text("topic", both("MQTT topic", "MQTT-Topic"), TextPlace.TOPIC)
        yield self._text("full_topic", both("Full topic", "Vollständiges Topic"), TextPlace.FULL_TOPIC)
        yield self._text("group_topic", both("Group topic", "Gruppen-Topic"), TextPlace.GROUP_TOPIC)
        yield self._secret("telegram", both("Telegram account", "Telegram-Konto"), TextPlace.TELEGRAM_TOKEN)

    def _behaviour(self) -> Iterator[Fact]:
        for number, rule in enumerate(self._decoded.rules, 1):
            said = _COMPRESSED if rule.startswith(b"\0") else self._said(rule)
            yield Fact(f"rule_{number}", both(f"Rule {number}", f"Regel {number}"), rule, said)
        timers = self._decoded.timers
        yield Fact("timers", both("Timers", "Zeitpläne"), timers, sum(timer >> 31 for timer in timers))
        memories = tuple(self._decoded.text(TextPlace.MEM, number) for number in range(16))
        yield Fact("memories", both("Memories of rules", "Regelspeicher"), memories, list(map(_memory, memories)))
        yield Fact("position", both("Position", "Standort"), self._decoded.position)

    def _text(self, key: str, label: Text, place: TextPlace) -> Fact:
        value = self._decoded.text(place)
        return Fact(key, label, value, self._said(value))

    def _texts(self, key: str, label: Text, place: TextPlace, count: int) -> Fact:
        values = tuple(self._decoded.text(place, number) for number in range(count))
        return Fact(key, label, values, [self._said(value) for value in values if value])

    def _secret(self, key: str, label: Text, place: TextPlace) -> Fact:
        return Fact(key, label, self._decoded.text(place))

    def _said(self, text: bytes) -> str:
        return self._hiding.text(shown(text, _LONGEST))


def _memory(text: bytes) -> str:
    """Return a memory that is a number; anything else may be what a rule logs in with."""
    return HIDDEN if set(shown(text)) - _OF_NUMBERS else shown(text)


def _is_set(value: object) -> bool:
    return any(map(_is_set, value)) if isinstance(value, tuple) else bool(value)
