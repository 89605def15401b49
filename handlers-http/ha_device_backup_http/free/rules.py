"""What makes a backup valid and what does not count in it; kept with each backup, because checks know nothing else."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from ha_device_backup_core import Artifact, InvalidArtifactError

from ..expression_syntax import ExpressionError
from ..expressions import Expression
from ..laid_out import LARGEST_UNPACKED, LaidOutFiles
from ..pointers import Pointer, parse_pointer
from ..recognise import ZIP, Form, declared_size, is_zip

_RULES = "rules"
_ONE_FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one backup; what a person entered, and the form in which each file came."""

    main: str = ""
    """The file of the first address: pattern and size are asked of it."""
    bundled: bool = False
    """Whether several files were put into one: a zip file that the device sent is one file."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    pattern: str = ""
    minimum_size: int = 0
    ignore: tuple[str, ...] = ()
    without_end: tuple[str, ...] = ()
    """Files of which the device did not tell where they end."""
    absent: tuple[str, ...] = ()
    """Files that the device does not have, which the person said may be."""

    def attributes(self) -> dict[str, str]:
        """Return what is stored with the backup."""
        rules = {
            "main": self.main,
            "bundled": self.bundled,
            "forms": dict(self.forms),
            "pattern": self.pattern,
            "minimum_size": self.minimum_size,
            "ignore": list(self.ignore),
            "without_end": list(self.without_end),
            "absent": list(self.absent),
        }
        return {_RULES: json.dumps(rules, ensure_ascii=False, sort_keys=True)}

    @property
    def pointers(self) -> list[Pointer]:
        """The places in JSON that do not count."""
        return [pointer for line in self.ignore if (pointer := parse_pointer(line)) is not None]

    @property
    def expressions(self) -> list[Expression]:
        """What is in lines that do not count."""
        return [Expression(line) for line in self.ignore if parse_pointer(line) is None]


def rules_of(artifact: Artifact) -> Rules | None:
    """Return the rules that a backup came with, None for a file that came without."""
    try:
        rules = _parse(json.loads(artifact.attributes[_RULES]))
    except (LookupError, TypeError, ValueError, RecursionError):
        return None
    return rules if rules is not None and _are_usable(rules) else None


def normalize(artifact: Artifact) -> Mapping[str, bytes]:
    """Return the files of a backup as they are compared; the name of a single one may hold the time and is left out."""
    files = _files(artifact)
    rules = rules_of(artifact) or Rules()
    comparison = LaidOutFiles(rules.pointers, rules.expressions, sum(map(len, files.values())))
    return {name: comparison.file(files[name]) for name in sorted(files)}


def _files(artifact: Artifact) -> Mapping[str, bytes]:
    is_small = artifact.media_type == ZIP and declared_size(artifact.content) <= LARGEST_UNPACKED
    if is_small and is_zip(artifact.content):
        with suppress(InvalidArtifactError):
            return artifact.files()
    return {_ONE_FILE: artifact.content}


def _parse(stored: object) -> Rules | None:
    match stored:
        case {
            "main": str(main),
            "bundled": bool(bundled),
            "forms": dict(forms),
            "pattern": str(pattern),
            "minimum_size": int(minimum_size),
            "ignore": list(ignore),
            "without_end": list(without_end),
            "absent": list(absent),
        }:
            return Rules(
                main=main,
                bundled=bundled,
                forms={str(name): Form(form) for name, form in forms.items()},
                pattern=pattern,
                minimum_size=minimum_size,
                ignore=tuple(str(line) for line in ignore),
                without_end=tuple(str(name) for name in without_end),
                absent=tuple(str(name) for name in absent),
            )
    return None


def _are_usable(rules: Rules) -> bool:
    try:
        for source in (rules.pattern, *(line for line in rules.ignore if parse_pointer(line) is None)):
            Expression(source)
    except ExpressionError:
        return False
    return True
