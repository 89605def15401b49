"""Actions and their answers as SOAP."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_DESCRIPTIONS = {
    401: "Invalid Action",
    402: "Invalid Args",
    501: "Action Failed",
    606: "Action Not Authorized",
    801: "string argument too short",
    866: "second factor authentication required",
    867: "second factor authentication blocked",
    868: "second factor authentication busy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for."""

    service: str
    action: str
    arguments: Mapping[str, str]
    token: str


def parse(body: bytes) -> Request | None:
    """Return the request, None for what is none."""
    try:
        root = ET.fromstring(body)
    except ET.ParseError:
        return None
    content = next(iter(root.findall(f"{_ENVELOPE}Body/*")), None)
    found = re.fullmatch(r"\{(.+)\}(.+)", content.tag) if content is not None else None
    if content is None or found is None:
        return None
    token = root.findtext(f"{_ENVELOPE}Header/{{avm.de}}token") or ""
    arguments = {argument.tag: argument.text or "" for argument in content}
    return Request(service=found[1], action=found[2], arguments=arguments, token=token)


def answer(request: Request, arguments: Mapping[str, str]) -> bytes:
    """Return the answer to an action."""
    given = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in arguments.items())
    return _envelope(f'<u:{request.action}Response xmlns:u="{request.service}">{given}</u:{request.action}Response>')


def fault(code: int, namespace: str = "urn:dslforum-org:control-1-0") -> bytes:
    """Return a refusal."""
    return _envelope(
        "<s:Fault>\n<faultcode>s:Client</faultcode>\n<faultstring>UPnPError</faultstring>\n<detail>\n"
        f'<UPnPError xmlns="{namespace}">\n<errorCode>{code}</errorCode>\n'
        f"<errorDescription>{_DESCRIPTIONS.get(code, 'Error')}</errorDescription>\n</UPnPError>\n</detail>\n</s:Fault>"
    )


def _envelope(content: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
        f"<s:Body>\n{content}\n</s:Body>\n</s:Envelope>\n"
    ).encode("utf-8", "surrogateescape")
