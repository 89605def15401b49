"""Runs both pages for authors of handlers word for word, with wheels of this clone and an index of its own.

Then it looks into what both templates publish.
"""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.simulators.package_index import running_index

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "docs/writing-a-handler.md", ROOT / "docs/checking-a-handler.md")
PORT_OF_THE_PAGE = "8080"
TOKEN = "token-of-the-tutorial"  # noqa: S105 - of an index that lives for a minute
DISTRIBUTION = "ha-device-backup-rain-gauge"
RECIPES = ROOT / "docs/recipe-template"
PRIVATE = ("password.txt", "backups/settings.json")
"""What an author may have beside the code, having tried it."""
SECONDS = 600


def commands() -> str:
    """Return the commands of the pages, in their order, with a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return "set -euxo pipefail\n" + "\n".join(blocks).replace(PORT_OF_THE_PAGE, str(port))


async def run(arguments: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
    """Run a program, and end whatever it leaves running."""
    process = await asyncio.create_subprocess_exec(
        *map(str, arguments), cwd=folder, env=os.environ | dict(environment), start_new_session=True
    )
    try:
        async with asyncio.timeout(SECONDS):
            status = await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    if status:
        raise SystemExit(f"{arguments[0]} ended with status {status}.")


def with_traces(package: Path, copy: Path) -> None:
    """Copy a package as its author may have it after trying it."""
    shutil.copytree(package, copy)
    for name in PRIVATE:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("canary", encoding="utf-8")


def told(folder: Path) -> list[str]:
    """Return what the one source in a folder tells that is nobody's business."""
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        return sorted({name.partition("/")[2] for name in archive.getnames()} & {*PRIVATE})


async def check_source(package: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Build what is published as source, and refuse traces in it."""
    with_traces(package, folder / "copy")
    await run(["uv", "build", "--quiet", "--sdist", f"--out-dir={folder}", folder / "copy"], folder, environment)
    if names := told(folder):
        raise SystemExit(f"The source of {package.name} holds {', '.join(names)}.")


async def main(wheels: Path) -> None:
    """Run the page in the environment of this interpreter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        published = folder / "published"
        published.mkdir()
        async with running_index(published, token=TOKEN) as index:
            environment = {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "PIP_FIND_LINKS": str(wheels),
                "UV_FIND_LINKS": str(wheels),
                "UV_PUBLISH_URL": index.upload_url,
                "UV_PUBLISH_TOKEN": TOKEN,
            }
            await run(["bash", "-c", commands()], folder, environment)
            another = folder / "another"
            install = (
                f"-m pip install --quiet --no-deps --index-url {index.simple_url} --target {another} {DISTRIBUTION}"
            )
            await run([sys.executable, *install.split()], folder, {})
            for package in (folder / DISTRIBUTION, RECIPES):
                with tempfile.TemporaryDirectory() as work:
                    await check_source(package, Path(work), environment)
    sys.stdout.write("The pages were run from the template to the published package.\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).absolute()))
