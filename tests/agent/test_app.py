"""The app as a folder: what the Supervisor reads fits its rules, and the image holds what the agent starts."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from ha_device_backup_agent.data_folder import TEMPORARY
from ha_device_backup_agent.server import DEFAULT_PORT
from ha_device_backup_agent.supervisor import SERVICE, AppOptions, read_options
from ha_device_backup_agent.trees.repository import DOCUMENT, PASSWORD

from .app_files import APP, ROOT, document, instructions

CONFIG = document(APP / "config.yaml")
LANGUAGES = {"en", *(file.stem for file in (ROOT / "ha_device_backup_core/translations").glob("*.json"))}
REQUIRED = {"name", "version", "slug", "description", "arch"}
HARMLESS = {
    *{"url", "image", "homeassistant", "stage", "discovery", "map", "watchdog", "timeout", "backup_exclude"},
    *{"options", "schema"},
}
"""Keys that the Supervisor knows, as of 2026.08, and that give no rights beside those that the tests look at."""
OPTION = re.compile(
    r"(?:bool|email|password|url|port|str(?:\(\d*,\d*\))?|int(?:\(-?\d*,-?\d*\))?|match\(.*\)|list\(.+\))\??"
)
IN_ALPINE = {"openssh-client", "restic", "rsync"}
"""Of main and community, in 3.24 for both kinds of machines; restic is 0.18 or later there."""
STATE = Path("/data/apps/data/5c53de3b_device_backup_agent")
KEPT = (
    "options.json",
    *(f"agent/{name}" for name in ("agent.json", "certificate.pem", "clients.json", "supervisor.json")),
    *(f"agent/{name}" for name in (DOCUMENT, PASSWORD)),
)
LEFT_OUT = ("agent/spool", f"agent/{TEMPORARY}4711", "agent/jobs/4711")


def test_the_configuration_fits_the_rules_of_the_supervisor() -> None:
    assert set(CONFIG) - HARMLESS == REQUIRED
    assert re.fullmatch(r"[-_.A-Za-z0-9]+", CONFIG["slug"])
    assert set(CONFIG["arch"]) == {"aarch64", "amd64"}, "it knows no others any more"
    assert CONFIG["discovery"] == [SERVICE], "it refuses messages of other names"
    assert CONFIG["map"] == ["share:rw"]
    assert CONFIG["watchdog"] == f"https://[HOST]:{DEFAULT_PORT}/"
    assert 10 <= CONFIG["timeout"] <= 300
    assert re.fullmatch(r"ghcr\.io/[a-z0-9-]+/[a-z0-9-]+", CONFIG["image"]), "one built here would be in backups"


def test_it_is_of_the_version_of_the_rest() -> None:
    project = tomllib.loads((ROOT / "agent/pyproject.toml").read_text())["project"]
    hacs = document(ROOT / "hacs.json")
    assert (CONFIG["version"], CONFIG["homeassistant"]) == (project["version"], hacs["homeassistant"])


def test_no_other_file_is_taken_for_an_app() -> None:
    """The Supervisor takes each `config.json`, `.yaml` or `.yml` of the repository for one, but for hidden folders."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = map(PurePosixPath, listed.splitlines())
    found = [path for path in paths if path.stem == "config" and path.suffix in {".json", ".yaml", ".yml"}]
    visible = [path for path in found if not any(part.startswith(".") for part in path.parts)]
    assert visible in ([PurePosixPath("agent/app/config.yaml")], [])
    about = document(ROOT / "repository.yaml")
    assert set(about) == {"name", "url", "maintainer"}


def test_each_option_is_explained_in_each_language(tmp_path: Path) -> None:
    schema: dict[str, Any] = CONFIG["schema"]
    assert all(OPTION.fullmatch(kind) for kind in schema.values())
    assert {key for key, kind in schema.items() if not kind.endswith("?")} == set(CONFIG["options"])
    for language in LANGUAGES:
        told = document(APP / f"translations/{language}.yaml")["configuration"]
        assert set(told) == set(schema)
        assert all(set(texts) == {"name", "description"} and all(texts.values()) for texts in told.values())
    assert {path.stem for path in (APP / "translations").iterdir()} == LANGUAGES
    (tmp_path / "options.json").write_text('{"log_level": "info"}')
    assert read_options(tmp_path / "options.json") == AppOptions()


