"""Pairs with an agent: both prove that they know the code, and the agent gives a token."""

from dataclasses import dataclass

from ..errors import AgentAwayError, AgentRefusedError
from ..jobs.http_session import certificate_sha256
from ..text import _
from .client import AgentConnection, AgentHello, PairedAgent, RequestRefusedError, open_session
from .pairing import new_nonce, proof, proves
from .records import SHA256

TOKEN = "[A-Za-z0-9_-]{43}"  # noqa: S105 - the form of one


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAgent:
    """An agent that answers, which nobody vouches for yet."""

    host: str
    port: int
    sha256: str
    """Of the certificate that it shows."""
    hello: AgentHello


async def find_agent(host: str, port: int) -> FoundAgent:
    """Return who answers there, and the fingerprint for a person to compare."""
    sha256 = await certificate_sha256(host, port)
    if sha256 is None:
        raise AgentAwayError(_("No agent was found at this address."))
    async with open_session() as session:
        unknown = PairedAgent(agent_id="", name=host, host=host, port=port, sha256=sha256, token="")
        connection = AgentConnection(session, unknown)
        with connection.understood():
            return FoundAgent(
                host=host, port=port, sha256=sha256, hello=AgentHello.of(await connection.ask("GET", "/"))
            )


async def pair(found: FoundAgent, code: str, *, client: str) -> PairedAgent:
    """Return the agent with a token; raises AgentRefusedError where the code is wrong or pairing is closed."""
    nonce = new_nonce()
    unknown = PairedAgent(
        agent_id=found.hello.agent_id,
        name=found.hello.name,
        host=found.host,
        port=found.port,
        sha256=found.sha256,
        token="",
    )
    document = {"client": client, "nonce": nonce, "proof": proof(code, "client", nonce, found.sha256)}
    async with open_session() as session:
        connection = AgentConnection(session, unknown)
        with connection.understood():
            try:
                answer = await connection.ask("POST", "/v1/pair", document)
            except RequestRefusedError:
                raise AgentRefusedError(_NOT_PAIRED) from None
            token, shown = answer.word("token", TOKEN), answer.word("proof", SHA256)
    if not proves(shown, code, "agent", nonce, found.sha256):
        # Who gave the token does not know the code: it is not the agent.
        raise AgentRefusedError(_NOT_PAIRED)
    return PairedAgent(
        agent_id=found.hello.agent_id,
        name=found.hello.name,
        host=found.host,
        port=found.port,
        sha256=found.sha256,
        token=token,
    )


_NOT_PAIRED = _(
    "The code is wrong, or it is no longer valid. Have the agent show a new one: ha-device-backup-agent pair"
)
