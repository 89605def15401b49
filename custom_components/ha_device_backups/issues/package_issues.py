"""Repairs about handler packages, made and taken back by themselves."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import async_get_loaded_integration
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import in_language
from ha_device_backup_core.host import (
    DeviceBackupManager,
    HandlerRegistry,
    PackageTitles,
    core_faults,
    installed_core,
    requirements_of,
)

from ..const import DOMAIN
from ..packages.catalogue import async_titles
from ..packages.package_manager import PackageManager
from ..page_paths import packages_path
from ..translation import Phrases, bullets, escape_markdown, loaded_phrases
from ..wording.page_links import page_links
from .issues import create_issue, delete_issue

PACKAGES_MISSING = "packages_missing"
RESTART_NEEDED = "restart_needed"
CORE_MISMATCH = "core_mismatch"

_RUNNING_CORE: HassKey[str] = HassKey(f"{DOMAIN}_running_core")


@callback
def async_report_missing(hass: HomeAssistant, package_manager: PackageManager, registry: HandlerRegistry) -> None:
    """Report which packages of the list could not be installed again, until they are there."""
    if not package_manager.absent:
        delete_issue(hass, PACKAGES_MISSING)
        return
    titles, phrases = async_titles(hass, registry), loaded_phrases(hass)
    create_issue(
        hass,
        PACKAGES_MISSING,
        PACKAGES_MISSING,
        {"packages": missing_packages(package_manager, titles, phrases, hass.config.language), "page": _link(phrases)},
        severity=ir.IssueSeverity.ERROR,
        is_fixable=True,
    )


def missing_packages(package_manager: PackageManager, titles: PackageTitles, phrases: Phrases, language: str) -> str:
    """Return a list of the packages that are not there, with the reason of each."""
    return bullets(
        f"**{escape_markdown(in_language(titles(name), language))}**: {escape_markdown(error.sentence(phrases))}"
        for name, error in sorted(package_manager.absent.items())
    )


@callback
def async_report_restart(hass: HomeAssistant, registry: HandlerRegistry) -> None:
    """Report which updates run only from the next start on."""
    titles = async_titles(hass, registry)
    waiting = [
        escape_markdown(in_language(titles(plugin.distribution, plugin.installed_version), hass.config.language))
        for plugin in registry.plugins
        if plugin.installed_version != plugin.version
    ]
    if waiting:
        placeholders = {"packages": bullets(waiting), "page": _link(loaded_phrases(hass))}
        create_issue(hass, RESTART_NEEDED, RESTART_NEEDED, placeholders, is_fixable=True)
    else:
        delete_issue(hass, RESTART_NEEDED)


async def async_note_running_core(hass: HomeAssistant) -> None:
    """Remember which core was imported, before a package of another integration can replace it on disk."""
    hass.data[_RUNNING_CORE] = await hass.async_add_executor_job(installed_core)


async def async_check_core(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Report when the core that runs is not the one that this integration and the handlers need."""
    installed = await hass.async_add_executor_job(installed_core)
    names = {plugin.distribution for plugin in manager.registry.plugins}
    faults = core_faults(
        running=hass.data.get(_RUNNING_CORE, installed),
        installed=installed,
        integration=async_get_loaded_integration(hass, DOMAIN).requirements,
        packages=await hass.async_add_executor_job(requirements_of, names),
    )
    if not faults:
        delete_issue(hass, CORE_MISMATCH)
        return
    phrases = loaded_phrases(hass)
    lines = [escape_markdown(phrases(f"core_{fault}", **values)) for fault, values in faults]
    placeholders = {"faults": bullets(lines), "page": _link(phrases)}
    create_issue(hass, CORE_MISMATCH, CORE_MISMATCH, placeholders, severity=ir.IssueSeverity.ERROR)


def _link(phrases: Phrases) -> str:
    return page_links(phrases, ("page_packages", packages_path()))
