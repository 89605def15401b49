"""Compares two backups by their handler, in a thread and within the limits of all pure work."""

from ..changes import Comparison, compare
from ..contract import Artifact
from ..plugins.registry import RegisteredHandler
from .artifact_jobs import pure


async def changes(
    registered: RegisteredHandler, before: Artifact, after: Artifact, *, device: str | None = None
) -> Comparison:
    """Return what differs between two valid artifacts, without any secret; `device` is whose they are."""
    return await pure(registered, device, lambda: compare(registered.handler, before, after))
