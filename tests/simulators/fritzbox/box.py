"""The state of a simulated box, and what its actions do."""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from . import canaries
from .export_file import Configuration, make_export
from .faults import Faults
from .login import Lockout, User
from .phone import Contact, Deflection, Phonebook, deflection_list
from .second_factor import Confirmation
from .services import DEVICE_CONFIG, DEVICE_INFO, PHONE, SECOND_FACTOR, SECURITY, SERVICES, Service

EXPORT_SECONDS = 30.0
_PHONE_RIGHT = "Phone"
_SETTINGS_RIGHT = "BoxAdmin"

type Given = dict[str, str]


class FaultError(Exception):
    """An action is refused."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Clock:
    """Time that a test can move on."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the box was asked, as far as addresses depend on it; `files` is where it offers exports."""

    asked: str
    files: str
    encrypted_port: int


@dataclass(slots=True, kw_only=True)
class Holding:
    """What a person set, and goes into an export."""

    configuration: Configuration
    phonebooks: dict[int, Phonebook]
    barred: Phonebook
    deflections: list[Deflection]


@dataclass(slots=True, kw_only=True)
class Box:
    """One box; a test changes it as a person would."""

    manufacturer: str = "AVM"
    model: str = "FRITZ!Box 7590"
    software: str = "154.08.02"
    serial: str = "2C3AFD0A1B2C"
    users: dict[str, User] = field(default_factory=lambda: {"homeassistant": User(password=canaries.PASSWORD)})
    services: tuple[Service, ...] = SERVICES
    clock: Clock = field(default_factory=Clock)
    configuration: Configuration = field(default_factory=Configuration)
    phonebooks: dict[int, Phonebook] = field(
        default_factory=lambda: {
            0: Phonebook(name="Telefonbuch", contacts=[Contact(name="Erika Mustermann"), Contact(name="Max & Co")]),
            1: Phonebook(name="Praxis <1>", contacts=[Contact(name="Dr. Weiß")]),
        }
    )
    barred: Phonebook = field(default_factory=lambda: Phonebook(name="Rufsperre", contacts=[Contact(name="Werbung")]))
    deflections: list[Deflection] = field(default_factory=lambda: [Deflection()])
    allows_applications: bool = True
    device_log: str = canaries.DEVICE_LOG
    """Bytes that are no UTF-8 are written as surrogates, here and in names."""
    tells_users: bool = True
    """Whether its page names the users to everybody who wants to log in."""
    last_user: str = ""
    shortest_export_password: int = 0
    faults: Faults = field(default_factory=Faults)
    tamper: Callable[[Given], Given] = field(default=lambda given: given)
    """Changes what actions give."""
    confirmation: Confirmation = field(init=False)
    lockout: Lockout = field(init=False)
    exports: dict[str, tuple[float, bytes]] = field(default_factory=dict)
    """Path and query to the time of its making, and the content."""
    sessions: set[str] = field(default_factory=set)
    passwords_of_exports: list[str] = field(default_factory=list)
    exported: dict[str, Holding] = field(default_factory=dict)
    """What each export holds, by its digest: nobody but the box can read one."""

    def __post_init__(self) -> None:
        self.confirmation = Confirmation(clock=self.clock)
        self.lockout = Lockout(clock=self.clock)

    def service(self, kind: str) -> Service | None:
        """Return the service of that type."""
        return next((service for service in self.services if service.type == kind), None)

    def without(self, *gone: Service) -> None:
        """Be a model that lacks services."""
        self.services = tuple(service for service in self.services if service not in gone)

    def perform(
        self, kind: str, action: str, arguments: Mapping[str, str], token: str, user: User, at: Origin
    ) -> Given:
        """Return what an action gives; raises FaultError."""
        perform: Mapping[tuple[str, str], Callable[[], Given]] = {
            (DEVICE_INFO.type, "GetInfo"): self._info,
            (DEVICE_INFO.type, "GetSecurityPort"): lambda: {"NewSecurityPort": str(at.encrypted_port)},
            (SECURITY.type, "X_AVM-DE_GetCurrentUser"): lambda: self._current_user(user),
            (SECURITY.type, "X_AVM-DE_GetUserList"): self._user_list,
            (PHONE.type, "GetPhonebookList"): lambda: {"NewPhonebookList": ",".join(map(str, self.phonebooks))},
            (PHONE.type, "GetPhonebook"): lambda: self._phonebook(arguments, at),
            (PHONE.type, "GetCallBarringList"): lambda: {"NewPhonebookURL": self._book_url("barred", at)},
            (PHONE.type, "GetDeflections"): lambda: {"NewDeflectionList": deflection_list(self.deflections)},
            (SECOND_FACTOR.type, "GetInfo"): lambda: {"NewEnabled": str(int(self.confirmation.enabled))},
            (SECOND_FACTOR.type, "GetState"): lambda: {"NewState": self.confirmation.poll(token)},
            (SECOND_FACTOR.type, "SetConfig"): lambda: self._set_config(arguments),
            (DEVICE_CONFIG.type, "X_AVM-DE_GetConfigFile"): lambda: self._config_file(arguments, token, at),
        }
        needed = {PHONE.type: _PHONE_RIGHT, DEVICE_CONFIG.type: _SETTINGS_RIGHT}.get(kind)
        if needed and needed not in user.rights:
            raise FaultError(606)
        return self.tamper(perform[kind, action]())

    def login_page(self) -> bytes:
        """Return what the page of the box tells everybody who wants to log in."""
        names = "".join(
            f'<User last="1">{escape(name)}</User>' if name == self.last_user else f"<User>{escape(name)}</User>"
            for name in self.users
        )
        users = f"<Users>{names}</Users>" if self.tells_users else ""
        return (
            '<?xml version="1.0" encoding="utf-8"?><SessionInfo><SID>0000000000000000</SID>'
            f"<Challenge>2$60000$0a$6000$0b</Challenge><BlockTime>{self.lockout.seconds}</BlockTime>"
            f"<Rights></Rights>{users}</SessionInfo>\n"
        ).encode("utf-8", "surrogateescape")

    def reset(self) -> None:
        """Be as from the factory, but for the login: nothing is left of what a person set."""
        self.configuration = Configuration.of_factory(self.model)
        self.phonebooks = {0: Phonebook(name="Telefonbuch")}
        self.barred = Phonebook(name="Rufsperre")
        self.deflections = []

    @property
    def holding(self) -> Holding:
        """What a person set, as a copy."""
        return deepcopy(
            Holding(
                configuration=self.configuration,
                phonebooks=self.phonebooks,
                barred=self.barred,
                deflections=self.deflections,
            )
        )

    def take_back(self, export: bytes) -> None:
        """Take over an export as a person uploads it on the page of the box; raises KeyError for what is none."""
        held = deepcopy(self.exported[hashlib.sha256(export).hexdigest()])
        self.configuration, self.phonebooks = held.configuration, held.phonebooks
        self.barred, self.deflections = held.barred, held.deflections

    def phonebook(self, number: str, most: int) -> bytes | None:
        """Return a phone book as it is downloaded."""
        if number == "barred":
            return self.barred.to_xml(most)
        book = self.phonebooks.get(int(number)) if number.isdecimal() else None
        return book.to_xml(most) if book else None

    def take_export(self, target: str) -> bytes | None:
        """Return an export once, and only soon after it was made."""
        made, content = self.exports.pop(target, (0.0, None))
        return content if content is not None and self.clock() - made < EXPORT_SECONDS else None

    def _info(self) -> Given:
        return dict.fromkeys(DEVICE_INFO.actions["GetInfo"].gives, "") | {
            "NewManufacturerName": self.manufacturer,
            "NewManufacturerOUI": "00040E",
            "NewModelName": self.model,
            "NewDescription": f"{self.model} {self.software}",
            "NewSerialNumber": self.serial,
            "NewSoftwareVersion": self.software,
            "NewHardwareVersion": self.model,
            "NewSpecVersion": "1.0",
            "NewUpTime": str(round(self.clock())),
            "NewDeviceLog": self.device_log,
        }

    def _user_list(self) -> Given:
        names = "".join(
            f'<Username last_user="{int(name == self.last_user)}">{escape(name)}</Username>' for name in self.users
        )
        return {"NewX_AVM-DE_UserList": f"<List>{names}</List>"}

    def _current_user(self, user: User) -> Given:
        rights = "".join(
            f"<path>{right}</path><access>{'readwrite' if right in user.rights else 'none'}</access>"
            for right in (_SETTINGS_RIGHT, _PHONE_RIGHT, "Dial", "NAS", "HomeAuto", "App")
        )
        name = next(name for name, known in self.users.items() if known is user)
        return {"NewX_AVM-DE_CurrentUsername": name, "NewX_AVM-DE_CurrentUserRights": f"<rights>{rights}</rights>"}

    def _phonebook(self, arguments: Mapping[str, str], at: Origin) -> Given:
        number = arguments.get("NewPhonebookID", "")
        if not number.isdecimal() or int(number) not in self.phonebooks:
            raise FaultError(713)
        return {
            "NewPhonebookName": self.phonebooks[int(number)].name,
            "NewPhonebookExtraID": "",
            "NewPhonebookURL": self._book_url(number, at),
        }

    def _book_url(self, number: str, at: Origin) -> str:
        session = f"{canaries.SESSION}{secrets.token_hex(4)}"
        self.sessions.add(session)
        return f"{at.asked}/phonebook.lua?sid={session}&pbid={number}"

    def _set_config(self, arguments: Mapping[str, str]) -> Given:
        if arguments.get("NewAction") == "stop":
            self.confirmation.stop()
            return {"NewState": "stopped", "NewToken": "", "NewMethods": ""}
        started = self.confirmation.start()
        if isinstance(started, int):
            raise FaultError(started)
        return dict(zip(("NewState", "NewToken", "NewMethods"), started, strict=True))

    def _config_file(self, arguments: Mapping[str, str], token: str, at: Origin) -> Given:
        if (fault := self.confirmation.fault(token)) is not None:
            raise FaultError(fault)
        password = arguments.get("NewX_AVM-DE_Password", "")
        if len(password) < self.shortest_export_password:
            raise FaultError(801)
        self.passwords_of_exports.append(password)
        book = self.phonebooks[0].to_section() if 0 in self.phonebooks else b""
        content = make_export(self.model, self.software, self.configuration, book)
        self.exported[hashlib.sha256(content).hexdigest()] = self.holding
        session = f"{canaries.SESSION}{secrets.token_hex(4)}"
        target = f"/{canaries.PATH}/{secrets.token_hex(4)}?sid={session}"
        self.exports[target] = (self.clock(), content)
        if self.faults.take("empty_url", "X_AVM-DE_GetConfigFile"):
            return {"NewX_AVM-DE_ConfigFileUrl": ""}
        return {"NewX_AVM-DE_ConfigFileUrl": self.faults.foreign_url or f"{at.files}{target}"}

    @property
    def export_name(self) -> str:
        """The name that the page of the box gives an export."""
        short = self.model.rpartition(" ")[2].encode("ascii", "ignore").decode()
        return f"FRITZ.Box {short} {self.software}_01.02.26_0304.export"
