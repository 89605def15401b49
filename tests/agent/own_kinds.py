"""What is the same in the checks of the kinds that the agent brings itself."""

from pathlib import Path

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.trees.places import TreePlaces

OF_AGENT = dict.fromkeys(
    (
        "only_public_names_are_used",
        "package_is_registered",
        "package_names_its_core",
    ),
    "no package brings it: it is a part of the agent, whose folder of data it needs",
)


def at_agent(data: Path) -> TreePlaces:
    """Return the places of an agent with that folder of data."""
    folder = DataFolder(data)
    folder.prepare()
    return TreePlaces(folder)
