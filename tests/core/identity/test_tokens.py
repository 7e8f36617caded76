import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import assume, given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from core.errors import Unauthenticated
from core.identity.jwks import SigningKey, StaticKeys
from core.identity.tokens import Identity, TokenFault, TokenVerifier, bearer_token

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


def test_identity() -> None:
    assert verify(token(name="陈晓", role="CITY_BUREAU", tenant="4401")) == Identity(
        "u-0001", ISSUER, NOW + timedelta(minutes=10), "陈晓"
    )


@pytest.mark.parametrize(
    ("algorithm", "key", "kid"),
    [("RS256", RSA, "rsa"), ("PS256", RSA, "rsa"), ("PS256", RSA, "pss"), ("ES256", EC, "ec"), ("EdDSA", ED, "ed")],
)
def test_each_accepted_algorithm(algorithm: str, key: Any, kid: str) -> None:
    assert verify(jwt.encode(CLAIMS, key, algorithm, {"kid": kid})).subject == "u-0001"


@pytest.mark.parametrize("audience", ["yingsu", ["yingsu"], ["other", "yingsu"]])
def test_audience(audience: object) -> None:
    assert verify(token(aud=audience)).subject == "u-0001"


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
def test_type_of_an_access_token(kind: str) -> None:
    assert verify(token({"typ": kind})).subject == "u-0001"


@pytest.mark.parametrize(
    ("changes", "reason", "claim"),
    [
        *(
            ({name: missing}, "CLAIM_MISSING", name)
            for name in ("iss", "aud", "exp", "sub")
            for missing in (..., None, "")
        ),
        ({"iss": ISSUER + "/"}, "ISSUER_WRONG", None),
        ({"iss": [ISSUER]}, "ISSUER_WRONG", None),
        ({"aud": "yingsu2"}, "AUDIENCE_WRONG", None),
        ({"aud": []}, "AUDIENCE_WRONG", None),
        ({"aud": [["yingsu"]]}, "AUDIENCE_WRONG", None),
        ({"aud": {"yingsu": 1}}, "AUDIENCE_WRONG", None),
        ({"exp": str(CLAIMS["exp"])}, "TOKEN_MALFORMED", None),
        ({"exp": True}, "TOKEN_MALFORMED", None),
        ({"exp": -1}, "TOKEN_MALFORMED", None),
        ({"exp": 10**300}, "TOKEN_MALFORMED", None),
        ({"exp": [CLAIMS["exp"]]}, "TOKEN_MALFORMED", None),
        ({"nbf": "soon"}, "TOKEN_MALFORMED", None),
        ({"iat": None}, "TOKEN_MALFORMED", None),
        ({"sub": 1}, "TOKEN_MALFORMED", None),
        ({"sub": "  "}, "TOKEN_MALFORMED", None),
        ({"sub": "a\0b"}, "TOKEN_MALFORMED", None),
        ({"sub": "\ud800"}, "TOKEN_MALFORMED", None),
        ({"sub": "u" * 256}, "TOKEN_MALFORMED", None),
    ],
)
def test_claims_that_are_refused(changes: dict[str, object], reason: str, claim: str | None) -> None:
    assert refused(token(**changes)) == {"reason": reason} | ({"claim": claim} if claim else {})


@pytest.mark.parametrize("name", [5, "", "a\nb", "\ud800", "x" * 256])
def test_a_display_name_that_cannot_be_shown_is_left_out(name: object) -> None:
    assert verify(token(name=name)).display_name is None


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("changes", "now", "reason"),
    [
        ({}, at(604.9), None),
        ({}, at(605), "TOKEN_EXPIRED"),
        ({"exp": 0}, at(0), "TOKEN_EXPIRED"),
        ({"nbf": NOW.timestamp() + 5}, at(0), None),
        ({"nbf": NOW.timestamp() + 6}, at(0), "TOKEN_NOT_YET_VALID"),
        ({"iat": NOW.timestamp() + 6}, at(0), "TOKEN_NOT_YET_VALID"),
        ({"iat": ...}, at(0), None),
        ({"iat": 0, "nbf": 0}, at(0), None),
    ],
)
def test_time(changes: dict[str, object], now: datetime, reason: str | None) -> None:
    if reason is None:
        assert verify(token(**changes), now)
    else:
        assert refused(token(**changes), now)["reason"] == reason


def test_no_leeway() -> None:
    strict = TokenVerifier(ISSUER, "yingsu", KEYS, leeway=timedelta(0))
    assert verify(token(), at(599.9), strict)
    assert refused(token(), at(600), strict) == {"reason": "TOKEN_EXPIRED"}


