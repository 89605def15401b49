"""A package index on 127.0.0.1: takes uploads as PyPI does, and serves them to pip."""

import asyncio
import base64
import html
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiohttp import BodyPartReader, web

_MOST_BYTES = 16 * 1024 * 1024


class PackageIndex:
    """Keeps what is uploaded in a folder."""

    def __init__(self, folder: Path, *, token: str) -> None:
        """Take the folder and the token that an upload needs."""
        self.folder = folder
        self.token = token
        self.port = 0
        self.is_down = False
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    @property
    def upload_url(self) -> str:
        """Where `uv publish` and twine send to."""
        return f"http://127.0.0.1:{self.port}/legacy/"

    @property
    def simple_url(self) -> str:
        """Where pip looks."""
        return f"http://127.0.0.1:{self.port}/simple/"

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Answer nobody for a while."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    async def upload(self, request: web.Request) -> web.Response:
        """Keep one file."""
        expected = base64.b64encode(f"__token__:{self.token}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return web.Response(status=403, text="The token is wrong.")
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "content" and part.filename:
                (self.folder / Path(part.filename).name).write_bytes(await part.read())
                return web.Response()
        return web.Response(status=400, text="There is no file.")

    async def project(self, request: web.Request) -> web.Response:
        """List the files of a project."""
        wanted = request.match_info["name"]
        await self._may_answer.wait()
        if self.is_down:
            return web.Response(status=503)
        names = [path.name for path in sorted(self.folder.iterdir()) if _project(path.name) == wanted]
        if not names:
            return web.Response(status=404)
        links = "".join(f'<a href="/files/{name}">{html.escape(name)}</a>' for name in names)
        return web.Response(text=f"<!DOCTYPE html><html><body>{links}</body></html>", content_type="text/html")


def _project(filename: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"-\d", filename, maxsplit=1)[0]).lower()


@asynccontextmanager
async def running_index(folder: Path, *, token: str) -> AsyncIterator[PackageIndex]:
    """Serve the folder."""
    index = PackageIndex(folder, token=token)
    application = web.Application(client_max_size=_MOST_BYTES)
    application.router.add_post("/legacy/", index.upload)
    application.router.add_get("/simple/{name}/", index.project)
    application.router.add_static("/files", folder)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        index.port = runner.addresses[0][1]
        yield index
    finally:
        await runner.cleanup()
