"""For authors of handlers: the conformance suite, jobs, simulated devices, and recordings of real ones."""

from ha_device_backup_core.records import Fetched

from .conformance import HandlerConformance
from .recording import Recording, RecordingError
from .replay import ReplayServer
from .run import run_import, run_job, run_part, run_plan, run_probe, run_restore
from .simulated_http import SimulatedRequest, SimulatedResponse
from .simulated_server import SimulatedFaults, SimulatedServer, serve
from .source import Simulated

__all__ = [
    "Fetched",
    "HandlerConformance",
    "Recording",
    "RecordingError",
    "ReplayServer",
    "Simulated",
    "SimulatedFaults",
    "SimulatedRequest",
    "SimulatedResponse",
    "SimulatedServer",
    "run_import",
    "run_job",
    "run_part",
    "run_plan",
    "run_probe",
    "run_restore",
    "serve",
]
