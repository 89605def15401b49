"""What is made again from an installation is what was installed."""

import importlib.util
import sys
import sysconfig
import zipfile
from importlib.metadata import PathDistribution, distribution, distributions
from pathlib import Path

import pytest

from .repacked import link_needed, repack_needed, with_version
from .wheels import write_wheel


def unpacked(wheel: Path, folder: Path) -> PathDistribution:
    """Return the distribution in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    (info,) = folder.glob("*.dist-info")
    return PathDistribution(info)


def test_wheels_hold_everything_that_is_needed(tmp_path: Path) -> None:
    own = write_wheel(tmp_path, "acme-clock", requires=["aiohttp", 'no-such-thing; extra == "more"'])

    repack_needed([own], tmp_path)

    names = {wheel.name.partition("-")[0] for wheel in tmp_path.glob("*.whl")}
    assert names >= {"acme_clock", "aiohttp", "yarl", "multidict"}
    (wheel,) = tmp_path.glob("aiohttp-*.whl")
    made, installed = unpacked(wheel, tmp_path / "unpacked"), distribution("aiohttp")
    assert (made.version, made.requires) == (installed.version, installed.requires)
    assert (tmp_path / "unpacked/aiohttp/client.py").read_bytes() == installed.locate_file(
        "aiohttp/client.py"
    ).read_bytes()
    tags = [line for line in (made.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    assert all(part in wheel.stem for line in tags for part in line.removeprefix("Tag: ").split("-"))


def test_another_environment_has_what_is_needed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(sysconfig.get_path("purelib"))
    other = tmp_path / "other" / place.relative_to(sys.prefix)
    other.mkdir(parents=True)
    source = place / "aiohttp/client.py"
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    for module in (source, place / "pytest/__init__.py"):
        compiled = Path(importlib.util.cache_from_source(module))
        compiled.parent.mkdir(parents=True)
        compiled.write_bytes(b"compiled")

    link_needed(["aiohttp"], tmp_path / "other")

    monkeypatch.setattr(sys, "pycache_prefix", None)
    names = {found.name for found in distributions(path=[str(other)])}
    assert names >= {"aiohttp", "yarl", "multidict"}
    assert "pytest" not in names
    assert not (other / "pytest").exists()
    made = other / "aiohttp/client.py"
    assert (made.read_bytes(), made.stat().st_mtime) == (source.read_bytes(), source.stat().st_mtime)
    assert Path(importlib.util.cache_from_source(made)).read_bytes() == b"compiled"


def test_another_version_is_the_same_otherwise(tmp_path: Path) -> None:
    first = write_wheel(tmp_path, "acme-clock", "1.0", source="VERSION_1 = 1.0\n", requires=["aiohttp"])

    second = with_version(first, "2.5")

    assert second.name == "acme_clock-2.5-py3-none-any.whl"
    made = unpacked(second, tmp_path / "unpacked")
    assert (made.name, made.version, made.requires) == ("acme-clock", "2.5", ["aiohttp"])
    assert (tmp_path / "unpacked/acme_clock.py").read_text() == "VERSION_1 = 1.0\n"
    assert {str(file) for file in made.files or ()} >= {"acme_clock-2.5.dist-info/METADATA"}
