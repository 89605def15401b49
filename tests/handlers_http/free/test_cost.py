"""Whatever a file holds, checking and comparing it costs no more than its size is worth."""

import pytest

from ha_device_backup_core import Artifact, zip_files
from ha_device_backup_http import HttpHandler, recognise
from ha_device_backup_http.free.rules import Rules
from ha_device_backup_http.laid_out import LARGEST_UNPACKED
from ha_device_backup_http.recognise import declared_size
from tests.hostile_files import CostTests, damaged_zip, tarred

IGNORE = ("/a/*/b", "/*", "^time = ", "(a|aa)+$", "(x+x+)+y")
ALONE = Rules(main="a", pattern="(x+x+)+y", ignore=IGNORE, without_end=("a",)).attributes()
BUNDLED = Rules(main="a", bundled=True, minimum_size=1, ignore=IGNORE).attributes()


class TestCost(CostTests):
    handler = HttpHandler
    alone = ALONE
    bundled = BUNDLED
    bundles = ({"a": None, "b": None},)
    """What a file is shows in it, not in its name; only the first one has to hold what a person demands."""


def test_zip_files_that_turn_out_damaged_cost_as_much_as_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = 0

    def unpack(filename: str, content: bytes, limit: int) -> dict[str, bytes]:
        nonlocal unpacked
        unpacked += declared_size(content)
        return zip_files.unpack(filename, content, limit)

    monkeypatch.setattr(recognise, "unpack", unpack)
    damaged = tarred(dict.fromkeys(map(str, range(40)), damaged_zip(bytes(4 * 1024 * 1024))))
    artifact = Artifact(filename="a.tar", content=damaged)
    assert HttpHandler.normalize(artifact).keys() == {"file"}
    assert 0 < unpacked <= LARGEST_UNPACKED


def test_a_zip_file_with_too_many_files_is_not_even_listed() -> None:
    assert declared_size(b"PK\x01\x02" * 10_001) == 0
    assert declared_size(b"PK") == 0


@pytest.mark.parametrize("at", range(1, 23))
@pytest.mark.parametrize("byte", [0, 1, 255])
def test_an_end_of_a_zip_file_that_points_nowhere_is_no_error(at: int, byte: int) -> None:
    content = bytearray(damaged_zip(b"a"))
    content[-at] = byte
    assert recognise.is_zip(bytes(content)) in {True, False}
    artifact = Artifact(filename="a.zip", content=bytes(content))
    assert HttpHandler.normalize(artifact).keys() <= {"file", "a"}
