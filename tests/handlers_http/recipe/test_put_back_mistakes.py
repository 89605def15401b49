"""What is wrong with how a recipe puts back: steps about no file, and files that nothing names."""

import pytest

from ha_device_backup_http.recipe import load_recipe

from .test_loader import GOOD, mistakes

RESTORE = '[restore]\ncovers = "settings.json"\n[[restore.step]]\nrequest = "POST /reset"\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "it would change the device whatever a backup holds; say which file it is about"),
        ('puts_back = "other.json"\n', "“other.json” is never saved; there are settings.json"),
    ],
)
def test_step_that_takes_nothing_out_of_a_backup_says_what_it_is_about(line: str, said: str) -> None:
    (told,) = mistakes(GOOD + RESTORE + line)
    assert told.partition("restore.step.puts_back: ")[2].startswith(said)


@pytest.mark.parametrize("key", ["puts_back", "upload"])
def test_step_that_says_what_it_is_about_is_no_mistake(key: str) -> None:
    assert load_recipe("pump.toml", f'{GOOD}{RESTORE}{key} = "settings.json"\n'.encode()).restore.steps


STORED = """
[[fetch]]
each = { one = ["a", "b"] }
request = "GET /x/{one}"
save = "x/{one}.js"
[[fetch]]
request = "GET /entries"
capture.entries = "json:/*"
[[fetch]]
each = { entry = "entries" }
request = "GET /y/{entry/id}"
save = "y/{entry/name}.js"
[restore]
covers = "y/*"
[[restore.value]]
file = "settings.json"
capture.stored = "json:/entries/*"
[[restore.value]]
file = "y/{entry/name}.js"
each = { entry = "stored" }
list = "sources"
[[restore.step]]
each = { source = "sources" }
request = "POST /y"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"stored" }', '"nowhere" }', "restore.value.each.entry: nothing captures “nowhere”"),
        ('each = { entry = "stored" }\n', "", "restore.value.file: nothing captures “entry”"),
        ('y/{entry/name}.js"\neach', 'y/{one/name}.js"\neach', "restore.value.file: "),
        ('list = "sources"\n', "", "restore.value.each: it does not make one list of files"),
        ('"stored" }', '"stored", other = "stored" }', "restore.value.each: it does not make one list of files"),
    ],
)
def test_files_that_belong_to_entries_are_named_as_they_are_saved(old: str, new: str, said: str) -> None:
    load_recipe("pump.toml", (GOOD + STORED).encode())
    assert any(said in told for told in mistakes((GOOD + STORED).replace(old, new)))
