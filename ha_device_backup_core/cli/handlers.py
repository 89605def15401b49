"""`handlers`: what is installed, and what is wrong with it."""

import typer

from ha_device_backup_core import in_language
from ha_device_backup_core.host import RegisteredHandler, joined

from .installed import installed_handlers
from .options import Json
from .output import FAILED, JsonDocument, print_json, print_table, say, warn
from .translation import _

_CAPABILITIES = {"back_up": _("back up"), "restore": _("restore"), "discovery": _("discovery")}


def handlers(*, json: Json = False) -> None:
    """Show every handler that is installed, and every problem with a handler package."""
    registry = installed_handlers()
    if json:
        print_json(
            {
                "handlers": [_document(registered) for registered in registry.handlers.values()],
                "problems": [
                    {
                        "kind": problem.kind,
                        "distribution": problem.distribution,
                        "version": problem.version,
                        "handler_kind": problem.handler_kind,
                        "message": in_language(problem.message),
                    }
                    for problem in registry.problems
                ],
                "error": None,
            }
        )
    else:
        _print(list(registry.handlers.values()))
        for problem in registry.problems:
            warn(problem.message)
    if registry.problems:
        raise typer.Exit(FAILED)


def _print(found: list[RegisteredHandler]) -> None:
    if not found:
        say(_("No handlers are installed; try: {command}", command="pip install ha-device-backup-wled"))
        return
    print_table(
        (_("Kind"), _("Name"), _("Package"), _("Version"), "API", _("Capabilities")),
        [
            (
                registered.kind,
                registered.spec.name,
                registered.distribution,
                registered.version,
                _api(registered),
                joined([_CAPABILITIES[name] for name in _capabilities(registered)], ", "),
            )
            for registered in found
        ],
    )


def _document(registered: RegisteredHandler) -> JsonDocument:
    spec = registered.spec
    return {
        "kind": registered.kind,
        "name": in_language(spec.name),
        "distribution": registered.distribution,
        "version": registered.version,
        "api_version": _api(registered),
        "capabilities": _capabilities(registered),
        "fields": [
            {"key": field.key, "kind": field.kind, "required": field.required, "label": in_language(field.label)}
            for field in spec.fields
        ],
        "omits": [in_language(text) for text in spec.omits],
    }


def _api(registered: RegisteredHandler) -> str:
    return ".".join(map(str, registered.spec.api_version))


def _capabilities(registered: RegisteredHandler) -> list[str]:
    return [
        "back_up",
        *(("restore",) if registered.can_restore else ()),
        *(("discovery",) if registered.spec.discovery else ()),
    ]
