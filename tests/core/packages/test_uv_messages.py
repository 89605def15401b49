"""Words of the installer that a test cannot bring about; the others are in `test_transaction`."""

import pytest

from ha_device_backup_core.packages.requirement import PackageVersion
from ha_device_backup_core.packages.uv_messages import explain

PACKAGE = PackageVersion("acme-clock", "1.0")
INSTALLED = {"aiohttp": "3.14.5", "attrs": "26.1.0"}


@pytest.mark.parametrize(
    ("words", "reason", "values"),
    [
        (
            "error: Request failed after 3 retries in 7.1s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/x/",
            "unreachable",
            {"package": "acme-clock 1.0"},
        ),
        (
            (
                "cause: Because acme-clock was not found in the cache and you require acme-clock==1.0 …\n"
                "hint: Packages were unavailable because the network was disabled."
            ),
            "unreachable",
            {"package": "acme-clock 1.0"},
        ),
        (
            (
                "Because all versions of acme-clock depend on attrs>=24,<25 and attrs==26.1.0, "
                "we can conclude that your requirements are unsatisfiable."
            ),
            "conflict",
            {"package": "acme-clock 1.0", "needs": "attrs>=24,<25", "has": "attrs 26.1.0"},
        ),
        (
            "error: No space left on device\n  while reading https://user:canary@example.com/simple",
            "failed",
            {"package": "acme-clock 1.0", "detail": "error: No space left on device while reading …"},
        ),
        ("x" * 200_000, "failed", {"package": "acme-clock 1.0", "detail": "x" * 600}),
    ],
)
def test_words_of_the_installer(words: str, reason: str, values: dict[str, str]) -> None:
    error = explain(PACKAGE, words, INSTALLED)

    assert (error.reason, error.values) == (reason, values)
