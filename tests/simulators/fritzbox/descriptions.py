"""The descriptions of a box and of its services, as XML."""

from collections.abc import Iterable

from .services import Service

_BOOLEANS = {"NewEnabled"}


def device_description(manufacturer: str, model: str, software: str, serial: str, services: Iterable[Service]) -> bytes:
    """Return `/tr64desc.xml`."""
    listed = "".join(
        f"<service><serviceType>{service.type}</serviceType><serviceId>{service.id}</serviceId>"
        f"<controlURL>{service.control_url}</controlURL><eventSubURL>{service.control_url}</eventSubURL>"
        f"<SCPDURL>{service.scpd_url}</SCPDURL></service>"
        for service in services
    )
    hardware, major, minor = map(int, (*software.split("."), "0", "0")[:3])
    return (
        '<?xml version="1.0"?>\n<root xmlns="urn:dslforum-org:device-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion>"
        f"<systemVersion><HW>226</HW><Major>{hardware}</Major><Minor>{major}</Minor><Patch>{minor}</Patch>"
        f"<Buildnumber>100000</Buildnumber><Display>{software}</Display></systemVersion>"
        "<device><deviceType>urn:dslforum-org:device:InternetGatewayDevice:1</deviceType>"
        f"<friendlyName>{model}</friendlyName><manufacturer>{manufacturer}</manufacturer>"
        "<manufacturerURL>www.avm.de</manufacturerURL>"
        f"<modelDescription>{model}</modelDescription><modelName>{model}</modelName><modelNumber>avm</modelNumber>"
        f"<modelURL>www.avm.de</modelURL><serialNumber>{serial}</serialNumber>"
        f"<UDN>uuid:739f2409-bccb-40e7-8e6c-{serial}</UDN>"
        f"<serviceList>{listed}</serviceList></device></root>\n"
    ).encode("utf-8", "surrogateescape")


def gateway_description(manufacturer: str, model: str) -> bytes:
    """Return `/igddesc.xml`, which is there when access for applications is off."""
    return (
        '<?xml version="1.0"?>\n<root xmlns="urn:schemas-upnp-org:device-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion>"
        "<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>"
        f"<friendlyName>{model}</friendlyName><manufacturer>{manufacturer} Berlin</manufacturer>"
        f"<modelName>{model}</modelName>"
        "</device></root>\n"
    ).encode()


def service_description(service: Service) -> bytes:
    """Return the actions of a service, `/…SCPD.xml`."""
    arguments = [
        (action, name, direction)
        for action, found in service.actions.items()
        for direction, names in (("in", found.takes), ("out", found.gives))
        for name in names
    ]
    actions = "".join(
        f"<action><name>{action}</name><argumentList>"
        + "".join(
            f"<argument><name>{name}</name><direction>{direction}</direction>"
            f"<relatedStateVariable>{_variable(name)}</relatedStateVariable></argument>"
            for of, name, direction in arguments
            if of == action
        )
        + "</argumentList></action>"
        for action in service.actions
    )
    variables = "".join(
        f'<stateVariable sendEvents="no"><name>{_variable(name)}</name>'
        f"<dataType>{'boolean' if name in _BOOLEANS else 'string'}</dataType></stateVariable>"
        for name in dict.fromkeys(name for _, name, _ in arguments)
    )
    return (
        '<?xml version="1.0"?>\n<scpd xmlns="urn:dslforum-org:service-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion>"
        f"<actionList>{actions}</actionList><serviceStateTable>{variables}</serviceStateTable></scpd>\n"
    ).encode()


def _variable(argument: str) -> str:
    return argument.removeprefix("New")
