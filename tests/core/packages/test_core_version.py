from ha_device_backup_core.packages.core_version import core_faults, installed_core, requirements_of

INTEGRATION = ["ha-device-backup-core==0.4.0", "ha-device-backup-wled==0.4.0"]


def test_everything_fits() -> None:
    faults = core_faults(
        running="0.4.0",
        installed="0.4.0",
        integration=INTEGRATION,
        packages={
            "clock 1.0": [
                "HA_Device.Backup-Core>=0.4,<0.5",
                "aiohttp>=9",
                "not a requirement!",
                f"ha-device-backup-core=={'1' * 5000}",
            ]
        },
    )

    assert faults == []


def test_everything_that_does_not_fit_is_told() -> None:
    faults = core_faults(
        running="1.2.0",
        installed="2.0.0",
        integration=INTEGRATION,
        packages={
            "clock 1.0": ["ha-device-backup-core>=0.4,<0.5", 'ha-device-backup-core[testing]>=9; extra == "test"'],
            "boiler 3.0": ["ha-device-backup-core>=1,<2"],
        },
    )

    assert faults == [
        ("replaced", {"running": "1.2.0", "installed": "2.0.0"}),
        ("integration", {"running": "1.2.0", "needs": "ha-device-backup-core==0.4.0"}),
        ("package", {"running": "1.2.0", "needs": "ha-device-backup-core<0.5,>=0.4", "package": "clock 1.0"}),
    ]


def test_what_is_installed_is_read() -> None:
    assert installed_core()
    found = requirements_of(["ha-device-backup-wled", "a-package-that-went"])
    assert [name.partition(" ")[0] for name in found] == ["ha-device-backup-wled"]
    assert any(line.startswith("ha-device-backup-core") for line in next(iter(found.values())))
