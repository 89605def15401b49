"""The README explains every field of the form."""

from pathlib import Path

import pytest

import ha_device_backup_http
from ha_device_backup_core import ConfigField
from ha_device_backup_http import HttpHandler

README = Path(ha_device_backup_http.__file__).parents[1] / "README.md"


@pytest.mark.parametrize("declared", HttpHandler.spec.fields, ids=lambda declared: declared.key)
def test_every_field_is_explained(declared: ConfigField) -> None:
    table = README.read_text().partition("## Fields")[2].partition("### Logins")[0]
    assert any(str(declared.label) in line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
