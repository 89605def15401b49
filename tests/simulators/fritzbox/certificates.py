"""Self-signed certificates, as each box makes its own."""

import datetime as dt
import hashlib
import tempfile
from functools import cache
from pathlib import Path
from ssl import SSLContext

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@cache
def certificate(number: int) -> tuple[bytes, bytes, str]:
    """Return certificate and key as PEM, and the SHA-256 fingerprint; the same for the same number within a process."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"box{number}.fritz.box")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2045, 1, 1, tzinfo=dt.UTC))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fingerprint = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()
    return made.public_bytes(serialization.Encoding.PEM), private, fingerprint


def use(context: SSLContext, number: int) -> str:
    """Show another certificate from now on, and return its fingerprint."""
    chain, key, fingerprint = certificate(number)
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "chain.pem"), Path(folder, "key.pem")
        for file, content in zip(files, (chain, key), strict=True):
            file.write_bytes(content)
        context.load_cert_chain(*files)
    return fingerprint
