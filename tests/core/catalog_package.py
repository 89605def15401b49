"""A package with translations, made for a test."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from ha_device_backup_core import catalogs


@contextmanager
def installed_catalogs(
    package: str, files: Mapping[str, object], folder: Path, patch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Have a package with these files in `translations`; what is no text or bytes is written as JSON."""
    translations = folder / package / "translations"
    translations.mkdir(parents=True)
    (folder / package / "__init__.py").touch()
    for name, content in files.items():
        (translations / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with patch.context() as patched:
        patched.syspath_prepend(folder)
        yield
    sys.modules.pop(package, None)
    catalogs._read.pop(package, None)  # packages stay for good, but for tests
    catalogs._registered.discard(package)
