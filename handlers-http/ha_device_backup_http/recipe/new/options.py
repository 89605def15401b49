"""The options of `recipe new`; pure."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from ha_device_backup_core import Text, in_language

from .wanted import LOGINS

USAGE = """Usage: ha-device-backup recipe new [FILE] [OPTIONS]

Asks what is not given, tries it, and writes a recipe with what it saw. FILE must not be there yet.

  --name NAME           What people call the kind of device: "Acme Pump".
  --manufacturer NAME   Who makes it.
  --kind KIND           Lower-case letters, digits and _; made of the name without it.
  --url URL             Where it is; with the path of the configuration, --path is not needed.
  --path PATH           The path of the configuration: /api/settings.
  --info PATH           The path of what tells which device it is; - for none.
  --login HOW           none, basic, digest, bearer, header, query, form (a login page) or json
                        (user name and password are sent as JSON).
  --username NAME, --password SECRET, --token SECRET
                        Never written into the file. @FILE reads a secret from a file.
  --token-name NAME     The header or the parameter that the token, or the session of json, goes into.
  --login-page PATH     The path of the page with the form, or that the JSON is sent to.
  --logout REQUEST      What gives a session back: "DELETE /api/session".
  --unique-id PLACE     What tells it from all others: json:/serial; - for nothing.
  --certificate SHA256  The certificate to trust, for https with one of the device's own.
  --pause SECONDS       Between two fetches; 3 without it. What changes by itself shows in what differs."""

PAUSE_SECONDS = 3.0
_TEXTS = (
    *("--name", "--manufacturer", "--kind", "--url", "--path", "--info", "--username", "--password", "--token"),
    *("--token-name", "--login-page", "--unique-id", "--certificate", "--logout"),
)


class UsageError(ValueError):
    """Something wrong was entered, or something is missing."""

    def __init__(self, text: Text) -> None:
        """Take what it is."""
        super().__init__(text)
        self.text = text

    def in_language(self, language: str) -> str:
        """Return what it is."""
        return in_language(self.text, language)


class _OptionParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise what is wrong; the command ends by itself."""
        raise UsageError(message)


def options_of_try(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the file, the settings and the pause of `recipe try`; raise UsageError."""
    parser = _OptionParser(add_help=False, allow_abbrev=False)
    parser.add_argument("file")
    parser.add_argument("--set", action="append", default=[], dest="settings")
    parser.add_argument("--pause", type=float, default=PAUSE_SECONDS)
    return parser.parse_args(list(arguments))


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; raise UsageError."""
    parser = _OptionParser(add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    for name in _TEXTS:
        parser.add_argument(name)
    parser.add_argument("--login", choices=LOGINS)
    parser.add_argument("--pause", type=float, default=PAUSE_SECONDS)
    return parser.parse_args(list(arguments))
