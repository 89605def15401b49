"""What computers and file servers put beside the files of a person; pure."""

from pathlib import PurePosixPath

_NAMES = frozenset(
    {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".localized", ".directory", ".nomedia"}
)
_FOLDERS = frozenset(
    {
        *("__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".appledouble", "$recycle.bin"),
        *("system volume information", "@eadir", "#recycle", "lost+found", ".stfolder", ".git"),
    }
)


def is_junk(path: str) -> bool:
    """Return whether a computer or a file server made this for itself: it never goes to a device."""
    parts = PurePosixPath(path.lower()).parts or ("",)
    return (
        parts[-1] in _NAMES
        or parts[-1].startswith(("._", "~$"))
        or any(part in _FOLDERS or part.startswith(".trash-") for part in parts)
    )
