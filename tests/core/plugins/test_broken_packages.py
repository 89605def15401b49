"""Packages with every kind of fault: each is told by its own sentence, and none hurts the others."""

import pytest

from ha_device_backup_core.errors import HandlerUnavailableError
from ha_device_backup_core.package_problems import Problem, ProblemKind
from ha_device_backup_core.plugins.registry import Plugin

from ..distributions import SitePackages, handler_source, in_english
from .conftest import AUTHOR, outcome, problem

NO_HOOK_DECORATOR = """
def device_backup_handlers():
    return []
"""


RETURNS = """
from ha_device_backup_core import hookimpl
@hookimpl
def device_backup_handlers():
    {body}
"""


BROKEN = {
    "raises at import": (
        "raise RuntimeError('no luck')",
        problem(ProblemKind.IMPORT_FAILED, f"bad-plugin 1.0 cannot be imported (RuntimeError: no luck). {AUTHOR}"),
    ),
    "syntax error": (
        "def",
        problem(
            ProblemKind.IMPORT_FAILED,
            f"bad-plugin 1.0 cannot be imported (SyntaxError: invalid syntax (bad_plugin.py, line 1)). {AUTHOR}",
        ),
    ),
    "exits at import": (
        "import sys; sys.exit(3)",
        problem(ProblemKind.IMPORT_FAILED, f"bad-plugin 1.0 cannot be imported (SystemExit: 3). {AUTHOR}"),
    ),
    "interrupts at import": (
        "raise KeyboardInterrupt",
        problem(ProblemKind.IMPORT_FAILED, f"bad-plugin 1.0 cannot be imported (KeyboardInterrupt). {AUTHOR}"),
    ),
    "cancels at import": (
        "import asyncio; raise asyncio.CancelledError",
        problem(ProblemKind.IMPORT_FAILED, f"bad-plugin 1.0 cannot be imported (CancelledError). {AUTHOR}"),
    ),
    "raises what cannot be told": (
        "class Mute(BaseException):\n    def __str__(self):\n        raise SystemExit\nraise Mute",
        problem(ProblemKind.IMPORT_FAILED, f"bad-plugin 1.0 cannot be imported (Mute). {AUTHOR}"),
    ),
    "raises with far too many words": (
        "raise ValueError('long ' * 100_000)",
        problem(
            ProblemKind.IMPORT_FAILED,
            f"bad-plugin 1.0 cannot be imported (ValueError: {('long ' * 100)[:300]}). {AUTHOR}",
        ),
    ),
    "module is missing": (
        None,
        problem(
            ProblemKind.IMPORT_FAILED,
            "bad-plugin 1.0 is not installed completely: its module “bad_plugin” is missing. Install it again.",
        ),
    ),
    "dependency is missing": (
        "import a_module_that_nobody_has.part",
        problem(
            ProblemKind.DEPENDENCY_MISSING,
            "bad-plugin 1.0 needs the Python module “a_module_that_nobody_has”, which is not installed."
            " Install bad-plugin again with its dependencies.",
        ),
    ),
    "name that core does not have": (
        "from ha_device_backup_core import SomethingOfTheFuture",
        problem(
            ProblemKind.IMPORT_FAILED,
            "bad-plugin 1.0 needs another version of ha-device-backup-core than this one"
            " (SomethingOfTheFuture is not in it). Update Device Backups and bad-plugin.",
        ),
    ),
    "unknown hook": (
        RETURNS.format(body="return []").replace("device_backup_handlers", "device_backup_handler"),
        problem(
            ProblemKind.WRONG_HOOK,
            "bad-plugin 1.0 implements a hook that does not exist (device_backup_handler); the hook is"
            f" device_backup_handlers. {AUTHOR}",
        ),
    ),
    "hook with arguments": (
        RETURNS.format(body="return []").replace("()", "(config)"),
        problem(
            ProblemKind.WRONG_HOOK,
            "bad-plugin 1.0 implements device_backup_handlers wrongly (PluginValidationError: Plugin 'bad_plugin' for"
            " hook 'device_backup_handlers' hookimpl definition: device_backup_handlers(config) Argument(s) {'config'}"
            f" are declared in the hookimpl but can not be found in the hookspec). {AUTHOR}",
        ),
    ),
    "no hook": (
        NO_HOOK_DECORATOR,
        problem(
            ProblemKind.WRONG_HOOK,
            "bad-plugin 1.0 registers nothing: “bad_plugin” has no function device_backup_handlers marked with"
            f" @hookimpl. {AUTHOR}",
        ),
    ),
    "hook raises": (
        RETURNS.format(body="raise KeyError('model')"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (KeyError: 'model'). {AUTHOR}",
        ),
    ),
    "hook exits": (
        RETURNS.format(body="raise SystemExit"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (SystemExit). {AUTHOR}",
        ),
    ),
    "hook interrupts": (
        RETURNS.format(body="raise KeyboardInterrupt"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (KeyboardInterrupt). {AUTHOR}",
        ),
    ),
    "hook cancels": (
        RETURNS.format(body="import asyncio; raise asyncio.CancelledError"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (CancelledError). {AUTHOR}",
        ),
    ),
    "hook closes itself": (
        RETURNS.format(body="raise GeneratorExit"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (GeneratorExit). {AUTHOR}",
        ),
    ),
    "class that interrupts when it is looked at": (
        handler_source("bad").replace(
            "class Lamp(DeviceBackupHandler):",
            "class Meta(type(DeviceBackupHandler)):\n"
            "    def __getattribute__(cls, name):\n"
            "        if name == 'spec':\n"
            "            raise KeyboardInterrupt\n"
            "        return super().__getattribute__(name)\n\n\n"
            "class Lamp(DeviceBackupHandler, metaclass=Meta):",
        ),
        problem(ProblemKind.NOT_A_HANDLER, f"bad-plugin 1.0 has no usable handler: KeyboardInterrupt. {AUTHOR}"),
    ),
    "hook raises while it is read": (
        RETURNS.format(body="yield int; raise RuntimeError('late')"),
        problem(
            ProblemKind.HOOK_FAILED,
            f"bad-plugin 1.0 failed when it was asked for its handlers (RuntimeError: late). {AUTHOR}",
        ),
    ),
    "hook returns nothing": (
        RETURNS.format(body="pass"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            f"bad-plugin 1.0 has no usable handler: device_backup_handlers returned nothing. {AUTHOR}",
        ),
    ),
    "hook returns a number": (
        RETURNS.format(body="return 5"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            "bad-plugin 1.0 has no usable handler: device_backup_handlers returned an object of type int instead of a"
            f" list of classes. {AUTHOR}",
        ),
    ),
    "hook returns a string": (
        RETURNS.format(body="return 'lamp'"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            "bad-plugin 1.0 has no usable handler: device_backup_handlers returned an object of type str instead of a"
            f" list of classes. {AUTHOR}",
        ),
    ),
    "another class": (
        RETURNS.format(body="return [int]"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            "bad-plugin 1.0 has no usable handler: it returned int, which is no class below DeviceBackupHandler."
            f" {AUTHOR}",
        ),
    ),
    "an instance": (
        RETURNS.format(body="return [object()]"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            "bad-plugin 1.0 has no usable handler: it returned an object of type object, which is no class below"
            f" DeviceBackupHandler. {AUTHOR}",
        ),
    ),
    "abstract methods left": (
        handler_source("bad").replace("fetch_backup", "fetch").replace("def validate", "def check"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            f"bad-plugin 1.0 has no usable handler: Lamp lacks fetch_backup, validate. {AUTHOR}",
            handler_kind="bad",
        ),
    ),
    "no spec": (
        handler_source("bad").replace("    spec = ", "    specification = "),
        problem(
            ProblemKind.NOT_A_HANDLER,
            f"bad-plugin 1.0 has no usable handler: Lamp has no HandlerSpec as its spec. {AUTHOR}",
        ),
    ),
    "api version is no version": (
        handler_source("bad", api="'1'"),
        problem(
            ProblemKind.NOT_A_HANDLER,
            f"bad-plugin 1.0 has no usable handler: the api_version of “bad” is not ApiVersion(major, minor). {AUTHOR}",
            handler_kind="bad",
        ),
    ),
    "api major too new": (
        handler_source("bad", api="ApiVersion(2, 0)"),
        problem(
            ProblemKind.API_TOO_NEW,
            "bad-plugin 1.0 was made for version 2.0 of the handler contract; this is version 1.0."
            " Update Device Backups.",
            handler_kind="bad",
        ),
    ),
    "api minor too new": (
        handler_source("bad", api="ApiVersion(1, 1)"),
        problem(
            ProblemKind.API_TOO_NEW,
            "bad-plugin 1.0 was made for version 1.1 of the handler contract; this is version 1.0."
            " Update Device Backups.",
            handler_kind="bad",
        ),
    ),
    "api too old": (
        handler_source("bad", api="ApiVersion(0, 9)"),
        problem(
            ProblemKind.API_TOO_OLD,
            "bad-plugin 1.0 was made for version 0.9 of the handler contract; this is version 1.0. Update bad-plugin.",
            handler_kind="bad",
        ),
    ),
}


@pytest.mark.parametrize(("source", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken_package_hurts_nobody_and_is_usable_once_mended(
    site: SitePackages, source: str | None, expected: Problem
) -> None:
    site.install("bad-plugin", source)

    registry = site.scan()

    assert outcome(registry) == (["good"], (expected,))
    assert registry.plugins[0] == Plugin(
        name="bad_plugin", distribution="bad-plugin", version="1.0", kinds=(), installed_version="1.0"
    )
    if expected.handler_kind is not None:
        with pytest.raises(HandlerUnavailableError) as caught:
            registry.get(expected.handler_kind)
        assert in_english(caught.value.problem) == expected

    site.forget()
    site.install("bad-plugin", handler_source("bad_plugin") + "# mended, and of another length than before\n" * 3)
    assert outcome(site.scan()) == (["bad_plugin", "good"], ())
