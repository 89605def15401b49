"""Private keys, as people paste them."""

import asyncssh
import pytest

from ha_device_backup_core import ConfigError
from ha_device_backup_core.toolkit import tidy_private_key


@pytest.fixture(scope="module")
def key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-rsa", key_size=2048)


@pytest.mark.parametrize("form", ["openssh", "pkcs1-pem", "pkcs8-pem"])
@pytest.mark.parametrize("lost", ["\n", " ", "", "\r\n"])
@pytest.mark.parametrize("passphrase", [None, "canary-phrase"])
def test_a_key_keeps_working_whatever_became_of_its_lines(
    key: asyncssh.SSHKey, form: str, lost: str, passphrase: str | None
) -> None:
    text = key.export_private_key(form, passphrase=passphrase, rounds=1, ignore_few_rounds=True).decode()
    again = asyncssh.import_private_key(tidy_private_key(f"  {text.replace('\n', lost)}\n"), passphrase)
    assert again.export_public_key() == key.export_public_key()


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("secret", "It has to begin with -----BEGIN and end with PRIVATE KEY-----."),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA", "It has to begin with -----BEGIN and end with PRIVATE KEY-----."),
        (
            "PuTTY-User-Key-File-3: ssh-ed25519",
            "This is a key of PuTTY. Convert it in PuTTYgen: Conversions, Export OpenSSH key.",
        ),
        ("ssh-ed25519 AAAA me", "This is the public key. Paste the private one, which begins with -----BEGIN."),
        (
            "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----",
            "It is damaged. Paste the whole file, with its first and last line.",
        ),
    ],
)
def test_what_is_no_private_key_is_told(text: str, detail: str) -> None:
    with pytest.raises(ConfigError) as caught:
        tidy_private_key(text)
    assert (caught.value.field, caught.value.detail_in()) == ("private_key", detail)
