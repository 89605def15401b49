"""Each text of a recipe may be a table by language."""

from ha_device_backup_core import Text, in_language
from ha_device_backup_http.recipe import load_recipe

PUMP = """format = 1
kind = "pump"
name = { en = "Pump", de = "Pumpe" }
base = "{url}"
omits = [{ en = "The clock.", de = "Die Uhr." }, "The noise."]
[[field]]
key = "url"
kind = "url"
label = { en = "Page", de = "Seite" }
help = { en = "Look at it.", de = "Sieh nach." }
[[field]]
key = "mode"
kind = "choice"
label = "Mode"
choices = { a = { en = "Fast", de = "Schnell" }, b = "Slow" }
[[error]]
status = 423
means = "auth"
text = { en = "Unlock it.", de = "Entsperre sie." }
[[fetch]]
request = "GET /settings"
save = "settings.json"
[[fetch.error]]
status = 418
means = "busy"
text = { en = "Wait.", de = "Warte." }
[fetch.otherwise]
request = "GET /old"
[[fetch.otherwise.error]]
status = 419
means = "busy"
text = { en = "Wait longer.", de = "Warte länger." }
[restore]
guide = [{ en = "Open it.", de = "Öffne sie." }]
"""


def test_every_text_of_a_recipe_has_its_languages() -> None:
    recipe = load_recipe("pump.toml", PUMP.encode())
    url, mode = recipe.spec.fields[:2]
    (step,) = recipe.fetch
    assert step.otherwise is not None
    texts: list[Text] = [
        recipe.spec.name,
        *recipe.spec.omits,
        url.label,
        url.help,
        mode.label,
        *mode.choices.values(),
        recipe.errors[0].text,
        step.errors[0].text,
        step.otherwise.errors[0].text,
        *recipe.spec.restore_guide,
    ]
    assert [in_language(text, "de") for text in texts] == [
        "Pumpe",
        "Die Uhr.",
        "The noise.",
        "Seite",
        "Sieh nach.",
        "Mode",
        "Schnell",
        "Slow",
        "Entsperre sie.",
        "Warte.",
        "Warte länger.",
        "Öffne sie.",
    ]
    assert in_language(recipe.spec.name) == "Pump"
