"""Where the manager tells what happened, and who hears it."""

from collections.abc import Callable

from .device import TrackedDevice
from .events import ManagerEvent, StatusChanged, Subscriber, Subscribers
from .snapshot_guard import SnapshotGuard


class EventBus:
    """Passes on every event; that a device has another status waits for the end of a snapshot."""

    def __init__(self, snapshots: SnapshotGuard) -> None:
        """Begin without subscribers."""
        self._snapshots = snapshots
        self._subscribers = Subscribers[ManagerEvent]()
        snapshots.on_end(self.all_changed)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call the subscriber, in the event loop, with every event; return an unsubscribe callback."""
        return self._subscribers.add(subscriber)

    def publish(self, event: ManagerEvent) -> None:
        """Tell everybody what happened."""
        self._subscribers.publish(event)

    def changed(self, device: TrackedDevice) -> None:
        """Tell that the device has another status."""
        if not self._snapshots.in_progress:
            self.publish(StatusChanged(key=device.key))

    def all_changed(self) -> None:
        """Tell that all devices may have another status."""
        if not self._snapshots.in_progress:
            self.publish(StatusChanged(key=None))
