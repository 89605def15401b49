import pluggy

from ha_device_backup_core import hookimpl
from ha_device_backup_core.plugins import hookspecs

from .. import example_handler
from ..example_handler import ExampleHandler


def test_a_module_with_the_hook_registers_its_handlers() -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(example_handler)
    manager.check_pending()

    assert manager.hook.device_backup_handlers() == [[ExampleHandler]]


def test_mark_leaves_the_function_as_it_is() -> None:
    def device_backup_handlers() -> list[type[ExampleHandler]]:
        return [ExampleHandler]

    assert hookimpl(device_backup_handlers) is device_backup_handlers
