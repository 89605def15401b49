"""Each way in which a package cannot be had has its sentence, which fills in what is told with it."""

import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def raised() -> dict[str, set[str]]:
    """Return the reasons that the core gives, with the values that all their errors have."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "ha_device_backup_core/packages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PackageError"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                values = {str(keyword.arg) for keyword in node.keywords}
                reason = str(node.args[0].value)
                found[reason] = found.get(reason, values) & values
    return found


def test_each_reason_has_a_sentence_and_fills_it() -> None:
    sentences = json.loads((ROOT / "scripts/translations/strings.json").read_text(encoding="utf-8"))["common"]
    gaps = {reason: set(re.findall(r"{(\w+)}", sentences[f"package_{reason}"])) for reason in raised()}

    assert {reason: gaps[reason] - values for reason, values in raised().items() if gaps[reason] - values} == {}
    assert len(gaps) > 15