def hmac_with_public_key(algorithm: str, encoding: serialization.Encoding, kid: str) -> str:
    secret = RSA.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    text = f"{segment({'alg': algorithm, 'kid': kid})}.{segment(CLAIMS)}"
    return f"{text}.{segment(hmac.digest(secret, text.encode(), hashlib.sha256))}"


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "hs256"])
@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
@pytest.mark.parametrize("kid", ["rsa", "ec"])
def test_a_public_key_is_no_shared_secret(algorithm: str, encoding: serialization.Encoding, kid: str) -> None:
    assert refused(hmac_with_public_key(algorithm, encoding, kid)) == {"reason": "ALGORITHM_REFUSED"}


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", None, "RS512", "RS384", "ES384", "eddsa", 256, ["RS256"], {}]
)
def test_other_algorithms(algorithm: object) -> None:
    text = f"{segment({'alg': algorithm, 'kid': 'rsa'})}.{segment(CLAIMS)}"
    assert refused(f"{text}.") == {"reason": "ALGORITHM_REFUSED"}
    assert refused(f"{text}.{token().rsplit('.', 1)[1]}") == {"reason": "ALGORITHM_REFUSED"}


def test_a_token_without_algorithm() -> None:
    assert refused(signed({"kid": "rsa"}, CLAIMS)) == {"reason": "ALGORITHM_REFUSED"}


@pytest.mark.parametrize(("algorithm", "kid"), [("RS256", "ec"), ("ES256", "rsa"), ("EdDSA", "ec"), ("RS256", "pss")])
def test_the_key_decides_the_algorithm(algorithm: str, kid: str) -> None:
    assert refused(token({"alg": algorithm, "kid": kid})) == {"reason": "ALGORITHM_REFUSED"}


def test_the_algorithm_of_another_padding() -> None:
    assert refused(token({"alg": "PS256"})) == {"reason": "SIGNATURE_INVALID"}


def test_another_key() -> None:
    assert refused(jwt.encode(CLAIMS, OTHER_RSA, "RS256", {"kid": "rsa"})) == {"reason": "SIGNATURE_INVALID"}


def test_an_empty_signature() -> None:
    assert refused(token().rsplit(".", 1)[0] + ".") == {"reason": "SIGNATURE_INVALID"}


@pytest.mark.parametrize("kid", ["other", "", "../../dev/null", "' or 1=1 --"])
def test_unknown_key(kid: str) -> None:
    assert refused(token({"kid": kid})) == {"reason": "KEY_UNKNOWN"}


def test_a_token_without_kid_needs_a_single_key_of_its_kind() -> None:
    unnamed = jwt.encode(CLAIMS, EC, "ES256")
    assert verify(unnamed).subject == "u-0001"
    two = StaticKeys((SigningKey.of(EC.public_key(), "a"), SigningKey.of(EC.public_key(), "b")))
    assert refused(unnamed, verifier=TokenVerifier(ISSUER, "yingsu", two)) == {"reason": "KEY_UNKNOWN"}
    nothing = TokenVerifier(ISSUER, "yingsu", StaticKeys(()))
    assert refused(unnamed, verifier=nothing) == {"reason": "KEY_UNKNOWN"}


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": RSAAlgorithm.to_jwk(OTHER_RSA.public_key(), as_dict=True)},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/x5u"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": True},
        {"b64": False, "crit": ["b64"]},
        {"kid": 1},
        {"kid": ["rsa"]},
        {"typ": "logout+jwt"},
        {"typ": None},
        {"typ": 1},
    ],
)
def test_headers_that_are_refused(header: dict[str, object]) -> None:
    assert refused(token(header)) == {"reason": "TOKEN_MALFORMED"}


def test_a_key_that_comes_with_the_token_is_not_used() -> None:
    header = {"jwk": RSAAlgorithm.to_jwk(OTHER_RSA.public_key(), as_dict=True)}
    assert refused(jwt.encode(CLAIMS, OTHER_RSA, "RS256", header)) == {"reason": "TOKEN_MALFORMED"}


HEADER = {"alg": "RS256", "kid": "rsa"}
DOUBLED = json.dumps(CLAIMS)[:-1] + ', "sub": "admin"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a b.c.d",
        token() + "\n",
        token() + "=",
        " " + token(),
        token().replace(".", "。"),
        token() + "\ud800",
        "a" * 9000,
        token(padding="x" * 8192),
        signed(b"", CLAIMS),
        signed(b"\xff\xff\xff", CLAIMS),
        signed([], CLAIMS),
        signed("alg", CLAIMS),
        signed(b"[" * 3000, CLAIMS),
        signed(b'{"alg":"RS256","kid":"rsa","kid":"ec"}', CLAIMS),
        signed(HEADER, []),
        signed(HEADER, "x"),
        signed(HEADER, b"null"),
        signed(HEADER, b"\x00"),
        signed(HEADER, DOUBLED.encode()),
        signed(HEADER, json.dumps(CLAIMS).encode("utf-16")),
        signed(HEADER, json.dumps({**CLAIMS, "exp": float("inf")}).encode()),
        signed(HEADER, b'{"exp":' + b"9" * 5000 + b"}"),
    ],
    ids=lambda _: "text",  # tokens differ from run to run, names of tests must not
)
def test_malformed(text: str) -> None:
    assert refused(text) == {"reason": "TOKEN_MALFORMED"}


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@cache
def valid() -> str:
    return token()


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    text = valid()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    piece = data.draw(st.text(ALPHABET + ".", max_size=5) | st.text(max_size=5))
    changed = text[:start] + piece + text[end:]
    assume(changed != text)
    refused(changed)


