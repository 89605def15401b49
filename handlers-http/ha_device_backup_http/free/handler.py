"""The handler of whatever has a URL: the form, and the one engine that runs the recipe made of it."""

from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    AuthenticationError,
    Config,
    ConfigError,
    DeviceBackupHandler,
    DeviceInfo,
    HandlerContext,
    HandlerSpec,
    InvalidArtifactError,
    Note,
    UnexpectedResponseError,
    joined,
)

from ..recipe.build import built
from ..recipe.capturing import NotCapturedError
from ..recipe.collected import Collected
from ..recipe.engine import Engine
from ..recipe.login_page import NO_FORM
from ..recipe.recipe import Recipe
from ..recognise import Form
from ..translation import _
from .artifact import make_artifact
from .document import document_of
from .entered import EnteredForm, wanted_of
from .fields import FIELDS, LARGEST_MIB, SECONDS
from .rules import normalize, rules_of
from .saved import saved_recipe
from .validate import gaps, validate, with_way_on

_MEBIBYTE = 1024 * 1024
_NAME = _("Anything with a URL")


class HttpHandler(DeviceBackupHandler):
    """Backs up what one or several addresses give; a person puts it back by the device's own page."""

    spec: ClassVar[HandlerSpec] = HandlerSpec(
        kind="http",
        name=_NAME,
        api_version=ApiVersion(1, 0),
        fields=FIELDS,
        fetch_timeout=float(SECONDS),
        max_artifact_bytes=LARGEST_MIB * _MEBIBYTE,
        documentation="https://github.com/ha-device-backups/ha-device-backups/blob/main/handlers-http/README.md",
        omits=(
            _(
                "What the device leaves out of its download; often passwords and files beside the"
                " configuration. Look into the first backup."
            ),
        ),
        restore_guide=(
            _("Download the backup. If it was made of several addresses, it is a zip file: unpack it."),
            _(
                "Open the page of the device and look for restore, import or upload, usually where the"
                " configuration can be downloaded. If the device is new or was reset, first bring it to the"
                " version that the backup is of."
            ),
            _("Upload the file as it is, enter the passwords that the device asks for, and check it."),
            _("Press “Back up now”."),
        ),
    )

    def __init__(self, context: HandlerContext, config: Config) -> None:
        """Prepare one job; no I/O. Raises ConfigError for what cannot be used."""
        super().__init__(context, config)
        self._wanted = wanted_of(config)
        entered = {**self._wanted.values, "url": str(self._wanted.origin), "certificate": self._wanted.certificate}
        self._engine = Engine(context, recipe_of(self._wanted), entered)
        self._artifact: Artifact | None = None

    async def test_connection(self) -> DeviceInfo:
        """Fetch everything, which shows whether addresses, login and rules are right; addresses have no identity."""
        artifact = await self._fetch()
        return DeviceInfo(
            unique_id=None,
            name=self._wanted.origin.human_repr().partition("://")[2].rstrip("/"),
            configuration_url=str(self._wanted.origin),
            notices=(*self._notices(artifact), *await self.context.run_blocking(_gaps, artifact)),
        )

    async def fetch_backup(self) -> Artifact:
        """Return what test_connection fetched a moment ago, or fetch it now: each job asks and logs in once."""
        return await self._fetch()

    async def close(self) -> None:
        """Leave the device."""
        await self._engine.close()

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts about a backup, or refuse it."""
        return validate(artifact)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what a person does not want to be compared."""
        return normalize(artifact)

    @classmethod
    def kind_files(cls, config: Config, name: str, artifact: Artifact | None) -> Mapping[str, bytes]:
        """Return what was entered as a recipe."""
        file, text = saved_recipe(config, name, artifact)
        return {file: text.encode()}

    async def _fetch(self) -> Artifact:
        if self._artifact is None:
            collected = await self._collected()
            self._artifact = await self.context.run_blocking(make_artifact, self._wanted, collected)
        return self._artifact

    async def _collected(self) -> Collected:
        """Run the recipe; what goes wrong is told with the field of the form that may be wrong."""
        await self._log_in()
        try:
            return await self._engine.fetch()
        except InvalidArtifactError as error:
            raise with_way_on(error) from error

    async def _log_in(self) -> None:
        try:
            await self._engine.open()
        except NotCapturedError as error:
            if not error.is_of_form:
                raise UnexpectedResponseError(_("The answer to the login is no JSON.")) from error
            raise self._no_token() from error
        except (AuthenticationError, UnexpectedResponseError) as error:
            if error.detail is NO_FORM:
                way_on = _("Enter the address of the page that asks for it, or the login fields.")
                raise type(error)(joined((NO_FORM, way_on), " ")) from error
            raise
        if self._wanted.login.answer and not _is_token(self._engine.value("session")):
            raise self._no_token()

    def _no_token(self) -> ConfigError:
        place = self._wanted.login.answer
        return ConfigError("login_answer", _("The answer to the login has no token at {place}.", place=place))

    def _notices(self, artifact: Artifact) -> tuple[Note, ...]:
        rules = rules_of(artifact)
        forms = rules.forms if rules else {}
        came = [name if form is Form.OTHER else f"{name} ({form.upper()})" for name, form in forms.items()]
        notices = [
            Note(
                code="received",
                text=_("This came: {files}, {size} bytes.", files=", ".join(came), size=len(artifact.content)),
            )
        ]
        if self._wanted.origin.scheme == "http" and self._wanted.login.kind != "none":
            notices.append(
                Note(
                    code="not_encrypted",
                    text=_(
                        "The address begins with http://: the login and the backup travel in clear. Use https:// if"
                        " the device can."
                    ),
                )
            )
        return tuple(notices)


def recipe_of(wanted: EnteredForm) -> Recipe:
    """Return the recipe that the form fills."""
    recipe, problems = built(document_of(wanted, HttpHandler.spec.kind, _NAME))
    if recipe is None:
        raise ConfigError("url", problems[0].wrong)
    return recipe


def _is_token(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).isprintable()


def _gaps(artifact: Artifact) -> tuple[Note, ...]:
    """Return what the first backup will lack, and what will be in doubt in it: it is made of the same answers."""
    rules = rules_of(artifact)
    return gaps(artifact, rules) if rules else ()
