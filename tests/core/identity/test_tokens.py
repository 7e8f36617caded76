"""What a token has to say, and when: claims, times, the header that carries it, and what is remembered of it."""

from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unauthenticated
from core.identity.jwks import SigningKey
from core.identity.tokens import Identity, TokenFault, TokenVerifier, bearer_token
from tests.support.tokens import CLAIMS, EC, ED, ISSUER, KEYS, NOW, OTHER_RSA, RSA, outcome, refused, token, verify


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
