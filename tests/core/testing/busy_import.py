"""A handler whose module asks the network when it is imported."""

import socket

from .clock import ClockHandler

socket.getaddrinfo("127.0.0.1", 80)


class BusyImport(ClockHandler):
    pass
