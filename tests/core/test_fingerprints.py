import pytest

from ha_device_backup_core.fingerprints import certificate_fingerprint, sha256_of_ssh, ssh_fingerprint

DIGITS = "3ad7228213b3247548564284" + "57d2bef9" * 5


@pytest.mark.parametrize("written", [DIGITS, ":".join(DIGITS[start : start + 2] for start in range(0, 64, 2))])
def test_a_certificate_is_shown_in_groups(written: str) -> None:
    assert certificate_fingerprint(written) == "3AD72282 13B32475 48564284 " + " ".join(["57D2BEF9"] * 5)


def test_a_host_key_is_shown_as_programs_for_ssh_do() -> None:
    shown = ssh_fingerprint(DIGITS)
    assert shown.startswith("SHA256:")
    assert sha256_of_ssh(f" {shown}= ") == DIGITS
    assert ssh_fingerprint("none") == "none"
    assert sha256_of_ssh("none") is None
