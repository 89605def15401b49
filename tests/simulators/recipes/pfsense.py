"""pfSense, as auth.inc, csrf-magic.php and backup.inc answer."""

from typing import ClassVar

from ha_device_backup_core import InvalidArtifactError, PermissionDeniedError, UnexpectedResponseError
from ha_device_backup_core.testing import SimulatedRequest

from .stand_in import PASSWORD, Answer, StandIn, empty, page, route, text

_HASH = "canary-hash-4711"
_LOGIN = "<input name='usernamefld'><input name='passwordfld'>"


class PfSense(StandIn):
    kind = "pfsense"
    entered: ClassVar = {"username": "keeper", "password": PASSWORD}
    secrets = (_HASH,)
    errors: ClassVar = {
        "no_privilege": PermissionDeniedError,
        "bad_token": UnexpectedResponseError,
        "logged_out": UnexpectedResponseError,
        "page": InvalidArtifactError,
        "half": InvalidArtifactError,
    }

    def _session(self, request: SimulatedRequest) -> str:
        return request.headers.get("cookie", "").partition("PHPSESSID=")[2].partition(";")[0]

    def _page(self, session: str, body: str = "") -> Answer:
        token = f"<input type='hidden' name='__csrf_magic' value=\"sid:{session},1700000000;ip:a\" />"
        return page(f"<form>{token}{body}</form>", Set_Cookie=f"PHPSESSID={session}; path=/; HttpOnly")

    @route("GET /index.php")
    def index(self, request: SimulatedRequest) -> Answer:
        session = self._session(request)
        return self._page(session) if session in self.sessions else self._page("before", _LOGIN)

    @route("POST /index.php")
    def log_in_or_out(self, request: SimulatedRequest) -> Answer:
        given, session = request.form(), self._session(request)
        if self.fault == "bad_token" or given.get("__csrf_magic", "").partition(",")[0] != f"sid:{session}":
            return page("CSRF check failed", 403)
        if given.get("logout"):
            self.sessions.discard(session)
            return self._page("before", _LOGIN)
        is_right = (given["usernamefld"], given["passwordfld"]) == ("keeper", PASSWORD)
        made = self.log_in(is_right=is_right, form="session{}")
        if made is None:
            return self._page("before", _LOGIN + "<script>'Username or Password incorrect'</script>")
        return empty(302, Location="/", Set_Cookie=f"PHPSESSID={made}; path=/; HttpOnly")

    @route("GET /diag_backup.php")
    def backup_page(self, request: SimulatedRequest) -> Answer:
        if self.fault == "no_privilege":
            return empty(302, Location="/status_graph.php")
        session = self._session(request)
        if self.fault == "logged_out":
            self.sessions.discard(session)
        if session not in self.sessions:
            return self._page("before", _LOGIN)
        return self._page(session)

    @route("POST /diag_backup.php")
    def backup(self, request: SimulatedRequest) -> Answer:
        given, session = request.form(), self._session(request)
        if session not in self.sessions or given["__csrf_magic"].partition(",")[0] != f"sid:{session}":
            return page("CSRF check failed", 403)
        if self.fault == "page":
            return self._page(session)
        graphs = "" if given.get("donotbackuprrd") else f"<rrddata>{self.noise()}</rrddata>"
        config = (
            f"<?xml version='1.0'?>\n<pfsense>\n<system><hostname>fw</hostname><mtu>{self.number}</mtu>"
            f"<user><bcrypt-hash>{_HASH}</bcrypt-hash></user></system>{graphs}\n"
            f"<revision><time>{self.noise()}</time></revision>\n</pfsense>\n"
        )
        return text(config[: len(config) // 2] if self.fault == "half" else config, 200, "application/octet-stream")
