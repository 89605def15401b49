"""Recipes in the settings of Device Backups: handed in, looked at, updated, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.flows import recipes as flow
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages.overview import async_explained
from custom_components.ha_device_backups.packages.recipes import OfferedRecipe, async_take_kind, facts_of
from ha_device_backup_core import in_language
from ha_device_backup_core.errors import HandlerUnavailableError, StoreError
from ha_device_backup_core.plugins.kind_files import KindFile
from tests.handlers_http.recipe.test_loader import GOOD
from tests.integration.flow_steps import placeholders_of

from .test_packages_flow import answer, pick

FACTS = [
    "- You are asked for: URL, Trusted certificate",
    "- It connects to the address that you enter and nowhere else.",
    "- To read, it sends: POST /login",
    "- It keeps: settings.json",
    "- It puts nothing back by itself: it tells a person how.",
]


async def open_recipes(hass: HomeAssistant) -> ConfigFlowResult:
    service = service_entry(hass)
    assert service is not None
    menu = await hass.config_entries.options.async_init(service.entry_id)
    assert menu["menu_options"] == ["defaults", "packages", "recipes"]
    return await pick(hass, menu, "recipes")


async def add_recipe(hass: HomeAssistant, path: Path, form: ConfigFlowResult | None = None) -> ConfigFlowResult:
    """Hand in what is in the file, as a browser does."""

    @contextmanager
    def uploaded(hass: HomeAssistant, file_id: str) -> Iterator[Path]:
        yield path

    form = form or await pick(hass, await open_recipes(hass), "add_recipe")
    with patch("custom_components.ha_device_backups.forms.file_upload.process_uploaded_file", uploaded):
        return await answer(hass, form, file="0" * 32)


@pytest.fixture
def kinds(hass: HomeAssistant, set_up: MockConfigEntry) -> Path:
    return Path(hass.config.path(".storage", "ha_device_backups", "kinds"))


async def test_recipe_is_added_updated_and_removed(hass: HomeAssistant, kinds: Path, tmp_path: Path) -> None:
    menu = await open_recipes(hass)
    assert (menu["menu_options"], placeholders_of(menu)) == (["add_recipe"], {"recipes": "There are none yet."})
    upload = tmp_path / "..-My pump.TOML"
    upload.write_text(GOOD)
    shown = await add_recipe(hass, upload)
    assert (shown["step_id"], placeholders_of(shown)["plain_name"], placeholders_of(shown)["kind"]) == (
        "confirm_recipe",
        "Pump",
        "pump",
    )
    assert [line.replace("\\", "") for line in placeholders_of(shown)["facts"].splitlines()] == FACTS
    assert not kinds.exists()
    done = await answer(hass, shown)
    assert (done["type"], done["reason"], placeholders_of(done)) == (
        FlowResultType.ABORT,
        "recipe_kept",
        {"name": "Pump"},
    )
    assert [path.name for path in kinds.iterdir()] == ["pump.toml"]
    manager = await async_get_manager(hass)
    assert manager.registry.get("pump").file == "pump.toml"

    upload.write_text(GOOD.replace('name = "Pump"', 'name = "Pool pump"'))
    shown = await add_recipe(hass, upload)
    assert "It replaces pump.toml, which is here already." in placeholders_of(shown)["facts"]
    assert (await answer(hass, shown))["reason"] == "recipe_updated"
    assert in_language(manager.registry.get("pump").spec.name) == "Pool pump"

    menu = await open_recipes(hass)
    assert placeholders_of(menu) == {"recipes": "- **Pool pump** (pump.toml)"}
    form = await pick(hass, menu, "remove_recipe")
    assert form["data_schema"] is not None
    assert form["data_schema"].schema["recipe"].config["options"] == [
        {"value": "pump.toml", "label": "Pool pump (devices: 0)"}
    ]
    done = await answer(hass, form, recipe="pump.toml")
    assert (done["reason"], placeholders_of(done)) == ("recipe_removed", {"name": "pump.toml"})
    assert list(kinds.iterdir()) == []
    with pytest.raises(HandlerUnavailableError) as caught:
        manager.registry.get("pump")
    assert in_language((await async_explained(hass, manager, caught.value.problem)).message) == (
        "Hand in the recipe pump.toml again, in the settings of Device Backups, under “Recipes”."
    )


async def test_devices_follow_an_updated_recipe(hass: HomeAssistant, kinds: Path, tmp_path: Path) -> None:
    upload = tmp_path / "pump.toml"
    upload.write_text(GOOD)
    await answer(hass, await add_recipe(hass, upload))
    data = {"kind": "pump", "unique_id": "p-1", "config": {"url": "http://127.0.0.1:1", "certificate": None}}
    entry = MockConfigEntry(domain=DOMAIN, unique_id="pump:p-1", data=data, title="Pump")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.runtime_data.handler.spec.name == "Pump"

    upload.write_text(GOOD.replace('name = "Pump"', 'name = "Pool pump"'))
    await answer(hass, await add_recipe(hass, upload))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.handler.spec.name == "Pool pump"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_recipe_out_of_a_snapshot_is_taken_where_there_is_none(hass: HomeAssistant, kinds: Path) -> None:
    manager = await async_get_manager(hass)
    files = [
        KindFile(name="broken.toml", fault="It cannot be read."),
        KindFile(name="pump.toml", content=GOOD.encode()),
        KindFile(name="lamp.toml", content=b"format = 1"),
    ]
    await async_take_kind(hass, manager, "wled", files)
    assert not kinds.exists()
    await async_take_kind(hass, manager, "pump", files)
    assert manager.registry.get("pump").file == "pump.toml"
    await async_take_kind(hass, manager, "pump", [KindFile(name="pump.toml", content=b"another")])
    assert {path.name: path.read_text() for path in kinds.iterdir()} == {"pump.toml": GOOD}


async def test_each_mistake_is_a_line_and_a_right_file_goes_on(
    hass: HomeAssistant, kinds: Path, tmp_path: Path
) -> None:
    upload = tmp_path / "pump.toml"
    upload.write_text("format = 1\nkind = 3\nname = 4\n")
    form = await add_recipe(hass, upload)
    assert (form["step_id"], form["errors"]) == ("add_recipe", {"file": "recipe"})
    lines = placeholders_of(form)["error"].splitlines()
    assert lines[0] == "It cannot be used, so it was not taken:"
    assert [line.partition(": ")[0] for line in lines[2:]][:1] == ["- recipe.toml:1"]
    assert any(line.startswith("- recipe.toml:2: kind: ") for line in lines)
    assert any(line.startswith("- recipe.toml:3: name: ") for line in lines)

    upload.write_text(GOOD)
    assert (await add_recipe(hass, upload, form))["step_id"] == "confirm_recipe"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pump.toml", GOOD.replace('"pump"', '"wled"'), "- It describes “wled”, which ha-device-backup-wled 0.1.0"),
        ("pump", GOOD, "- The name of the file has to end in what it is"),
        ("pump.yaml", GOOD, "- No package that is installed reads such files."),
        ("pump.toml", "#" * (1024 * 1024 + 1), "It is larger than 1 MiB"),
    ],
    ids=["taken", "no ending", "another ending", "too large"],
)
async def test_what_cannot_be_taken(
    hass: HomeAssistant, kinds: Path, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    form = await add_recipe(hass, tmp_path / name)
    assert form["step_id"] == "add_recipe"
    assert said in placeholders_of(form)["error"].replace("\\", "")
    assert not kinds.exists()


async def test_file_that_became_wrong_is_told_and_can_go(hass: HomeAssistant, kinds: Path) -> None:
    kinds.mkdir()
    (kinds / "pump.toml").write_text("format = 1")
    await (await async_get_manager(hass)).rescan()
    menu = await open_recipes(hass)
    assert placeholders_of(menu)["recipes"].startswith("- **pump.toml** (pump.toml) ⚠ pump.toml cannot be used: ")
    form = await pick(hass, menu, "remove_recipe")
    assert (await answer(hass, form, recipe="pump.toml"))["reason"] == "recipe_removed"
    assert (await async_get_manager(hass)).registry.problems == ()


async def test_store_that_takes_nothing(
    hass: HomeAssistant, kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("no room")

    (tmp_path / "pump.toml").write_text(GOOD)
    with monkeypatch.context() as broken:
        broken.setattr(flow, "async_keep", fail)
        failed = await answer(hass, await add_recipe(hass, tmp_path / "pump.toml"))
    assert (failed["reason"], "no room" in placeholders_of(failed)["error"]) == ("failed", True)
    assert (await answer(hass, await add_recipe(hass, tmp_path / "pump.toml")))["reason"] == "recipe_kept"
    form = await pick(hass, await open_recipes(hass), "remove_recipe")
    with monkeypatch.context() as broken:
        broken.setattr(flow, "async_remove", fail)
        failed = await answer(hass, form, recipe="pump.toml")
    assert (failed["reason"], "no room" in placeholders_of(failed)["error"]) == ("failed", True)


def test_only_what_can_be_taken_is_facts_of() -> None:
    with pytest.raises(ValueError, match="only what can be taken"):
        list(facts_of(OfferedRecipe(), None))  # type: ignore[arg-type] # never looked at
