"""The logins that services have, each as strict as the real ones."""

import base64
import hashlib
import re
import secrets
from enum import StrEnum
from html import escape
from typing import Any

from aiohttp import web

USERNAME = "keeper"
PASSWORD = "canary pass:wörd/4711"
KEY = "canary-key-0815"
REALM = "service"
LOGIN_PATH = "/login"
TOKEN_PATH = "/auth/token"


class LoginStyle(StrEnum):
    """How one logs in."""

    NONE = "none"
    BASIC = "basic"
    DIGEST = "digest"
    BEARER = "bearer"
    HEADER = "header"
    QUERY = "query"
    PAGE = "page"
    TOKEN = "token"


class Logins:
    """Knows who may come in, and counts who was refused."""

    def __init__(self, style: LoginStyle) -> None:
        self.style = style
        self.password = PASSWORD
        self.key = KEY
        self.refused = 0
        self.sessions: set[str] = set()
        self.csrf = secrets.token_hex(8)
        self.nonce = secrets.token_hex(8)
        self.fault: str = ""
        self.leads_to = "/"
        self.page_status = 200
        self.gives_session = True

    def refuse(self, request: web.Request) -> web.StreamResponse | None:
        """Return the refusal, None for who may come in."""
        if self.style in {LoginStyle.BASIC, LoginStyle.DIGEST, LoginStyle.BEARER}:
            return self._challenge(request)
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        match self.style:
            case LoginStyle.PAGE if request.cookies.get("session") not in self.sessions:
                raise web.HTTPFound(LOGIN_PATH)
            case LoginStyle.TOKEN if given not in self.sessions:
                return web.json_response({"error": "unauthorised"}, status=401)
            case LoginStyle.HEADER if request.headers.get("X-API-Key") != self.key:
                self.refused += 1
                return web.Response(status=403)
            case LoginStyle.QUERY if request.query.get("apikey") != self.key:
                self.refused += 1
                return web.Response(status=403)
        return None

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Answer the login page, and what is sent from it."""
        if request.method == "GET":
            return self._page("")
        form = await request.post()
        if form.get("csrf") != self.csrf or form.get("sign_in") != "1":
            return web.Response(status=400, text="The form is stale.")
        if (form.get("user"), form.get("secret")) != (USERNAME, self.password):
            self.refused += 1
            return self._page("Wrong password")
        response = web.Response(status=303, headers={"Location": self.leads_to})
        session = self._new_session()
        if self.gives_session:
            response.set_cookie("session", session)
        return response

    async def give_token(self, request: web.Request) -> web.StreamResponse:
        """Answer a request for a token."""
        is_json = request.content_type == "application/json"
        sent: Any = await request.json() if is_json else dict(await request.post())
        if self.fault:
            return web.Response(text=self.fault, content_type="application/json")
        if (sent.get("username"), sent.get("password")) != (USERNAME, self.password):
            self.refused += 1
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"data": {"access_token": self._new_session(), "kinds": ["a", "b"]}})

    def _new_session(self) -> str:
        session = secrets.token_hex(16)
        self.sessions.add(session)
        return session

    def _page(self, problem: str) -> web.Response:
        page = f"""<!DOCTYPE html>
            <html><body><p>{escape(problem)}</p>
            <form action="/search"><input name="words"></form>
            <form method="post" action="{LOGIN_PATH}"><input type=hidden name=csrf value="{self.csrf}">
            <input type="email" name="user"> <input type="PASSWORD" name="secret">
            <input type="checkbox" name="stay" checked><input type=checkbox name=public value=1>
            <button name="sign_in" value="1">Log in</button><button name="other" value="1">Other</button>
            </form></body></html>"""
        return web.Response(text=page, status=self.page_status, content_type="text/html")

    def _challenge(self, request: web.Request) -> web.Response | None:
        wanted, challenge = {
            LoginStyle.BASIC: (self._basic(), f'Basic realm="{REALM}", charset="UTF-8"'),
            LoginStyle.DIGEST: (
                self._digest(request),
                f'Digest realm="{REALM}", qop="auth", nonce="{self.nonce}", algorithm=SHA-256',
            ),
            LoginStyle.BEARER: (f"Bearer {self.key}", "Bearer"),
        }[self.style]
        given = request.headers.get("Authorization")
        if given == wanted:
            return None
        self.refused += given is not None
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{USERNAME}:{self.password}".encode()).decode()

    def _digest(self, request: web.Request) -> str:
        """Return the one right header: the given one with a response that was computed here."""
        given = request.headers.get("Authorization", "")
        parts = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        if parts.get("nonce") != self.nonce or parts.get("uri") != request.path_qs:
            return ""
        secret = _hash(f"{USERNAME}:{REALM}:{self.password}")
        asked = _hash(f"{request.method}:{parts['uri']}")
        right = _hash(":".join((secret, self.nonce, parts["nc"], parts["cnonce"], parts["qop"], asked)))
        return given if parts["response"] == right else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
