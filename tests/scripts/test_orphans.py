"""A program that is started does not outlive the one that started it, even where that was killed."""

import os
import subprocess
import sys

import pytest

PARENT = """
import os, subprocess, sys
from scripts.live.orphans import end_with_parent
subprocess.Popen(
    [sys.executable, "-c", "import os, time; os.write(1, b'up'); time.sleep(600)"],
    start_new_session=True,
    preexec_fn=end_with_parent,
)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
@pytest.mark.timeout(60)
def test_ends_with_its_killed_parent() -> None:
    reading, writing = os.pipe()
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=writing) as parent:
        os.close(writing)
        with os.fdopen(reading, "rb") as output:
            assert output.read(2) == b"up"
            parent.kill()
            assert output.read() == b""
