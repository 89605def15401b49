from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.packages.overview import PackageOrigin, PackageOverview, packages_overview
from ha_device_backup_core.packages.requirement import PackageRecord, PackageVersion
from ha_device_backup_core.packages.titles import PackageTitles
from ha_device_backup_core.plugins.registry import HandlerRegistry, Plugin


def plugin(distribution: str, *kinds: str, version: str = "1.0", installed_version: str = "1.0") -> Plugin:
    name = kinds[0] if kinds else "none"
    return Plugin(
        name=name, distribution=distribution, version=version, kinds=kinds, installed_version=installed_version
    )


def test_where_each_package_comes_from_and_what_is_wrong_with_it() -> None:
    registry = HandlerRegistry(
        plugins=(
            plugin("HA_Device_Backup_wled", "wled"),
            plugin("acme", "boiler"),
            plugin("acme", "alarm"),
            plugin("broken"),
            plugin("clock", "clock", installed_version="1.1"),
        ),
        problems=(
            Problem(kind=ProblemKind.IMPORT_FAILED, distribution="broken", version="1.0", message="It is broken."),
        ),
    )
    records = [
        PackageRecord(package=PackageVersion("clock", "1.1"), kinds=("clock",)),
        PackageRecord(package=PackageVersion("gone", "2.0"), kinds=("gone",)),
        PackageRecord(package=PackageVersion("waiting", "3.0"), kinds=("waiting",)),
    ]

    found = packages_overview(
        registry, records, {"gone": "No network."}, {"ha-device-backup-wled"}, PackageTitles(registry, {})
    )

    def package(
        name: str,
        *kinds: str,
        origin: PackageOrigin,
        version: str = "1.0",
        installed: str = "",
        problems: tuple[str, ...] = (),
    ) -> PackageOverview:
        return PackageOverview(
            name=name,
            title=name,
            version=version,
            installed_version=installed or version,
            kinds=kinds,
            origin=origin,
            problems=problems,
        )

    assert found == [
        package("acme", "alarm", "boiler", origin=PackageOrigin.ELSEWHERE),
        package("broken", origin=PackageOrigin.ELSEWHERE, problems=("It is broken.",)),
        package("clock", "clock", origin=PackageOrigin.PERSON, installed="1.1"),
        package("gone", "gone", origin=PackageOrigin.PERSON, version="2.0", problems=("No network.",)),
        package("ha-device-backup-wled", "wled", origin=PackageOrigin.INTEGRATION),
        package("waiting", "waiting", origin=PackageOrigin.PERSON, version="3.0"),
    ]
    assert [one.name for one in found if one.waits_for_restart] == ["clock"]
