"""Taking over everything that Home Assistant already has, of all kinds, in one confirmation."""

import asyncio
from itertools import groupby
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult

from ha_device_backup_core import in_language

from ..const import DOMAIN
from ..discovery.found_devices import Offer, async_hide_empty_card, async_offers
from ..forms.handler_fields import yes_or_no
from ..translation import async_person_language, plain
from .import_known import AdoptFlow


class AdoptAllFlow(AdoptFlow):
    """One form without choices: what the person ignored stays ignored."""

    async def async_step_everything(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what would be added, and add it."""
        if user_input is not None:
            return await self._async_adopt_chosen(with_secrets=user_input.get("copy_secrets", False))
        self._chosen_offers = await self._async_every_offer()
        if not self._chosen_offers:
            return self.async_abort(reason="nothing_to_adopt")
        with_secrets = any(offer.found.secrets for offer in self._chosen_offers)
        return self.async_show_form(
            step_id="everything",
            data_schema=vol.Schema(
                {vol.Required("copy_secrets", default=False): yes_or_no()} if with_secrets else {},
            ),
            description_placeholders={
                "count": str(len(self._chosen_offers)),
                "list": await self._async_listed(self._chosen_offers),
            },
        )

    @override
    async def _async_outcome(self, outcome: list[ConfigFlowResult]) -> tuple[str, dict[str, str]]:
        """Return it; cards that offered the same go away."""
        if self.source == SOURCE_USER:
            manager = await self._async_manager()
            for kind in {offer.key.kind for offer in self._chosen_offers}:
                self.hass.async_create_background_task(
                    async_hide_empty_card(self.hass, manager, manager.registry.handlers[kind]),
                    f"{DOMAIN} hides an empty card",
                )
        return await super()._async_outcome(outcome)

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
            parts.append(f"**{plain(in_language(of_kind[0].spec.name, language))}**")
            parts.append("\n".join(f"- {plain(offer.label)}" for offer in of_kind))
            parts.append(await self._async_omits(of_kind[0].spec))
        return "\n\n".join(part for part in parts if part)
