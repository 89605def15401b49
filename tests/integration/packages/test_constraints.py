from custom_components.ha_device_backups.packages.constraints import constraints, no_longer_needed


def test_what_is_installed_stays_and_what_comes_is_as_home_assistant_wants_it() -> None:
    lines = constraints(
        ["# comment", "", "aiohttp==3.14.5", "Num_Py==2.3.2  # why", "grpcio>=1.7 ; python_version > '3'", "-r other"],
        {"aiohttp": "3.14.0", "attrs": "26.1", "clock": "1.0", "helper": "0.3"},
        {"clock", "helper"},
    )

    assert lines == [
        "--only-binary :all:",
        "aiohttp==3.14.0",
        "attrs==26.1",
        "Num_Py==2.3.2",
        'grpcio>=1.7; python_version > "3"',
    ]


NEEDS = {
    "homeassistant": ("aiohttp", "shared"),
    "aiohttp": (),
    "shared": (),
    "clock": ("aiohttp", "helper", "shared"),
    "helper": ("deep",),
    "deep": ("helper",),
    "other": ("common",),
    "common": (),
}


def test_what_only_the_package_needed_goes_with_it() -> None:
    assert no_longer_needed({"clock"}, {"helper", "deep", "shared", "common"}, NEEDS) == {"clock", "helper", "deep"}


def test_what_others_need_stays() -> None:
    assert no_longer_needed({"clock"}, {"helper", "deep"}, {**NEEDS, "": ("deep",)}) == {"clock"}


def test_a_package_that_another_one_needs_goes_all_the_same() -> None:
    assert no_longer_needed({"common"}, (), NEEDS) == {"common"}
