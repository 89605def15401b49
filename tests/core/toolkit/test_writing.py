"""Files on a device: what it holds is not sent, what was sent is read back."""

import pytest

from ha_device_backup_core import RestoreNotVerifiedError, Text, in_language
from ha_device_backup_core.toolkit import FilesOnDevice, Written, write_what_differs

FILES = {"same.json": b"1", "other.json": b"2", "new.json": b"3", "hidden": b"4"}


class Memory:
    """The files of a device that misbehaves so many times."""

    def __init__(self, *, refuses: int = 0, garbles: int = 0) -> None:
        self.files = {"same.json": b"1", "other.json": b"?"}
        self.refuses, self.garbles = refuses, garbles
        self.written: list[str] = []
        self.steps: list[tuple[float, str]] = []

    async def holds(self, name: str, content: bytes) -> bool:
        return self.files.get(name) == content

    async def write(self, name: str, content: bytes) -> bool:
        self.written.append(name)
        if self.refuses:
            self.refuses -= 1
            return False
        self.files[name] = content + b"!" if self.garbles else content
        self.garbles = max(self.garbles - 1, 0)
        return True

    async def read(self, name: str, size: int) -> bytes | None:
        assert size == len(FILES[name])
        return self.files.get(name)

    def progress(self, share: float | None, text: Text) -> None:
        self.steps.append((round(share or 0.0, 3), in_language(text)))


async def put(memory: Memory) -> Written:
    """Put the files there."""
    device = FilesOnDevice(holds=memory.holds, write=memory.write, read=memory.read, can_read=lambda name: "." in name)
    return await write_what_differs(
        FILES, device, not_written=lambda name: f"{name} is not there.", progress=memory.progress, share=(0.2, 0.6)
    )


async def test_what_differs_is_sent_and_read_back() -> None:
    memory = Memory()
    written = await put(memory)
    assert written == Written(equal=("same.json",), sent=("other.json", "new.json"), unreadable=("hidden",))
    assert written.proven == 3
    assert memory.written == ["other.json", "new.json", "hidden"]
    assert memory.files == FILES
    assert memory.steps == [
        (0.2, "Sending same.json"),
        (0.3, "Sending other.json"),
        (0.4, "Sending new.json"),
        (0.5, "Sending hidden"),
    ]


@pytest.mark.parametrize("memory", [Memory(refuses=1), Memory(garbles=1)])
async def test_a_file_gets_a_second_try(memory: Memory) -> None:
    assert (await put(memory)).sent == ("other.json", "new.json")
    assert memory.written == ["other.json", "other.json", "new.json", "hidden"]


@pytest.mark.parametrize("memory", [Memory(refuses=2), Memory(garbles=2)])
async def test_a_file_that_is_not_as_it_was_sent_is_not_proven(memory: Memory) -> None:
    with pytest.raises(RestoreNotVerifiedError, match=r"other\.json is not there"):
        await put(memory)
    assert memory.written == ["other.json", "other.json"]
    assert (await put(memory)).proven == 3
