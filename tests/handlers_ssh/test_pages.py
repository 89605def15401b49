"""What people read of each platform is what its file says."""

import re
from pathlib import Path

import pytest

from ha_device_backup_ssh import ssh_handlers
from ha_device_backup_ssh.platform import SshPlatform

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "handlers-ssh/docs"
INDEX = (ROOT / "docs/ssh.md").read_text()
README = (ROOT / "handlers-ssh/README.md").read_text()
PLATFORMS = [handler.platform for handler in ssh_handlers()]
each = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.kind)


def row(page: str, platform: SshPlatform) -> list[str]:
    """Return the cells of the line of a table that is about a platform."""
    (line,) = (line for line in page.splitlines() if line.startswith("| [") and f"| `{platform.kind}` |" in line)
    return [cell.strip() for cell in line.strip("|").split(" | ")]


@each
def test_the_index_says_what_the_platform_says(platform: SshPlatform) -> None:
    link, _kind, _place, user, back = row(INDEX, platform)
    assert link.endswith(f"(../handlers-ssh/docs/{platform.page}.md)")
    assert re.findall(r"`([^`]+)`", user) == [platform.username]
    assert back == ("by a click" if platform.can_restore else "by you")


@each
def test_the_package_says_how_it_is_put_back(platform: SshPlatform) -> None:
    link, _kind, _kept, back = row(README, platform)
    assert link.endswith(f"/handlers-ssh/docs/{platform.page}.md)")
    assert (back == "by you") == (not platform.can_restore)


@each
def test_its_page_says_what_to_type(platform: SshPlatform) -> None:
    page = (FOLDER / f"{platform.page}.md").read_text()
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert re.fullmatch(r"On the \w+", headings[0])
    assert headings[1] == "What is put back"
    assert ("Nobody has tried this with a real" in page) == platform.is_untested
    assert len(page.split()) < 1_000


def test_no_page_is_of_a_platform_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {platform.page for platform in PLATFORMS}
    for page in (INDEX, README):
        assert set(re.findall(r"\| `([a-z]+_ssh)` \|", page)) == {platform.kind for platform in PLATFORMS}
