"""Keeps the secrets of a configuration out of everything that is logged, shown or kept."""

import logging
import re
from collections.abc import Iterable
from dataclasses import replace

from ..catalogs import translations
from ..config.config import REDACTED, secret_values
from ..contract import Config, HandlerSpec, Note
from ..restore_records import RestorePlan, RestoreReport
from ..spellings import Spellings
from ..text import GapValue, Message, Text, plain


class Mask:
    """Replaces secrets, in whatever spelling they travel."""

    def __init__(self, secrets: Iterable[str], *, username: str = "") -> None:
        """Prepare for all secrets at once, those of a basic login with its name."""
        known = [secret for secret in secrets if secret]
        self._spellings = Spellings(known, logins=[f"{username}:{secret}" for secret in known])

    @classmethod
    def of(cls, spec: HandlerSpec, config: Config) -> "Mask":
        """Return the mask for the configuration of a device."""
        username = config.get("username")
        return cls(secret_values(spec, config), username=username if isinstance(username, str) else "")

    def string(self, value: str) -> str:
        """Return the string without secrets, and without what could steer a terminal."""
        return plain(self._spellings.replaced(value, REDACTED))

    def text(self, text: Text) -> Text:
        """Return the text without secrets, in every language."""
        if isinstance(text, Message):
            values = {name: self._value(value) for name, value in text.values.items()}
            if translations(text.package, text.english):
                # A package ships this sentence, so a secret that is one of its words does not come from the device.
                return replace(text, values=values)
            said = {language: self._sentence(words, values) for language, words in text.said.items()}
            return Message(self._sentence(text.english, values), values, text.package, said)
        return self.string(str(text))

    def _sentence(self, words: str, values: Iterable[str]) -> str:
        """Return a sentence without secrets, in which what is filled keeps its name."""
        gaps = [f"{{{name}}}" for name in values]
        parts = re.split(f"({'|'.join(map(re.escape, gaps))})", words) if gaps else [words]
        return "".join(part if part in gaps else self.string(part) for part in parts)

    def _value(self, value: GapValue) -> GapValue:
        if isinstance(value, Message):
            return self.text(value)
        # A secret may be a number, too.
        masked = self.string(str(value))
        return value if isinstance(value, int | float) and masked == str(value) else masked

    def notes(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        """Return the notes with masked texts."""
        return tuple(replace(note, text=self.text(note.text)) for note in notes)

    def report(self, report: RestoreReport) -> RestoreReport:
        """Return the report with masked texts."""
        return replace(
            report,
            proven=tuple(map(self.text, report.proven)),
            unproven=tuple(map(self.text, report.unproven)),
            needs=tuple(map(self.text, report.needs)),
        )

    def plan(self, plan: RestorePlan) -> RestorePlan:
        """Return the plan with masked texts."""
        return RestorePlan(
            files=tuple(
                replace(file, name=self.string(file.name), details=tuple(map(self.text, file.details)))
                for file in plan.files
            ),
            refused=tuple(map(self.text, plan.refused)),
            needs=tuple(map(self.text, plan.needs)),
            risks=tuple(map(self.text, plan.risks)),
            restarts=plan.restarts,
        )


class _MaskingFilter(logging.Filter):
    """Rewrites each record before any handler sees it."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - logging never ends a job
            message = f"{record.msg} (logged with wrong arguments)"
        record.msg, record.args = self._mask.string(message), ()
        if record.exc_info:
            record.exc_text = self._formatter.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self._mask.string(record.exc_text)
        if record.stack_info:
            record.stack_info = self._mask.string(record.stack_info)
        return True


def masking_logger(name: str, mask: Mask) -> logging.LoggerAdapter[logging.Logger]:
    """Return a logger of one job's own that passes masked records on to the logger of that name."""
    logger = logging.Logger(name)  # noqa: LOG001 - one of its own, so that its filter ends with the job
    logger.parent = logging.getLogger(name)
    logger.addFilter(_MaskingFilter(mask))
    return logging.LoggerAdapter(logger, {})
