"""Requests and answers of TR-064: SOAP with text arguments; pure."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from .xml_parts import XmlError, child_text, descendants, local_name, parse_xml

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"


class NoSoapError(Exception):
    """The answer is none to this action."""


class SoapFaultError(Exception):
    """The box refused the action; `fault` is the number that says why."""

    def __init__(self, fault: int) -> None:
        """Keep the number."""
        super().__init__(fault)
        self.fault = fault


def request_body(service: str, action: str, arguments: Mapping[str, str], token: str | None) -> bytes:
    """Return the request; the token is the proof of a second factor."""
    header = (
        f'<s:Header><avm:token xmlns:avm="avm.de" s:mustUnderstand="1">{escape(token)}</avm:token></s:Header>'
        if token
        else ""
    )
    given = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in arguments.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{_ENVELOPE}" s:encodingStyle="{_ENCODING}">{header}'
        f"<s:Body><u:{action} xmlns:u={quoteattr(service)}>{given}</u:{action}></s:Body></s:Envelope>"
    ).encode()


def request_headers(service: str, action: str) -> dict[str, str]:
    """Return the headers that go with it."""
    return {"Content-Type": 'text/xml; charset="utf-8"', "SOAPAction": f"{service}#{action}"}


def parse_answer(body: bytes, action: str) -> dict[str, str]:
    """Return what the action gave; raises SoapFaultError, or NoSoapError for what is no answer to it."""
    try:
        root = parse_xml(body)
    except XmlError as error:
        raise NoSoapError from error
    content = next((element for found in descendants(root, "Body") for element in found), None)
    if content is None:
        raise NoSoapError
    if local_name(content) == "Fault":
        raise _fault(content)
    if local_name(content) != f"{action}Response":
        raise NoSoapError
    return {local_name(argument): (argument.text or "").strip() for argument in content}


def _fault(fault: Element) -> SoapFaultError | NoSoapError:
    for element in descendants(fault, "UPnPError"):
        number = child_text(element, "errorCode")
        if number.isascii() and number.isdecimal() and len(number) < 6:
            return SoapFaultError(int(number))
    return NoSoapError()
