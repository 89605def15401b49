"""What looks as if a device had lost its configuration."""

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of
from ha_device_backup_core.text import in_language


def extent(*, configured: bool | None = None, files: int = 4, size: int = 100) -> Extent:
    return Extent(configured=configured, files=files, size=size)


@pytest.mark.parametrize(
    ("new", "before", "suspicion"),
    [
        (extent(), None, None),
        (extent(configured=False), None, None),
        (extent(configured=False), extent(configured=False), None),
        (extent(configured=False), extent(configured=None), Suspicion.FACTORY_STATE),
        (extent(configured=False), extent(configured=True), Suspicion.FACTORY_STATE),
        (extent(configured=True), extent(configured=True), None),
        (extent(files=2), extent(), None),
        (extent(files=1), extent(), Suspicion.FEWER_FILES),
        (extent(size=50), extent(), None),
        (extent(size=49), extent(), Suspicion.FEWER_BYTES),
        (extent(configured=True, size=49), extent(configured=True), Suspicion.FEWER_BYTES),
    ],
)
def test_less_than_half_or_factory_state_is_suspect(
    new: Extent, before: Extent | None, suspicion: Suspicion | None
) -> None:
    assert suspicion_of(new, before, comparable=True) is suspicion


def test_what_a_person_chose_may_be_less_but_a_reset_stays_one() -> None:
    assert suspicion_of(extent(files=1, size=1), extent(), comparable=False) is None
    assert suspicion_of(extent(configured=False), extent(), comparable=False) is Suspicion.FACTORY_STATE


def test_the_extent_of_a_bundle_is_that_of_its_files() -> None:
    bundle = Artifact.bundle({"a": b"x" * 1000, "b": b"y"})
    assert Extent.of(bundle, configured=True) == Extent(configured=True, files=2, size=1001)
    damaged = Artifact(filename="a.zip", content=b"no zip", media_type="application/zip")
    assert Extent.of(damaged, configured=None) == Extent(configured=None, files=1, size=6)


@pytest.mark.parametrize("suspicion", Suspicion)
def test_every_suspicion_has_words(suspicion: Suspicion) -> None:
    assert in_language(suspicion.text, "de") != in_language(suspicion.text, "en") != ""
