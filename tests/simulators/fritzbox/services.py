"""The services and actions of a box, with their arguments in the order of its descriptions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Names of what goes in and what comes out; `is_free` needs no login."""

    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    is_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service with its actions."""

    name: str
    id: str
    control_url: str
    scpd_url: str
    actions: dict[str, Action]

    @property
    def type(self) -> str:
        """The type by which it is asked for."""
        return f"urn:dslforum-org:service:{self.name}:1"


INFO_ARGUMENTS = (
    "NewManufacturerName",
    "NewManufacturerOUI",
    "NewModelName",
    "NewDescription",
    "NewProductClass",
    "NewSerialNumber",
    "NewSoftwareVersion",
    "NewHardwareVersion",
    "NewSpecVersion",
    "NewProvisioningCode",
    "NewUpTime",
    "NewDeviceLog",
)


def _service(name: str, path: str, **actions: Action) -> Service:
    own = {action.replace("AVM_DE", "X_AVM-DE"): arguments for action, arguments in actions.items()}
    return Service(
        name=name,
        id=f"urn:{name}-com:serviceId:{name}1",
        control_url=f"/upnp/control/{path}",
        scpd_url=f"/{path}SCPD.xml",
        actions=own,
    )


DEVICE_INFO = _service(
    "DeviceInfo",
    "deviceinfo",
    GetInfo=Action(gives=INFO_ARGUMENTS),
    GetSecurityPort=Action(gives=("NewSecurityPort",), is_free=True),
)
DEVICE_CONFIG = _service(
    "DeviceConfig",
    "deviceconfig",
    AVM_DE_GetConfigFile=Action(takes=("NewX_AVM-DE_Password",), gives=("NewX_AVM-DE_ConfigFileUrl",)),
)
SECURITY = _service(
    "LANConfigSecurity",
    "lanconfigsecurity",
    AVM_DE_GetUserList=Action(gives=("NewX_AVM-DE_UserList",), is_free=True),
    AVM_DE_GetCurrentUser=Action(gives=("NewX_AVM-DE_CurrentUsername", "NewX_AVM-DE_CurrentUserRights")),
)
PHONE = _service(
    "X_AVM-DE_OnTel",
    "x_contact",
    GetPhonebookList=Action(gives=("NewPhonebookList",)),
    GetPhonebook=Action(
        takes=("NewPhonebookID",), gives=("NewPhonebookName", "NewPhonebookExtraID", "NewPhonebookURL")
    ),
    GetCallBarringList=Action(gives=("NewPhonebookURL",)),
    GetDeflections=Action(gives=("NewDeflectionList",)),
)
SECOND_FACTOR = _service(
    "X_AVM-DE_Auth",
    "x_auth",
    GetInfo=Action(gives=("NewEnabled",)),
    GetState=Action(gives=("NewState",)),
    SetConfig=Action(takes=("NewAction",), gives=("NewState", "NewToken", "NewMethods")),
)
SERVICES = (DEVICE_INFO, DEVICE_CONFIG, SECURITY, PHONE, SECOND_FACTOR)
