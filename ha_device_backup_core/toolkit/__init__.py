"""What many handlers need: HTTP with small devices, restarts, texts and JSON of strangers; nobody has to use it."""

from ..file_forms import is_web_page
from .bodies import Body, is_raw_name
from .client import DeviceClient, Request
from .device_ids import basic_login, mac_address, mac_connection
from .drawn_words import is_drawn
from .interruptions import ConnectionClosedError
from .json_data import (
    JsonError,
    JsonObject,
    as_list,
    as_object,
    canonical,
    compact,
    for_reading,
    json_object,
    read_json,
)
from .junk import is_junk
from .pace import Pace
from .reach import files_of_reach, settings_of_reach
from .response import Response
from .restart import Restart, RestartPace, Running
from .restore_errors import RestoreErrors, uncertain
from .secret_words import names_a_password, without_noted_secrets
from .ssh_keys import tidy_private_key
from .text_data import decoded, encoded, name_list, readable, shown
from .websocket import Websocket
from .writing import FilesOnDevice, Written, write_what_differs

__all__ = [
    "Body",
    "ConnectionClosedError",
    "DeviceClient",
    "FilesOnDevice",
    "JsonError",
    "JsonObject",
    "Pace",
    "Request",
    "Response",
    "Restart",
    "RestartPace",
    "RestoreErrors",
    "Running",
    "Websocket",
    "Written",
    "as_list",
    "as_object",
    "basic_login",
    "canonical",
    "compact",
    "decoded",
    "encoded",
    "files_of_reach",
    "for_reading",
    "is_drawn",
    "is_junk",
    "is_raw_name",
    "is_web_page",
    "json_object",
    "mac_address",
    "mac_connection",
    "name_list",
    "names_a_password",
    "read_json",
    "readable",
    "settings_of_reach",
    "shown",
    "tidy_private_key",
    "uncertain",
    "without_noted_secrets",
    "write_what_differs",
]
