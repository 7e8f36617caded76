"""Mail over TLS: certificates are verified, and nothing is handed over in the clear where that was not asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.notifications.mail import MailServer
from tests.core.notifications.conftest import Post
from tests.support.receivers.running import Running, receiver


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody trusts by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("certificate") / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return place


@pytest.fixture(scope="module")
def secure(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with receiver("mail", tmp_path_factory.mktemp("secure"), str(certificate)) as running:
        yield running


def channel(post: Post, url: str) -> None:
    post.channels["EMAIL"] = MailServer.parse(url, "yingsu@city.test", frozenset(), 10.0).channel(post.clock)


async def test_by_starttls_with_a_user(
    post: Post, secure: Running, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel(post, f"smtp://yingsu:secret%20%40%2F%3A@127.0.0.1:{secure.port}")
    told = await post.tell(await post.member({"EMAIL": "li@agency.test"}))
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure) == ("PENDING", "INSECURE"), "nobody vouches for the certificate"
    assert secure.received() == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    post.clock.instant = delivery.due_at
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure) == ("SENT", None)
    (arrived,) = secure.received()
    assert (arrived["tls"], arrived["user"]) == (True, "yingsu")


async def test_a_wrong_password_is_tried_again_later(
    post: Post, secure: Running, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    channel(post, f"smtp://yingsu:wrong@127.0.0.1:{secure.port}")
    told = await post.tell(await post.member({"EMAIL": "li@agency.test"}))
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure) == ("PENDING", "REJECTED")


async def test_a_server_without_starttls_gets_nothing(post: Post, mail: Running) -> None:
    before = len(mail.received())
    channel(post, f"smtp://127.0.0.1:{mail.port}")
    told = await post.tell(await post.member({"EMAIL": "li@agency.test"}))
    await post.sender().send_due()
    (delivery,) = await post.outside(told)
    assert (delivery.state, delivery.failure) == ("PENDING", "INSECURE")
    assert len(mail.received()) == before
