"""The checks of the package: what its metadata and its spec may not say."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from ha_device_backup_core import ApiVersion, ConfigField, FieldKind, HandlerSpec, KnownDevices, Ssdp, Zeroconf
from ha_device_backup_core.testing import HandlerConformance
from ha_device_backup_core.testing.public_names import private_names
from ha_device_backup_core.testing.translations import faults_of_translations
from tests.core.catalog_package import installed_catalogs

from .clock import SPEC, ClockHandler
from .running import REQUIREMENT, installed, run_checks, suite_of

HOST = SPEC.fields[0]


@pytest.mark.parametrize(
    "requirement",
    [
        "ha-device-backup-core",
        "ha-device-backup-core>=0.1",
        "ha-device-backup-core<0.2",
        "ha-device-backup-core>=0.1,<1",
        "ha-device-backup-core==0.1.*",
        "ha-device-backup-core>=0.1,<2",
        "ha-device-backup-core>=0.1,<0.2,!=0.1.7",
        "ha-device-backup-core>=0,<0.2",
        "ha-device-backup-core>=99.0,<100",
        "aiohttp",
    ],
)
def test_a_package_that_is_not_bound_to_its_core(
    requirement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = suite_of(ClockHandler)
    with installed(ClockHandler, tmp_path, monkeypatch, requires=requirement):
        wrong = run_checks(suite, capsys, "package_names_its_core")
    with installed(ClockHandler, tmp_path, monkeypatch, requires=REQUIREMENT):
        right = run_checks(suite, capsys, "package_names_its_core")
    assert f'"{REQUIREMENT}"' in wrong.failed["package_names_its_core"]
    assert right.passed == {"package_names_its_core"}


def test_a_sentence_that_a_file_of_translations_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = 'from ha_device_backup_core import translator\n_ = translator(__package__)\nTEXT = _("Open it.")\n'
    clock = "from tests.core.testing.clock import ClockHandler\nclass Clock(ClockHandler):\n    pass\n"
    with installed_catalogs("translated_clock", {"de.json": {}}, tmp_path, monkeypatch):
        (tmp_path / "translated_clock" / "__init__.py").write_text(words + clock)
        handler = import_module("translated_clock").Clock
        wrong = run_checks(suite_of(handler), capsys, "texts_are_translated")
        (tmp_path / "translated_clock" / "translations" / "de.json").write_text('{"Open it.": "Öffne sie."}')
        faults_of_translations.cache_clear()
        right = run_checks(suite_of(handler), capsys, "texts_are_translated")
    assert wrong.failed["texts_are_translated"] == (
        "Texts and translations do not fit:\n- translations/de.json lacks “Open it.”."
    )
    assert right.passed == {"texts_are_translated"}


def test_a_name_of_the_core_that_can_change_at_any_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = "from tests.core.testing.clock import ClockHandler\nclass Clock(ClockHandler):\n    pass\n"
    public = (
        "import ha_device_backup_core.toolkit\nfrom ha_device_backup_core import Artifact, toolkit\n"
        "from ha_device_backup_core.toolkit import DeviceClient\nfrom ha_device_backup_core.testing import run_job\n"
    )
    private = "import ha_device_backup_core.store\nfrom ha_device_backup_core.contract import Artifact\n"
    with installed_catalogs("public_clock", {}, tmp_path, monkeypatch):
        file = tmp_path / "public_clock" / "__init__.py"
        file.write_text(private + clock)
        handler = import_module("public_clock").Clock
        wrong = run_checks(suite_of(handler), capsys, "only_public_names_are_used")
        file.write_text(public + clock)
        private_names.cache_clear()
        right = run_checks(suite_of(handler), capsys, "only_public_names_are_used")
    assert wrong.failed["only_public_names_are_used"] == (
        "Import from ha_device_backup_core and ha_device_backup_core.toolkit only what they export:\n"
        "- __init__.py:1: ha_device_backup_core.store\n- __init__.py:2: ha_device_backup_core.contract.Artifact"
    )
    assert right.passed == {"only_public_names_are_used"}


def test_a_package_that_is_not_installed_or_registers_another_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Another(ClockHandler):
        pass

    nowhere = run_checks(suite_of(ClockHandler), capsys, "package_is_registered")
    with installed(ClockHandler, tmp_path, monkeypatch):
        other = run_checks(suite_of(Another), capsys, "package_is_registered")
        right = run_checks(suite_of(ClockHandler), capsys, "package_is_registered")
    assert "No installed package registers ClockHandler" in nowhere.failed["package_is_registered"]
    assert "comes from ha-device-backup-clock" in other.failed["package_is_registered"]
    assert right.passed == {"package_is_registered"}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (replace(SPEC, api_version=ApiVersion(2, 0)), "api_version is (2, 0)"),
        (replace(SPEC, api_version=ApiVersion(1, 99)), "api_version is (1, 99)"),
        (replace(SPEC, documentation="http://example.com"), "no https:// address"),
        (replace(SPEC, name=" "), "name is empty"),
        (replace(SPEC, fields=(replace(HOST, kind=FieldKind.TEXT),)), "the field host has kind HOST"),
        (replace(SPEC, fields=(HOST, ConfigField(key="psk", kind=FieldKind.TEXT, label="Key"))), "like a secret"),
        (replace(SPEC, fields=(replace(HOST, label=""),)), "the field host has no label"),
        (
            replace(
                SPEC,
                fields=(HOST, ConfigField(key="n", kind=FieldKind.INTEGER, label="N", minimum=2, maximum=1)),
            ),
            "a minimum above its maximum",
        ),
        (
            replace(SPEC, fields=(HOST, ConfigField(key="port", kind=FieldKind.PORT, label="Port", default=0))),
            "the default of port",
        ),
        (replace(SPEC, discovery=(Zeroconf(type="_clock._tcp"),)), "the form _name._tcp.local."),
        (replace(SPEC, discovery=(Zeroconf(type="_c._tcp.local.", name="Clock*"),)), "in lower case"),
        (replace(SPEC, discovery=(Zeroconf(type="_c._tcp.local.", fields={"address": "host"}),)), "does not exist"),
        (replace(SPEC, discovery=(Ssdp(st="urn:x", fields={"host": "address"}),)), "no path “address”"),
        (
            replace(SPEC, discovery=(KnownDevices(integration="clock", fields={"password": "entry.data.password"}),)),
            "go into `secrets`",
        ),
        (
            replace(SPEC, discovery=(Zeroconf(type="_c._tcp.local.", unique_id="host"),)),
            "takes host as unique_id: an address changes",
        ),
    ],
)
def test_a_spec_that_cannot_work(spec: HandlerSpec, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = type("Wrong", (ClockHandler,), {"spec": spec})
    assert words in run_checks(suite_of(wrong), capsys, "spec_is_well_formed").failed["spec_is_well_formed"]
    assert run_checks(suite_of(ClockHandler), capsys, "spec_is_well_formed").failed == {}


def test_a_handler_without_spec(capsys: pytest.CaptureFixture[str]) -> None:
    bare = type("Bare", (ClockHandler,), {"spec": None})
    assert "needs a class attribute" in run_checks(suite_of(bare), capsys, "spec_is_well_formed").failed.popitem()[1]


@pytest.mark.parametrize(
    ("suite", "words"),
    [
        (type("TestNothing", (HandlerConformance,), {}), "needs a line `handler = YourHandler`"),
        (type("TestNobody", (HandlerConformance,), {"handler": ClockHandler}), "There is no device to ask"),
        (suite_of(ClockHandler, relaxed={"hangs": "It never does."}), "do not exist: hangs"),
        (suite_of(ClockHandler, relaxed={"hang": " "}), "needs a reason for hang"),
    ],
)
def test_a_suite_that_is_not_set_up(
    suite: type[HandlerConformance], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in run_checks(suite, capsys, "suite_is_set_up").failed["suite_is_set_up"]


def test_an_import_that_fails_or_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for source, words in (("raise OSError('no')", "fails (OSError: no)"), ("print('hello')", "prints 'hello'")):
        (tmp_path / "noisy_clock.py").write_text(f"{source}\n")
        noisy = type("Noisy", (ClockHandler,), {"__module__": "noisy_clock"})
        assert words in run_checks(suite_of(noisy), capsys, "import_does_no_io").failed["import_does_no_io"]
