"""Repairs about one device each: its backup may be wrong or lacks something, another answers at its address."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ha_device_backup_core.host import Decision, DeviceKey, DeviceStatus, Health, decision_of

from ..coordinator import Coordinator, DeviceChange
from ..entries import entry_path
from ..page_paths import compare_path, path_of
from ..translation import Phrases, escape_markdown, loaded_phrases, moment, named
from ..wording.gaps import listed, restore_gaps, suspicion_text
from ..wording.page_links import page_links
from .issues import create_issue, delete_issue


@callback
def async_watch_device_issues(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Follow how each device is."""
    coordinator.watch(DeviceIssues(hass))


def issue_id(kind: str, key: DeviceKey) -> str:
    """Return the id of the repair of that kind about a device."""
    return f"{kind}_{key}"


def placeholders(hass: HomeAssistant, status: DeviceStatus, phrases: Phrases, language: str) -> dict[str, str]:
    """Return what the texts about a device fill in, for Markdown."""
    latest, recommended = status.latest, status.recommended
    unfinished = status.unfinished_restore
    both = [backup.taken_at for backup in (latest, recommended) if backup is not None]
    return {
        **named(status.title),
        "date": "" if latest is None else moment(latest.taken_at, phrases, *both),
        "reason": escape_markdown(suspicion_text(latest, language) or ""),
        "recommended": "–" if recommended is None else moment(recommended.taken_at, phrases, *both),
        "gaps": restore_gaps(recommended, phrases),
        "flaws": listed(status.gaps, language),
        "begun": "" if unfinished is None else moment(unfinished.begun_at, phrases),
        "page": _links(status, phrases),
        "entry": entry_path(hass, status.key),
    }


def _links(status: DeviceStatus, phrases: Phrases) -> str:
    """Return what leads to the page, where the same is seen and done with more room."""
    links = [("page_link", path_of(status))]
    latest, recommended = status.latest, status.recommended
    if status.health is Health.SUSPECT and latest is not None and recommended is not None:
        links.append(("page_compare", compare_path(status.key, recommended.id, latest.id)))
    return page_links(phrases, *links)


class DeviceIssues:
    """Owns which of these repairs there are."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._shown: dict[DeviceKey, tuple[str, Mapping[str, str]]] = {}

    @callback
    def handle(self, change: DeviceChange) -> None:
        """Look again at the device."""
        self._show(change.key, None if change.shown is None else change.shown.status)

    @callback
    def publish(self) -> None:
        """Nothing is shown of several devices together."""

    def _show(self, key: DeviceKey, status: DeviceStatus | None) -> None:
        if status is not None and status.restoring:
            # Whoever opens it meanwhile finds the restore; what is left to decide is known when that has ended.
            return
        kind = None if status is None else decision_of(status)
        wanted = None
        if kind is not None and status is not None:
            wanted = kind, placeholders(self._hass, status, loaded_phrases(self._hass), self._hass.config.language)
        shown = self._shown.get(key)
        if shown == wanted:
            return
        if shown is not None and (wanted is None or wanted[0] != shown[0]):
            delete_issue(self._hass, issue_id(shown[0], key))
        if wanted is None:
            self._shown.pop(key)
            return
        self._shown[key] = wanted
        create_issue(
            self._hass,
            issue_id(wanted[0], key),
            wanted[0],
            wanted[1],
            severity=ir.IssueSeverity.WARNING if wanted[0] == Decision.NOT_WHOLE else ir.IssueSeverity.ERROR,
            is_fixable=True,
        )
