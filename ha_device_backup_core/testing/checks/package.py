"""The package: its spec, its import, its entry point, what it depends on."""

import asyncio
import fnmatch
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Never

import aiohttp
import importlib_metadata
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.config.field_values import parse_value
from ha_device_backup_core.contract import API_VERSION, ConfigField, FieldKind, HandlerContext, HandlerSpec
from ha_device_backup_core.errors import ConfigError
from ha_device_backup_core.jobs.http_session import bounded_reader, tls_of
from ha_device_backup_core.matchers import KnownDevices, Matcher, Ssdp, Zeroconf
from ha_device_backup_core.plugins.registry import RegisteredHandler, load_handlers
from ha_device_backup_core.text import in_language

from ..assertions import demand, fail
from ..harness import run
from ..import_probe import acts_of_import
from ..public_names import private_names
from ..side_effects import watched
from ..source import DeviceSource
from ..suite import Suite
from ..translations import faults_of_translations

CORE = "ha-device-backup-core"
_EXPECTED_KINDS = {
    "host": FieldKind.HOST,
    "port": FieldKind.PORT,
    "username": FieldKind.TEXT,
    "password": FieldKind.SECRET,
    "token": FieldKind.SECRET,
    "verify_ssl": FieldKind.BOOLEAN,
    "url": FieldKind.URL,
}
_SECRET_KEYS = ("*password*", "*passwd*", "*secret*", "*token*", "*api_key*", "pin", "*_pin", "psk", "*_psk")
_PATHS: dict[type[Matcher], tuple[str, ...]] = {
    Zeroconf: ("host", "port", "hostname", "name", "properties.*"),
    Ssdp: ("host", "location", "udn.mac", "upnp.*"),
    KnownDevices: (
        "entry.data.*",
        "entry.unique_id",
        "device.configuration_url.host",
        "device.mac",
        "device.serial_number",
        "device.name",
    ),
}

_ADDRESSES = frozenset({"host", "port", "location", "device.configuration_url.host"})


class PackageChecks(Suite):
    """The checks that need no device."""

    def test_suite_is_set_up(self) -> None:
        """The class names a handler, a device to ask, and only checks that there are."""
        demand(hasattr(self, "handler"), f"{type(self).__name__} needs a line `handler = YourHandler`.")
        demand(
            self.sources(),
            f"There is no device to ask: give {type(self).__name__} a folder of `recordings` (make one by"
            " `python -m ha_device_backup_core.testing.record`) or a `simulator`.",
        )
        unknown = sorted(self.relaxed.keys() - self.checks())
        demand(not unknown, f"`relaxed` names checks that do not exist: {', '.join(unknown)}.")
        without = sorted(name for name, reason in self.relaxed.items() if not reason.strip())
        demand(not without, f"`relaxed` needs a reason for {', '.join(without)}.")

    def test_spec_is_well_formed(self) -> None:
        """The form can be shown, secrets are declared as such, discovery names what there is."""
        spec: object = getattr(self.handler, "spec", None)
        if not isinstance(spec, HandlerSpec):
            fail(f"{self.handler.__name__} needs a class attribute `spec = HandlerSpec(...)`.")
        faults = list(_faults_of(spec))
        demand(not faults, f"The spec of “{spec.kind}” has to change:\n- " + "\n- ".join(faults))

    def test_texts_are_translated(self) -> None:
        """Every sentence is in each file of translations that the package ships."""
        faults = faults_of_translations(self._file().parent)
        demand(not faults, "Texts and translations do not fit:\n- " + "\n- ".join(faults))

    def test_only_public_names_are_used(self) -> None:
        """Everything else in the core can change at any time."""
        private = private_names(self._file())
        advice = "Import from ha_device_backup_core and ha_device_backup_core.toolkit only what they export"
        demand(not private, f"{advice}:\n- " + "\n- ".join(private))

    def test_import_does_no_io(self) -> None:
        """Home Assistant imports every package at its start."""
        acts = acts_of_import(self.handler.__module__)
        demand(
            not acts,
            f"Importing {self.handler.__module__} {'; '.join(acts)}."
            " A module only defines things: move this into a method of the handler.",
        )

    def test_init_does_no_io(self, source: DeviceSource) -> None:
        """An instance is also made for jobs that never run."""

        async def scenario() -> list[str]:
            async with self.bench(source) as bench, aiohttp.ClientSession() as http:
                config = parse_config(self.handler.spec, bench.device.config)
                context = HandlerContext(
                    http=http,
                    read=bounded_reader(self.handler.spec.max_artifact_bytes),
                    tls=tls_of(self.handler.spec, config),
                    run_blocking=asyncio.to_thread,
                    logger=logging.LoggerAdapter(logging.getLogger(self.handler.__module__), {}),
                )
                with watched() as acts:
                    self.handler(context, config)
                return acts

        acts = run(scenario())
        demand(not acts, f"{self.handler.__name__}.__init__ {'; '.join(acts)}. Do that in test_connection.")

    def test_package_is_registered(self) -> None:
        """The entry point leads to this handler."""
        self._registered()

    def test_package_names_its_core(self) -> None:
        """Pip cannot bring a core that may break the package."""
        distribution = self._registered().distribution
        lines = [Requirement(line) for line in importlib_metadata.requires(distribution) or ()]
        on_core = [line for line in lines if canonicalize_name(line.name) == CORE and not _is_of_extra(line)]
        installed = Version(importlib_metadata.version(CORE))
        wanted = f'"{CORE}{bounds_of_core(installed)}"'
        if len(on_core) != 1:
            fail(f"{distribution} has to require {CORE} once: write {wanted} into `dependencies`.")
        demand(
            _is_bounded(on_core[0].specifier, installed),
            f"{distribution} requires “{on_core[0]}”. Write {wanted}: at least what it was made for, below the next"
            " version that may break it, and nothing else; anything narrower or wider breaks other packages in the same"
            " Home Assistant.",
        )

    def _file(self) -> Path:
        module = sys.modules.get(self.handler.__module__)
        if module is None or not module.__package__ or module.__file__ is None:
            pytest.skip("the handler is a module alone")
        return Path(module.__file__)

    def _registered(self) -> RegisteredHandler:
        registry = load_handlers()
        kind = self.handler.spec.kind
        found = registry.handlers.get(kind)
        concerned = [problem for problem in registry.problems if problem.handler_kind in {kind, None}]
        reasons = [in_language(problem.message) for problem in concerned]
        if found is None or found.handler is not self.handler:
            if found is not None:
                reasons.append(f"The handler of that kind comes from {found.distribution}.")
            self._fail_unregistered(reasons)
        return found

    def _fail_unregistered(self, reasons: Sequence[str]) -> Never:
        kind, package = self.handler.spec.kind, self.handler.__module__.partition(".")[0]
        fail(
            f"No installed package registers {self.handler.__name__} as “{kind}”. Its pyproject.toml needs"
            f' [project.entry-points.ha_device_backup] with the line {kind} = "{package}", that module a'
            f" function device_backup_handlers marked @hookimpl; then install it again (pip install -e .)."
            f" {' '.join(reasons)}".rstrip()
        )


