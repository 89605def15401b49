import pytest

from ha_device_backup_core.packages.requirement import PackageError, PackageVersion


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("ha-device-backup-clock==1.0", "ha-device-backup-clock", "1.0"),
        ("  HA_Device.Backup_clock == 1.0.post1 ", "ha-device-backup-clock", "1.0.post1"),
        ("clock==2!1.0rc1", "clock", "2!1.0rc1"),
        ("c==01.0", "c", "1.0"),
    ],
)
def test_name_and_version(text: str, name: str, version: str) -> None:
    package = PackageVersion.parse(text)

    assert package == PackageVersion(name, version)
    assert (package.requirement, str(package)) == (f"{name}=={version}", f"{name} {version}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "clock",
        "clock==",
        "==1.0",
        "clock>=1.0",
        "clock==1.*",
        "clock==latest",
        "clock===1.0",
        "clock==1.0,<2",
        "clock==1.0; python_version > '3'",
        "clock[extra]==1.0",
        "clock @ https://example.com/clock.whl",
        "https://example.com/clock==1.0",
        "git+https://example.com/clock==1.0",
        "--index-url=https://example.com clock==1.0",
        "-e clock==1.0",
        "./clock==1.0",
        "clock==1.0 other==1.0",
        "clock==1.0\nother==1.0",
        "clock==1.0 --pre",
        f"clock=={'1' * 5000}",
        f"clock==1.0+{'a' * 5000}",
        f"clock==1!{'9' * 4400}.dev0",
        f"{'c' * 5000}==1.0",
        "clock==\u0661.\u0660",
        "clo\0ck==1.0",
        "cl\u00f6ck==1.0",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(PackageError) as caught:
        PackageVersion.parse(text)

    assert (caught.value.reason, caught.value.values) == ("unreadable", {"text": text.strip()[:80]})
