"""Who this agent is: an id, a name, and a certificate of its own, made once and kept."""

import hashlib
import socket
import ssl
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ha_device_backup_core.host import certificate_fingerprint

from .data_folder import DataFolder, DataFolderError, of_another_version
from .translation import _

_AGENT = "agent.json"
CERTIFICATE = "certificate.pem"
"""The certificate and its key, in one file: never one without the other."""
_SCHEMA = 1
_YEARS = 30
_A_DAY = timedelta(days=1)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentIdentity:
    """Who this agent is."""

    agent_id: str
    name: str
    certificate: Path
    sha256: str
    """Of the certificate, by which clients know it."""

    @property
    def fingerprint(self) -> str:
        """Return the digest as people compare it."""
        return certificate_fingerprint(self.sha256)

    def tls(self) -> ssl.SSLContext:
        """Return what a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate)
        return context


def load_identity(folder: DataFolder) -> AgentIdentity | None:
    """Return who this agent is, None before its first start."""
    document = folder.read(_AGENT)
    path = folder.path / CERTIFICATE
    if document is None or not path.exists():
        return None
    agent_id, name = document.get("id"), document.get("name")
    if document.get("schema") != _SCHEMA or not isinstance(agent_id, str) or not isinstance(name, str):
        raise of_another_version(folder.path / _AGENT)
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise DataFolderError(_("{path} is no certificate.", path=str(path))) from error
    sha256 = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    return AgentIdentity(agent_id=agent_id, name=name, certificate=path, sha256=sha256)


def identity_of(folder: DataFolder, *, name: str | None = None) -> AgentIdentity:
    """Return who this agent is; at the first start that is made, and a name that is given replaces the one it had."""
    known = folder.read(_AGENT)
    if not (folder.path / CERTIFICATE).exists():
        folder.write_bytes(CERTIFICATE, _new_certificate())
    if known is None or name is not None:
        agent_id = uuid.uuid4().hex if known is None else known.get("id")
        shown = (name or socket.gethostname() or "agent")[:LONGEST_NAME]
        folder.write(_AGENT, {"schema": _SCHEMA, "id": agent_id, "name": shown})
    found = load_identity(folder)
    if found is None:
        raise DataFolderError(_("{path} changed meanwhile.", path=str(folder.path)))
    return found


def _new_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ha-device-backup-agent")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # The clocks of small machines are wrong now and then.
        .not_valid_before(now - _A_DAY * 365)
        .not_valid_after(now + _A_DAY * 365 * _YEARS)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
