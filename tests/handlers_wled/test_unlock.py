"""Lists of files as the firmware prints them, and worse."""

import pytest

from ha_device_backup_wled.unlock import WledFileList, read_list


@pytest.mark.parametrize(
    ("body", "sizes"),
    [
        (b'[{"type":"file","name":"/cfg.json","size":12}]', {"cfg.json": 12}),
        (
            b'[{"name":"cfg.json","type":"file","size":12},{"name":"a b","type":"file","size":0}]',
            {"cfg.json": 12, "a b": 0},
        ),
        (b"[]", {}),
    ],
)
def test_names_are_without_slash(body: bytes, sizes: dict[str, int]) -> None:
    assert read_list(body) == WledFileList(sizes)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{}",
        b'[{"name":7,"size":1}]',
        b'[{"name":"a"}]',
        b'[{"name":"a","size":-1}]',
        b'[{"name":"a","size":1' + b"0" * 70 + b"}]",
        b'[{"name":"/","size":1}]',
        b'["a"]',
        b'[{"name":"',
    ],
)
def test_what_is_no_list_is_none(body: bytes) -> None:
    assert read_list(body) is None
