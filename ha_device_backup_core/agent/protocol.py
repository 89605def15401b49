"""The numbers and words that both sides agree on; `docs/agent-protocol.md` describes all of it."""

from enum import StrEnum

from ..contract import MEBIBYTE

PROTOCOL = 1
"""The version that this side speaks: the paths begin with it."""
AGENT_SERVICE = "_ha-dev-backup._tcp.local."
"""Under which agents announce themselves by mDNS."""
MOST_ADDRESSES = 4
"""An agent announces no more of them, and no more are tried."""
LARGEST_REQUEST = MEBIBYTE
LARGEST_DOCUMENT = 4 * MEBIBYTE
LARGEST_LIST = 16 * MEBIBYTE
"""Bytes of a request, of an answer, and of one that lists all kinds or files."""
CHUNK = 256 * 1024
POLL_SECONDS = 20
"""How long an agent waits with the answer what became of a job, where nothing did."""
LEASE_SECONDS = 60.0
"""An agent ends a job that nobody asked about for so long, except a restore."""


class Capability(StrEnum):
    """What an agent can do beyond asking devices; more may come, which the other side then does not use."""

    JOBS = "jobs"
    CALLS = "calls"
    RESUME = "resume"
    REPOSITORY = "repository"


class RemoteStep(StrEnum):
    """What a job may be told to do, by the method of the handler."""

    TEST_CONNECTION = "test_connection"
    FETCH_BACKUP = "fetch_backup"
    PLAN_RESTORE = "plan_restore"
    RESTORE_BACKUP = "restore_backup"


class Call(StrEnum):
    """What may be asked about a file without any device, by the method of the handler."""

    VALIDATE = "validate"
    OWNER = "owner"
    DESCRIBE = "describe"
    PART = "part"
    CONFIGURED = "configured"
    NORMALIZE = "normalize"
    REDACT = "redact"


class Refusal(StrEnum):
    """Why an agent did not do what it was asked."""

    MALFORMED = "malformed"
    UNKNOWN_CLIENT = "unknown_client"
    UNKNOWN_PATH = "unknown_path"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_JOB = "unknown_job"
    UNKNOWN_CONTENT = "unknown_content"
    WRONG_STEP = "wrong_step"
    WRONG_OFFSET = "wrong_offset"
    WRONG_DIGEST = "wrong_digest"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    NOT_PAIRED = "not_paired"
    FAULT = "fault"
