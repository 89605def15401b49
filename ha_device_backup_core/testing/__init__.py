"""For authors of handlers: the conformance suite, recordings of devices, and a server that replays them."""

from .conformance import HandlerConformance
from .recording import Recording, RecordingError
from .replay import ReplayServer
from .source import Simulated

__all__ = ["HandlerConformance", "Recording", "RecordingError", "ReplayServer", "Simulated"]
