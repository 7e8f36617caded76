"""An authority of one's own, and certificates that it signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """`file` is what who trusts it is given."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    folder: Path

    @classmethod
    def found(cls, folder: Path) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("authority.test")
        made = _builder(name, name, key, datetime.now(UTC) + DAY)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = cls(key, made.sign(key, hashes.SHA256()), folder)
        own.file.write_bytes(own.certificate.public_bytes(serialization.Encoding.PEM))
        return own

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    def certify(self, host: str, until: datetime | None = None) -> Path:
        """A server's key and certificate for a name, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _builder(_named(host), self.certificate.subject, key, until or datetime.now(UTC) + DAY)
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        signed = made.sign(self.key, hashes.SHA256())
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        place = self.folder / f"{signed.serial_number}.pem"
        place.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        return place


def _named(host: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - 10 * DAY)
        .not_valid_after(until)
    )
