"""Comparisons as plain values, for programs and pages."""

from .records import Comparison, FileComparison, LineChange, MemberChange, SettingChange


def comparison_document(found: Comparison) -> dict[str, object]:
    """Return it for programs."""
    return {
        "files": [_file_document(file) for file in found.files],
        "unchanged": found.unchanged,
        "more": found.more,
        "counts": found.counts,
    }


def _file_document(file: FileComparison) -> dict[str, object]:
    return {
        "path": file.path,
        "change": file.change.value,
        "size_before": None if file.before is None else file.before.size,
        "size_after": None if file.after is None else file.after.size,
        "sha256_before": None if file.before is None else file.before.sha256,
        "sha256_after": None if file.after is None else file.after.sha256,
        "counts": file.counts,
        "settings": [_setting_document(setting) for setting in file.settings],
        "lines": [_line_document(line) for line in file.lines],
        "members": [_member_document(member) for member in file.members],
        "more": file.more,
    }


def _setting_document(setting: SettingChange) -> dict[str, object]:
    return {
        "path": list(setting.path),
        "change": setting.change.value,
        "before": setting.before,
        "after": setting.after,
        "masked": setting.masked,
        "counts": setting.counts,
    }


def _line_document(line: LineChange) -> dict[str, object]:
    return {"change": line.change.value, "number": line.number, "text": line.text, "masked": line.masked}


def _member_document(member: MemberChange) -> dict[str, object]:
    return {
        "path": member.path,
        "change": member.change.value,
        "size_before": None if member.before is None else member.before.size,
        "size_after": None if member.after is None else member.after.size,
    }
