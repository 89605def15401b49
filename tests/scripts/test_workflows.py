"""The workflows may do no more than they need, and their steps name what is there; `lint` checks their syntax."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.bootstrap.checks import PARTS, part_of
from scripts.release.rehearsal import published_folders, publishing_jobs

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob("docs/*/.github/workflows/*.yml")])
MAY_WRITE = {
    ("release.yml", "build"): {"id-token", "attestations"},
    ("release.yml", "core"): {"id-token"},
    ("release.yml", "handlers"): {"id-token"},
    ("release.yml", "github"): {"contents"},
    ("release.yml", "image"): {"packages"},
    ("release.yml", "app"): {"contents", "packages"},
    ("ci.yml", "publish"): {"id-token"},
    ("docs.yml", "publish"): {"pages", "id-token"},
}


def workflow(file: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load(file.read_text())
    return content


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in FILES:
        yield from ((file.name, name, job) for name, job in workflow(file)["jobs"].items())


def test_all_that_is_promised_is_there() -> None:
    names = {file.name for file in FILES}
    assert names == {"ci.yml", "docs.yml", "nightly.yml", "release.yml", "test.yml", "translations.yml", "validate.yml"}


def test_nothing_may_be_written_that_need_not() -> None:
    writes = {}
    for file, name, job in jobs():
        permissions = job["permissions"]
        assert set(permissions.values()) <= {"read", "write"}, (file, name)
        if written := {scope for scope, right in permissions.items() if right == "write"}:
            writes[file, name] = written
    assert writes == MAY_WRITE
    assert all(workflow(file)["permissions"] == {} for file in FILES)


def test_every_action_is_one_commit() -> None:
    used = [line.strip() for file in FILES for line in file.read_text().splitlines() if "uses:" in line]
    pinned = re.compile(r"(- )?uses: (\./\.github/workflows/\w+\.yml|[\w./-]+@[0-9a-f]{40} # \S+)")
    assert [line for line in used if not pinned.fullmatch(line)] == []
    versions = {line.split("uses: ")[1] for line in used}
    assert len({line.split("@")[0] for line in versions}) == len(versions), "one action, one version"


def test_no_two_runs_get_into_each_others_way() -> None:
    assert [file.name for file in FILES if not workflow(file).get("concurrency", {}).get("group")] == []


def test_nobody_needs_a_secret() -> None:
    assert [file.name for file in FILES if "secrets." in file.read_text()] == []


def test_no_job_runs_for_hours() -> None:
    assert [(file, name) for file, name, job in jobs() if "uses" not in job and "timeout-minutes" not in job] == []


def test_steps_call_what_is_there() -> None:
    steps = [
        step["run"] for file, _, job in jobs() if file != "ci.yml" for step in job.get("steps", ()) if "run" in step
    ]
    lines = [shlex.split(line, comments=True) for step in steps for line in step.splitlines() if "case" not in line]
    modules = [words[2] for words in lines if words[:2] == ["python", "-m"] and words[2].startswith("scripts")]
    assert modules
    assert [name for name in modules if find_spec(name) is None] == []
    parts = [part for words in lines if words[:1] == ["scripts/test"] for part in words[1:]]
    assert {part_of(part) for part in parts} <= set(PARTS)
    assert ["scripts/test"] in lines


def test_the_core_is_published_before_what_needs_it() -> None:
    release = workflow(ROOT / ".github/workflows/release.yml")["jobs"]
    assert [list(published_folders(job)) for job in publishing_jobs(release)] == [["dist/core"], ["dist/handlers"]]
    needed = {name: job.get("needs") for name, job in release.items()}
    assert needed == {
        "test": None,
        "build": "test",
        "core": "build",
        "handlers": "core",
        "github": "handlers",
        "image": "handlers",
        "app": "image",
    }
