"""What the box knows of the phone, as XML with line breaks inside of tags, as FRITZ!OS sends it."""

from dataclasses import dataclass, field
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from . import canaries

DEFAULT_MOST = 999
_TIMES = count(1_700_000_000)


@dataclass(slots=True, kw_only=True)
class Contact:
    """Somebody with one number."""

    name: str
    number: str = canaries.NUMBER
    changed: int = 1_600_000_000


@dataclass(slots=True, kw_only=True)
class Phonebook:
    """A phone book; the box also keeps barred numbers in one."""

    name: str
    contacts: list[Contact] = field(default_factory=list)
    junk: str = ""
    """Markup in front of the contacts, as programs that wrote to the phone book leave it behind."""

    def to_xml(self, most: int = DEFAULT_MOST) -> bytes:
        """Return it as it is downloaded: with the time of the download, and only the first contacts."""
        contacts = "".join(_contact(number, contact) for number, contact in enumerate(self.contacts[:most]))
        inner = f"<timestamp>{next(_TIMES)}</timestamp>{self.junk}{contacts}"
        book = f"<phonebook\n name={quoteattr(self.name)}>{inner}</phonebook>"
        return f'<?xml version="1.0" encoding="utf-8"?>\n<phonebooks>\n{book}</phonebooks>\n'.encode(
            "utf-8", "surrogateescape"
        )

    def to_section(self) -> bytes:
        """Return it as it is in an export: all contacts, no time, and not quite XML."""
        contacts = "".join(_contact(number, contact) for number, contact in enumerate(self.contacts))
        return f'<?xml\nversion="1.0" encoding="utf-8"><phonebook>{contacts}</phonebook>'.encode(
            "utf-8", "surrogateescape"
        )


@dataclass(slots=True, kw_only=True)
class Deflection:
    """A call diversion."""

    to: str = canaries.NUMBER
    enabled: bool = True


def deflection_list(deflections: list[Deflection]) -> str:
    """Return them as one argument of an action."""
    items = "".join(
        f"<Item><DeflectionId>{number}</DeflectionId><Enable>{int(deflection.enabled)}</Enable><Type>fromAll</Type>"
        f"<Number></Number><DeflectionToNumber>{deflection.to}</DeflectionToNumber><Mode>eImmediately</Mode>"
        f"<Outgoing></Outgoing><PhonebookID></PhonebookID></Item>"
        for number, deflection in enumerate(deflections)
    )
    return f"<List>{items}</List>"


def _contact(number: int, contact: Contact) -> str:
    return (
        f"<contact><category>0</category><person><realName>{escape(contact.name)}</realName></person>"
        f'<telephony nid="1"><number\n type="home" prio="1"\n id="0">{contact.number}</number></telephony>'
        f"<mod_time>{contact.changed}</mod_time><uniqueid>{number + 10}</uniqueid></contact>\n"
    )