@given(st.text() | st.text(ALPHABET + "."))
def test_any_text_is_refused(text: str) -> None:
    refused(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def outcome(attempt: Callable[[str], Identity | str], text: str) -> Identity | str:
    """What comes of it: a result, or a fault of the closed list; any other exception fails the test."""
    try:
        return attempt(text)
    except Unauthenticated as error:
        return TokenFault(str(error.details["reason"]))


@given(st.dictionaries(st.sampled_from(["iss", "aud", "exp", "sub", "nbf", "iat", "name"]), json_values))
def test_any_signed_claims_are_believed_or_refused(claims: dict[str, object]) -> None:
    found = outcome(verify, token(**claims))
    if isinstance(found, Identity):
        assert found.issuer == ISSUER
        assert found.subject.encode()
        assert found.expires_at > NOW - VERIFIER.leeway


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "cty"]), json_values))
def test_any_signed_header_is_believed_or_refused(header: dict[str, object]) -> None:
    if isinstance(outcome(verify, token(header)), Identity):
        assert header.keys() <= {"kid", "cty"}


@pytest.mark.parametrize(
    "header", ["Bearer abc.def-_~+/==", "bearer abc.def-_~+/==", "BEARER   abc.def-_~+/==", " Bearer abc.def-_~+/== "]
)
def test_bearer_token(header: str) -> None:
    assert bearer_token(header) == "abc.def-_~+/=="


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "TOKEN_MISSING"),
        ("", "TOKEN_MISSING"),
        ("  ", "TOKEN_MISSING"),
        ("Bearer", "TOKEN_MALFORMED"),
        ("Bearer ", "TOKEN_MALFORMED"),
        ("Bearer a b", "TOKEN_MALFORMED"),
        ("Bearer a, Bearer b", "TOKEN_MALFORMED"),
        ("Bearer a\n", "TOKEN_MALFORMED"),
        ("Bearer 令牌", "TOKEN_MALFORMED"),
        ("Bearer =", "TOKEN_MALFORMED"),
        ("Basic abc", "TOKEN_MALFORMED"),
        ("abc", "TOKEN_MALFORMED"),
        ("Bearer " + "a" * 8193, "TOKEN_MALFORMED"),
    ],
)
def test_bearer_token_refused(header: str | None, reason: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        bearer_token(header)
    assert caught.value.details == {"reason": reason}


@given(st.text() | st.text().map("Bearer {}".format))
def test_any_header_gives_a_token_or_a_typed_refusal(header: str) -> None:
    found = outcome(bearer_token, header)
    if isinstance(found, TokenFault):
        assert found in {TokenFault.TOKEN_MISSING, TokenFault.TOKEN_MALFORMED}
    else:
        assert found in header
        assert found.isascii()


class Rotating:
    """Keys that are withdrawn and published anew, as an issuer does."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys

    async def find(self, kid: str | None) -> tuple[SigningKey, ...]:
        return tuple(key for key in self.keys if kid in {None, key.kid})


def test_a_remembered_token_is_looked_at_again_each_time() -> None:
    keys = Rotating(SigningKey.of(RSA.public_key(), "rsa"))
    verifier = TokenVerifier(ISSUER, "yingsu", keys)
    remembered = token(nbf=int(NOW.timestamp()))
    assert verify(remembered, verifier=verifier) == verify(remembered, verifier=verifier)
    assert refused(remembered, NOW + timedelta(hours=1), verifier) == {"reason": "TOKEN_EXPIRED"}
    assert refused(remembered, NOW - timedelta(hours=1), verifier) == {"reason": "TOKEN_NOT_YET_VALID"}
    assert verify(remembered, verifier=verifier).subject == "u-0001"
    keys.keys = (SigningKey.of(OTHER_RSA.public_key(), "rsa"),)
    assert refused(remembered, verifier=verifier) == {"reason": "SIGNATURE_INVALID"}
    keys.keys = ()
    assert refused(remembered, verifier=verifier) == {"reason": "KEY_UNKNOWN"}
    keys.keys = (SigningKey.of(RSA.public_key(), "rsa"),)
    assert verify(remembered, verifier=verifier).subject == "u-0001"


def test_what_is_refused_is_not_remembered_as_good() -> None:
    verifier = TokenVerifier(ISSUER, "yingsu", KEYS)
    forged = jwt.encode(CLAIMS, OTHER_RSA, "RS256", {"kid": "rsa"})
    for _ in range(2):
        assert refused(forged, verifier=verifier) == {"reason": "SIGNATURE_INVALID"}
    assert refused("\ud800", verifier=verifier) == {"reason": "TOKEN_MALFORMED"}
