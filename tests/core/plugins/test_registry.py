import pytest

from ha_device_backup_core.errors import HandlerUnavailableError
from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.registry import Plugin

from ..distributions import SitePackages, handler_source, in_english
from .conftest import AUTHOR, outcome, problem


def test_installed_handler_is_found(site: SitePackages) -> None:
    registry = site.scan()

    assert registry.problems == ()
    assert registry.plugins == (
        Plugin(name="good_plugin", distribution="good-plugin", version="2.0", kinds=("good",), installed_version="2.0"),
    )
    found = registry.get("good")
    assert (found.kind, found.distribution, found.version, found.can_restore) == ("good", "good-plugin", "2.0", False)
    assert found.spec is found.handler.spec


def test_registry_cannot_be_changed(site: SitePackages) -> None:
    with pytest.raises(TypeError):
        site.scan().handlers["other"] = site.scan().get("good")  # type: ignore[index] # what is tested


def test_kind_that_nobody_brings(site: SitePackages) -> None:
    with pytest.raises(HandlerUnavailableError) as caught:
        site.scan().get("fridge")

    assert in_english(caught.value.problem) == Problem(
        kind=ProblemKind.NOT_INSTALLED,
        distribution="",
        version="",
        message="Install the package that brings “fridge”.",
        handler_kind="fridge",
    )


def test_entry_point_that_names_nothing(site: SitePackages) -> None:
    site.install("bad-plugin", handler_source("bad"), entry_points="[ha_device_backup]\nbad = bad_plugin:plugin.deep\n")

    assert outcome(site.scan()) == (
        ["good"],
        (
            problem(
                ProblemKind.IMPORT_FAILED,
                f"bad-plugin 1.0 names “bad_plugin:plugin.deep” as its entry point, which does not exist. {AUTHOR}",
                handler_kind="bad",
            ),
        ),
    )


@pytest.mark.parametrize("value", ["not a module!", "bad-plugin", ""])
def test_entry_point_that_is_no_reference(site: SitePackages, value: str) -> None:
    site.install("bad-plugin", handler_source("bad"), entry_points=f"[ha_device_backup]\nbad = {value}\n")

    assert outcome(site.scan()) == (
        ["good"],
        (
            problem(
                ProblemKind.IMPORT_FAILED,
                f"bad-plugin 1.0 names “{value}” as its entry point, which does not exist. {AUTHOR}",
                handler_kind="bad",
            ),
        ),
    )


def test_entry_point_may_name_an_object(site: SitePackages) -> None:
    source = (
        handler_source("good_object")
        + """
class Plugin:
    @hookimpl
    def device_backup_handlers(self):
        return (Lamp,)

plugin = Plugin()
"""
    )
    site.install("object-plugin", source, entry_points="[ha_device_backup]\nx = object_plugin:plugin\n")

    assert outcome(site.scan()) == (["good", "good_object"], ())


def test_damaged_metadata_of_any_package_hurts_nobody(site: SitePackages, caplog: pytest.LogCaptureFixture) -> None:
    site.install("damaged-one", None, entry_points="[ha_device_backup]\nwithout a value\n")
    site.install("damaged-two", None, entry_points="without = a section\n[other]\nwithout a value\n")

    assert outcome(site.scan()) == (["good"], ())
    assert [record.getMessage() for record in caplog.records] == [
        "The metadata of an installed package is damaged; install it again"
    ]


def test_requirement_that_is_not_installed(site: SitePackages) -> None:
    site.install(
        "bad-plugin",
        handler_source("bad"),
        requires=["good-plugin>=1", "other-thing; python_version < '3'", "Some_Library[extra]>=1.2,<2"],
    )

    assert outcome(site.scan()) == (
        ["good"],
        (
            problem(
                ProblemKind.DEPENDENCY_MISSING,
                "bad-plugin 1.0 needs “Some_Library[extra]>=1.2,<2”, which is not installed."
                " Install bad-plugin again with its dependencies.",
            ),
        ),
    )

    site.install("some-library", None, entry_points="")
    assert outcome(site.scan()) == (["bad", "good"], ())


def test_first_by_name_keeps_a_kind(site: SitePackages) -> None:
    site.install("zzz-plugin", handler_source("good"))
    site.install("aaa-plugin", handler_source("good"), entry_points="[ha_device_backup]\nz = aaa_plugin\n")

    registry = site.scan()

    assert registry.get("good").distribution == "aaa-plugin"
    assert outcome(registry)[1] == tuple(
        Problem(
            kind=ProblemKind.DUPLICATE_KIND,
            distribution=name,
            version=version,
            message=f"{name} {version} brings a handler for “good”, which aaa-plugin 1.0 already has;"
            " that one is used. Uninstall the one you do not want.",
            handler_kind="good",
        )
        for name, version in (("good-plugin", "2.0"), ("zzz-plugin", "1.0"))
    )


def test_one_bad_handler_leaves_its_siblings(site: SitePackages) -> None:
    site.install("bad-plugin", handler_source("fine").replace("return [Lamp]", "return [int, Lamp]"))

    registry = site.scan()

    assert list(registry.handlers) == ["fine", "good"]
    assert [found.kind for found in registry.problems] == [ProblemKind.NOT_A_HANDLER]
    assert registry.plugins[0].kinds == ("fine",)


def test_package_that_was_installed_meanwhile(site: SitePackages) -> None:
    with site.on_path():
        assert list(site.scan().handlers) == ["good"]
        site.install("new-plugin", handler_source("new"))
        assert list(site.scan().handlers) == ["good", "new"]
