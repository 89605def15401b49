"""Publishes everything to an index of its own, by the steps of the workflow, and uses what it published.

`python -m scripts.release.rehearsal FOLDER` leaves what was built in the folder. What only GitHub can do is left out:
signing, the login at PyPI, the release itself; of that one the command line is checked.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.simulators.package_index import PackageIndex, running_index

from .. import versions
from . import ROOT, UV
from .archive import INTEGRATION, integration_files
from .build import copy_sources, projects

WORKFLOW = ".github/workflows/release.yml"
PUBLISH = "pypa/gh-action-pypi-publish"
INSTALLS = "Install the tools"
"""The step that this environment has behind it."""
TOKEN = "token-of-the-rehearsal"  # noqa: S105 - of an index that lives for a minute
SECONDS = 300
GH = '#!/bin/sh\nprintf "%s\\n" "$@" > "$GH_CALLED"\n'


@dataclass
class Rehearsal:
    """One release of a copy of the repository."""

    clone: Path
    folder: Path
    """Where the workflow leaves what it built."""
    environment: dict[str, str] = field(default_factory=dict)

    async def run(self, *arguments: str | Path, **extra: str) -> str:
        """Run a program in the clone and return what it printed."""
        process = await asyncio.create_subprocess_exec(
            *map(str, arguments),
            cwd=self.clone,
            env=os.environ | self.environment | extra,
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(SECONDS):
            printed, _ = await process.communicate()
        if process.returncode:
            sys.stdout.write(printed.decode())
            raise SystemExit(f"{arguments[-1]} ended with status {process.returncode}.")
        return printed.decode()

    async def run_steps(self, job: Mapping[str, Any]) -> None:
        """Run the shell steps of a job as GitHub does."""
        for step in job["steps"]:
            if "run" in step and step["name"] != INSTALLS:
                sys.stdout.write(f"{step['name']}\n{await self.run('bash', '-eo', 'pipefail', '-c', step['run'])}")

    async def publish(self, job: Mapping[str, Any], index: PackageIndex) -> None:
        """Upload what the steps of the job upload, in their order."""
        for folder in published_folders(job):
            files = sorted((self.clone / folder).iterdir())
            await self.run(*UV, "publish", "--quiet", f"--publish-url={index.upload_url}", f"--token={TOKEN}", *files)

    async def use(self, index: PackageIndex) -> None:
        """Install everything from the index into an environment with nothing in it, and ask what is there."""
        clean = self.folder / "clean"
        ours = (f"--index={index.simple_url}", f"--python={clean / 'bin/python'}")
        version = versions.current(self.clone)
        core, *handlers = projects(self.clone)
        await self.run(*UV, "venv", "--quiet", f"--python={sys.executable}", clean)
        await self.run(*UV, "pip", "install", "--quiet", *ours, f"{core}[cli]=={version}", *handlers)
        if (said := (await self.run(clean / "bin/ha-device-backup", "--version")).split()[-1]) != version:
            raise SystemExit(f"The command line says that it is {said}.")
        found = json.loads(await self.run(clean / "bin/ha-device-backup", "handlers", "--json"))
        installed = await self.run(*UV, "pip", "freeze", f"--python={clean / 'bin/python'}")
        wanted = {f"{name}=={version}" for name in (core, *handlers)}
        if missing := wanted - set(installed.splitlines()):
            raise SystemExit(f"Not installed: {', '.join(sorted(missing))}.")
        if found["problems"]:
            raise SystemExit(f"The command line finds problems: {found['problems']}.")

    async def offer(self, job: Mapping[str, Any]) -> None:
        """Run the last job with a `gh` that only says how it was called, and look at what it would have uploaded."""
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "gh").write_text(GH)
        (programs / "gh").chmod(0o755)
        called = self.folder / "called"
        self.environment["PATH"] = f"{programs}{os.pathsep}{self.environment['PATH']}"
        self.environment["GH_CALLED"] = str(called)
        await self.run_steps(job)
        words = called.read_text().splitlines()
        sys.stdout.write(f"gh {shlex.join(words)}\n")
        (archive,) = (self.clone / word for word in words if word.endswith(".zip"))
        if archive.name != json.loads((self.clone / "hacs.json").read_text())["filename"]:
            raise SystemExit(f"HACS and the Marketplace do not look for {archive.name}.")
        check_archive(archive, self.clone)


def publishing_jobs(jobs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the jobs that upload to PyPI, each after the one that it needs."""
    uploading = {name: job for name, job in jobs.items() if list(published_folders(job))}
    return sorted(uploading.values(), key=lambda job: job["needs"] in uploading)


def published_folders(job: Mapping[str, Any]) -> Iterator[str]:
    """Return the folders that a job uploads to PyPI."""
    for step in job.get("steps", ()):
        if str(step.get("uses", "")).startswith(f"{PUBLISH}@"):
            yield step["with"]["packages-dir"]


def check_archive(archive: Path, clone: Path) -> None:
    """Fail unless the archive unpacks to the integration, byte for byte."""
    files = integration_files(clone)
    with zipfile.ZipFile(archive) as content:
        expected = {file.relative_to(clone / INTEGRATION).as_posix(): file.read_bytes() for file in files}
        if {name: content.read(name) for name in content.namelist()} != expected:
            raise SystemExit(f"{archive.name} is not the integration.")


def date_changelog(file: Path) -> None:
    """Write what a person writes before the tag."""
    file.write_text(re.sub(re.escape(versions.UNRELEASED), "(2020-01-01)", file.read_text(), count=1))


async def main(folder: Path) -> None:
    """Rehearse, and say how long it took."""
    jobs: dict[str, Any] = yaml.safe_load((ROOT / WORKFLOW).read_text(encoding="utf-8"))["jobs"]
    with tempfile.TemporaryDirectory() as name:
        clone = copy_sources(ROOT, Path(name) / "clone")
        date_changelog(clone / versions.CHANGELOG)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        rehearsal = Rehearsal(clone, Path(name), {"PATH": path, "GITHUB_REF_NAME": f"v{versions.current(clone)}"})
        published = Path(name) / "published"
        published.mkdir()
        async with running_index(published, token=TOKEN) as index:
            started = time.monotonic()
            await rehearsal.run_steps(jobs["build"])
            for job in publishing_jobs(jobs):
                await rehearsal.publish(job, index)
            await rehearsal.offer(jobs["github"])
            seconds = time.monotonic() - started
            await rehearsal.use(index)
        shutil.move(clone / "dist", folder)
    sys.stdout.write(f"From the tag to everything published: {seconds:.0f} seconds.\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute()))
