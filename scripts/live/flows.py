"""Walks through config flows as the user interface does: forms are filled by the names of their fields."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from .client import DOMAIN, HomeAssistantClient
from .process import HomeAssistantError

FLOWS = "/api/config/config_entries/flow"
FLOW_SECONDS = 120
MAX_STEPS = 20
_SEARCH = "other"
"""The choice of a long menu, and the form behind it, that finds what the menu does not list."""

type Answers = Mapping[str, Any]


async def add_device(
    client: HomeAssistantClient, answers: Answers, *, choice: str = "wled", certificate: str = ""
) -> dict[str, Any]:
    """Add a device by the config flow, leave every other question at its default, and return the new entry."""
    result = await client.post(FLOWS, {"handler": DOMAIN, "show_advanced_options": False})
    return await walk(client, FLOWS, result, answers, choice=choice, certificate=certificate)


async def walk(
    client: HomeAssistantClient,
    flows: str,
    result: dict[str, Any],
    answers: Answers,
    *,
    choice: str = "",
    certificate: str = "",
) -> dict[str, Any]:
    """Go on with a flow until it ends and return its result; a refused answer is an error that names the field.

    A certificate is trusted only when the form shows the fingerprint that is expected.
    """
    async with asyncio.timeout(FLOW_SECONDS):
        for _ in range(MAX_STEPS):
            path = f"{flows}/{result['flow_id']}"
            result = await finished(client, path, result)
            match result["type"]:
                case "create_entry":
                    return result
                case "menu":
                    result = await client.post(path, {"next_step_id": _option(result["menu_options"], choice)})
                case "form":
                    if result.get("errors"):
                        break
                    if result["step_id"].startswith("certificate") and shown_fingerprint(result) != certificate:
                        msg = f"The form shows the certificate {shown_fingerprint(result)}, not {certificate}."
                        raise HomeAssistantError(msg)
                    result = await client.post(
                        path, filled(result["data_schema"], _searched(result, choice) or answers)
                    )
                case _:
                    break
    reasons = result.get("errors") or result.get("reason")
    details = (result.get("description_placeholders") or {}).get("problems", "")
    msg = f"The flow stopped at {result.get('step_id') or result['type']}: {reasons} {details}"
    raise HomeAssistantError(msg)


async def finished(client: HomeAssistantClient, path: str, result: dict[str, Any]) -> dict[str, Any]:
    """Wait, however often one has to look, until what the flow waits for is done."""
    while result["type"] in {"progress", "progress_done"}:
        await asyncio.sleep(0.2)
        result = await client.get(path)
    return result


def shown_fingerprint(form: Mapping[str, Any], name: str = "fingerprint") -> str:
    """Return the fingerprint of a certificate that a form shows, without its grouping."""
    shown = str(form["description_placeholders"][name])
    return "".join(filter(str.isalnum, shown)).lower()


def filled(schema: Sequence[Mapping[str, Any]], answers: Answers) -> dict[str, Any]:
    """Return what to send for a form: the answers to its fields; sections are filled from the same answers."""
    sent: dict[str, Any] = {}
    for field in schema:
        name = field["name"]
        if field.get("type") == "expandable":
            sent[name] = filled(field["schema"], answers)
        elif name in answers:
            sent[name] = answers[name]
        elif "default" in field:
            sent[name] = field["default"]
        elif (suggested := (field.get("description") or {}).get("suggested_value")) is not None:
            sent[name] = suggested
    return sent


def _searched(form: Mapping[str, Any], choice: str) -> Answers:
    """Return the answer to the search among all kinds, nothing for another form."""
    return {"kind": choice} if form["step_id"] == _SEARCH else {}


def _option(options: Sequence[str] | Mapping[str, str], choice: str) -> str:
    for option in options:
        if option in {choice, f"handler_{choice}"}:
            return option
    if _SEARCH in options:
        return _SEARCH
    msg = f"The menu has no {choice!r}, only {list(options)}."
    raise HomeAssistantError(msg)
