from ha_device_backup_core.packages.pins import constraints, no_longer_needed


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
    "clock": ("aiohttp>=3", "Helper==0.3", "shared"),
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


EXTRAS = {
    "clock": ("orjson", "tzlocal", "brotli", "windows-only"),
    "web": ("client[Speed_Ups]>=1", "old-thing; python_version < '3'", "windows-only; sys_platform == 'win32'"),
    "client": ("orjson; extra == 'speed-ups'", "client[more]; extra == 'speed-ups'", "brotli; extra == 'more'"),
    "other": ("tzlocal; extra == 'nobody-asks'", "not a requirement!", f"client=={'1' * 5000}"),
    "old-thing": ("clock",),
    **dict.fromkeys(("orjson", "tzlocal", "brotli", "windows-only"), ()),
}


def test_extras_that_others_ask_for_stay() -> None:
    dependencies = {"orjson", "tzlocal", "brotli", "windows-only", "old-thing"}

    gone = no_longer_needed({"clock"}, dependencies, EXTRAS)
    assert gone == {"clock", "tzlocal", "windows-only", "old-thing"}
    assert no_longer_needed({"clock"}, dependencies, {**EXTRAS, "": ("other[nobody-asks]==1",)}) == gone - {"tzlocal"}
