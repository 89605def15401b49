"""Words by which devices and services tell that something went wrong; names are without capitals, accents and marks."""

import re

ERROR = re.compile(
    r"(?:is|has|last|non|field|str|my|rsp|app|auth|api|http|login|global|internal|server|service|system|validation)*"
    r"(?:errors?|err|exceptions?|fault|failure|fehler|fehlermeldung|erreurs?|errore|errori|erros?|fout|foutmelding)"
    r"(?:code|no|nr|num|number|id|type|class|name|message|messages|msg|text|txt|string|str|desc|description|info"
    r"|details?|reason|status|cause|list|uri|url|key|title|label|response)?"
)
"""Names of what tells of an error."""
DEMANDS = re.compile(
    r"(?:needs?|requires?|must)(?:re)?(?:login|auth|authentication)|(?:re)?(?:login|auth|authentication)(?:needed|required)"
    r"|(?:session|token|login)(?:expired|invalid|timeout|timedout|lost)|(?:is|device|system)?busy"
)
"""Names of what is true where somebody has to log in."""
MESSAGES = frozenset(
    {
        *("message", "messages", "msg", "detail", "details", "reason", "statustext", "statusstring", "statusmessage"),
        *("meldung", "substatuscode", "retmsg", "returnmsg", "resultmsg", "resultmessage", "statusdescription"),
        *("nachricht", "bericht", "melding", "mensaje", "mensagem", "messaggio", "komunikat", "rspmsg"),
    }
)
WARNINGS = frozenset({"warning", "warnings", "notification", "notice", "alert"})
"""Names under which sentences for people come, and other things, too."""
NO = frozenset({"false", "0", "no"})
SUCCESSES = frozenset(
    {
        *("success", "successful", "ok", "valid", "authenticated", "authorized", "loggedin", "login"),
        *("issuccess", "issuccessful", "isok", "isvalid", "isauthenticated", "isauthorized", "isloggedin", "succeeded"),
    }
)
STATES = frozenset(
    {
        *("status", "state", "stat", "result", "rc", "res", "ret", "retcode", "retval", "return", "returncode"),
        *("resultcode", "outcome", "statuscode", "httpcode", "httpstatus", "code", "login", "auth", "command"),
        *("rspcode", "respcode", "responsecode", "etat", "statut", "estado", "stato"),
    }
)
BAD_STATES = re.compile(
    r"(?:err(?:or)?|fail(?:ed|ure)?|denied|unauthori[sz]ed|forbidden|invalid|expired|busy|timeout|nok|ng|ko|unknown"
    r"|unauthenticated|required|fehler|processing|pending|in[ _-]?progress|not[ _-]?ready|[45]\d\d|-\d+)",
    re.IGNORECASE,
)
STATUS = re.compile(
    rf"[+-]?\d{{1,5}}|0x[0-9a-f]{{1,8}}|ok(?:ay)?|success(?:ful(?:ly)?)?|done|passed|true|false|yes|no|{BAD_STATES.pattern}",
    re.IGNORECASE,
)
"""How a request can have ended."""
BESIDE_A_STATUS = MESSAGES | {"timestamp", "time", "took", "jsonrpc", "requestid", "traceid", "rspmsg"}
ENVELOPE = frozenset(
    {
        *("jsonrpc", "id", "version", "timestamp", "time", "date", "path", "url", "uri", "instance", "method", "type"),
        *("title", "description", "name", "hint", "info", "data", "meta", "payload", "response", "result", "results"),
        *("requestid", "requesturl", "traceid", "transactionid", "took", "stack", "stacktrace", "trace", "context"),
        *("help", "link", "links", "self", "href", "severity", "category", "envelope", "header", "body", "status"),
        *("root", "responsestatus", "answer", "session", "sid", "csrf", "token", "validity", "totp", "retryafter"),
        *("schemalocation", "encodingstyle", "faultactor", "file", "filename", "fname", "redirect", "request", "cmd"),
        *("command", "ts", "documentationurl", "text", "level", "challenge", "nonce", "salt", "blocktime", "rights"),
        *("sessioninfo", "users", "user", "progress", "percent"),
    }
)
"""Names of what comes along with an error."""
PAYLOAD = frozenset({"data", "payload", "result", "results", "response", "body", "session", "rights", "users", "user"})
"""Names of what is empty along with an error."""
SESSIONS = frozenset({"sid", "session", "sessionid", "token"})
NO_SESSION = re.compile(r"0{2,}|expired|invalid|time(?:d ?)?out|lost|closed", re.IGNORECASE)
REDIRECTS = frozenset({"redirect", "redirecturl", "redirectto", "location"})
TO_A_LOGIN = re.compile(r"(?=[\w./:?=&-]*+\Z).*?(?:login|logon|signin|sign-in|anmeld).*", re.IGNORECASE)
"""An address, which is looked through once: it may be long and name a login many times."""
WORDS_OF_AN_ERROR = re.compile(
    r"\b(?:err|errors?|exceptions?|fail(?:ed|ure)?|denied|refused|forbidden|unauthori[sz]ed|expired|invalid|busy|timeout"
    r"|timed out|try again|too many|not (?:allowed|authori[sz]ed|found|logged in|permitted|available|supported)"
    r"|cannot|could not|unable to|starting up|fehler|verweigert|abgelaufen|ungültig|keine berechtigung"
    r"|nicht (?:erlaubt|gefunden|angemeldet|verfügbar)|erreur|refusée?|interdite?|expirée?|fout|geweigerd|geen toegang"
    r"|verlopen|denegado|caducad[ao]|errore|negato|scadut[ao]|błąd|odmowa|ошибка|запрещ[её]н\w*)\b",
    re.IGNORECASE,
)
NOTHING = re.compile(r"-\d{1,5}|[45]\d\d|null|nil|none|undefined|ng|nok|ko", re.IGNORECASE)
WORDS_OF_A_LOGIN = re.compile(
    r"\b(?:log ?in|sign in|session|token|permission|password|wrong|anmeld\w*|passwort|connecter|wachtwoord|inloggen)\b",
    re.IGNORECASE,
)
