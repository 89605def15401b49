"""What people choose from."""

from custom_components.ha_device_backups.forms.selectors import choose_many


def test_many_devices_are_check_boxes_up_to_fifty() -> None:
    assert choose_many({str(n): "x" for n in range(50)}).config["mode"] == "list"
    assert choose_many({str(n): "x" for n in range(51)}).config["mode"] == "dropdown"
