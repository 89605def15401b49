"""The checks of the conformance suite that play what goes wrong with HTTP: of no use where a device speaks none."""

HTTP_CHECKS = (
    "answer_without_end",
    "cut_answer",
    "failed_restore_is_reported",
    "hang",
    "ipv6_address",
    "noise",
    "refused_connection",
    "status_401",
    "status_500",
    "swapped_device_is_noticed",
    "web_page",
)


def without_http(reason: str, *others: str) -> dict[str, str]:
    """Return the checks that a handler without HTTP leaves out, each with the reason."""
    return dict.fromkeys((*HTTP_CHECKS, *others), reason)
