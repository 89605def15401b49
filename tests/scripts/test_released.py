"""What an update is tried from."""

import subprocess
from pathlib import Path

import pytest

from scripts.released import PUBLISHING, first_publishable, newest_release

pytestmark = pytest.mark.once


def git(folder: Path, *words: str) -> str:
    said = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    run = subprocess.run(["git", *said, *words], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def commit(folder: Path, name: str, content: str) -> str:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={content}")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    folder = tmp_path / "whole"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, "README.md", "Begin")
    return folder


def test_before_a_release_it_is_the_first_commit_that_could_have_been_one(history: Path) -> None:
    assert (newest_release(history), first_publishable(history)) == (None, None)
    first = commit(history, PUBLISHING, "Say how it is published")
    commit(history, PUBLISHING, "Say it better")
    assert (newest_release(history), first_publishable(history)) == (None, first)


def test_afterwards_it_is_the_newest_version(history: Path) -> None:
    for tag in ("v0.9.0", "v0.10.0", "v0.2.0", "nightly"):
        git(history, "tag", tag)
    assert newest_release(history) == "v0.10.0"


def test_a_clone_without_history_has_none(history: Path, tmp_path: Path) -> None:
    commit(history, PUBLISHING, "Say how it is published")
    commit(history, PUBLISHING, "Say it better")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{history}", "shallow")
    assert (newest_release(tmp_path / "shallow"), first_publishable(tmp_path / "shallow")) == (None, None)
