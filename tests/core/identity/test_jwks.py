import asyncio
import gzip
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from core.errors import Unauthenticated
from core.identity.jwks import (
    KeysUnavailable,
    RefreshPolicy,
    RemoteKeys,
    SignatureAlgorithm,
    SigningKey,
    StaticKeys,
    parse_jwks,
    require_private_transport,
    thumbprint,
)
from core.identity.tokens import TokenVerifier

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rsa_jwk(kid: str, number: int = 0, **changes: object) -> dict[str, object]:
    return {**RSAAlgorithm.to_jwk(rsa_key(number).public_key(), as_dict=True), "kid": kid, "use": "sig", **changes}


def private_members(number: int) -> dict[str, object]:
    return dict(RSAAlgorithm.to_jwk(rsa_key(number), as_dict=True))


class Ticks:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Issuer:
    """An identity provider on loopback: says what it is told to, counts who asks, and can be made to wait."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.extra_headers = ""
        self.hits: Counter[str] = Counter()
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.url = ""

    def serve(self, path: str, document: object, status: str = "200 OK") -> None:
        self.pages[path] = status, document if isinstance(document, bytes) else json.dumps(document).encode()

    def publish(self, *keys: dict[str, object]) -> None:
        self.serve("/jwks", {"keys": list(keys)})

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split(b" ", 2)[1].decode()
        self.hits[path] += 1
        self.asked.set()
        await self.open.wait()
        status, body = self.pages.get(path, ("404 Not Found", b""))
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n{self.extra_headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def running_issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    server = await asyncio.start_server(issuer.handle, "127.0.0.1", 0)
    issuer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    issuer.serve(
        "/.well-known/openid-configuration",
        {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/jwks"},
    )
    issuer.publish(rsa_jwk("one"))
    try:
        yield issuer
    finally:
        server.close()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as running:
        yield running


@pytest.fixture
def ticks() -> Iterator[Ticks]:
    return Ticks()


def kids(keys: tuple[SigningKey, ...]) -> list[str | None]:
    return [key.kid for key in keys]


async def test_keys_are_found_by_discovery_and_cached(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    for _ in range(3):
        assert kids(await keys.find("one")) == ["one"]
    assert issuer.hits == {"/.well-known/openid-configuration": 1, "/jwks": 1}


async def test_issuer_with_a_path_and_a_trailing_slash(issuer: Issuer, ticks: Ticks) -> None:
    name = f"{issuer.url}/realms/gz/"
    issuer.serve("/realms/gz/.well-known/openid-configuration", {"issuer": name, "jwks_uri": f"{issuer.url}/jwks"})
    assert kids(await RemoteKeys(name, monotonic=ticks).find("one")) == ["one"]


async def test_configured_address_needs_no_discovery(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys("https://elsewhere.invalid", jwks_url=f"{issuer.url}/jwks", monotonic=ticks)
    assert kids(await keys.find("one")) == ["one"]
    assert issuer.hits == {"/jwks": 1}


async def test_a_token_without_kid_is_offered_every_key(issuer: Issuer, ticks: Ticks) -> None:
    issuer.publish(rsa_jwk("one"), rsa_jwk("two", 1))
    assert kids(await RemoteKeys(issuer.url, monotonic=ticks).find(None)) == ["one", "two"]


async def test_unknown_kid_asks_again_once_in_the_cooldown(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    await keys.find("one")
    ticks.seconds += 31
    issuer.publish(rsa_jwk("one"), rsa_jwk("two", 1))
    assert kids(await keys.find("two")) == ["two"]
    assert issuer.hits["/jwks"] == 2
    for number in range(20):
        assert await keys.find(f"guessed {number}") == ()
    assert issuer.hits["/jwks"] == 2
    ticks.seconds += 30
    assert await keys.find("guessed") == ()
    assert issuer.hits["/jwks"] == 3


async def test_many_who_come_at_once_share_one_fetch(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    issuer.open.clear()
    waiting = [asyncio.create_task(keys.find("one")) for _ in range(50)]
    await issuer.asked.wait()
    issuer.open.set()
    assert [kids(found) for found in await asyncio.gather(*waiting)] == [["one"]] * 50
    assert issuer.hits["/jwks"] == 1


async def test_one_who_hangs_up_does_not_take_the_answer_from_the_others(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    issuer.open.clear()
    first, second = (asyncio.create_task(keys.find("one")) for _ in range(2))
    await issuer.asked.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    issuer.open.set()
    assert kids(await second) == ["one"]
    assert issuer.hits["/jwks"] == 1


async def test_tokens_of_a_withdrawn_key_are_refused_after_the_refresh(issuer: Issuer, ticks: Ticks) -> None:
    verifier = TokenVerifier(issuer.url, "yingsu", RemoteKeys(issuer.url, monotonic=ticks))
    claims = {"iss": issuer.url, "aud": "yingsu", "sub": "u1", "exp": NOW + timedelta(hours=1)}
    old, new = (jwt.encode(claims, rsa_key(number), "RS256", {"kid": kid}) for number, kid in ((0, "one"), (1, "two")))
    assert (await verifier.verify(old, NOW)).subject == "u1"
    issuer.publish(rsa_jwk("two", 1))
    ticks.seconds += 601
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(old, NOW)
    assert refused.value.details["reason"] == "KEY_UNKNOWN"
    assert (await verifier.verify(new, NOW)).subject == "u1"


async def test_an_empty_set_withdraws_every_key(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    await keys.find("one")
    issuer.publish()
    ticks.seconds += 601
    assert await keys.find("one") == ()


async def test_while_the_issuer_is_down_the_last_answer_stands_up_to_a_limit(issuer: Issuer, ticks: Ticks) -> None:
    keys = RemoteKeys(issuer.url, monotonic=ticks)
    await keys.find("one")
    issuer.serve("/jwks", b"", "503 Service Unavailable")
    ticks.seconds += 3600
    assert kids(await keys.find("one")) == ["one"]
    assert kids(await keys.find("one")) == ["one"]
    assert issuer.hits["/jwks"] == 2, "a failed fetch is not repeated within the cooldown"
    ticks.seconds += 24 * 3600
    with pytest.raises(KeysUnavailable):
        await keys.find("one")
    issuer.publish(rsa_jwk("one"))
    ticks.seconds += 31
    assert kids(await keys.find("one")) == ["one"]


async def test_a_verifier_says_that_the_keys_are_unavailable(issuer: Issuer, ticks: Ticks) -> None:
    issuer.serve("/jwks", b"secret stack trace", "500 Internal Server Error")
    verifier = TokenVerifier(issuer.url, "yingsu", RemoteKeys(issuer.url, monotonic=ticks))
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(jwt.encode({"sub": "u1"}, rsa_key(), "RS256"), NOW)
    assert refused.value.extensions == {
        "code": "UNAUTHENTICATED",
        "messageZh": "暂时无法取得签发方密钥，请稍后再试",
        "reason": "KEYS_UNAVAILABLE",
    }


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/.well-known/openid-configuration", {"issuer": "https://another.invalid", "jwks_uri": "URL/jwks"}),
        ("/.well-known/openid-configuration", {"jwks_uri": "URL/jwks"}),
        ("/.well-known/openid-configuration", {"issuer": "URL"}),
        ("/.well-known/openid-configuration", {"issuer": "URL", "jwks_uri": 1}),
        ("/.well-known/openid-configuration", {"issuer": "URL", "jwks_uri": "http://keys.example/jwks"}),
        ("/.well-known/openid-configuration", {"issuer": "URL", "jwks_uri": "file:///etc/passwd"}),
        ("/.well-known/openid-configuration", {"issuer": "URL", "jwks_uri": "http://[::1"}),
        ("/.well-known/openid-configuration", []),
        ("/jwks", b""),
        ("/jwks", b"<html>"),
        ("/jwks", b"\xff\xfe"),
        ("/jwks", b"[" * 100_000),
        ("/jwks", {"keys": {}}),
        ("/jwks", b'{"keys": []}' + b" " * 300_000),
        ("/jwks", gzip.compress(b'{"keys": []}', mtime=0)),
    ],
)
async def test_an_answer_that_cannot_be_believed_is_no_answer(
    issuer: Issuer, ticks: Ticks, path: str, document: object
) -> None:
    raw = document if isinstance(document, bytes) else json.dumps(document).replace("URL", issuer.url).encode()
    issuer.serve(path, raw)
    if raw.startswith(b"\x1f\x8b"):
        issuer.extra_headers = "content-encoding: gzip\r\n"
    with pytest.raises(KeysUnavailable):
        await RemoteKeys(issuer.url, monotonic=ticks).find("one")
    assert issuer.hits[path] == 1


async def test_redirects_are_not_followed(issuer: Issuer, ticks: Ticks) -> None:
    issuer.serve("/elsewhere", {"keys": [rsa_jwk("one")]})
    issuer.serve("/jwks", b"", "302 Found")
    issuer.extra_headers = "location: /elsewhere\r\n"
    with pytest.raises(KeysUnavailable):
        await RemoteKeys(issuer.url, monotonic=ticks).find("one")
    assert issuer.hits["/elsewhere"] == 0


async def test_a_slow_issuer_is_given_up(issuer: Issuer, ticks: Ticks) -> None:
    issuer.open.clear()
    policy = RefreshPolicy(timeout=timedelta(milliseconds=200))
    with pytest.raises(KeysUnavailable):
        await RemoteKeys(issuer.url, policy=policy, monotonic=ticks).find("one")
    issuer.open.set()


async def test_an_issuer_that_is_not_there(ticks: Ticks) -> None:
    async with running_issuer() as issuer:
        url = issuer.url
    with pytest.raises(KeysUnavailable):
        await RemoteKeys(url, monotonic=ticks).find("one")


@pytest.mark.parametrize("url", ["http://idp.example", "ftp://127.0.0.1", "idp.example", "", "https://", "http://[::1"])
def test_plain_http_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError):
        RemoteKeys(url)


@pytest.mark.parametrize(
    "url", ["https://idp.example/x", "http://localhost:1", "http://127.0.0.9", "http://[::1]:80/x"]
)
def test_private_transport(url: str) -> None:
    require_private_transport(url, loopback=True)


def test_loopback_can_be_refused() -> None:
    with pytest.raises(ValueError):
        require_private_transport("http://127.0.0.1/jwks", loopback=False)


def ec_jwk(curve: ec.EllipticCurve) -> dict[str, object]:
    return dict(ECAlgorithm.to_jwk(ec.generate_private_key(curve).public_key(), as_dict=True))


def ed_jwk() -> dict[str, object]:
    return dict(OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True))


@pytest.mark.parametrize(
    ("entry", "algorithms"),
    [
        (rsa_jwk("k"), {"RS256", "PS256"}),
        (rsa_jwk("k", alg="RS256"), {"RS256"}),
        (rsa_jwk("k", alg="PS256"), {"PS256"}),
        (rsa_jwk("k", key_ops=["verify"]), {"RS256", "PS256"}),
        (ec_jwk(ec.SECP256R1()), {"ES256"}),
        (ed_jwk(), {"EdDSA"}),
    ],
)
def test_the_key_decides_its_algorithms(entry: dict[str, object], algorithms: set[str]) -> None:
    (key,) = parse_jwks({"keys": [entry]})
    assert key.algorithms == algorithms


@pytest.mark.parametrize(
    "entry",
    [
        rsa_jwk("k", use="enc"),
        rsa_jwk("k", use=None),
        rsa_jwk("k", key_ops=["encrypt"]),
        rsa_jwk("k", alg="HS256"),
        rsa_jwk("k", alg="RS512"),
        rsa_jwk("k", alg="ES256"),
        rsa_jwk("k", alg=["RS256"]),
        {**rsa_jwk("k"), "kid": 7},
        rsa_jwk("k", n=5),
        rsa_jwk("k", n=""),
        rsa_jwk("k", e="!!"),
        rsa_jwk("k", kty="oct"),
        rsa_jwk("k", kty="EC"),
        rsa_jwk("k", **private_members(0)),
        {"kty": "oct", "k": "c2VjcmV0"},
        {**RSAAlgorithm.to_jwk(rsa_key(0, 1024).public_key(), as_dict=True)},
        ec_jwk(ec.SECP384R1()),
        ec_jwk(ec.SECP256K1()),
        {**ec_jwk(ec.SECP256R1()), "x": "AAAA"},
        {**ed_jwk(), "x": "AAAA"},
        {},
        [],
        "key",
        None,
    ],
)
def test_what_is_no_public_signing_key_is_passed_over(entry: object) -> None:
    assert kids(parse_jwks({"keys": [entry, rsa_jwk("good", 1)]})) == ["good"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["keys", "kty", "n", "e", "crv", "x", "y"]), inner),
    max_leaves=10,
)
entries = st.fixed_dictionaries(
    {"kty": st.sampled_from(["RSA", "EC", "OKP"])},
    optional={name: st.text(max_size=9) | json_values for name in ("n", "e", "crv", "x", "y", "alg", "kid", "use")},
)


@given(st.lists(json_values | entries))
def test_any_entries_are_read_or_passed_over(some: list[object]) -> None:
    assert parse_jwks({"keys": some}) == ()


@given(json_values)
def test_any_document_is_a_set_or_a_value_error(document: object) -> None:
    if isinstance(document, dict) and isinstance(document.get("keys"), list):
        assert parse_jwks(document) == ()
    else:
        with pytest.raises(ValueError):
            parse_jwks(document)


def public_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


async def test_static_keys_are_found_by_thumbprint_or_without_a_name() -> None:
    keys = StaticKeys.from_pem(public_pem(rsa_key()))
    (key,) = await keys.find(None)
    assert key.algorithms == {SignatureAlgorithm.RS256, SignatureAlgorithm.PS256}
    assert await keys.find(thumbprint(rsa_key().public_key())) == (key,)
    assert await keys.find("another") == ()


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_static_keys_refuse_what_is_no_key(pem: bytes) -> None:
    with pytest.raises(ValueError):
        StaticKeys.from_pem(pem)


def test_static_keys_refuse_a_short_key() -> None:
    with pytest.raises(ValueError):
        StaticKeys.from_pem(public_pem(rsa_key(0, 1024)))


def test_thumbprint_is_that_of_the_standards() -> None:
    # RFC 7638 §3.1 and RFC 8037 appendix A.3.
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM"
        "stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
        "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    (example,) = parse_jwks({"keys": [{"kty": "RSA", "n": modulus, "e": "AQAB"}]})
    assert thumbprint(example.public) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    point = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    (example,) = parse_jwks({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": point}]})
    assert thumbprint(example.public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
