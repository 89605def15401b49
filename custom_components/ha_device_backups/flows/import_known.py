"""Importing devices that Home Assistant already has: one, those of a kind, or all of them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_USER,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations

from ha_device_backup_core import ConfigError, HandlerSpec, in_language
from ha_device_backup_core.host import DeviceKey, parse_config

from ..const import CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, CONF_KIND, DOMAIN
from ..discovery.cards import IMPORT, OFFER, WITH_SECRETS, async_hide_empty_card, flows_that_import
from ..discovery.found_devices import Offer, async_offers
from ..discovery.import_entries import async_import_devices
from ..discovery.recognition import entry_at_address
from ..forms.selectors import choose_many, yes_or_no
from ..translation import async_person_language, async_phrases, escape_markdown, escaped, named
from .add import AddSteps, entry_data
from .connection import storable
from .known_fields import KnownFields
from .lasting import LastingWork, Notification


@dataclass(frozen=True, slots=True)
class ImportUnderWay:
    """Devices of which entries are being made, each by a flow of its own."""

    offers: list[Offer]
    work: LastingWork[list[ConfigFlowResult]]


class ImportSteps(AddSteps):
    """One card and one form for many devices, or one confirmation for all; who needs a person is asked for here."""

    _offers: dict[str, Offer]
    """What is offered, by the devices' keys."""
    _import: ImportUnderWay
    _kind: str
    """Whose devices are offered."""
    _is_imported = False
    """The device of this flow is known to another integration."""

    async def async_step_integration_discovery(self, discovery_info: dict[str, Any]) -> ConfigFlowResult:
        """Show the card of a kind, or that of a device whose turn comes after it."""
        kind = discovery_info[CONF_KIND]
        if OFFER in discovery_info:
            return await self._async_show_device(discovery_info[OFFER], with_secrets=discovery_info[WITH_SECRETS])
        await self.async_set_unique_id(f"{IMPORT}:{kind}")
        self._abort_if_unique_id_configured()
        registered = await self._async_handler(kind)
        name = in_language(registered.spec.name, self.hass.config.language)
        phrases = await async_phrases(self.hass, self.hass.config.language)
        self.context["title_placeholders"] = {"name": phrases("card", name=name)}
        return await self._async_import_kind(kind)

    async def _async_show_device(self, offer: Offer, *, with_secrets: bool) -> ConfigFlowResult:
        await self.async_set_unique_id(str(offer.key))
        return await self._async_import_offer(offer, with_secrets=with_secrets)

    async def _async_import_offer(self, offer: Offer, *, with_secrets: bool) -> ConfigFlowResult:
        """Ask for what is not known of the device, or the device itself where that is nothing."""
        registered = await self._async_handler(offer.key.kind)
        self._name = offer.found.title
        self.context["title_placeholders"] = {"name": self._name}
        known = KnownFields(registered.spec, offer.found.fields, offer.found.secrets if with_secrets else {})
        self._is_imported = bool(offer.found.fields)
        self._begin(registered, offer.config(with_secrets=with_secrets), known)
        return await (self._async_connect(self._connection.config) if known.asks_nothing else self._async_ask_fields())

    async def _async_import_kind(self, kind: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        self._kind = kind
        return await self.async_step_known_devices()

    async def async_step_known_devices(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the person choose among the found devices of a kind."""
        by_card = self.source == SOURCE_INTEGRATION_DISCOVERY
        if user_input is None or not user_input["devices"]:
            registered = await self._async_handler(self._kind)
            manager = await self._async_manager()
            offers = await async_offers(self.hass, manager, registered, include_ignored=not by_card)
            if not offers:
                return self.async_abort(reason="nothing_to_import")
            self._offers = {str(offer.key): offer for offer in offers}
            return await self._async_show_offers(registered.spec, None if user_input is None else "none_chosen")
        chosen = set(user_input["devices"])
        if by_card:
            await self._async_ignore([offer for key, offer in self._offers.items() if key not in chosen])
        wanted = [offer for key, offer in self._offers.items() if key in chosen]
        return await self._async_import_devices(wanted, with_secrets=user_input.get("copy_secrets", False))

    async def async_step_everything(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show everything that Home Assistant already has, of all kinds, and add it; what was ignored stays so."""
        if user_input is not None:
            offers = [*self._offers.values()]
            return await self._async_import_devices(offers, with_secrets=user_input.get("copy_secrets", False))
        offers = await self._async_every_offer()
        if not offers:
            return self.async_abort(reason="nothing_to_import")
        self._offers = {str(offer.key): offer for offer in offers}
        return self.async_show_form(
            step_id="everything",
            data_schema=vol.Schema(self._secrets_field()),
            description_placeholders={"count": str(len(offers)), "list": await self._async_listed(offers)},
        )

    async def _async_import_devices(self, offers: list[Offer], *, with_secrets: bool) -> ConfigFlowResult:
        """Make entries of them; where there is but one that needs the person, ask for it here."""
        if len(offers) == 1 and offers[0].needs_person(with_secrets=with_secrets):
            await self.async_set_unique_id(str(offers[0].key), raise_on_progress=False)
            return await self._async_import_offer(offers[0], with_secrets=with_secrets)
        imports = async_import_devices(self.hass, offers, with_secrets=with_secrets)
        work = LastingWork(self.hass, "import", imports, self._async_describe_import)
        self._import = ImportUnderWay(offers, work)
        return await (self.async_step_imported() if await work.async_has_ended_soon() else self.async_step_importing())

    async def _async_show_offers(self, spec: HandlerSpec, error: str | None) -> ConfigFlowResult:
        language = await async_person_language(self.hass)
        proposed = [key for key, offer in self._offers.items() if not offer.ignored]
        choice = choose_many({key: offer.label for key, offer in self._offers.items()})
        return self.async_show_form(
            step_id="known_devices",
            data_schema=vol.Schema({vol.Required("devices", default=proposed): choice, **self._secrets_field()}),
            errors={} if error is None else {"devices": error},
            description_placeholders={
                **named(in_language(spec.name, language)),
                "omits": await self._async_omits(spec),
            },
        )

    def _secrets_field(self) -> dict[vol.Marker, object]:
        """Return the question whether secrets are used, where there are some."""
        if not any(offer.found.secrets for offer in self._offers.values()):
            return {}
        return {vol.Required("copy_secrets", default=False): yes_or_no()}

    async def _async_every_offer(self) -> list[Offer]:
        manager = await self._async_manager()
        kinds = await asyncio.gather(
            *(
                async_offers(self.hass, manager, registered, include_ignored=True)
                for registered in manager.registry.handlers.values()
            )
        )
        return [offer for offers in kinds for offer in offers if not offer.ignored]

    async def _async_listed(self, offers: list[Offer]) -> str:
        """List the devices by kind, each with what its backups never hold."""
        language = await async_person_language(self.hass)
        parts: list[str] = []
        for _, group in groupby(offers, key=lambda offer: offer.key.kind):
            of_kind = list(group)
            parts.append(f"**{escape_markdown(in_language(of_kind[0].spec.name, language))}**")
            parts.append("\n".join(f"- {escape_markdown(offer.label)}" for offer in of_kind))
            parts.append(await self._async_omits(of_kind[0].spec))
        return "\n\n".join(part for part in parts if part)

    async def _async_omits(self, spec: HandlerSpec) -> str:
        """Say what a backup of the kind never holds."""
        if not spec.omits:
            return ""
        language = await async_person_language(self.hass)
        omits = "\n".join(f"- {escape_markdown(in_language(omitted, language))}" for omitted in spec.omits)
        return (await self._async_phrases())("omits", list=omits)

    async def async_step_importing(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the entries are being made."""
        if self._import.work.is_done:
            return self.async_show_progress_done(next_step_id="imported")
        return self.async_show_progress(
            step_id="importing", progress_action="importing", progress_task=self._import.work.page
        )

    async def async_step_imported(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say what became of each, and go on with the first that waits for the person."""
        results = self._import.work.read()
        reason, placeholders = await self._async_outcome(results)
        flow_ids = [result["flow_id"] for result in results if "step_id" in result]
        return self.async_abort(
            reason=reason,
            description_placeholders=placeholders,
            next_flow=(FlowType.CONFIG_FLOW, flow_ids[0]) if flow_ids else None,
        )

    async def _async_describe_import(self, results: list[ConfigFlowResult]) -> Notification:
        """Say what became of each to somebody who closed the page."""
        reason, placeholders = await self._async_outcome(results)
        texts, phrases = await self._async_texts(), await self._async_phrases()
        return phrases("import_title"), texts[f"component.{DOMAIN}.config.abort.{reason}"].format(**placeholders)

    async def _async_outcome(self, outcome: list[ConfigFlowResult]) -> tuple[str, dict[str, str]]:
        """Return how the flow ends, and what the text about that fills in; cards that offered the same go away."""
        offers = self._import.offers
        if self.source == SOURCE_USER:
            manager = await self._async_manager()
            for kind in {offer.key.kind for offer in offers}:
                self.hass.async_create_background_task(
                    async_hide_empty_card(self.hass, manager, manager.registry.handlers[kind]),
                    f"{DOMAIN} hides an empty card",
                )
        results = list(zip(offers, outcome, strict=True))
        added = [result for _, result in results if result["type"] is FlowResultType.CREATE_ENTRY]
        failed = [(offer, result) for offer, result in results if result["type"] is FlowResultType.ABORT]
        waiting = [(offer, result) for offer, result in results if "step_id" in result]
        reasons, phrases = await self._async_reasons(), await self._async_phrases()
        placeholders = {"count": str(len(added)), "failed": "", "waiting": ""}
        if failed:
            listed = [f"- {escape_markdown(offer.found.title)}: {reasons(result)}" for offer, result in failed]
            placeholders["failed"] = phrases("not_imported", list="\n".join(listed))
        if waiting:
            listed = [f"- {escape_markdown(offer.found.title)}" for offer, _ in waiting]
            placeholders["waiting"] = phrases("imported_later", list="\n".join(listed))
        return "imported_in_part" if failed or waiting else "imported", placeholders

    async def async_step_import(self, import_data: dict[str, Any]) -> ConfigFlowResult:
        """Make the entry of a known device without contacting it: it may be switched off."""
        kind, unique_id = import_data[CONF_KIND], import_data[CONF_DEVICE_UNIQUE_ID]
        await self.async_set_unique_id(str(DeviceKey(kind, unique_id)), raise_on_progress=False)
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, str(self.unique_id))
        if entry is not None and entry.source != SOURCE_IGNORE:
            return self.async_abort(reason="already_configured")
        spec = (await self._async_handler(kind)).spec
        if entry_at_address(self.hass, spec, import_data[CONF_DEVICE_CONFIG]) is not None:
            return self.async_abort(reason="already_configured")
        try:
            config = parse_config(spec, import_data[CONF_DEVICE_CONFIG])
        except ConfigError as error:
            return self.async_abort(
                reason="cannot_import",
                description_placeholders=escaped(error.placeholders(await async_person_language(self.hass))),
            )
        return self.async_create_entry(
            title=import_data["title"],
            data=entry_data(DeviceKey(kind, unique_id), storable(config)),
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the next device that waits for the person who just finished one."""
        others = [flow_id for flow_id in flows_that_import(self.hass) if flow_id != self.flow_id]
        if self._is_imported and others:
            result["next_flow"] = (FlowType.CONFIG_FLOW, others[0])
        return result

    async def _async_ignore(self, offers: list[Offer]) -> None:
        """Do not offer again what was left out; "Add" and Home Assistant's list of ignored devices still have it."""
        for offer in offers:
            await self.hass.config_entries.flow.async_init(
                DOMAIN,
                context={"source": SOURCE_IGNORE},
                data={"unique_id": str(offer.key), "title": offer.found.title},
            )

    async def _async_texts(self) -> dict[str, str]:
        return await async_get_translations(self.hass, await async_person_language(self.hass), "config", {DOMAIN})

    async def _async_reasons(self) -> Callable[[ConfigFlowResult], str]:
        texts = await self._async_texts()

        def reason(result: Mapping[str, Any]) -> str:
            text = texts[f"component.{DOMAIN}.config.abort.{result['reason']}"]
            return text.format(**(result.get("description_placeholders") or {}))

        return reason
