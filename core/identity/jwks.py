"""The public keys that an access token may be signed with: where they come from and how long they are believed.

Keys come from the issuer's JWKS (RFC 7517), found by OIDC discovery or at a configured address, or from a PEM file
(the development issuer). The key decides which algorithms it verifies (RFC 8725 §3.1), a token's header never does.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from core.identity.outside import httpx

_log = logging.getLogger(__name__)

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

RSA_BITS: Final = range(2048, 8192 + 1)
"""Shorter keys can be broken (RFC 7518 §3.3); longer ones let an issuer's mistake slow every request down."""


_PUBLIC_MEMBERS: Final = ("kty", "crv", "n", "e", "x", "y")
"""What makes a public key of the three kinds in a JWK (RFC 7518 §6, RFC 8037 §2)."""


class SignatureAlgorithm(StrEnum):
    """签名算法: the closed list of what is accepted, all asymmetric; the values are `alg` of RFC 7518 and RFC 8037."""

    RS256 = "RS256"
    PS256 = "PS256"
    ES256 = "ES256"
    EDDSA = "EdDSA"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, the algorithms it may verify, and the name (`kid`) that its issuer gave it."""

    kid: str | None
    algorithms: frozenset[SignatureAlgorithm]
    public: PublicKey

    @classmethod
    def of(cls, public: object, kid: str | None = None, algorithm: str | None = None) -> Self:
        """Admit a key; `ValueError` if its kind, size or stated algorithm is not accepted."""
        match public:
            case RSAPublicKey() if public.key_size in RSA_BITS:
                able = {SignatureAlgorithm.RS256, SignatureAlgorithm.PS256}
            case EllipticCurvePublicKey() if isinstance(public.curve, SECP256R1):
                able = {SignatureAlgorithm.ES256}
            case Ed25519PublicKey():
                able = {SignatureAlgorithm.EDDSA}
            case _:
                raise ValueError("neither RSA of 2048 to 8192 bits, nor P-256, nor Ed25519")
        if algorithm is not None:
            able &= {SignatureAlgorithm(algorithm)}
            if not able:
                raise ValueError("the key's kind does not fit its stated algorithm")
        return cls(kid, frozenset(able), public)


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched, and those known are too old to be believed."""


class KeySource(Protocol):
    """What a token verifier asks for keys."""

    async def find(self, kid: str | None) -> tuple[SigningKey, ...]:
        """The keys of that name, or every key when the token names none; `KeysUnavailable` if that cannot be told."""
        ...


def _named(keys: tuple[SigningKey, ...], kid: str | None) -> tuple[SigningKey, ...]:
    return keys if kid is None else tuple(key for key in keys if key.kid == kid)


