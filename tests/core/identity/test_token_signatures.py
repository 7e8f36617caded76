"""Who has signed a token: keys, algorithms, and anything else that looks like one."""

import hashlib
import hmac
import json
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import assume, given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from core.identity.jwks import SigningKey, StaticKeys
from core.identity.tokens import Identity, TokenVerifier
from tests.support.tokens import (
    CLAIMS,
    EC,
    ISSUER,
    NOW,
    OTHER_RSA,
    RSA,
    VERIFIER,
    outcome,
    refused,
    segment,
    signed,
    token,
    verify,
)


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
