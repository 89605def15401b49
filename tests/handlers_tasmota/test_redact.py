"""What may be shown of a backup."""

import json

from ha_device_backup_tasmota import TasmotaHandler

from .artifacts import RECORD, SCRIPT, artifact, bare, dump, files
from .conftest import assert_no_canary


def test_facts_the_record_and_the_names_of_files_are_shown() -> None:
    content = files()
    shown = TasmotaHandler.redact(artifact(content))
    assert set(shown) == {"config.dmp", "status.json", "files.json"}
    assert json.loads(shown["config.dmp"]) == {
        "chip": "ESP32",
        "drivers": [".drvset010", ".drvset027"],
        "version": "14.4.1",
    }
    assert json.loads(shown["files.json"]) == {"/autoexec.be": len(content[SCRIPT])}
    said = json.loads(shown["status.json"])
    assert said["Status"] == {
        "DeviceName": "Lamp",
        "FriendlyName": ["Lamp"],
        "Module": 1,
        "PowerOnState": 3,
        "Topic": "lamp",
    }
    assert set(said) == {"Status", "StatusPRM", "StatusFWR", "StatusLOG", "StatusNET"}
    assert_no_canary(shown)


def test_of_a_bare_dump_only_its_facts_are_shown() -> None:
    assert set(TasmotaHandler.redact(bare(dump()))) == {"config.dmp"}


def test_what_is_damaged_is_not_shown() -> None:
    assert TasmotaHandler.redact(bare(b"?")) == {}
    shown = TasmotaHandler.redact(artifact({**files(), RECORD: b"?"}))
    assert set(shown) == {"config.dmp", "files.json"}
