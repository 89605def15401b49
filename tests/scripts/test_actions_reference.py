"""The page on actions is the one that Home Assistant's texts make."""

import pytest
import yaml

from scripts import actions_reference

pytestmark = pytest.mark.once


def test_the_page_is_current() -> None:
    assert actions_reference.PATH.read_text() == actions_reference.text(), "python -m scripts.actions_reference"


def test_every_parameter_of_every_action_is_on_it() -> None:
    page = actions_reference.text()
    services = yaml.safe_load((actions_reference.INTEGRATION / "services.yaml").read_text())
    for name, service in services.items():
        assert f"action: ha_device_backups.{name}\n" in page
        for field in (service or {}).get("fields", {}):
            assert f"| `{field}` |" in page


def test_every_example_can_be_read() -> None:
    for block in actions_reference.text().split("```yaml\n")[1:]:
        example = yaml.safe_load(block.partition("```")[0])
        assert example["action"].startswith("ha_device_backups.")
