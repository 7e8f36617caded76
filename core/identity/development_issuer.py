"""The development issuer (开发环境签发方): signs tokens on this machine, for `yingsu dev` and `yingsu token` only.

Its folder holds `private.pem` and `public.pem`, kept across restarts, and `tokens.json`: a token for each role.
The issuer's name ends in `.invalid` (RFC 2606), so no real issuer can have it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, Self

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core.identity.jwks import SignatureAlgorithm, SigningKey, StaticKeys, thumbprint

DEVELOPMENT_ISSUER: Final = "https://development.yingsu.invalid"
DEVELOPMENT_AUDIENCE: Final = "yingsu"

_OWNER_ONLY: Final = 0o600
_READABLE: Final = 0o644
_RESERVED: Final = frozenset({"iss", "aud", "sub", "iat", "nbf", "exp"})


class DevelopmentKeyUnreadable(Exception):
    """`private.pem` is there but is no RSA key of at least 2048 bits: it is never replaced without being asked."""


@dataclass(frozen=True, slots=True)
class DevelopmentIssuer:
    """A key pair in a folder, and the tokens signed with it."""

    folder: Path
    private: rsa.RSAPrivateKey

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Load the key pair of the folder, or make it. Two processes that start at once end with the same pair.

        `DevelopmentKeyUnreadable` if the private key is damaged; `OSError` if the folder cannot be written.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "private.pem"
        if not path.exists():
            _create(path, _new_private_pem())
        path.chmod(_OWNER_ONLY)
        private = _load(path)
        issuer = cls(folder, private)
        public = folder / "public.pem"
        # Derived anew when it is missing or not this key's: an earlier start may have died between the two.
        if not public.exists() or public.read_bytes() != issuer.public_pem:
            _replace(public, issuer.public_pem, _READABLE)
        return issuer

    @property
    def public_pem(self) -> bytes:
        """The public key, as it stands in `public.pem`."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def keys(self) -> StaticKeys:
        """What a token verifier needs."""
        return StaticKeys.from_pem(self.public_pem)

    def issue(self, subject: str, lifetime: timedelta, now: datetime, extra: Mapping[str, object] | None = None) -> str:
        """Sign a token for a subject; `extra` adds claims such as `name`, `ValueError` if it sets one of ours."""
        if taken := _RESERVED & set(extra or ()):
            raise ValueError(f"claims set by the issuer itself: {', '.join(sorted(taken))}")
        claims: dict[str, Any] = {
            "iss": DEVELOPMENT_ISSUER,
            "aud": DEVELOPMENT_AUDIENCE,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            **(extra or {}),
        }
        headers = {"kid": thumbprint(self.private.public_key())}
        return jwt.encode(claims, self.private, SignatureAlgorithm.RS256.value, headers)

    def write_tokens(self, tokens: Mapping[str, str]) -> Path:
        """Write `tokens.json` (role name → token), whole or not at all; only its owner may read it."""
        path = self.folder / "tokens.json"
        text = json.dumps(dict(tokens), indent=2, ensure_ascii=False) + "\n"
        _replace(path, text.encode(), _OWNER_ONLY)
        return path


def _new_private_pem() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load(path: Path) -> rsa.RSAPrivateKey:
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(private, rsa.RSAPrivateKey):
            SigningKey.of(private.public_key())
            return private
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DevelopmentKeyUnreadable(f"{path}: not a usable private key; remove it to have a new one made") from error
    raise DevelopmentKeyUnreadable(f"{path}: not an RSA key; remove it to have a new one made")


def _write_beside(path: Path, content: bytes, mode: int) -> Path:
    # A temporary file is born 0600, so a private key is at no moment open to others.
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    return Path(file.name)


def _replace(path: Path, content: bytes, mode: int) -> None:
    _write_beside(path, content, mode).replace(path)


def _create(path: Path, content: bytes) -> None:
    """Write a file unless somebody else has just made it: then theirs stands."""
    temporary = _write_beside(path, content, _OWNER_ONLY)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
