"""A recipe as a handler."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import ClassVar

from ha_device_backup_core import (
    Artifact,
    Config,
    DeviceBackupHandler,
    DeviceInfo,
    HandlerContext,
    InvalidArtifactError,
    Note,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import mac_address, mac_connection

from ..translation import _
from .collected import Collected
from .comparing import compared
from .engine import Engine
from .naming import code_of
from .recipe import Recipe
from .showing import shown
from .steps import SavedFile
from .validity import check_file

_ABSENT = "absent"
_LONGEST_ID = 255
_BUNDLE = "application/zip"
_MEDIA_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "tgz": "application/gzip",
    "gzip": "application/gzip",
    "tar": "application/x-tar",
    "sqlite": "application/vnd.sqlite3",
    "text": "text/plain",
}
"""A zip file of a device is one file, not a bundle of ours."""


class RecipeHandler(DeviceBackupHandler):
    """Backs up what its recipe says."""

    recipe: ClassVar[Recipe]

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O. Raises ConfigError for an address that is none."""
        super().__init__(context, config)
        self._engine = Engine(context, self.recipe, config)
        self._collected: Collected | None = None

    async def test_connection(self) -> DeviceInfo:
        """Log in and ask who it is; where nothing tells that, fetch the backup."""
        engine = self._engine
        await engine.open()
        await engine.identify()
        if not engine.was_answered and self._collected is None:
            self._collected = await engine.fetch()
        mac = mac_address(engine.fact("mac"))
        host = engine.base.partition("://")[2].rstrip("/")
        return DeviceInfo(
            unique_id=self._unique_id(),
            name=engine.fact("name") or host,
            manufacturer=self.spec.manufacturer or None,
            model=engine.fact("model"),
            version=engine.fact("version"),
            connections=(mac_connection(mac),) if mac else (),
            configuration_url=engine.base,
            notices=self._notices(),
        )

    def _unique_id(self) -> str | None:
        unique_id = self._engine.fact("unique_id")
        if unique_id is not None and not (unique_id.isprintable() and len(unique_id) <= _LONGEST_ID):
            raise UnexpectedResponseError(_("What it tells as its id is too long, or has signs that nobody sees."))
        return unique_id

    async def fetch_backup(self) -> Artifact:
        """Return the files, those that test_connection got a moment ago included."""
        if self._collected is None:
            await self._engine.open()
            self._collected = await self._engine.fetch()
        collected = self._collected
        attributes = {_ABSENT: "\n".join(collected.absent)} if collected.absent else {}
        single = self.recipe.single
        if single is not None and len(collected.files) == 1:
            ((name, content),) = collected.files.items()
            media_type = _MEDIA_TYPES.get(single.form, "application/octet-stream")
            return Artifact(
                filename=name,
                content=content,
                media_type=media_type,
                attributes=attributes,
                missing=collected.missing,
            )
        return Artifact.bundle(
            collected.files,
            filename=f"{self.recipe.spec.kind}.zip",
            attributes=attributes,
            missing=collected.missing,
        )

    async def close(self) -> None:
        """Log out."""
        await self._engine.close()

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Refuse what is not as the recipe says; return what this device does not have."""
        files = cls._files(artifact)
        for name, content in files.items():
            if (file := cls._file_of(name)) is not None:
                check_file(name, content, file)
        cls._demand_all(files)
        return tuple(
            Note(
                code=f"absent_{code_of(name)}",
                text=_("{name}: the device does not have this.", name=name),
                is_remark=True,
            )
            for name in artifact.attributes.get(_ABSENT, "").split("\n")
            if name
        )

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what changes by itself."""
        return compared(cls.recipe, cls._files(artifact))

    @classmethod
    def redact(cls, artifact: Artifact) -> Mapping[str, str]:
        """Return the texts that the recipe says what is secret of."""
        return shown(cls.recipe, cls._files(artifact))

    @classmethod
    def _files(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files by the names that they have in a backup; one that was handed in alone has its own."""
        single = cls.recipe.single
        if single is not None and (artifact.media_type != _BUNDLE or single.form == "zip"):
            return {single.path.source: artifact.content}
        return artifact.files()

    @classmethod
    def _file_of(cls, name: str) -> SavedFile | None:
        return next((file for file in cls.recipe.files if fnmatchcase(name, file.pattern)), None)

    @classmethod
    def _demand_all(cls, files: Mapping[str, bytes]) -> None:
        """Raise InvalidArtifactError where a file is missing that every backup has."""
        for file in cls.recipe.files:
            is_needed = not file.is_optional and not file.is_one_of_many and not file.path.gaps
            if is_needed and file.path.source not in files:
                raise InvalidArtifactError(_("{name} is missing in it.", name=file.path.source))
        if not any(cls._file_of(name) for name in files):
            raise InvalidArtifactError(_("It holds no file of this kind."))

    def _notices(self) -> tuple[Note, ...]:
        notices = []
        if self._engine.base.startswith("http://") and self._has_login():
            notices.append(
                Note(
                    code="not_encrypted",
                    text=_(
                        "The address begins with http://: the login and the backup travel in clear. Use https:// if"
                        " the device can."
                    ),
                )
            )
        if self.recipe.is_untested:
            notices.append(
                Note(
                    code="untested",
                    text=_(
                        "This kind was described from documents and has not been tried with the real thing. Look into"
                        " the first backup."
                    ),
                )
            )
        return tuple(notices)

    def _has_login(self) -> bool:
        return bool(self.recipe.open) or self.recipe.auth.scheme != "none"
