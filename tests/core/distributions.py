"""Installs real distributions into a folder, as pip would leave them."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import dedent

from ha_device_backup_core.package_problems import Problem
from ha_device_backup_core.plugins.registry import HandlerRegistry, load_handlers
from ha_device_backup_core.text import in_language

HANDLER = """
from ha_device_backup_core import ApiVersion, Artifact, DeviceBackupHandler, DeviceInfo, HandlerSpec, Note, hookimpl


class {name}(DeviceBackupHandler):
    spec = HandlerSpec(kind="{kind}", name="{name}", api_version={api}, fields=())

    async def test_connection(self) -> DeviceInfo:
        return DeviceInfo(unique_id="{kind}-1", name="{name}")

    async def fetch_backup(self) -> Artifact:
        return Artifact(filename="{kind}.txt", content=b"content")

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return ()


@hookimpl
def device_backup_handlers():
    return [{name}]
"""


def handler_source(kind: str, *, name: str = "Lamp", api: str = "ApiVersion(1, 0)") -> str:
    return HANDLER.format(kind=kind, name=name, api=api)


@dataclass
class SitePackages:
    """A folder that holds distributions; `scan` looks at nothing else."""

    folder: Path
    modules: set[str] = field(default_factory=set)

    def install(
        self,
        name: str,
        source: str | None,
        *,
        version: str = "1.0",
        module: str = "",
        entry_points: str | None = None,
        requires: Sequence[str] = (),
    ) -> None:
        module = module or name.replace("-", "_")
        self.modules.add(module)
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        if entry_points is None:
            entry_points = f"[ha_device_backup]\n{module} = {module}\n"
        (info / "entry_points.txt").write_text(entry_points)
        if source is not None:
            (self.folder / f"{module}.py").write_text(dedent(source))

    def remove(self, name: str, *, version: str = "1.0") -> None:
        shutil.rmtree(self.folder / f"{name.replace('-', '_')}-{version}.dist-info")

    def scan(self) -> HandlerRegistry:
        with self.on_path():
            return load_handlers()

    @contextmanager
    def on_path(self) -> Iterator[None]:
        before = sys.path[:]
        sys.path[:] = [str(self.folder), *(entry for entry in before if "site-packages" not in entry)]
        try:
            yield
        finally:
            sys.path[:] = before

    def forget(self) -> None:
        for module in self.modules:
            sys.modules.pop(module, None)


def in_english(problem: Problem) -> Problem:
    """Return the problem with its English text, after a look at the German one."""
    assert in_language(problem.message, "de") != in_language(problem.message)
    return replace(problem, message=in_language(problem.message))
