"""Nothing is published that lacks what it needs; a whole release is rehearsed by `scripts/test build`."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from scripts.release.__main__ import notes
from scripts.release.archive import INTEGRATION, write_archive
from scripts.release.build import copy_sources, projects
from scripts.release.checks import CLASSIFIERS, REPOSITORY, URLS, dead_links, faults

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
NAME = "ha-device-backup-clock"
METADATA = "\n".join(
    [
        "Metadata-Version: 2.4",
        f"Name: {NAME}",
        "Version: 1.0.0",
        "License-Expression: Apache-2.0",
        *(f"Classifier: {one}" for one in sorted(CLASSIFIERS)),
        *(f"Project-URL: {one}, {REPOSITORY}/{one}" for one in sorted(URLS)),
        "",
        f"`pip install {NAME}`, [more](https://example.org/more), [below](#below)",
        "",
    ]
)
INFO = "ha_device_backup_clock-1.0.0.dist-info"


def wheel(folder: Path, metadata: str = METADATA, *names: str) -> Path:
    file = folder / "ha_device_backup_clock-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{INFO}/METADATA", metadata)
        for name in names or ("clock/py.typed", f"{INFO}/licenses/LICENSE"):
            archive.writestr(name, "")
    return file


def test_what_is_right(tmp_path: Path) -> None:
    assert list(faults(wheel(tmp_path), "1.0.0")) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Version: 1.0.0", "Version: 1.0.1", "its version is 1.0.1, not 1.0.0."),
        ("License-Expression", "License-Thought", "it has no licence."),
        (f"Project-URL: Issues, {REPOSITORY}/Issues\n", "", "it has no address of Issues."),
        ("Classifier: Typing :: Typed\n", "", "it lacks ['Typing :: Typed']."),
        ("https://example.org/more", "docs/more.md", "lead nowhere on PyPI: ['docs/more.md']."),
        ("https://example.org/more", f"{REPOSITORY}/blob/main/docs/gone.md#a", "in the repository: ['docs/gone.md']."),
        (f"{REPOSITORY}/Source", f"{REPOSITORY}/tree/main/gone", "in the repository: ['gone']."),
        (f"{REPOSITORY}/Issues", "https://example.org", "these addresses are not of the project"),
        (f"pip install {NAME}", "pip install it", "its description does not speak of it."),
    ],
)
def test_a_fault_of_the_metadata_is_told(old: str, new: str, fault: str, tmp_path: Path) -> None:
    (told,) = faults(wheel(tmp_path, METADATA.replace(old, new)), "1.0.0")
    assert fault in told


def test_a_fault_of_the_members_is_told(tmp_path: Path) -> None:
    members = ("clock/__init__.py", "tests/test_clock.py", "clock/password.txt", "backups/settings.json")
    told = list(faults(wheel(tmp_path, METADATA, *members), "1.0.0"))
    assert [fault.partition(": ")[2] for fault in told] == [
        "py.typed is missing.",
        "LICENSE is missing.",
        "tests/test_clock.py does not belong into it.",
        "clock/password.txt does not belong into it.",
        "backups/settings.json does not belong into it.",
    ]


def test_sources_are_looked_at_too(tmp_path: Path) -> None:
    file = tmp_path / "ha_device_backup_clock-1.0.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name, content in {"PKG-INFO": METADATA, "clock/py.typed": "", "tests/test_clock.py": ""}.items():
            member = tarfile.TarInfo(f"ha_device_backup_clock-1.0.0/{name}")
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
    assert [fault.partition(": ")[2] for fault in faults(file, "1.0.0")] == [
        "LICENSE is missing.",
        "ha_device_backup_clock-1.0.0/tests/test_clock.py does not belong into it.",
    ]


def test_links_in_code_are_none() -> None:
    assert dead_links('```\n[a](b.md)\n```\n![c](images/c.png) <img src="d.png"> [e](http://e.org)') == [
        "images/c.png",
        "d.png",
        "http://e.org",
    ]


def test_all_distributions_are_published() -> None:
    handlers = {file.parent.name for file in ROOT.glob("handlers-*/pyproject.toml")}
    assert len(projects(ROOT)) == len(handlers) + len(("core", "agent"))
    assert next(iter(projects(ROOT).items())) == ("ha-device-backup-core", "core")


def test_every_distribution_has_the_licence() -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    others = (ROOT / "agent", *ROOT.glob("handlers-*"))
    assert [name for name in others if (name / "LICENSE").read_bytes() != licence] == []


def test_the_archive_is_the_integration_and_always_the_same(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    copy = copy_sources(ROOT, tmp_path / "copy")
    (copy / INTEGRATION / "__pycache__").mkdir()
    (copy / INTEGRATION / "__pycache__" / "event.cpython-314.pyc").write_bytes(b"compiled")

    first, second = write_archive(ROOT, tmp_path / "one"), write_archive(copy, tmp_path / "two")

    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["domain"] == INTEGRATION.name
    assert not [name for name in names if name.startswith(("/", "..")) or "__pycache__" in name]


def test_notes_are_those_of_the_version() -> None:
    changelog = "# Changelog\n\n## 0.2.0 (2027-01-01)\n\n- New.\n\n## 0.1.0 (2026-12-01)\n\n- First.\n"
    assert (notes(changelog, "0.2.0"), notes(changelog, "0.1.0")) == ("- New.\n", "- First.\n")
    with pytest.raises(SystemExit, match=r"nothing about 0\.3\.0"):
        notes(changelog, "0.3.0")
