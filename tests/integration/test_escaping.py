"""What others wrote is escaped once where Home Assistant shows Markdown, and never where it does not."""

from types import SimpleNamespace
from typing import cast

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.issues.package_issues import missing_packages
from custom_components.ha_device_backups.packages.package_manager import PackageManager
from custom_components.ha_device_backups.translation import async_phrases, escaped
from ha_device_backup_core.packages.requirement import PackageError
from ha_device_backup_core.packages.titles import PackageTitles
from ha_device_backup_core.plugins.registry import HandlerRegistry
from tests.simulators.fritzbox import SimulatedFritzBox

from .flow_steps import pick, placeholders_of, start, submit
from .router import add, router_entry

pytestmark = pytest.mark.usefixtures("refused_handshakes")


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    return await start(hass, "reconfigure", entry_id=entry.entry_id)


async def test_a_name_is_escaped_in_descriptions_and_left_alone_in_titles(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    fritz.box.confirmation.enabled = False
    entry = await add(hass, router_entry(fritz, "My *router*"))

    form = await reconfigure(hass, entry)

    assert (placeholders_of(form)["name"], placeholders_of(form)["plain_name"]) == (r"My \*router\*", "My *router*")


async def test_forms_say_which_secret_may_stay_empty(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = False
    entry = await add(hass, router_entry(fritz))

    helps = placeholders_of(await reconfigure(hass, entry))

    keeps = "Leave it empty to keep what is stored."
    assert helps["password_help"].endswith(keeps)
    assert helps["option_1_help"].endswith(keeps)
    assert keeps not in helps["username_help"]


async def test_a_login_is_asked_again_without_what_is_no_part_of_it(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    fritz.box.confirmation.enabled = False
    entry = await add(hass, router_entry(fritz))

    form = await start(hass, "reauth", data=dict(entry.data), entry_id=entry.entry_id)

    assert form["data_schema"] is not None
    assert [str(marker) for marker in form["data_schema"].schema] == ["password"]
    assert "Leave it empty" not in placeholders_of(form)["password_help"]


async def test_what_is_wrong_with_a_package_is_plain_in_forms_and_escaped_in_repairs(hass: HomeAssistant) -> None:
    phrases = await async_phrases(hass, "en")
    error = PackageError("not_found", name="my_*lamp*")
    assert error.sentence(phrases) == "There is no package my_*lamp*. Check the spelling."

    package_manager = cast("PackageManager", SimpleNamespace(absent={"my-lamp": error}))
    listed = missing_packages(package_manager, PackageTitles(HandlerRegistry(), {}), phrases, "en")
    assert listed == "- **my-lamp**: There is no package my\\_\\*lamp\\*. Check the spelling."

    assert escaped({"detail": "a *b*"}) == {"detail": r"a \*b\*"}


async def test_the_form_for_packages_shows_what_was_typed(hass: HomeAssistant) -> None:
    form = await pick(hass, await start(hass), "install_package")
    refused = await submit(hass, form, package="my_*lamp*")
    assert refused["errors"] == {"package": "package"}
    assert placeholders_of(refused)["error"].endswith("You entered: my_*lamp*")
