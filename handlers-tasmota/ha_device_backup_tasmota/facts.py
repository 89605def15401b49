"""The settings that people know, each with its name; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ha_device_backup_core import Message, hidden
from ha_device_backup_core.toolkit import shown

from .decoded import Addresses, Decoded, TextPlace
from .hiding import HIDDEN, Hiding
from .translation import _

_COMPRESSED = "(compressed)"
_OF_NUMBERS = frozenset("0123456789.-+ ")
_LONGEST = 512
"""Characters of a rule, the longest text there is."""


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """One setting, or some that belong together."""

    key: str
    label: Message
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
    return list(_FactReader(decoded).facts())


def redacted(facts: Iterable[Fact]) -> dict[str, object]:
    """Return what may be shown; of a secret only that there is one."""
    return {fact.key: _with_hidden(fact.said, fact.value) for fact in facts if fact.is_set}


def _with_hidden(said: object, value: object) -> object:
    """Return what is said with what stands there for this very secret."""
    if isinstance(said, list) and isinstance(value, tuple) and len(said) == len(value):
        return list(map(_with_hidden, said, value))
    if isinstance(said, list):
        return [_with_hidden(inner, value) for inner in said]
    if said is None:
        return hidden(value)
    return said.replace(HIDDEN, hidden(value)) if isinstance(said, str) else said


class _FactReader:
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
        yield self._text("name", _("Name"), TextPlace.DEVICE_NAME)
        yield self._texts("friendly_names", _("Friendly names"), TextPlace.FRIENDLY_NAME, 8)
        yield self._texts("buttons", _("Texts of buttons"), TextPlace.BUTTON_TEXT, 16)
        template = decoded.text(TextPlace.TEMPLATE_NAME)
        module = (decoded.module, template)
        yield Fact("module", _("Module"), module, f"{decoded.module} {self._said(template)}".strip())
        yield Fact("pins", _("Pins"), decoded.pins, list(decoded.pins))

    def _network(self) -> Iterator[Fact]:
        decoded = self._decoded
        known = [network for network in decoded.networks if network]
        yield Fact("wifi", _("Wi-Fi"), tuple(network.name for network in known))
        passwords = tuple(network.password for network in known)
        yield Fact("wifi_passwords", _("Wi-Fi password"), passwords)
        yield self._secret("web_password", _("Web admin password"), TextPlace.WEB_PASSWORD)
        yield self._text("hostname", _("Host name"), TextPlace.HOSTNAME)
        wifi, cable = decoded.fixed_address(Addresses.WIFI), decoded.fixed_address(Addresses.CABLE)
        yield Fact("wifi_address", _("Fixed address in the Wi-Fi"), wifi, wifi)
        yield Fact("cable_address", _("Fixed address on the cable"), cable, cable)

    def _mqtt(self) -> Iterator[Fact]:
        yield self._text("mqtt_host", _("MQTT host"), TextPlace.MQTT_HOST)
        yield self._text("mqtt_client", _("MQTT client"), TextPlace.MQTT_CLIENT)
        yield self._secret("mqtt_user", _("MQTT user"), TextPlace.MQTT_USER)
        yield self._secret("mqtt_password", _("MQTT password"), TextPlace.MQTT_PASSWORD)
        yield self._text("topic", _("MQTT topic"), TextPlace.TOPIC)
        yield self._text("full_topic", _("Full topic"), TextPlace.FULL_TOPIC)
        yield self._text("group_topic", _("Group topic"), TextPlace.GROUP_TOPIC)
        yield self._secret("telegram", _("Telegram account"), TextPlace.TELEGRAM_TOKEN)

    def _behaviour(self) -> Iterator[Fact]:
        for number, rule in enumerate(self._decoded.rules, 1):
            said = _COMPRESSED if rule.startswith(b"\0") else self._said(rule)
            yield Fact(f"rule_{number}", _("Rule {number}", number=number), rule, said)
        timers = self._decoded.timers
        yield Fact("timers", _("Timers"), timers, sum(timer >> 31 for timer in timers))
        memories = tuple(self._decoded.text(TextPlace.MEM, number) for number in range(16))
        yield Fact("memories", _("Memories of rules"), memories, list(map(_memory, memories)))
        yield Fact("position", _("Position"), self._decoded.position)

    def _text(self, key: str, label: Message, place: TextPlace) -> Fact:
        value = self._decoded.text(place)
        return Fact(key, label, value, self._said(value))

    def _texts(self, key: str, label: Message, place: TextPlace, count: int) -> Fact:
        values = tuple(self._decoded.text(place, number) for number in range(count))
        return Fact(key, label, values, [self._said(value) for value in values if value])

    def _secret(self, key: str, label: Message, place: TextPlace) -> Fact:
        return Fact(key, label, self._decoded.text(place))

    def _said(self, text: bytes) -> str:
        return self._hiding.text(shown(text, _LONGEST))


def _memory(text: bytes) -> str:
    """Return a memory that is a number; anything else may be what a rule logs in with."""
    return HIDDEN if set(shown(text)) - _OF_NUMBERS else shown(text)


def _is_set(value: object) -> bool:
    return any(map(_is_set, value)) if isinstance(value, tuple) else bool(value)
