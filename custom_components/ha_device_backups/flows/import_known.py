"""Taking over devices that Home Assistant already has, many at once."""

from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations

from ha_device_backup_core import ConfigError, HandlerSpec, in_language
from ha_device_backup_core.host import DeviceKey, parse_config

from ..const import CONF_DEVICE_CONFIG, CONF_DEVICE_UNIQUE_ID, CONF_KIND, DOMAIN
from ..discovery.found_devices import ADOPT, OFFER, WITH_SECRETS, Offer, async_offers
from ..discovery.import_entries import async_adopt
from ..discovery.recognition import entry_at_address
from ..forms.handler_fields import choose_many, yes_or_no
from ..translation import async_person_language, async_phrases, escaped, named, plain
from .connect import storable
from .import_one import TakeOverFlow
from .lasting import LastingWork, Told

ADOPT_STEP = f"async_step_{ADOPT}_"


class AdoptFlow(TakeOverFlow):
    """One card and one form for many devices; each becomes an entry by a flow of its own."""

    _offers: dict[str, Offer]
    _adopting: LastingWork[list[ConfigFlowResult]]
    _chosen_offers: list[Offer]

    async def async_step_integration_discovery(self, discovery_info: dict[str, Any]) -> ConfigFlowResult:
        """Show the card of a kind, or that of a device whose turn comes after it."""
        kind = discovery_info[CONF_KIND]
        if OFFER in discovery_info:
            return await self._async_show_device(discovery_info[OFFER], with_secrets=discovery_info[WITH_SECRETS])
        await self.async_set_unique_id(f"{ADOPT}:{kind}")
        self._abort_if_unique_id_configured()
        await self._async_use_handler(kind)
        name = in_language(self._registered.spec.name, self.hass.config.language)
        phrases = await async_phrases(self.hass, self.hass.config.language)
        self.context["title_placeholders"] = {"name": phrases("card", name=name)}
        return await self.async_step_adopt()

    async def _async_show_device(self, offer: Offer, *, with_secrets: bool) -> ConfigFlowResult:
        await self.async_set_unique_id(str(offer.key))
        await self._async_use_handler(offer.key.kind)
        return await self._async_take_over(offer, with_secrets=with_secrets)

    async def _async_adopt_kind(self, kind: str, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        await self._async_use_handler(kind)
        return await self.async_step_adopt()

    async def async_step_adopt(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the person choose among the found devices."""
        by_card = self.source == SOURCE_INTEGRATION_DISCOVERY
        if user_input is None or not user_input["devices"]:
            manager = await self._async_manager()
            offers = await async_offers(self.hass, manager, self._registered, include_ignored=not by_card)
            if not offers:
                return self.async_abort(reason="nothing_to_adopt")
            self._offers = {str(offer.key): offer for offer in offers}
            return await self._async_show_offers(None if user_input is None else "none_chosen")
        chosen = set(user_input["devices"])
        self._chosen_offers = [offer for key, offer in self._offers.items() if key in chosen]
        if by_card:
            await self._async_ignore([offer for key, offer in self._offers.items() if key not in chosen])
        return await self._async_adopt_chosen(with_secrets=user_input.get("copy_secrets", False))

    async def _async_adopt_chosen(self, *, with_secrets: bool) -> ConfigFlowResult:
        """Make entries of them; where there is but one that needs the person, ask for it here."""
        if len(self._chosen_offers) == 1 and self._chosen_offers[0].needs_person(with_secrets=with_secrets):
            (offer,) = self._chosen_offers
            await self._async_use_handler(offer.key.kind)
            await self.async_set_unique_id(str(offer.key), raise_on_progress=False)
            return await self._async_take_over(offer, with_secrets=with_secrets)
        adopt = async_adopt(self.hass, self._chosen_offers, with_secrets=with_secrets)
        self._adopting = LastingWork(self.hass, "adoption", adopt, self._async_tell_adopted)
        if await self._adopting.async_has_ended_soon():
            return await self.async_step_adopted()
        return await self.async_step_adopting()

    async def _async_show_offers(self, error: str | None) -> ConfigFlowResult:
        language = await async_person_language(self.hass)
        spec = self._registered.spec
        fields: dict[vol.Marker, object] = {
            vol.Required(
                "devices", default=[key for key, offer in self._offers.items() if not offer.ignored]
            ): choose_many({key: offer.label for key, offer in self._offers.items()})
        }
        if any(offer.found.secrets for offer in self._offers.values()):
            fields[vol.Required("copy_secrets", default=False)] = yes_or_no()
        return self.async_show_form(
            step_id="adopt",
            data_schema=vol.Schema(fields),
            errors={} if error is None else {"devices": error},
            description_placeholders={
                **named(in_language(spec.name, language)),
                "omits": await self._async_omits(spec),
            },
        )

    async def _async_omits(self, spec: HandlerSpec) -> str:
        """Say what a backup of the kind never holds."""
        if not spec.omits:
            return ""
        language = await async_person_language(self.hass)
        omits = "\n".join(f"- {plain(in_language(omitted, language))}" for omitted in spec.omits)
        return (await self._async_phrases())("omits", list=omits)

    async def async_step_adopting(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show that the entries are being made."""
        if self._adopting.is_done:
            return self.async_show_progress_done(next_step_id="adopted")
        return self.async_show_progress(
            step_id="adopting", progress_action="adopting", progress_task=self._adopting.page
        )

    async def async_step_adopted(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say what became of each, and go on with the first that waits for the person."""
        results = self._adopting.read()
        reason, placeholders = await self._async_outcome(results)
        flow_ids = [result["flow_id"] for result in results if "step_id" in result]
        return self.async_abort(
            reason=reason,
            description_placeholders=placeholders,
            next_flow=(FlowType.CONFIG_FLOW, flow_ids[0]) if flow_ids else None,
        )

    async def _async_tell_adopted(self, results: list[ConfigFlowResult]) -> Told:
        """Say what became of each to somebody who closed the page."""
        reason, placeholders = await self._async_outcome(results)
        texts, phrases = await self._async_texts(), await self._async_phrases()
        return phrases("adopted_title"), texts[f"component.{DOMAIN}.config.abort.{reason}"].format(**placeholders)

    async def _async_outcome(self, outcome: list[ConfigFlowResult]) -> tuple[str, dict[str, str]]:
        """Return how the flow ends, and what the text about that fills in."""
        results = list(zip(self._chosen_offers, outcome, strict=True))
        added = [result for _, result in results if result["type"] is FlowResultType.CREATE_ENTRY]
        failed = [(offer, result) for offer, result in results if result["type"] is FlowResultType.ABORT]
        waiting = [(offer, result) for offer, result in results if "step_id" in result]
        reasons, phrases = await self._async_reasons(), await self._async_phrases()
        placeholders = {"count": str(len(added)), "failed": "", "waiting": ""}
        if failed:
            listed = [f"- {plain(offer.found.title)}: {reasons(result)}" for offer, result in failed]
            placeholders["failed"] = phrases("not_adopted", list="\n".join(listed))
        if waiting:
            listed = [f"- {plain(offer.found.title)}" for offer, _ in waiting]
            placeholders["waiting"] = phrases("adopted_later", list="\n".join(listed))
        return "adopted_in_part" if failed or waiting else "adopted", placeholders

    async def async_step_import(self, import_data: dict[str, Any]) -> ConfigFlowResult:
        """Make the entry of an adopted device without contacting it: it may be switched off."""
        kind, unique_id = import_data[CONF_KIND], import_data[CONF_DEVICE_UNIQUE_ID]
        await self.async_set_unique_id(str(DeviceKey(kind, unique_id)), raise_on_progress=False)
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, str(self.unique_id))
        if entry is not None and entry.source != SOURCE_IGNORE:
            return self.async_abort(reason="already_configured")
        await self._async_use_handler(kind)
        if entry_at_address(self.hass, self._registered.spec, import_data[CONF_DEVICE_CONFIG]) is not None:
            return self.async_abort(reason="already_configured")
        try:
            config = parse_config(self._registered.spec, import_data[CONF_DEVICE_CONFIG])
        except ConfigError as error:
            return self.async_abort(
                reason="cannot_adopt",
                description_placeholders=escaped(error.placeholders(await async_person_language(self.hass))),
            )
        return self.async_create_entry(
            title=import_data["title"],
            data={CONF_KIND: kind, CONF_DEVICE_UNIQUE_ID: unique_id, CONF_DEVICE_CONFIG: storable(config)},
        )

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
