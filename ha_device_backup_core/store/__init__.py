"""The store: backups in a tree of folders that a person with nothing but `tar` can use.

Names are in `layout`, contents in `documents`; `reader` and `writer` work on them, `writer` in the visible steps of
`steps`, each of which passes the `gate`. `BackupStore` puts them on threads.
"""

from .store import BackupStore

__all__ = ["BackupStore"]
