"""The fleet file: which devices `run` backs up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core import ConfigError
from ha_device_backup_core.host import system_words

from .jobs import DeviceToBackUp
from .options import expanded, value_of
from .translation import _
from .wrong_usage import WrongUsageError

DEFAULT_STORE = "device-backups"
DEFAULT_CONCURRENCY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceList:
    """What the file says; paths in it are relative to it."""

    devices: tuple[DeviceToBackUp, ...]
    store: Path
    concurrency: int


def read_devices(path: Path) -> DeviceList:
    """Read the file; what is wrong with the file as a whole is wrong usage."""
    try:
        # Some editors begin with a mark of the encoding.
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise WrongUsageError(
            _("{path} is not saved as UTF-8. Save it anew in that encoding.", path=str(path))
        ) from error
    except OSError as error:
        raise WrongUsageError(_("{path} cannot be read. {why}", path=str(path), why=system_words(error))) from error
    except ValueError as error:
        raise WrongUsageError(_("{path} is no TOML: {mistake}", path=str(path), mistake=str(error))) from error
    except RecursionError as error:
        raise WrongUsageError(_("{path} is nested too deeply.", path=str(path))) from error
    unknown = ", ".join(sorted(document.keys() - {"device", "store", "concurrency"}))
    if unknown:
        raise WrongUsageError(
            _(
                "{path}: there is no setting {unknown}; there are [[device]], store and concurrency.",
                path=str(path),
                unknown=unknown,
            )
        )
    devices = document.get("device", [])
    if not isinstance(devices, list) or not devices or not all(isinstance(device, dict) for device in devices):
        raise WrongUsageError(_("{path} names no devices; each begins with [[device]].", path=str(path)))
    return DeviceList(
        devices=tuple(_device(path, number, device) for number, device in enumerate(devices, 1)),
        store=_folder(path, document.get("store", DEFAULT_STORE)),
        concurrency=_number(path, document.get("concurrency", DEFAULT_CONCURRENCY)),
    )


def _device(path: Path, number: int, device: dict[str, object]) -> DeviceToBackUp:
    kind, title = device.get("kind"), device.get("title")
    if not isinstance(kind, str):
        raise WrongUsageError(
            _(
                "{path}: device {number} has no kind, as in {example}.",
                path=str(path),
                number=number,
                example='kind = "wled"',
            )
        )
    if title is not None and not isinstance(title, str):
        raise WrongUsageError(_("{path}: the title of device {number} is no text.", path=str(path), number=number))
    config = {key: value for key, value in device.items() if key not in {"kind", "title"}}
    try:
        return DeviceToBackUp(kind=kind, title=title, config=_values(config, path.parent))
    except ConfigError as error:
        return DeviceToBackUp(kind=kind, title=title, config=config, error=error)


def _values(config: Mapping[str, object], folder: Path) -> dict[str, object]:
    """Return the values with files read, relative to the folder; raises ConfigError for the first that cannot be."""
    values = dict(config)
    for key, value in config.items():
        if isinstance(value, str):
            try:
                values[key] = value_of(value, folder)
            except WrongUsageError as error:
                raise ConfigError(key, error.text) from error
    return values


def _folder(path: Path, value: object) -> Path:
    if isinstance(value, str) and value:
        return path.parent / expanded(value)
    raise WrongUsageError(
        _("{path}: store is a folder, as in {example}.", path=str(path), example=f'store = "{DEFAULT_STORE}"')
    )


def _number(path: Path, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise WrongUsageError(
        _(
            "{path}: concurrency is a number of devices, as in {example}.",
            path=str(path),
            example=f"concurrency = {DEFAULT_CONCURRENCY}",
        )
    )
