"""Tokens for tests: signed rightly, whatever they say, and a verifier of them."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from core.errors import Unauthenticated
from core.identity.jwks import SigningKey, StaticKeys
from core.identity.tokens import Identity, TokenFault, TokenVerifier

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ISSUER = "https://idp.gz.example"
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "yingsu",
    "sub": "u-0001",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
}

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
KEYS = StaticKeys(
    (
        SigningKey.of(RSA.public_key(), "rsa"),
        SigningKey.of(RSA.public_key(), "pss", "PS256"),
        SigningKey.of(EC.public_key(), "ec"),
        SigningKey.of(ED.public_key(), "ed"),
    )
)
VERIFIER = TokenVerifier(ISSUER, "yingsu", KEYS)


def segment(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: object, payload: object) -> str:
    """A token whose RS256 signature is right, whatever it says."""
    text = f"{segment(header)}.{segment(payload)}"
    signature = RSA.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{segment(signature)}"


def token(header: dict[str, object] | None = None, **changes: object) -> str:
    """The valid RS256 token with some claims changed; `...` takes a claim out."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}
    return signed({"alg": "RS256", "typ": "JWT", "kid": "rsa"} | (header or {}), claims)


def verify(text: str, now: datetime = NOW, verifier: TokenVerifier = VERIFIER) -> Identity:
    return asyncio.run(verifier.verify(text, now))


def refused(text: str, now: datetime = NOW, verifier: TokenVerifier = VERIFIER) -> dict[str, object]:
    with pytest.raises(Unauthenticated) as caught:
        verify(text, now, verifier)
    fault = TokenFault(str(caught.value.details["reason"]))
    assert (caught.value.message, caught.value.message_zh) == (fault.en, fault.zh)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value.details


def outcome(attempt: Callable[[str], Identity | str], text: str) -> Identity | str:
    """What comes of it: a result, or a fault of the closed list; any other exception fails the test."""
    try:
        return attempt(text)
    except Unauthenticated as error:
        return TokenFault(str(error.details["reason"]))
