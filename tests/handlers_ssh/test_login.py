"""What is entered to log in."""

import asyncssh

from ha_device_backup_ssh.work import made_pair


def test_a_pair_is_a_new_one_each_time() -> None:
    private, public = made_pair("device-backups")
    assert asyncssh.import_private_key(private).export_public_key().decode().strip() == public
    assert public.startswith("ssh-ed25519 AAAA")
    assert public.endswith(" device-backups")
    assert made_pair("device-backups") != (private, public)
