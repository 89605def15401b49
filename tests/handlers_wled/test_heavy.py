"""What is too large for any controller costs no more than its bytes."""

import tracemalloc
from collections.abc import Callable

import pytest

from ha_device_backup_core import Artifact, InvalidArtifactError
from ha_device_backup_core.toolkit import JsonError
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.json_files import LARGEST_PARSED, minified, parse, seems_whole

from .artifacts import artifact, files

MEBIBYTE = 1024 * 1024
DENSE = b'{"0":{},"1":{"seg":[' + b"{}," * (31 * MEBIBYTE // 3) + b"{}]}}"


@pytest.mark.parametrize(
    "call",
    [
        WledHandler.validate,
        WledHandler.owner,
        WledHandler.configured,
        WledHandler.normalize,
        WledHandler.redact,
    ],
)
def test_dense_presets_take_no_more_memory_than_their_bytes(call: Callable[[Artifact], object]) -> None:
    backup = artifact({**files(), "presets.json": DENSE})
    tracemalloc.start()
    try:
        call(backup)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 150 * MEBIBYTE


def test_large_presets_are_compared_by_their_bytes() -> None:
    one, other = (artifact({**files(), "presets.json": DENSE[:-2] + end}) for end in (b"}}", b',"a":{}}}'))
    assert WledHandler.validate(one) == ()
    assert WledHandler.normalize(one) != WledHandler.normalize(other)
    assert WledHandler.normalize(one)["presets.json"] == DENSE
    assert WledHandler.configured(one) is True


def test_large_files_that_are_no_presets_are_told() -> None:
    with pytest.raises(InvalidArtifactError, match=r"presets\.json"):
        WledHandler.validate(artifact({**files(), "presets.json": b"[" + DENSE + b"]"}))
    (doubt,) = WledHandler.validate(artifact({**files(), "presets.json": DENSE[:-5]}))
    assert doubt.code == "presets_damaged"


def test_a_configuration_of_that_size_is_none() -> None:
    with pytest.raises(InvalidArtifactError, match=r"cfg\.json"):
        WledHandler.validate(artifact({**files(), "cfg.json": DENSE}))


def test_only_what_a_controller_could_use_is_parsed() -> None:
    large = b"[" + b" " * LARGEST_PARSED + b"]"
    with pytest.raises(JsonError):
        parse(large)
    assert seems_whole(large)
    assert not seems_whole(large[:-1])
    assert minified(large) == b"[]"