def _is_of_extra(requirement: Requirement) -> bool:
    return requirement.marker is not None and "extra" in str(requirement.marker)


def bounds_of_core(installed: Version) -> str:
    """Return what a package requires of the core it was tested with: before 1.0 each minor version may break it."""
    least = installed if installed.is_prerelease else f"{installed.major}.{installed.minor}"
    return f">={least},<{_next_that_may_break(installed)}"


def _next_that_may_break(version: Version) -> Version:
    return Version(str(version.major + 1) if version.major else f"0.{version.minor + 1}")


def _is_bounded(specifiers: SpecifierSet, installed: Version) -> bool:
    bounds = {
        specifier.operator: Version(specifier.version) for specifier in specifiers if "*" not in specifier.version
    }
    if set(bounds) != {">=", "<"} or len(specifiers) != len(bounds):
        return False
    made_for = bounds[">="]
    return made_for <= installed and len(made_for.release) > 1 and bounds["<"] == _next_that_may_break(installed)


def _faults_of(spec: HandlerSpec) -> Iterator[str]:
    if spec.api_version.major != API_VERSION.major or spec.api_version.minor > API_VERSION.minor:
        yield f"api_version is {tuple(spec.api_version)}, the installed core has {tuple(API_VERSION)}."
    if spec.documentation and not spec.documentation.startswith("https://"):
        yield "documentation is no https:// address."
    if not in_language(spec.name).strip():
        yield "name is empty."
    for declared in spec.fields:
        yield from _faults_of_field(declared)
    for matcher in spec.discovery:
        yield from _faults_of_matcher(spec, matcher)


def _faults_of_field(declared: ConfigField) -> Iterator[str]:
    key = declared.key
    if (expected := _EXPECTED_KINDS.get(key, declared.kind)) is not declared.kind:
        yield f"the field {key} has kind {expected.name} everywhere, here it has {declared.kind.name}."
    if declared.kind is not FieldKind.SECRET and any(fnmatch.fnmatch(key, pattern) for pattern in _SECRET_KEYS):
        yield f"the field {key} looks like a secret: give it kind SECRET, or another key."
    if not in_language(declared.label).strip():
        yield f"the field {key} has no label."
    if declared.minimum is not None and declared.maximum is not None and declared.minimum > declared.maximum:
        yield f"the field {key} has a minimum above its maximum."
    if declared.default is not None:
        try:
            parse_value(declared, declared.default)
        except ConfigError as error:
            yield f"the default of {key} is no value that a person could enter ({error.detail_in()})"


def _faults_of_matcher(spec: HandlerSpec, matcher: Matcher) -> Iterator[str]:
    name = type(matcher).__name__
    secrets = dict(matcher.secrets) if isinstance(matcher, KnownDevices) else {}
    for key in {*matcher.fields, *secrets}:
        if (declared := spec.field(key)) is None:
            yield f"{name} fills the field {key}, which does not exist."
        elif (declared.kind is FieldKind.SECRET) != (key in secrets):
            yield f"{name}: secrets, and only they, go into `secrets` (field {key})."
    for path in filter(None, (*matcher.fields.values(), *secrets.values(), matcher.unique_id)):
        if not any(fnmatch.fnmatch(path, pattern) for pattern in _PATHS[type(matcher)]):
            yield f"{name} has no path “{path}”; there are {', '.join(_PATHS[type(matcher)])}."
    if matcher.unique_id in _ADDRESSES:
        yield f"{name} takes {matcher.unique_id} as unique_id: an address changes, so leave it out."
    if isinstance(matcher, Zeroconf):
        if not matcher.type.endswith((".local.", "._tcp.local.", "._udp.local.")):
            yield f"Zeroconf type “{matcher.type}” has the form _name._tcp.local."
        if any(text != text.lower() for text in (matcher.name or "", *matcher.properties.values())):
            yield "Zeroconf patterns are compared in lower case: write them so."