def thumbprint(public: PublicKey) -> str:
    """Name a key by its own value (RFC 7638): the same key has the same `kid` on every machine."""
    match public:
        case RSAPublicKey():
            jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
        case EllipticCurvePublicKey():
            jwk = ECAlgorithm.to_jwk(public, as_dict=True)
        case Ed25519PublicKey():
            jwk = OKPAlgorithm.to_jwk(public, as_dict=True)
    members = {name: jwk[name] for name in sorted(_PUBLIC_MEMBERS) if name in jwk}
    canonical = json.dumps(members, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """Keys that are known from the start and do not change: those of the development issuer."""

    keys: tuple[SigningKey, ...]

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read one public key; `ValueError` if it is none, or too weak."""
        try:
            public = load_pem_public_key(pem)
        except UnsupportedAlgorithm as error:
            raise ValueError("not a public key of a known kind") from error
        key = SigningKey.of(public)
        return cls((SigningKey(thumbprint(key.public), key.algorithms, key.public),))

    async def find(self, kid: str | None) -> tuple[SigningKey, ...]:
        """The keys of that name, or every key when the token names none."""
        return _named(self.keys, kid)


_FROM_JWK: Final[Mapping[str, Callable[[dict[str, Any]], object]]] = {
    "RSA": RSAAlgorithm.from_jwk,
    "EC": ECAlgorithm.from_jwk,
    "OKP": OKPAlgorithm.from_jwk,
}


def _is_for_verifying(entry: Mapping[str, object]) -> bool:
    operations = entry.get("key_ops")
    return (
        entry.get("use", "sig") == "sig"
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
        # A key whose private half is published proves nothing, and neither does a shared secret.
        and "d" not in entry
        and "k" not in entry
    )


def _signing_key(entry: object) -> SigningKey | None:
    """One entry of a JWKS, or None if it is not a public signing key that we accept."""
    if not isinstance(entry, dict) or not _is_for_verifying(entry):
        return None
    kid, algorithm = entry.get("kid"), entry.get("alg")
    parameters = {name: entry[name] for name in _PUBLIC_MEMBERS if isinstance(entry.get(name), str)}
    reader = _FROM_JWK.get(parameters.get("kty", ""))
    if reader is None or not isinstance(kid, str | None) or not isinstance(algorithm, str | None):
        return None
    try:
        return SigningKey.of(reader(parameters), kid, algorithm)
    except (PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, OverflowError):
        return None


def parse_jwks(document: object) -> tuple[SigningKey, ...]:
    """Read a JWKS document; entries that are no signing keys of ours are passed over (RFC 7517 §5).

    `ValueError` if it is not a JWKS at all. An empty set is one: the issuer withdrew everything.
    """
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JWKS")  # noqa: TRY004  - data, not a caller's mistake
    return tuple(key for key in map(_signing_key, document["keys"]) if key is not None)


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_private_transport(url: str, *, loopback: bool) -> None:
    """`ValueError` unless keys fetched from there cannot be swapped on the way.

    That is https, or plain http from our own machine if `loopback`.
    """
    parts = urlsplit(url)
    own = parts.scheme == "http" and loopback and is_loopback(url)
    if not parts.hostname or not (parts.scheme == "https" or own):
        raise ValueError("keys are fetched by https only, or by http from this machine itself")


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    """How often the issuer is asked, how long it may take, and how long its last answer is believed."""

    lifetime: timedelta = timedelta(minutes=10)
    cooldown: timedelta = timedelta(seconds=30)
    stale_limit: timedelta = timedelta(hours=24)
    timeout: timedelta = timedelta(seconds=5)
    max_bytes: int = 256 * 1024


class RemoteKeys:
    """The issuer's published keys, cached.

    Asked again when the answer is older than `lifetime`, and when a token names an unknown key, but never more often
    than once in `cooldown` and never twice at the same time: whoever comes meanwhile waits for the same answer. While
    the issuer is down the last answer stands, up to `stale_limit`; then `KeysUnavailable`.
    """

    def __init__(
        self,
        issuer: str,
        *,
        jwks_url: str | None = None,
        policy: RefreshPolicy | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._policy = policy or RefreshPolicy()
        self._monotonic = monotonic
        self._keys: tuple[SigningKey, ...] = ()
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._flight: asyncio.Task[None] | None = None
        require_private_transport(jwks_url or issuer, loopback=True)

    async def find(self, kid: str | None) -> tuple[SigningKey, ...]:
        """The keys of that name, or every key when the token names none; may ask the issuer."""
        if self._older_than(self._fetched_at, self._policy.lifetime):
            await self._refresh()
        found = self._known(kid)
        if not found and kid is not None:
            await self._refresh()
            found = self._known(kid)
        return found

    def _known(self, kid: str | None) -> tuple[SigningKey, ...]:
        if self._older_than(self._fetched_at, self._policy.stale_limit):
            raise KeysUnavailable
        return _named(self._keys, kid)

    def _older_than(self, instant: float | None, age: timedelta) -> bool:
        return instant is None or self._monotonic() - instant >= age.total_seconds()

    async def _refresh(self) -> None:
        if self._flight is None:
            if not self._older_than(self._tried_at, self._policy.cooldown):
                return
            self._flight = asyncio.create_task(self._fetch_and_keep(), name="fetch signing keys")
        # Shielded: a client that hangs up must not take the answer from the others who wait for it.
        await asyncio.shield(self._flight)

    async def _fetch_and_keep(self) -> None:
        try:
            async with asyncio.timeout(self._policy.timeout.total_seconds()):
                self._keys = await self._fetch()
            self._fetched_at = self._monotonic()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
            _log.warning("signing keys of %s not fetched: %s: %s", self._issuer, type(error).__name__, error)
        finally:
            self._tried_at = self._monotonic()
            self._flight = None

    async def _fetch(self) -> tuple[SigningKey, ...]:
        # A proxy of the environment is for the world outside, not for this machine.
        outside = not is_loopback(self._jwks_url or self._issuer)
        async with httpx.AsyncClient(trust_env=outside, headers={"accept-encoding": "identity"}) as client:
            url = self._jwks_url or await self._discover(client)
            return parse_jwks(await self._get_json(client, url))

    async def _discover(self, client: httpx.AsyncClient) -> str:
        document = await self._get_json(client, self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        # OpenID Connect Discovery 1.0 §4.3: who speaks for another issuer is not believed.
        if not isinstance(document, dict) or document.get("issuer") != self._issuer:
            raise ValueError("the discovery document is not this issuer's")
        url = document.get("jwks_uri")
        if not isinstance(url, str):
            raise ValueError("the discovery document has no jwks_uri")  # noqa: TRY004  - data, not a caller's mistake
        require_private_transport(url, loopback=is_loopback(self._issuer))
        return url

    async def _get_json(self, client: httpx.AsyncClient, url: str) -> object:
        body = bytearray()
        async with client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"status {response.status_code}")
            # Raw: a small compressed body could unpack to any size.
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._policy.max_bytes:
                    raise ValueError("the answer is too large")
        return json.loads(body.decode())
