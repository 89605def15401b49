"""A place elsewhere at which Home Assistant keeps its backups."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import override

from homeassistant.components.backup import AgentBackup, BackupAgent, BackupAgentError
from homeassistant.components.backup.manager import BackupManager as HomeAssistantBackups


class Cloud(BackupAgent):
    """A place elsewhere, which hands a backup out piece by piece."""

    domain, name, unique_id = "test", "Cloud", "cloud"

    def __init__(self, backup: AgentBackup, file: Path) -> None:
        self.backup = backup
        self.file = file
        self.is_away = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    @override
    async def async_download_backup(self, backup_id: str, **kwargs: object) -> AsyncIterator[bytes]:
        if self.is_away:
            raise BackupAgentError("The cloud is gone.")
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        content = self.file.read_bytes()
        for at in range(0, len(content), 3000):
            await self.goes_on.wait()
            yield content[at : at + 3000]

    @override
    async def async_list_backups(self, **kwargs: object) -> list[AgentBackup]:
        if self.is_away:
            raise BackupAgentError("The cloud is gone.")
        return [self.backup]

    @override
    async def async_get_backup(self, backup_id: str, **kwargs: object) -> AgentBackup:
        return self.backup

    @override
    async def async_upload_backup(self, **kwargs: object) -> None:
        raise NotImplementedError

    @override
    async def async_delete_backup(self, backup_id: str, **kwargs: object) -> None:
        raise NotImplementedError


async def in_the_cloud(backups: HomeAssistantBackups, snapshot_id: str) -> Cloud:
    """Move a backup away from this machine."""
    local = backups.local_backup_agents["backup.local"]
    backup, file = await local.async_get_backup(snapshot_id), local.get_backup_path(snapshot_id)
    cloud = Cloud(backup, file.rename(file.with_suffix(".moved")))
    del backups.backup_agents["backup.local"]
    del backups.local_backup_agents["backup.local"]
    backups.backup_agents["test.cloud"] = cloud
    return cloud
