"""A router with RouterOS: a command line of its own, and files by SFTP."""

from .server import SimulatedSsh

CANARY = "canary-ppp-4711"


class SimulatedRouterOs(SimulatedSsh):
    """A router of version 7, or of 6, which knows no show-sensitive."""

    username = "admin"

    def __init__(self, version: str = "7.15.3 (stable)") -> None:
        super().__init__()
        self.version = version
        self.serial = "HF1234567AB"
        self.comment = "attic"
        self.exports = 0

    async def run(self, command: str, given: bytes) -> tuple[int, bytes, bytes]:
        answers = {
            "/system resource print": f"            version: {self.version}\r\n         board-name: hEX S\r\n",
            "/system routerboard print": f"      routerboard: yes\r\n    serial-number: {self.serial}\r\n",
            "/system license print": "  software-id: ABCD-EFGH\r\n",
            "/system identity print": "  name: attic\r\n",
        }
        if command in answers:
            return 0, answers[command].encode(), b""
        if command == "/export show-sensitive" and self.version.startswith("6."):
            return 0, b"expected end of command (line 1 column 9)\r\n", b""
        if command.startswith("/export"):
            return 0, self._export(), b""
        if command.startswith("/system backup save name=ha-device-backup "):
            (self.folder / "ha-device-backup.backup").write_bytes(b"\x88\xac\xa1\xb1" + bytes([self.exports]) * 64)
            return 0, b"Configuration backup saved\r\n", b""
        return 0, b"bad command name (line 1 column 1)\r\n", b""

    def _export(self) -> bytes:
        self.exports += 1
        lines = (
            f"# 2026-11-28 12:00:{self.exports:02} by RouterOS {self.version}",
            f"# serial number = {self.serial}",
            f'/interface bridge add comment="{self.comment}" name=bridge',
            f"/ppp secret add name=cellar password={CANARY}",
            "",
        )
        return "\r\n".join(lines).encode()
