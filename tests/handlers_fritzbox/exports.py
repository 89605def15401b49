"""Exports without a box: the vector that others computed too, and ways to break it."""

from ha_device_backup_core import Artifact
from ha_device_backup_fritzbox.files import EXPORT

CHECKSUM = "781C84DC"
VECTOR = rb"""**** FRITZ!Box 7590 CONFIGURATION EXPORT
Password=$$$$EXAMPLEEXAMPLEEXAMPLE
FirmwareVersion=154.08.02
CONFIG_INSTALL_TYPE=example_install_type
OEM=avm
Country=049
Language=de
**** CFGFILE:ar7.cfg
/*
 * /var/tmp.cfg
 * Thu Jan  1 01:06:16 1970
 */

meta { encoding = "utf-8"; }

ar7cfg {
        mode = dsldmode_router;
        example_path = "a\\b";
}


// EOF

**** END OF FILE ****
**** BINFILE:example_bin
00010203
FF
**** END OF FILE ****
**** B64FILE:example_b64
aGVsbG8gZnJpdHo=
**** END OF FILE ****
**** CRYPTEDB64FILE:example_crypted
AAECAwQFBgcICQoLDA0ODw==
**** END OF FILE ****
**** END OF EXPORT 781C84DC ****
"""


def imported(content: bytes, filename: str = EXPORT) -> Artifact:
    """Return an export as a person saves it."""
    return Artifact(filename=filename, content=content)


def with_settings(settings: str) -> Artifact:
    """Return an export with these lines of ar7.cfg."""
    return imported(VECTOR.replace(b"        mode = dsldmode_router;", settings.encode()))
