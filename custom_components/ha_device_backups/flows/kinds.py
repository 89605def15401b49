"""What a person wants to add: a kind of device, one whose package is not there yet, or what is found already."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult

from ha_device_backup_core import in_language
from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry, Problem

from ..const import SERVICE_TITLE, SERVICE_UNIQUE_ID
from ..discovery.cards import IMPORT, discovered_kinds
from ..discovery.found_devices import possible_offers
from ..entries import present_agents, service_entry
from ..forms.selectors import choose_by_search
from ..packages.catalogue import async_bundled, async_catalogue, kinds_for_anything
from ..page_paths import overview_path
from ..translation import Phrases, async_person_language, escape_markdown
from ..wording.kinds import handler_name, name_with_maker
from .catalogue import CatalogueSteps
from .import_known import ImportSteps

MENU_LENGTH = 10
"""Kinds offered at once; of more, those that are probably there or that this integration brings, and all by search."""


class KindSteps(ImportSteps, CatalogueSteps):
    """The person's "Add", until it is known which kind of device it is."""

    _agent: str
    """The agent whose kinds are offered."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer the devices that Home Assistant already has, then the kinds of devices, the likely ones first."""
        manager, phrases = await self._async_manager(), await self._async_phrases()
        menu = self._menu_of_imports(manager.registry, phrases, await async_person_language(self.hass))
        menu |= await self._async_menu_of_kinds(manager, phrases)
        for agent in present_agents(self.hass):
            step_id = self._step_of("agent", str(agent.unique_id), self._async_agent_kinds)
            menu[step_id] = phrases("menu_agent_kinds", agent=agent.title)
        menu["install_package"] = phrases("menu_install")
        menu["agent"] = phrases("menu_agent")
        if service_entry(self.hass) is None:
            menu["page"] = phrases("menu_page")
        self._wanted = ""
        return self.async_show_menu(
            step_id="user",
            menu_options=menu,
            description_placeholders={"problems": _problems(manager.registry.problems, phrases)},
        )

    def _menu_of_imports(self, registry: HandlerRegistry, phrases: Phrases, language: str) -> dict[str, str]:
        handlers = registry.handlers
        counts = [possible_offers(self.hass, one, include_ignored=False) for one in handlers.values()]
        known = [count for count in counts if count]
        menu = {"everything": phrases("menu_everything", count=str(sum(known)))} if len(known) > 1 else {}
        for kind, registered in handlers.items():
            if count := possible_offers(self.hass, registered):
                name = in_language(registered.spec.name, language)
                step_id = self._step_of(IMPORT, kind, self._async_import_kind)
                menu[step_id] = phrases("menu_import", name=name, count=str(count))
        return menu

    async def _async_menu_of_kinds(self, manager: DeviceBackupManager, phrases: Phrases) -> dict[str, str]:
        """Return all kinds where they fit, else the likely ones, and the way to search among what is not shown."""
        registry, language = manager.registry, await async_person_language(self.hass)
        likely = discovered_kinds(self.hass)
        likely |= {kind for kind, registered in registry.handlers.items() if possible_offers(self.hass, registered)}
        choices = {
            kind: (
                self._step_of("handler", kind, self._async_handler_chosen),
                in_language(registry.handlers[kind].spec.name, language),
            )
            for kind in in_order({kind: one.distribution for kind, one in registry.handlers.items()}, likely)
        }
        only_there = [found for found in self._at_agents(manager, phrases) if found[1] not in registry.handlers]
        for agent_id, kind, name in only_there:
            step = partial(self._async_chosen_at_agent, agent_id)
            choices[f"{kind} {agent_id}"] = self._step_of(f"at_{agent_id}", kind, step), name
        for entry in await self._async_not_installed():
            if (key := entry.kind or entry.package.name) not in registry.handlers:
                step_id = self._step_of("catalogue", key, partial(self._async_catalogue_chosen, entry))
                choices[key] = step_id, phrases("menu_catalogue", name=entry.name)
        last = kinds_for_anything(await async_catalogue(self.hass))
        shown = sorted(choices, key=lambda kind: kind in last)
        if len(choices) > MENU_LENGTH:
            first = likely | await self._async_own_kinds() | {f"{kind} {agent_id}" for agent_id, kind, _ in only_there}
            shown = [kind for kind in shown if kind in first][:MENU_LENGTH]
        menu = dict(choices[kind] for kind in shown)
        is_whole = set(shown) >= choices.keys() | (await self._async_offered_kinds()).keys()
        return menu if is_whole else menu | {"other": phrases("menu_other")}

    async def _async_agent_kinds(self, agent: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        self._agent = agent
        return await self.async_step_agent_kinds()

    async def async_step_agent_kinds(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Search among the kinds that an agent asks."""
        manager, language = await self._async_manager(), await async_person_language(self.hass)
        agent = manager.registry.agents.get(self._agent)
        if agent is None:
            return await self.async_step_user()  # It was removed in the meantime.
        names = _distinct_names({kind: handler_name(handler, language) for kind, handler in agent.handlers.items()})
        if user_input is not None and user_input["kind"] in names:
            return await self._async_chosen_at_agent(self._agent, names[user_input["kind"]])
        return self.async_show_form(
            step_id="agent_kinds",
            data_schema=self._kind_schema(sorted(names, key=str.casefold), user_input),
            errors={} if user_input is None else {"kind": "unknown_kind"},
            last_step=False,
        )

    async def _async_chosen_at_agent(
        self, agent: str, kind: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        self._begin(await self._async_handler(kind, agent), {})
        return await self._async_ask_fields()

    def _at_agents(self, manager: DeviceBackupManager, phrases: Phrases) -> Iterator[tuple[str, str, str]]:
        """Return agent, kind and name of all kinds that agents ask which are there at present."""
        for entry in present_agents(self.hass):
            agent = str(entry.unique_id)
            for kind, registered in manager.registry.agents[agent].handlers.items():
                yield agent, kind, phrases("menu_at_agent", name=registered.spec.name, agent=entry.title)

    async def async_step_page(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Only show the page: all that a person has left may be a Home Assistant backup, or files."""
        await self.async_set_unique_id(SERVICE_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(
            title=SERVICE_TITLE,
            data={},
            description="page",
            description_placeholders={"page": overview_path()},
        )

    async def async_step_other(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Search among all kinds of devices, those of packages that are not there yet, too."""
        manager, phrases = await self._async_manager(), await self._async_phrases()
        offered, language = await self._async_offered_kinds(), await async_person_language(self.hass)
        named = {kind: handler_name(handler, language) for kind, handler in manager.registry.handlers.items()}
        for kind, entry in offered.items():
            name = name_with_maker(entry.kinds[kind].name, entry.kinds[kind].maker, language)
            named[kind] = phrases("menu_catalogue", name=name)
        names = _distinct_names(named)
        last = kinds_for_anything(await async_catalogue(self.hass))
        by_name = sorted(names, key=lambda name: (names[name] in last, name.casefold()))
        install = phrases("menu_install")
        errors: dict[str, str] = {}
        if user_input is not None:
            wanted = user_input["kind"]
            if wanted == install:
                return await self.async_step_install_package()
            kind = names.get(wanted) or names.get(phrases("menu_catalogue", name=wanted)) or wanted
            if kind in offered:
                return await self._async_catalogue_chosen(offered[kind], kind)
            if kind in named:
                return await self._async_handler_chosen(kind)
            errors["kind"] = "not_listed"
        return self.async_show_form(
            step_id="other",
            # What was typed would hide the lines that the error names.
            data_schema=self._kind_schema([*by_name, install], None),
            errors=errors,
            description_placeholders={
                "problems": _problems(manager.registry.problems, phrases),
                "last": "; ".join([*(name for name in by_name if names[name] in last), install]),
            },
            last_step=False,
        )

    def _kind_schema(self, names: Iterable[str], entered: dict[str, Any] | None) -> vol.Schema:
        """Return the search among names, none of which is picked already."""
        # Without a value, Home Assistant shows the first one as if somebody had picked it.
        schema = vol.Schema({vol.Required("kind"): choose_by_search(names)})
        return self.add_suggested_values_to_schema(schema, entered or {"kind": ""})

    async def _async_own_kinds(self) -> set[str]:
        """Return the kinds that come with this integration."""
        handlers = (await self._async_manager()).registry.handlers
        bundled = await async_bundled(self.hass)
        return {kind for kind, registered in handlers.items() if registered.owner in bundled}


def in_order(packages: Mapping[str, str], likely: Collection[str]) -> list[str]:
    """Return the kinds, given with their packages: likely ones first, then those that have a package of their own."""
    kinds = Counter(packages.values())
    return sorted(packages, key=lambda kind: (kind not in likely, kinds[packages[kind]] > 1, kind))


def _problems(problems: tuple[Problem, ...], phrases: Phrases) -> str:
    return phrases("problems", list=_listed_problems(problems, phrases.language)) if problems else ""


def _listed_problems(problems: tuple[Problem, ...], language: str) -> str:
    return "\n".join(
        f"- **{escape_markdown(f'{problem.distribution} {problem.version}'.strip())}**: "
        + escape_markdown(in_language(problem.message, language))
        for problem in problems
    )


def _distinct_names(named: Mapping[str, str]) -> dict[str, str]:
    """Return the kinds by names that differ.

    Where it searches, Home Assistant shows the values themselves, and no labels for them.
    """
    names: dict[str, str] = {}
    for kind, name in named.items():
        names[f"{name} ({kind})" if name in names else name] = kind
    return names
