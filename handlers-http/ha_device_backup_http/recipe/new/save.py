"""`ha-device-backup recipe save`: the settings of the form for any URL, as a recipe in a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ha_device_backup_core import (
    CertificateNotTrustedError,
    Config,
    ConfigError,
    DeviceBackupError,
    HandlerContext,
    in_language,
)

from ...free.handler import HttpHandler
from ...translation import _
from .attempt import entered_settings, said_of
from .desk import Desk
from .options import UsageError

_GOOD, _FAILED, _WRONG_USAGE = 0, 1, 2


def save(file: str, name: str, settings: Sequence[str], say: Callable[[str], None], terminal: Desk) -> int:
    """Back up once, which shows that the settings are right, and write the file; an existing one stays as it is."""
    checked: list[Config] = []
    language = terminal.language

    class Checked(HttpHandler):
        def __init__(self, context: HandlerContext, config: Config) -> None:
            super().__init__(context, config)
            checked.append(config)

    try:
        artifact = terminal.fetch(Checked, entered_settings(HttpHandler.spec, settings, terminal))
        ((_name, content),) = HttpHandler.kind_files(checked[0], name, artifact).items()
        with Path(file).open("xb") as opened:
            opened.write(content)
    except (OSError, ValueError, UsageError) as error:
        say(f"{file}: {said_of(error, language)}")
        return _WRONG_USAGE
    except CertificateNotTrustedError as error:
        say(f"{error.in_language(language)} --set certificate={error.sha256}")
        return _FAILED
    except DeviceBackupError as error:
        say(error.in_language(language))
        return _WRONG_USAGE if isinstance(error, ConfigError) else _FAILED
    written = _("{file} is written. Look through it, then: ha-device-backup recipe check {file}", file=file)
    say(in_language(written, language))
    return _GOOD
