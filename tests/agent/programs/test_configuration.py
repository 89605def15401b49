"""The file in which the administrator allows programs: each mistake by its line, and what is right still counts."""

import re
from pathlib import Path

import pytest

from ha_device_backup_agent.programs.configuration import AllowedProgram, ProgramsFile, programs_of, read_programs
from ha_device_backup_agent.programs.forms import OutputForm
from ha_device_backup_core import in_language

PAGE = Path(__file__).parents[3] / "docs/agent-programs.md"
WHOLE = """
[[program]]
id = "shop"
name = "Database of the shop"
argv = ["/usr/bin/pg_dump", "--dbname=shop"]
form = "text"
filename = "shop.sql"
timeout = 60
max_bytes = 1000
environment = { PGPASSWORD = "canary" }
restore = ["/usr/bin/psql", "shop"]
guide = ["Call psql."]
"""
SHORT = """
[[program]]
id = "notes"
name = "Notes"
argv = ["/bin/notes"]
"""
NOTES = AllowedProgram(name_in_kind="notes", name="Notes", argv=("/bin/notes",))


def faults(content: str) -> list[str]:
    return [in_language(fault) for fault in programs_of(content.encode(), "programs.toml").faults]


def test_the_page_is_right() -> None:
    (printed,) = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)

    assert faults(printed) == []
    assert [program.name for program in programs_of(printed.encode(), "programs.toml").programs] == [
        "Database of the shop"
    ]


def test_all_of_it() -> None:
    assert programs_of((WHOLE + SHORT).encode(), "programs.toml") == ProgramsFile(
        programs=(
            AllowedProgram(
                name_in_kind="shop",
                name="Database of the shop",
                argv=("/usr/bin/pg_dump", "--dbname=shop"),
                form=OutputForm.TEXT,
                filename="shop.sql",
                timeout=60.0,
                max_bytes=1000,
                environment={"PGPASSWORD": "canary"},
                restore=("/usr/bin/psql", "shop"),
                guide=("Call psql.",),
            ),
            NOTES,
        )
    )


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        (3, 'id = "Shop!"', "It has to be 1 to 24 small letters, digits and _."),
        (4, 'name = ""', "“name” has to be a text."),
        (5, "argv = []", "It has to begin with the whole path of a program, such as /usr/bin/pg_dump."),
        (5, 'argv = ["pg_dump"]', "It has to begin with the whole path of a program, such as /usr/bin/pg_dump."),
        (5, 'argv = "/usr/bin/pg_dump"', "It has to be a list of texts."),
        (6, 'form = "xml"', "It has to be one of: any, text, json, tar, gzip"),
        (7, 'filename = "../shop"', "It has to be a name without folders."),
        (8, "timeout = 0", "It has to be a whole number from 1 to 21600."),
        (9, "max_bytes = true", "It has to be a whole number from 1 to 67108864."),
        (10, 'environment = { "A B" = "x" }', "It has to be a table of texts."),
        (10, 'environment = "x"', "It has to be a table of texts."),
        (11, 'restore = ["psql"]', "It has to begin with the whole path of a program, such as /usr/bin/pg_dump."),
        (
            12,
            'guides = ["x"]',
            "There is no guides. Known are argv, environment, filename, form, guide,",
        ),
    ],
)
def test_a_mistake_has_its_line(line: int, wrong: str, said: str) -> None:
    lines = WHOLE.splitlines()
    lines[line - 1] = wrong

    found = programs_of((SHORT + "\n".join(lines)).encode(), "programs.toml")

    moved = line + len(SHORT.splitlines())
    assert next(in_language(fault) for fault in found.faults).startswith(f"programs.toml, line {moved}: {said}")
    assert found.programs == (NOTES,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[program]\n", "programs.toml, line 1: This is no TOML."),
        ("\n\nid = \n", "programs.toml, line 3: This is no TOML."),
        ("\nprogram = 5\n", "programs.toml, line 2: There is only [[program]]."),
        ("program = [5]\n", "programs.toml, line 1: There is only [[program]]."),
        ("[[program]]\n", "programs.toml, line 1: “id” has to be a text."),
        (SHORT + "[other]\n", "programs.toml, line 6: There is only [[program]]."),
        (SHORT + SHORT, "programs.toml, line 8: There is another program with this id."),
    ],
)
def test_a_file_that_is_none(content: str, said: str) -> None:
    assert faults(content)[0].startswith(said)


def test_who_may_write_the_file(tmp_path: Path) -> None:
    path = tmp_path / "programs.toml"
    assert read_programs(path) == ProgramsFile()
    path.write_text(SHORT)
    path.chmod(0o602)
    assert [in_language(fault) for fault in read_programs(path).faults] == [
        f"{path}: others may write to it. Forbid that: chmod 600"
    ]
    path.chmod(0o600)
    assert read_programs(path) == ProgramsFile(programs=(NOTES,))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert [in_language(fault) for fault in read_programs(tmp_path).faults] == [f"{tmp_path}: Is a directory"]


def test_a_mark_of_the_encoding_is_no_fault() -> None:
    assert programs_of(f"\ufeff{SHORT}".replace("\n", "\r\n").encode(), "programs.toml") == ProgramsFile(
        programs=(NOTES,)
    )
