"""Agents: added by address and code, found in the network, paired anew, moved."""

import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NoReturn, cast

import voluptuous as vol
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_REAUTH, ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_LOCATION, CONF_PORT
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    AgentClient,
    AgentNotTrustedError,
    AgentRefusedError,
    FoundAgent,
    PairedAgent,
    find_agent,
    pair,
    wire,
)

from ..const import CONF_CERTIFICATE, CONF_PASSWORDS, CONF_PROBLEM, CONF_REPOSITORY
from ..entries import DeviceBackupsConfigEntry, agent_data, devices_at_agent, paired_agent
from ..translation import async_person_language, bullets, escape_markdown, escaped, named
from .connect import ConnectSteps
from .connection import readable_fingerprint

AGENT_PORT: Final = 8477
CONF_CODE: Final = "code"
_LONGEST_NAME: Final = 100
_CODE: Final = vol.Schema({vol.Required(CONF_CODE): TextSelector(TextSelectorConfig(autocomplete="one-time-code"))})


class AgentSteps(ConnectSteps):
    """From an address to an agent that is paired; a certificate is only ever taken with a code, or asked for."""

    _found: FoundAgent | None = None
    """The agent that answers, which nobody vouches for until the code was right."""
    _of_agent: DeviceBackupsConfigEntry | None = None
    """The entry that is paired anew, or moved."""

    async def async_step_agent(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where the agent is."""
        if user_input is None:
            return await self._async_show_address("agent", {CONF_PORT: AGENT_PORT})
        try:
            found = await find_agent(user_input[CONF_HOST].strip(), int(user_input[CONF_PORT]))
        except DeviceBackupError as error:
            return await self._async_show_address("agent", user_input, error)
        await self._async_claim_agent(found)
        return await self.async_step_agent_code()

    async def async_step_agent_code(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Pair with the code that the agent shows."""
        return await self._async_pair("agent_code", user_input)

    async def _async_found_by_zeroconf(self, info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take the announcement of an agent: it only says where somebody is."""
        agent_id = info.properties.get("id")
        if not agent_id or info.port is None:
            return self.async_abort(reason="no_agent")
        entry = await self.async_set_unique_id(agent_id)
        if entry is not None and entry.source == SOURCE_IGNORE:
            return self.async_abort(reason="agent_already_configured")
        # A machine in several networks tells of itself everywhere by all of its addresses.
        hosts = [str(address) for address in info.ip_addresses][: wire.MOST_ADDRESSES] or [info.host]
        if entry is not None:
            await self._async_follow_agent(entry, hosts, info.port)
        found = await self._async_first(hosts, lambda host: find_agent(host, cast("int", info.port)))
        if found.hello.agent_id != agent_id:
            return self.async_abort(reason="no_agent")
        self._found = found
        self.context["title_placeholders"] = {"name": found.hello.name}
        return await self.async_step_agent_code()

    async def _async_agent_reauth(
        self, entry: DeviceBackupsConfigEntry, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for a new code: the old token was revoked, or another certificate is shown."""
        self._of_agent = entry
        problem = entry_data.get(CONF_PROBLEM)
        if isinstance(problem, AgentNotTrustedError):
            return await self.async_step_agent_changed()
        return await self.async_step_agent_again()

    async def async_step_agent_again(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Pair again with an agent that no longer lets this side in."""
        return await self._async_pair("agent_again", user_input)

    async def async_step_agent_changed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Pair again with an agent that shows another certificate, which only the right code makes the agent's."""
        return await self._async_pair("agent_changed", user_input)

    async def async_step_agent_repository(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where an agent is now; or show what opens its repository, where it has one."""
        entry = self._entry_of_agent()
        if CONF_REPOSITORY not in entry.data:
            return await self.async_step_agent_address()
        return self.async_show_menu(
            step_id="agent_repository",
            menu_options=["agent_address", "agent_password"],
            description_placeholders=named(entry.title),
        )

    async def async_step_agent_password(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what opens the agent's repository without the agent."""
        entry = self._entry_of_agent()
        kept = entry.data[CONF_REPOSITORY]
        placeholders = {
            **named(entry.title),
            "location": kept[CONF_LOCATION].replace("`", ""),
            "passwords": bullets(map(_as_code, kept[CONF_PASSWORDS])),
        }
        return self.async_abort(reason="agent_password", description_placeholders=placeholders)

    async def async_step_agent_address(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where an agent is now, and tell what becomes of its devices without it."""
        entry = self._entry_of_agent()
        if user_input is None:
            return await self._async_show_address("agent_address", dict(entry.data))
        host, port = user_input[CONF_HOST].strip(), int(user_input[CONF_PORT])
        moved = replace(paired_agent(entry), host=host, port=port)
        try:
            found = await find_agent(host, port)
            self._require_same(found)
            self._found = found
            if found.sha256 != moved.sha256:
                return await self.async_step_agent_changed()
            await AgentClient(moved).look()
        except AgentRefusedError:
            return await self.async_step_agent_again()
        except DeviceBackupError as error:
            return await self._async_show_address("agent_address", user_input, error)
        return self._take(moved, "reconfigure_successful")

    async def _async_pair(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show who answers, and pair with the code that was entered."""
        error: DeviceBackupError | None = None
        try:
            if user_input is not None:
                found = await self._async_find_again()
                client = self.hass.config.location_name[:_LONGEST_NAME]
                return self._take(await pair(found, user_input[CONF_CODE], client=client), "agent_paired")
            if self._found is None:
                await self._async_find_again()
        except DeviceBackupError as failed:
            error = failed
        is_code = isinstance(error, AgentRefusedError)
        return self.async_show_form(
            step_id=step_id,
            data_schema=_CODE,
            errors={CONF_CODE: "agent_code"} if is_code else errors_of(error),
            description_placeholders={**self._about_found(), **await self._async_detail(error)},
        )

    async def _async_find_again(self) -> FoundAgent:
        """Look who answers now, where the agent was or is said to be."""
        where = self._found or paired_agent(self._entry_of_agent())
        found = await find_agent(where.host, where.port)
        if self._of_agent is not None:
            self._require_same(found)
        elif self._found is not None and found.hello.agent_id != self._found.hello.agent_id:
            raise AbortFlow("another_agent")
        self._found = found
        return found

    def _about_found(self) -> dict[str, str]:
        found = self._found
        if found is None:
            return {**named(self._entry_of_agent().title), "fingerprint": "-", "version": "-", "address": "-"}
        title = found.hello.name if self._of_agent is None else self._of_agent.title
        return {
            **named(title),
            "version": escape_markdown(found.hello.version),
            "address": escape_markdown(f"{found.host}:{found.port}"),
            "fingerprint": readable_fingerprint(found.sha256),
        }

    async def _async_claim_agent(self, found: FoundAgent) -> None:
        """Make this the flow of the agent, or end it: it is there already."""
        entry = await self.async_set_unique_id(found.hello.agent_id, raise_on_progress=False)
        if entry is not None and entry.source != SOURCE_IGNORE:
            if entry.data[CONF_CERTIFICATE] != found.sha256:
                raise AbortFlow("agent_certificate_changed", named(entry.title))
            await self._async_follow_agent(entry, [found.host], found.port)
        self._found = found

    async def _async_follow_agent(self, entry: DeviceBackupsConfigEntry, hosts: Sequence[str], port: int) -> NoReturn:
        """Take the new address of a known agent, if it is that one which answers there, and end the flow."""
        known = paired_agent(entry)

        async def answering(host: str) -> PairedAgent:
            moved = replace(known, host=host, port=port)
            await AgentClient(moved).look()
            return moved

        if known.host not in hosts or known.port != port:
            self._update(entry, await self._async_first(hosts, answering, title=entry.title))
        elif entry.state is ConfigEntryState.SETUP_RETRY:
            # It is back: that need not be found out by waiting.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        raise AbortFlow("agent_already_configured", named(entry.title))

    async def _async_first[R](
        self, hosts: Sequence[str], ask: Callable[[str], Awaitable[R]], *, title: str | None = None
    ) -> R:
        """Return what the first of these addresses answers, or end the flow with what the last one ended with."""
        for host in hosts[:-1]:
            with contextlib.suppress(DeviceBackupError):
                return await ask(host)
        try:
            return await ask(hosts[-1])
        except AgentNotTrustedError as error:
            raise AbortFlow("agent_certificate_changed", named(title or hosts[-1])) from error
        except DeviceBackupError as error:
            raise AbortFlow(error.code, escaped(error.placeholders(self.hass.config.language))) from error

    def _require_same(self, found: FoundAgent) -> None:
        if found.hello.agent_id != self._entry_of_agent().unique_id:
            raise AbortFlow("another_agent")

    def _entry_of_agent(self) -> DeviceBackupsConfigEntry:
        """Return the entry of the agent that is there already; only such a one is paired again, or moved."""
        return cast("DeviceBackupsConfigEntry", self._of_agent)

    def _take(self, paired: PairedAgent, reason: str) -> ConfigFlowResult:
        """Make the entry of the agent, or give the one that is there what is new."""
        if self._of_agent is None:
            return self.async_create_entry(title=paired.name, data=agent_data(paired), description="agent")
        self._update(self._of_agent, paired)
        return self.async_abort(
            reason="agent_paired" if self.source == SOURCE_REAUTH else reason,
            description_placeholders=named(self._of_agent.title),
        )

    @callback
    def _update(self, entry: DeviceBackupsConfigEntry, paired: PairedAgent) -> None:
        """Keep what is new, and connect anew."""
        self.hass.config_entries.async_update_entry(entry, data={**entry.data, **agent_data(paired)})
        self.hass.config_entries.async_schedule_reload(entry.entry_id)

    async def _async_show_address(
        self, step_id: str, suggested: dict[str, Any], error: DeviceBackupError | None = None
    ) -> ConfigFlowResult:
        schema = vol.Schema(
            {
                vol.Required(CONF_HOST): TextSelector(),
                vol.Required(CONF_PORT): NumberSelector(
                    NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX)
                ),
            }
        )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors_of(error),
            description_placeholders={**await self._async_devices(), **await self._async_detail(error)},
            last_step=False if step_id == "agent" else None,
        )

    async def _async_devices(self) -> dict[str, str]:
        """Return which devices are asked by the agent."""
        if self._of_agent is None:
            return {}
        titles = [escape_markdown(entry.title) for entry in devices_at_agent(self.hass, str(self._of_agent.unique_id))]
        none = (await self._async_phrases())("agent_no_devices")
        devices = bullets(sorted(titles, key=str.casefold)) or f"- {none}"
        return {**named(self._of_agent.title), "devices": devices}

    async def _async_detail(self, error: DeviceBackupError | None) -> dict[str, str]:
        if error is None:
            return {}
        return error.placeholders(await async_person_language(self.hass))


def errors_of(error: DeviceBackupError | None) -> dict[str, str]:
    """Return what a form says of an error."""
    return {} if error is None else {"base": error.code}


def _as_code(text: str) -> str:
    """Return a text so that Markdown shows each of its signs."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"
