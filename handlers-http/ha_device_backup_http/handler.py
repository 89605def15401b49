"""The handler of whatever has a URL."""

from collections.abc import Mapping
from typing import ClassVar

from ha_device_backup_core import (
    ApiVersion,
    Artifact,
    Config,
    DeviceBackupHandler,
    DeviceInfo,
    HandlerContext,
    HandlerSpec,
    Note,
)

from .access import Access
from .collect import Collector
from .fields import FIELDS
from .login_plan import LoginKind
from .normalize import normalize
from .plan import make_plan
from .recognise import Form
from .rules import rules_of
from .translation import _
from .validate import gaps, validate

_MEBIBYTE = 1024 * 1024


class HttpHandler(DeviceBackupHandler):
    """Backs up what one or several addresses give; a person puts it back by the device's own page."""

    spec: ClassVar[HandlerSpec] = HandlerSpec(
        kind="http",
        name=_("Anything with a URL"),
        api_version=ApiVersion(1, 0),
        fields=FIELDS,
        fetch_timeout=180.0,
        max_artifact_bytes=32 * _MEBIBYTE,
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
        self._plan = make_plan(config)
        limit = self.spec.max_artifact_bytes
        access = Access(context, self._plan.origin, self._plan.login, self._plan.login_headers, limit)
        self._collector = Collector(config, self._plan, access, limit, context.run_blocking)
        self._artifact: Artifact | None = None

    async def test_connection(self) -> DeviceInfo:
        """Fetch everything, which shows whether addresses, login and rules are right; addresses have no identity."""
        artifact = await self._fetch()
        return DeviceInfo(
            unique_id=None,
            name=self._plan.origin.human_repr().partition("://")[2].rstrip("/"),
            configuration_url=str(self._plan.origin),
            notices=(*self._notices(artifact), *await self.context.run_blocking(_gaps, artifact)),
        )

    async def fetch_backup(self) -> Artifact:
        """Return what test_connection fetched a moment ago, or fetch it now: each job asks and logs in once."""
        return await self._fetch()

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        """Return the doubts about a backup, or refuse it."""
        return validate(artifact)

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        """Return the files without what a person does not want to be compared."""
        return normalize(artifact)

    async def _fetch(self) -> Artifact:
        if self._artifact is None:
            self._artifact = await self._collector.collect()
        return self._artifact

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
        if self._plan.origin.scheme == "http" and self._plan.login.kind is not LoginKind.NONE:
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


def _gaps(artifact: Artifact) -> tuple[Note, ...]:
    """Return what the first backup will lack, and what will be in doubt in it: it is made of the same answers."""
    rules = rules_of(artifact)
    return gaps(artifact, rules) if rules else ()
