"""Access tokens (访问令牌): who is calling, proved by the issuer's signature (OpenID Connect, RFC 7519, RFC 8725).

A token says who someone is, never what they may do: membership and role are rows of ours, looked up by the subject.
The time is passed in, so that a test, and a subscription that outlives its token, can ask at any instant.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from core.errors import Unauthenticated
from core.identity.jwks import KeySource, KeysUnavailable, SignatureAlgorithm, SigningKey
from core.labels import Labelled
from schema.bounded import BoundedCache

MAX_TOKEN_LENGTH: Final = 8 * 1024
"""Longer tokens are refused unread."""

HELD_TOKENS: Final = 2_048
"""Tokens whose signature is remembered, by their digests."""

MAX_SUBJECT_LENGTH: Final = 255
"""OpenID Connect Core 1.0 §2."""


class TokenFault(Labelled):
    """Why a token is refused: `extensions.reason` of an UNAUTHENTICATED error. The names are the messages."""

    TOKEN_MISSING = "TOKEN_MISSING", "请求缺少访问令牌", "the request carries no bearer token"
    TOKEN_MALFORMED = "TOKEN_MALFORMED", "访问令牌格式不正确", "the token is malformed"
    SIGNATURE_INVALID = "SIGNATURE_INVALID", "访问令牌签名无效", "the token's signature is invalid"
    KEY_UNKNOWN = "KEY_UNKNOWN", "访问令牌的签名密钥未知", "the token's signing key is unknown"
    KEYS_UNAVAILABLE = (
        "KEYS_UNAVAILABLE",
        "暂时无法取得签发方密钥，请稍后再试",
        "the issuer's keys are not available now",
    )
    ALGORITHM_REFUSED = "ALGORITHM_REFUSED", "不接受访问令牌的签名算法", "the token's algorithm is not accepted"
    ISSUER_WRONG = "ISSUER_WRONG", "访问令牌的签发方不符", "the token is of another issuer"
    AUDIENCE_WRONG = "AUDIENCE_WRONG", "访问令牌的受众不符", "the token is meant for another audience"
    TOKEN_EXPIRED = "TOKEN_EXPIRED", "访问令牌已过期", "the token has expired"
    TOKEN_NOT_YET_VALID = "TOKEN_NOT_YET_VALID", "访问令牌尚未生效", "the token is not valid yet"
    CLAIM_MISSING = "CLAIM_MISSING", "访问令牌缺少必需的声明", "the token lacks a required claim"


@dataclass(frozen=True, slots=True)
class Identity:
    """身份: who the issuer says is calling. It carries no tenant and no role."""

    subject: str
    issuer: str
    expires_at: datetime
    display_name: str | None = None


_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/jwt", "application/at+jwt"})
# Headers that bring their own key, or ask for something that we would have to understand (RFC 7515 §4.1).
_REFUSED_HEADERS: Final = ("jwk", "jku", "x5u", "x5c", "crit", "b64")
_LAST_INSTANT: Final = datetime(9999, 1, 1, tzinfo=UTC)
_JWS = PyJWS(algorithms=[algorithm.value for algorithm in SignatureAlgorithm])


def _refuse(fault: TokenFault, **details: object) -> NoReturn:
    # `from None`: what the libraries said about the token stays out of logs and answers.
    raise Unauthenticated(fault.en, fault.zh, reason=fault.value, **details) from None


def bearer_token(header: str | None) -> str:
    """Take the token from an `Authorization` header (RFC 6750 §2.1); `Unauthenticated` if there is none."""
    if header is None or not header.strip():
        _refuse(TokenFault.TOKEN_MISSING)
    scheme, _, rest = header.strip(" \t").partition(" ")
    token = rest.lstrip(" ")
    if scheme.lower() != "bearer" or len(token) > MAX_TOKEN_LENGTH or not _TOKEN68.fullmatch(token):
        _refuse(TokenFault.TOKEN_MALFORMED)
    return token


@dataclass(frozen=True, slots=True)
class _Held:
    """A token whose signature was found to hold: by which key, and what it says. Times are looked at on each use."""

    key: SigningKey
    algorithm: SignatureAlgorithm
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Believes tokens of one issuer that are meant for one audience.

    `leeway` forgives clocks that differ, in both directions.
    """

    issuer: str
    audience: str
    keys: KeySource
    leeway: timedelta = timedelta(seconds=5)
    _held: BoundedCache[bytes, _Held] = field(default_factory=lambda: BoundedCache(HELD_TOKENS), repr=False)

    async def verify(self, token: str, now: datetime) -> Identity:
        """Say who the token speaks for; `Unauthenticated` with a `TokenFault` as `reason` if it is not believed.

        Nothing of the payload is looked at before its signature holds. `now` is aware.
        """
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        held = self._held.get(digest)
        if held is None or await self._key(held.header, held.algorithm) is not held.key:
            held = await self._check(token)
            self._held.put(digest, held)
        return self._identity(held.claims, now)

    async def _check(self, token: str) -> _Held:
        """Check the signature; what holds then is remembered by the token's digest, as long as its key is the issuer's."""
        compact = _COMPACT.fullmatch(token) if len(token) <= MAX_TOKEN_LENGTH else None
        if compact is None:
            _refuse(TokenFault.TOKEN_MALFORMED)
        header = _json_object(compact[1])
        algorithm = _algorithm(header)
        key = await self._key(header, algorithm)
        try:
            _JWS.decode_complete(token, key.public, algorithms=[algorithm.value])
        except (PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
            _refuse(TokenFault.SIGNATURE_INVALID)
        return _Held(key, algorithm, header, _json_object(compact[2]))

    async def _key(self, header: Mapping[str, Any], algorithm: SignatureAlgorithm) -> SigningKey:
        kid = header.get("kid")
        if not isinstance(kid, str | None):
            _refuse(TokenFault.TOKEN_MALFORMED)
        try:
            candidates = await self.keys.find(kid)
        except KeysUnavailable:
            _refuse(TokenFault.KEYS_UNAVAILABLE)
        fitting = [key for key in candidates if algorithm in key.algorithms]
        if candidates and not fitting:
            _refuse(TokenFault.ALGORITHM_REFUSED)
        # A token that leaves a choice of keys is not tried on each: OIDC Core §10.1 wants a `kid` then.
        if len(fitting) != 1:
            _refuse(TokenFault.KEY_UNKNOWN)
        return fitting[0]

    def _identity(self, claims: Mapping[str, Any], now: datetime) -> Identity:
        for name in ("iss", "aud", "exp", "sub"):
            if claims.get(name) in (None, ""):
                _refuse(TokenFault.CLAIM_MISSING, claim=name)
        if claims["iss"] != self.issuer:
            _refuse(TokenFault.ISSUER_WRONG)
        audience = claims["aud"]
        if audience != self.audience and not (isinstance(audience, list) and self.audience in audience):
            _refuse(TokenFault.AUDIENCE_WRONG)
        expires_at = _instant(claims["exp"])
        if expires_at + self.leeway <= now:
            _refuse(TokenFault.TOKEN_EXPIRED)
        for name in ("nbf", "iat"):
            if name in claims and _instant(claims[name]) - self.leeway > now:
                _refuse(TokenFault.TOKEN_NOT_YET_VALID)
        subject = _text(claims["sub"])
        if subject is None:
            _refuse(TokenFault.TOKEN_MALFORMED)
        return Identity(subject, self.issuer, expires_at, _text(claims.get("name")))


def _algorithm(header: Mapping[str, Any]) -> SignatureAlgorithm:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in tuple(SignatureAlgorithm):
        _refuse(TokenFault.ALGORITHM_REFUSED)
    kind = header.get("typ", "JWT")
    # RFC 8725 §3.11: a logout or refresh token of the same issuer is not an access token.
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        _refuse(TokenFault.TOKEN_MALFORMED)
    if any(name in header for name in _REFUSED_HEADERS):
        _refuse(TokenFault.TOKEN_MALFORMED)
    return SignatureAlgorithm(algorithm)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _json_object(segment: str) -> dict[str, Any]:
    """Decode a segment strictly: one spelling of the bytes, UTF-8, no name twice, no NaN."""
    try:
        data = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
        value = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (binascii.Error, ValueError, RecursionError):
        _refuse(TokenFault.TOKEN_MALFORMED)
    if urlsafe_b64encode(data).rstrip(b"=").decode() != segment or not isinstance(value, dict):
        _refuse(TokenFault.TOKEN_MALFORMED)
    return value


def _instant(value: object) -> datetime:
    """A NumericDate (RFC 7519 §2): seconds since 1970, in the years that a calendar has."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LAST_INSTANT.timestamp():
        _refuse(TokenFault.TOKEN_MALFORMED)
    return datetime.fromtimestamp(value, UTC)


def _text(value: object) -> str | None:
    """A text that can be stored and shown, or None: no control characters, no half of a surrogate pair, no blank."""
    if isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= MAX_SUBJECT_LENGTH:
        return value
    return None