@pytest.mark.parametrize("name", [*LEFT_OUT, "agent/spool/0123/content.part"])
def test_what_comes_and_goes_is_in_no_backup(name: str) -> None:
    """A file that goes away meanwhile would keep all of the app out of the backup."""
    path = STATE / name
    assert any(part.match(pattern) for part in (path, *path.parents) for pattern in CONFIG["backup_exclude"])


@pytest.mark.parametrize("name", KEPT)
def test_who_the_agent_is_is_in_each_backup(name: str) -> None:
    path = STATE / name
    assert not any(part.match(pattern) for part in (path, *path.parents) for pattern in CONFIG["backup_exclude"])


def test_the_image_holds_what_the_agent_starts() -> None:
    words = [word for word, _ in instructions()]
    assert words[0] == "FROM"
    first = instructions()[0][1]
    assert re.fullmatch(r"ghcr\.io/home-assistant/base-python:3\.14-alpine3\.\d+", first)
    runs = [rest for word, rest in instructions() if word == "RUN"]
    (installed,) = (rest.removeprefix("apk add --no-cache ").split() for rest in runs if rest.startswith("apk"))
    assert set(installed) == IN_ALPINE
    assert set(words) == {"FROM", "ARG", "RUN", "COPY", "ENV", "LABEL", "ENTRYPOINT"}
    assert not (APP / "build.yaml").exists(), "the Supervisor has done away with it"


def test_the_image_holds_every_package() -> None:
    projects = [tomllib.loads(file.read_text())["project"] for file in ROOT.glob("*-*/pyproject.toml")]
    ours = {f"{project['name']}=={project['version']}" for project in projects if "backup" in project["name"]}
    required = (APP / "requirements.txt").read_text().split()
    assert set(required) == ours | {f"ha-device-backup-agent=={CONFIG['version']}"}


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_the_steps_of_the_image_are_shell() -> None:
    for word, rest in instructions():
        if word == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)


def test_the_profile_gives_no_more_than_it_says() -> None:
    lines = [line.strip() for line in (APP / "apparmor.txt").read_text().splitlines()]
    rules = [line.rstrip(",") for line in lines if line.endswith(",")]
    profiles = [line.split()[1] for line in lines if line.startswith("profile ")]
    assert profiles == [CONFIG["slug"]], "the Supervisor takes a file with one profile alone"
    assert lines.count("}") == 1
    files = [rule for rule in rules if rule.startswith("/")]
    writable = {path for path, rights in (rule.split() for rule in files) if "w" in rights}
    assert {path.split("/")[1] for path in writable} == {"data", "share", "tmp", "run", "dev"}
    started = [rule for rule in files if "x" in rule.split()[1]]
    assert started == ["/{,usr/,usr/local/}{bin,sbin}/** mrix"]
    assert not {"capability sys_admin", "capability net_raw", "capability", "file", "network"} & set(rules)
    assert all(rule.partition(" ")[0] in {"network", "capability", "signal"} or rule in files for rule in rules)


@pytest.mark.parametrize(("name", "largest"), [("icon.png", (128, 128)), ("logo.png", (250, 100))])
def test_pictures(name: str, largest: tuple[int, int]) -> None:
    content = (APP / name).read_bytes()
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width <= largest[0], height <= largest[1]) == (True, True)
    assert len(content) < 20_000


def test_its_pages_are_short_and_say_where_data_belongs() -> None:
    pages = {name: (APP / name).read_text() for name in ("DOCS.md", "README.md", "CHANGELOG.md")}
    assert len(pages["DOCS.md"].split()) < 1_000
    assert "/share" in pages["DOCS.md"]
    for text in pages.values():
        assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://")] == []
