"""What differs between two backups: files, settings by their path, lines, members of archives; pure."""

from .compare import compare
from .documents import comparison_document
from .records import (
    Change,
    Comparison,
    FileComparison,
    FileVersion,
    LineChange,
    MemberChange,
    Scalar,
    SettingChange,
)

__all__ = [
    "Change",
    "Comparison",
    "FileComparison",
    "FileVersion",
    "LineChange",
    "MemberChange",
    "Scalar",
    "SettingChange",
    "compare",
    "comparison_document",
]
