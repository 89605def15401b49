"""Simulated devices with SSH: a shell of this machine with programs of the device, or a command line of its own."""

from .linux import SimulatedLinux
from .openwrt import SimulatedOpenWrt
from .routeros import SimulatedRouterOs
from .server import PASSWORD, SimulatedSsh, SshFaults

__all__ = ["PASSWORD", "SimulatedLinux", "SimulatedOpenWrt", "SimulatedRouterOs", "SimulatedSsh", "SshFaults"]
