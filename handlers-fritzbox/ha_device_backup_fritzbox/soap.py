"""Requests and answers of TR-064: SOAP with text arguments; pure."""

from collections.abc import Collection, Mapping
from xml.sax.saxutils import escape, quoteattr

from ha_device_backup_core.toolkit import Body

from .xml_parts import Start, XmlError, read_xml

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
_MOST_ELEMENTS = 500
_LONGEST_FAULT = 5
"""Digits."""


class NoSoapError(Exception):
    """The answer is none to this action."""


class SoapFaultError(Exception):
    """The box refused the action; `fault` is the number that says why."""

    def __init__(self, fault: int) -> None:
        """Keep the number."""
        super().__init__(fault)
        self.fault = fault


def request_body(service: str, action: str, arguments: Mapping[str, str], token: str | None) -> Body:
    """Return the request; the token is the proof of a second factor."""
    header = (
        f'<s:Header><avm:token xmlns:avm="avm.de" s:mustUnderstand="1">{escape(token)}</avm:token></s:Header>'
        if token
        else ""
    )
    given = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in arguments.items())
    content = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{_ENVELOPE}" s:encodingStyle="{_ENCODING}">{header}'
        f"<s:Body><u:{action} xmlns:u={quoteattr(service)}>{given}</u:{action}></s:Body></s:Envelope>"
    )
    return Body(content.encode(), 'text/xml; charset="utf-8"')


def request_headers(service: str, action: str) -> dict[str, str]:
    """Return the headers that go with it."""
    return {"SOAPAction": f"{service}#{action}"}


def parse_answer(body: bytes, action: str, needed: Collection[str] = ()) -> dict[str, str]:
    """Return what the action gave; raises SoapFaultError, or NoSoapError for what is no answer to it.

    Where only some arguments are needed, an answer that cannot be read behind them is good enough. What comes after its
    end counts for nothing.
    """
    inside: list[str] = []
    given: dict[str, str] = {}
    fault = ""
    is_answer = False
    try:
        for event in read_xml(body, most=_MOST_ELEMENTS):
            if isinstance(event, Start):
                is_answer = is_answer or (event.name == f"{action}Response" and inside[-1:] == ["Body"])
                inside.append(event.name)
                continue
            inside.pop()
            if inside[-2:] == ["Body", f"{action}Response"]:
                given[event.name] = event.text.strip()
            elif event.name == "errorCode" and inside[-1:] == ["UPnPError"] and "Fault" in inside:
                fault = event.text.strip()
    except XmlError as error:
        has_ended = is_answer and not inside
        if not fault and not has_ended and not (needed and given.keys() >= set(needed)):
            raise NoSoapError from error
    if fault.isascii() and fault.isdecimal() and len(fault) <= _LONGEST_FAULT:
        raise SoapFaultError(int(fault))
    if not is_answer:
        raise NoSoapError
    return given
