"""Why a request is not answered, in the words of the protocol."""

from aiohttp import web

from ha_device_backup_core.host import wire

_STATUS = {
    wire.Refusal.MALFORMED: 400,
    wire.Refusal.UNKNOWN_CLIENT: 401,
    wire.Refusal.NOT_PAIRED: 403,
    wire.Refusal.UNKNOWN_PATH: 404,
    wire.Refusal.UNKNOWN_KIND: 404,
    wire.Refusal.UNKNOWN_JOB: 404,
    wire.Refusal.UNKNOWN_CONTENT: 404,
    wire.Refusal.WRONG_STEP: 409,
    wire.Refusal.WRONG_OFFSET: 409,
    wire.Refusal.TOO_LARGE: 413,
    wire.Refusal.WRONG_DIGEST: 422,
    wire.Refusal.TOO_MANY: 429,
    wire.Refusal.FAULT: 500,
    wire.Refusal.NO_ROOM: 507,
}


class RefusedError(Exception):
    """A request is not answered."""

    def __init__(self, refusal: wire.Refusal, why: str = "", *, retry_after: float | None = None) -> None:
        """Keep the word, a sentence for whoever reads it, and the seconds after which to ask again."""
        super().__init__(refusal)
        self.refusal = refusal
        self.why = why
        self.retry_after = retry_after


def refused(error: RefusedError) -> web.Response:
    """Return the answer."""
    document: wire.WireDocument = {"refused": error.refusal.value, "why": error.why}
    if error.retry_after is not None:
        document["retry_after"] = error.retry_after
    return answered(document, status=_STATUS[error.refusal])


def answered(document: wire.WireDocument, *, status: int = 200) -> web.Response:
    """Return an answer that nobody keeps."""
    return web.Response(
        status=status,
        body=wire.encode(document),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
