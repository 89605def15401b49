"""What a wheel would write is looked at before anything of it is unpacked."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core.packages.requirement import PackageError
from ha_device_backup_core.packages.wheel import Owners, Wheel, paths_of, refuse_what_is_not_its_own
from tests.simulators.wheels import write_wheel

NOBODY = Owners(files={}, modules={}, shared={}, scripts={})


def test_a_good_wheel(tmp_path: Path) -> None:
    path = write_wheel(
        tmp_path,
        "acme-clock",
        more={
            "acme/clock/__init__.py": "",
            "acme_clock-1.0.data/platlib/_acme.cpython-314-x86_64-linux-gnu.so": "",
            "acme_clock-1.0.dist-info/licenses/LICENSE": "",
        },
        entry_points="[console_scripts]\nAcme-clock = acme_clock:main\n[ha_device_backup]\nacme = acme_clock\n",
    )

    wheel = Wheel.read(path)

    assert (wheel.package, wheel.name, wheel.scripts) == ("acme-clock 1.0", "acme-clock", ("Acme-clock",))
    assert wheel.modules == {"acme", "acme_clock", "_acme"}
    assert paths_of([wheel])["modules"] == ["_acme", "acme", "acme_clock"]
    refuse_what_is_not_its_own([wheel], NOBODY)
    shared = Owners(files={}, modules={"acme_clock": "acme-clock"}, shared={"acme": "acme-lamp"}, scripts={})
    refuse_what_is_not_its_own([wheel], shared)


@pytest.mark.parametrize(
    ("more", "reason", "file"),
    [
        ({"/etc/passwd": ""}, "reaches_out", "/etc/passwd"),
        ({"../../bin/hass": ""}, "reaches_out", "../../bin/hass"),
        ({"acme/../../x.py": ""}, "reaches_out", "acme/../../x.py"),
        ({"acme\\x.py": ""}, "reaches_out", "acme\\x.py"),
        ({"C:/x.py": ""}, "reaches_out", "C:/x.py"),
        ({"acme\nx.py": ""}, "reaches_out", "acme\nx.py"),
        ({"acme_clock-1.0.data/data/etc/x": ""}, "reaches_out", "data/etc/x"),
        ({"acme_clock-1.0.data/scripts/hass": ""}, "reaches_out", "scripts/hass"),
        ({"acme_clock-1.0.data/headers/x.h": ""}, "reaches_out", "headers/x.h"),
        ({"yarl-9.dist-info/METADATA": ""}, "reaches_out", "yarl-9.dist-info/METADATA"),
        ({"yarl.egg-info/PKG-INFO": ""}, "reaches_out", "yarl.egg-info/PKG-INFO"),
        ({"custom_components/hue/__init__.py": ""}, "reaches_out", "custom_components/hue/__init__.py"),
        ({"homeassistant/components/hue.py": ""}, "reaches_out", "homeassistant/components/hue.py"),
        ({"__pycache__/six.cpython-314.pyc": ""}, "reaches_out", "__pycache__/six.cpython-314.pyc"),
        ({"acme.pth": "import acme"}, "runs_at_start", "acme.pth"),
        ({"acme_clock-1.0.data/purelib/acme.pth": "import acme"}, "runs_at_start", "acme.pth"),
        ({"sitecustomize.py": ""}, "runs_at_start", "sitecustomize.py"),
        ({"usercustomize/__init__.py": ""}, "runs_at_start", "usercustomize/__init__.py"),
    ],
)
def test_what_no_wheel_may_bring(tmp_path: Path, more: dict[str, str], reason: str, file: str) -> None:
    with pytest.raises(PackageError) as caught:
        Wheel.read(write_wheel(tmp_path, "acme-clock", more=more))
    assert (caught.value.reason, caught.value.values) == (reason, {"package": "acme-clock 1.0", "file": file})

    Wheel.read(write_wheel(tmp_path, "acme-clock"))


@pytest.mark.parametrize("listed", ["yarl/__init__.py", "../../../bin/hass", "/etc/passwd"])
def test_a_record_of_what_is_not_inside(tmp_path: Path, listed: str) -> None:
    with pytest.raises(PackageError) as caught:
        Wheel.read(write_wheel(tmp_path, "acme-clock", also_listed=[listed]))
    assert (caught.value.reason, caught.value.values["file"]) == ("reaches_out", listed)


def _link(archive: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("acme/link")
    member.external_attr = 0o120777 << 16
    archive.writestr(member, "/etc/passwd")


def test_links_and_commands_elsewhere(tmp_path: Path) -> None:
    linked = write_wheel(tmp_path, "acme-clock")
    with zipfile.ZipFile(linked, "a") as archive:
        _link(archive)
    points = "[console_scripts]\n../../../hass = acme_clock:main\n"
    for path in (linked, write_wheel(tmp_path, "acme-lamp", entry_points=points)):
        with pytest.raises(PackageError) as caught:
            Wheel.read(path)
        assert caught.value.reason == "reaches_out"


def _twice(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("acme_clock.py", "other")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def _no_record(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acme_clock.py", "")


RECORD = "acme_clock-1.0.dist-info/RECORD"


def _with_record(path: Path, record: str, compression: int) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr(RECORD, record)


def _record_with_a_line_without_end(path: Path) -> None:
    _with_record(path, f'"{"a" * 200_000}",,\n', zipfile.ZIP_STORED)


def _packed_as_no_wheel_is(path: Path) -> None:
    _with_record(path, f"{RECORD},,\n", zipfile.ZIP_LZMA)


def _one_target_of_two(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"acme_clock-1.0.data/purelib/{RECORD}", "yarl/__init__.py,,\n")


@pytest.mark.parametrize(
    "spoil",
    [
        *(_twice, _cut, _no_record),
        *(_record_with_a_line_without_end, _packed_as_no_wheel_is, _one_target_of_two),
    ],
)
def test_damaged(tmp_path: Path, spoil: Any) -> None:  # noqa: ANN401 - one of the functions above
    path = write_wheel(tmp_path, "acme-clock")
    spoil(path)

    with pytest.raises(PackageError) as caught:
        Wheel.read(path)
    assert (caught.value.reason, caught.value.values["package"]) in {
        ("damaged", "acme-clock 1.0"),
        ("damaged", "acme_clock-1.0"),
    }


def test_the_record_of_another_package(tmp_path: Path) -> None:
    path = tmp_path / "acme_clock-1.0-py3-none-any.whl"
    record = "yarl-99.dist-info/RECORD"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(record, f"{record},,\n")

    with pytest.raises(PackageError) as caught:
        Wheel.read(path)
    assert (caught.value.reason, caught.value.values["file"]) == ("reaches_out", "yarl-99.dist-info")


def _wheel(*files: str, name: str = "acme-clock", scripts: tuple[str, ...] = ()) -> Wheel:
    return Wheel(package=f"{name} 1.0", name=name, files=files, scripts=scripts)


@pytest.mark.parametrize(
    ("wheels", "owners", "file", "owner"),
    [
        ([_wheel("yarl/__init__.py")], {"files": {"yarl/__init__.py": "yarl"}}, "yarl/__init__.py", "yarl"),
        ([_wheel("yarl/extra.py")], {"modules": {"yarl": "yarl"}}, "yarl", "yarl"),
        ([_wheel("yarl.py")], {"modules": {"yarl": "yarl"}}, "yarl", "yarl"),
        ([_wheel("json/extra.py")], {"modules": {"json": ""}}, "json", "Home Assistant"),
        ([_wheel("google/__init__.py")], {"shared": {"google": "protobuf"}}, "google", "protobuf"),
        ([_wheel(scripts=("hass",))], {"scripts": {"hass": "homeassistant"}}, "hass", "homeassistant"),
        ([_wheel(scripts=("python3",))], {"scripts": {"python3": ""}}, "python3", "Python"),
        ([_wheel("a/x.py", name="first"), _wheel("a/x.py")], {}, "a/x.py", "first"),
    ],
)
def test_what_belongs_to_others(wheels: list[Wheel], owners: dict[str, Any], file: str, owner: str) -> None:
    with pytest.raises(PackageError) as caught:
        refuse_what_is_not_its_own(
            wheels, Owners(**{"files": {}, "modules": {}, "shared": {}, "scripts": {}, **owners})
        )
    assert (caught.value.reason, caught.value.values) == (
        "of_another",
        {"package": "acme-clock 1.0", "file": file, "owner": owner},
    )
