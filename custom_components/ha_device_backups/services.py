"""The actions, for administrators."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ha_device_backup_core import DeviceBackupError, Person
from ha_device_backup_core.host import ANYONE, DeviceBackupManager, DeviceKey, StoreDamagedError, Trigger

from .actions.export import async_export
from .actions.responses import (
    ActionResponse,
    backup_answer,
    plan_answer,
    raise_if_any_failed,
    raise_if_damaged,
    restore_answer,
    result_answer,
    snapshots_with,
    verify_answer,
)
from .actions.restore_guide import async_restore_guide, is_guided
from .actions.targets import (
    ATTR_DEVICE_ID,
    ATTR_DEVICE_KEY,
    ActionTarget,
    async_all_targets,
    async_device_ids,
    async_one_target,
    async_target_of_device,
    async_target_of_key,
    async_targets,
)
from .const import DOMAIN
from .coordinator import async_coordinator, titles
from .issues.issues import async_report_damage
from .listeners.firmware_updates import async_update_with_backup
from .listeners.notifications import async_notify_unreliable
from .manager import async_get_manager
from .panel.download import async_download_link
from .translation import (
    async_error_renderer,
    async_person_language,
    async_phrases,
    home_assistant_error,
    loaded_phrases,
    raised_text,
)

ATTR_ALL = "all"
ATTR_ATTENDED = "attended"
ATTR_BACKUP_ID = "backup_id"
ATTR_ENTITY_ID = "entity_id"
ATTR_EVEN_IF_NEEDED = "even_if_needed"
ATTR_FOLDER = "folder"
ATTR_WITHOUT_SAFETY_BACKUP = "without_safety_backup"
ATTR_VERSION = "version"

_BACKUP_ID = vol.All(cv.string, lambda text: text.strip().removeprefix("backup_"), vol.Length(min=1))
"""People copy it from the name of a file, too."""
_TEXT = vol.All(cv.string, str.strip, vol.Length(min=1))
"""What an automation fills in with nothing means no device, no folder, no version: not the usual one."""
_DEVICES = {vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string])}
_DEVICES_OR_KEY = {**_DEVICES, vol.Optional(ATTR_DEVICE_KEY): _TEXT}
_ONE_BACKUP = {**_DEVICES_OR_KEY, vol.Required(ATTR_BACKUP_ID): _BACKUP_ID}
_RESTORE = {
    vol.Required(ATTR_DEVICE_ID): cv.string,
    vol.Optional(ATTR_DEVICE_KEY): _TEXT,
    vol.Optional(ATTR_BACKUP_ID): _BACKUP_ID,
}


@callback
def async_register_services(hass: HomeAssistant) -> None:
    """Register all actions."""
    for name, action, schema, response in (
        (
            "back_up",
            _back_up,
            {**_DEVICES, vol.Optional(ATTR_ALL): cv.boolean, vol.Optional(ATTR_ATTENDED): cv.boolean},
            SupportsResponse.OPTIONAL,
        ),
        ("list_backups", _list_backups, _DEVICES_OR_KEY, SupportsResponse.ONLY),
        ("verify", _verify, _DEVICES_OR_KEY, SupportsResponse.OPTIONAL),
        ("plan_restore", _plan_restore, _RESTORE, SupportsResponse.ONLY),
        (
            "restore",
            _restore,
            {**_RESTORE, vol.Optional(ATTR_WITHOUT_SAFETY_BACKUP, default=False): cv.boolean},
            SupportsResponse.OPTIONAL,
        ),
        ("accept_backup", _accept_backup, _ONE_BACKUP, SupportsResponse.OPTIONAL),
        ("protect_backup", partial(_protect_backup, protected=True), _ONE_BACKUP, SupportsResponse.OPTIONAL),
        ("unprotect_backup", partial(_protect_backup, protected=False), _ONE_BACKUP, SupportsResponse.OPTIONAL),
        (
            "delete_backup",
            _delete_backup,
            {**_ONE_BACKUP, vol.Optional(ATTR_EVEN_IF_NEEDED, default=False): cv.boolean},
            SupportsResponse.OPTIONAL,
        ),
        (
            "export_backup",
            _export_backup,
            {**_DEVICES_OR_KEY, vol.Optional(ATTR_BACKUP_ID): _BACKUP_ID, vol.Optional(ATTR_FOLDER): _TEXT},
            SupportsResponse.OPTIONAL,
        ),
        (
            "update_with_backup",
            _update_with_backup,
            {vol.Required(ATTR_ENTITY_ID): cv.entity_domain("update"), vol.Optional(ATTR_VERSION): _TEXT},
            SupportsResponse.OPTIONAL,
        ),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, partial(action, hass), schema=vol.Schema(schema), supports_response=response
        )


@asynccontextmanager
async def _manager(hass: HomeAssistant) -> AsyncIterator[tuple[DeviceBackupManager, str]]:
    """Lend the manager and the language of the person, and say in that language what goes wrong."""
    language = await async_person_language(hass)
    try:
        manager = await async_get_manager(hass)
        try:
            yield manager, language
        except StoreDamagedError:
            async_report_damage(hass, await manager.stored.verify(), everything=True)
            raise
    except DeviceBackupError as error:
        raise home_assistant_error(error, language) from error


async def _back_up(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, _):
        targets = await async_targets(hass, manager, call)
        for target in targets:
            target.require_set_up()
        if call.data.get(ATTR_ALL):
            keys, person = sorted(manager.keys()), None
        elif targets:
            keys, person = [target.key for target in targets], _person(call)
        else:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="back_up_what")
        results = await asyncio.gather(*(manager.back_up(key, trigger=Trigger.MANUAL, person=person) for key in keys))
    language = await async_person_language(hass)
    render = await async_error_renderer(hass, language)
    if not call.return_response:
        if call.context.user_id is not None:
            async_notify_unreliable(hass, results)
        raise_if_any_failed(results, render)
    ids = async_device_ids(hass, (result.key for result in results))
    return {"devices": [result_answer(result, ids[result.key], render, language) for result in results]}


async def _list_backups(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, language):
        targets = await async_targets(hass, manager, call) or await async_all_targets(hass, manager)
        ids = async_device_ids(hass, (target.key for target in targets))
        return {
            "devices": [
                {
                    "device_id": ids[target.key],
                    "device_key": str(target.key),
                    "title": target.title,
                    "without_device": target.entry is None,
                    "backups": await _backups(manager, target, language),
                }
                for target in targets
            ]
        }


async def _backups(manager: DeviceBackupManager, target: ActionTarget, language: str) -> list[ActionResponse]:
    backups = await manager.stored.list_backups(target.key)
    offered = manager.stored.offered(target.key, backups)
    return [
        {
            **backup_answer(backup, language),
            "recommended": backup.is_recommended(offered),
            "home_assistant_backups": snapshots_with(manager, target.key, backup.id),
        }
        for backup in backups
    ]


async def _verify(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, language):
        targets = await async_targets(hass, manager, call)
        stored = manager.stored
        reports = [await stored.verify(target.key) for target in targets] if targets else [await stored.verify()]
        for report in reports:
            async_report_damage(hass, report, everything=not targets)
    if not call.return_response:
        raise_if_damaged(reports)
    waiting = None if targets else titles(async_coordinator(hass).shown, lambda one: one.is_problem)
    return verify_answer(reports, waiting, loaded_phrases(hass), language)


async def _plan_restore(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, language):
        target, source = await _ends_of_restore(hass, manager, call)
        backup_id = call.data.get(ATTR_BACKUP_ID)
        if (guided := _guided(manager, target.key, source)) is not None:
            return (await async_restore_guide(hass, manager, guided, backup_id, export=False)).answer(language)
        preview = await manager.plan_restore(target.key, backup_id, source=source, person=_person(call))
        return plan_answer(preview, language)


async def _restore(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, language):
        target, source = await _ends_of_restore(hass, manager, call)
        backup_id = call.data.get(ATTR_BACKUP_ID)
        if (guided := _guided(manager, target.key, source)) is not None:
            guide = await async_restore_guide(hass, manager, guided, backup_id, export=True)
            if not call.return_response:
                raise guide.error(await async_phrases(hass, language), language)
            return guide.answer(language)
        result = await manager.restore(
            target.key,
            backup_id,
            source=source,
            safety_backup=not call.data[ATTR_WITHOUT_SAFETY_BACKUP],
            person=ANYONE,
        )
        return restore_answer(result, await async_error_renderer(hass, language), language)


async def _ends_of_restore(
    hass: HomeAssistant, manager: DeviceBackupManager, call: ServiceCall
) -> tuple[ActionTarget, DeviceKey | None]:
    """Return the device that is written, and the one whose backup that is, where another one is named."""
    target = async_target_of_device(hass, call.data[ATTR_DEVICE_ID])
    target.require_set_up()
    text = call.data.get(ATTR_DEVICE_KEY)
    return target, (await async_target_of_key(hass, manager, text)).key if text else None


def _guided(manager: DeviceBackupManager, target: DeviceKey, source: DeviceKey | None) -> DeviceKey | None:
    """Return the device whose backup it is, where a person puts it on the target by hand; else None."""
    source = source or target
    return source if source.kind == target.kind and is_guided(manager.handlers.get(target)) else None


def _person(call: ServiceCall) -> Person | None:
    return ANYONE if _is_attended(call) else None


async def _accept_backup(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, _):
        target = await async_one_target(hass, manager, call)
        backup = await manager.stored.accept(target.key, call.data[ATTR_BACKUP_ID])
        return {"device_key": str(target.key), "backup_id": backup.id}


async def _protect_backup(hass: HomeAssistant, call: ServiceCall, *, protected: bool) -> ActionResponse:
    async with _manager(hass) as (manager, _):
        target = await async_one_target(hass, manager, call)
        backup = await manager.stored.protect(target.key, call.data[ATTR_BACKUP_ID], protected=protected)
        return {"device_key": str(target.key), "backup_id": backup.id, "protected": backup.protected}


def _is_attended(call: ServiceCall) -> bool:
    """Return whether somebody waits who can follow instructions: people call actions, automations do too."""
    return bool(call.data.get(ATTR_ATTENDED, call.context.user_id is not None))


async def _delete_backup(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, _):
        target = await async_one_target(hass, manager, call)
        await manager.stored.delete_backup(
            target.key, call.data[ATTR_BACKUP_ID], even_if_needed=call.data[ATTR_EVEN_IF_NEEDED]
        )
        return {"device_key": str(target.key), "backup_id": call.data[ATTR_BACKUP_ID]}


async def _export_backup(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    async with _manager(hass) as (manager, _):
        target = await async_one_target(hass, manager, call)
        backup_id = await manager.stored.backup_id(target.key, call.data.get(ATTR_BACKUP_ID))
        path = await async_export(hass, manager, target.key, backup_id, call.data.get(ATTR_FOLDER))
        return {
            "device_key": str(target.key),
            "backup_id": backup_id,
            "path": str(path),
            "download": async_download_link(hass, target.key, backup_id),
        }


async def _update_with_backup(hass: HomeAssistant, call: ServiceCall) -> ActionResponse:
    try:
        async with _manager(hass) as (manager, language):
            result = await async_update_with_backup(
                hass, manager, call.data[ATTR_ENTITY_ID], call.data.get(ATTR_VERSION), call.context
            )
    except HomeAssistantError as error:
        if isinstance(error, ServiceValidationError) or not call.return_response:
            raise
        return {"installed": False, "message": raised_text(hass, error)}
    render, ids = await async_error_renderer(hass, language), async_device_ids(hass, [result.key])
    return {"installed": True, "message": "", **result_answer(result, ids[result.key], render, language)}
