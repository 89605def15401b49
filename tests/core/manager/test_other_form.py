"""A backup whose file suddenly has another form is kept, and leads nobody astray."""

from collections.abc import Mapping

import pytest

from ha_device_backup_core.contract import Artifact, Note
from ha_device_backup_core.manager import Health
from ha_device_backup_core.records import Backup
from ha_device_backup_core.suspicion import Suspicion

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import Household, Lamp, LampHandler

A1 = key("a1")
LIGHTS = b'{"lights": "' + b"x" * 300 + b'"}'
REST = b'{"rest": "' + b"y" * 3000 + b'"}'
SORRY = b"Export is running.\nPlease wait until it has ended.\n" * 7


class FreeHandler(LampHandler):
    """Keeps whatever a lamp holds as files."""

    async def fetch_backup(self) -> Artifact:
        files = {name: str(text).encode() for name, text in self.lamp.settings.items()}
        if len(files) > 1:
            return Artifact.bundle(files)
        ((name, content),) = files.items()
        return Artifact(filename=name, content=content)

    @classmethod
    def validate(cls, artifact: Artifact) -> tuple[Note, ...]:
        return ()

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        return None

    @classmethod
    def normalize(cls, artifact: Artifact) -> Mapping[str, bytes]:
        return artifact.files()


async def backed_up(home: Home, lamp: Lamp, **files: bytes) -> Backup:
    """Return the backup of a lamp that holds these files."""
    lamp.settings = {name: content.decode() for name, content in files.items()}
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    return backup


@pytest.mark.parametrize(
    ("good", "bad", "suspicion"),
    [
        ({"lights": LIGHTS}, {"lights": SORRY}, Suspicion.OTHER_FORM),
        ({"lights": LIGHTS, "rest": REST}, {"lights": SORRY, "rest": REST}, Suspicion.OTHER_FORM),
        ({"lights": LIGHTS, "rest": REST}, {"lights": b"{}", "rest": REST}, Suspicion.FILE_SHRUNK),
    ],
)
async def test_it_is_recommended_once_a_person_accepts_it(
    open_home: OpenHome,
    household: Household,
    good: dict[str, bytes],
    bad: dict[str, bytes],
    suspicion: Suspicion,
) -> None:
    home = await open_home(registry=household.registry(base=FreeHandler))
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    before = await backed_up(home, lamp, **good)
    suspect = await backed_up(home, lamp, **bad)
    assert (suspect.suspicion, suspect.can_be_recommended) == (suspicion, False)
    status = home.manager.status(A1)
    assert (status.health, status.newest, status.recommended) == (Health.SUSPECT, suspect, before)

    well_again = await backed_up(home, lamp, **good | {"lights": LIGHTS + b"\n"})
    assert (well_again.suspicion, home.manager.status(A1).recommended) == (None, well_again)

    suspect = await backed_up(home, lamp, **bad)
    accepted = await home.manager.stored.accept(A1, suspect.id)
    status = home.manager.status(A1)
    assert (accepted.suspect, status.health, status.recommended) == (False, Health.OK, accepted)
    assert (accepted.suspect_files, accepted.why_suspect) == (None, None)
    next_one = await backed_up(home, lamp, **{name: content + b"\n" for name, content in bad.items()})
    assert (next_one.suspicion, home.manager.status(A1).recommended) == (None, next_one)


async def test_a_stored_backup_names_the_file_that_shrank(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=FreeHandler))
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    await backed_up(home, lamp, lights=LIGHTS, rest=REST)
    suspect = await backed_up(home, lamp, lights=b"{}", rest=REST)
    (stored, _) = await home.manager.stored.list_backups(A1)
    assert stored.suspect_files == suspect.suspect_files
    assert stored.to_dict()["suspect"] == f"The file lights shrank from {len(LIGHTS)} to 2 bytes."
    assert stored.to_dict("de")["suspect"] == f"Die Datei lights ist von {len(LIGHTS)} auf 2 Bytes geschrumpft."
