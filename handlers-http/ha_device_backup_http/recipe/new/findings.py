"""From two fetches to what a recipe says of them; pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from .changes import changing
from .facts import DeviceFact, facts_in
from .secrecy import holds_any, secret_places
from .seen import form_seen, name_for, seen
from .text import Findings
from .trying import CONFIGURATION, INFO
from .wanted import Wanted

type Choose = Callable[[Sequence[DeviceFact]], DeviceFact | None]


def findings(
    wanted: Wanted, first: Mapping[str, bytes], second: Mapping[str, bytes], choose: Choose, today: date
) -> Findings:
    """Return what two fetches showed; `choose` says which proposal tells the device from all others."""
    content, again = first[CONFIGURATION], second[CONFIGURATION]
    file = name_for(wanted.path, form_seen(content))
    changes = changing(file, content, again)
    with_facts = INFO if wanted.info else CONFIGURATION
    facts = facts_in(first[with_facts], second[with_facts])
    version = "" if facts.version is None else facts.version.value
    if changes is not None and holds_any("\n".join(line for one in changes for line in one.lines), wanted.secrets):
        changes = None
    return Findings(
        file=file,
        seen=seen(content, again, changes or (), wanted.secrets),
        facts=facts,
        unique_id=choose(facts.unique_ids),
        asked=wanted.info or wanted.path,
        changes=changes,
        secrets=secret_places(file, content, wanted.secrets),
        tested=version if version and not holds_any(version, wanted.secrets) else f"one device, {today.isoformat()}",
    )
