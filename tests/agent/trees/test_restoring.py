"""What the plan of a tree tells."""

from ha_device_backup_agent.trees.restoring import plan_of_differences
from ha_device_backup_agent.trees.rsync import Difference
from ha_device_backup_core import in_language


def risks(folder: str, *names: str) -> list[str]:
    plan = plan_of_differences(folder, [Difference(name=name, is_new=False, content=True) for name in names])
    return [in_language(text) for text in plan.risks]


def test_files_by_which_a_device_is_reached_are_told() -> None:
    assert risks("/srv", "photos/1.jpg", "notes/network.txt") == []
    (risk,) = risks("/etc", "motd", "network/interfaces", "ssh/sshd_config")
    assert risk == (
        "These say how it is in its network and who gets in; it may be found elsewhere afterwards, or not let you in: "
        "/etc/network/interfaces, /etc/ssh/sshd_config"
    )
    assert risks("/home/pi/.ssh/", "authorized_keys")[0].endswith(": /home/pi/.ssh/authorized_keys")
